"""Standing checks, what each was told of already, and how far the versions have been compared with them."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import models

from liaison.agencies.models import Agency


class StandingCheck(models.Model):
    """A question that is put to every version that is committed after `since`, until the end of `ends_on` (UTC).

    `question` is one query of a check without its id, in JSON; `digest` names
    question, purpose and reference, so that nobody has the same twice.
    """

    class Ended(models.TextChoices):
        """Why it ended."""

        BY_HAND = "by_hand"
        LAST_DAY = "last_day"
        ACCOUNT_CLOSED = "account_closed"

    id = models.CharField(primary_key=True, max_length=26)
    actor = models.CharField(max_length=32)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    bureau = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    purpose = models.CharField(max_length=32)
    reference = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    digest = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    since = models.BigIntegerField()
    ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=16, choices=Ended.choices, blank=True)
    # The day on which the largest number for a day was reached and that was told.
    cut_on = models.DateField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "digest"], condition=models.Q(ended_at=None), name="one_standing_check_per_question"
            )
        ]
        indexes = [
            models.Index(fields=["actor", "ended_at"], name="standing_checks_of_an_actor"),
            models.Index(fields=["bureau", "ended_at"], name="standing_checks_of_a_bureau"),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def query(self) -> Mapping[str, Any]:
        """The question, as a check takes it, without an id."""
        return dict(msgspec.json.decode(self.question))


class Told(models.Model):
    """A standing check was told of a record: how strong the match was, and what it said.

    `digest` is "" once the record was gone: whatever is fed under its reference then is new.
    """

    standing_check = models.ForeignKey(StandingCheck, on_delete=models.CASCADE, related_name="told")
    record = models.BigIntegerField()
    strength = models.CharField(max_length=10)
    digest = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing_check", "record"], name="told_of_a_record_once"),
        ]
        indexes = [models.Index(fields=["record"], name="told_by_record")]

    def __str__(self) -> str:
        return f"{self.standing_check_id} of {self.record}"


class Place(models.Model):
    """One row: up to which version everything was compared; `revision` counts changes of the standing checks."""

    sequence = models.BigIntegerField()
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.sequence)
