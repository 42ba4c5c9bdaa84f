"""Entitlements of agencies, and what sources hold back."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaison.agencies.models import Agency


class Entitlement(models.Model):
    """An agency may do one operation in one database, from a day until a day (RPD 21, 108-109)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="entitlements")
    database = models.CharField(max_length=32)
    operation = models.CharField(max_length=16)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["agency__name", "database", "operation", "starts_on"]

    def __str__(self) -> str:
        return f"{self.agency} may {self.operation} {self.database}"


class SourceRestriction(models.Model):
    """A source keeps all its records of one database from one bureau or international entity (RPD 58)."""

    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="restrictions")
    database = models.CharField(max_length=32)
    against = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "database", "against"], condition=Q(lifted_at=None), name="one_restriction_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner} keeps {self.database} from {self.against}"
