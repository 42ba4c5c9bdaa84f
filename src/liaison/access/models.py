"""Entitlements of agencies, and what sources hold back."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaison.access.rules import LEVELS, Limit
from liaison.agencies.models import Agency


class Entitlement(models.Model):
    """An agency may do one operation in one database, from a day until a day (RPD 21, 108-109).

    `purposes` are those it is for, by spaces (none: any); `highest_level` is how confidential a record may be.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="entitlements")
    database = models.CharField(max_length=32)
    operation = models.CharField(max_length=16)
    purposes = models.CharField(max_length=120, blank=True, default="")
    highest_level = models.CharField(max_length=16, default=LEVELS[-1])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["agency__name", "database", "operation", "starts_on"]

    @property
    def limit(self) -> Limit:
        """The right with what narrows it, as the rules take it."""
        return Limit(self.database, self.operation, frozenset(self.purposes.split()), self.highest_level)

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


class UrgentRequest(models.Model):
    """The secretariat asks a source, for a bureau in need, to hold nothing back in a database (RPD 59).

    Whether the source holds anything back is not asked and not told.  At the deadline silence lifts it.
    `ended_at` is when the source held back again what it had lifted, or what silence had.
    """

    class Answer(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        LIFTED = "lifted"
        SILENT = "silent"

    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="urgent_requests")
    database = models.CharField(max_length=32)
    bureau = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.OPEN)
    answer_reason = models.CharField(max_length=500, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.owner} is asked for {self.database} for {self.bureau}"
