"""Records, their versions in commit order, batches and their receipts."""

from django.db import models

from liaison.access.rules import LEVELS
from liaison.agencies.models import Agency


class RightsClass(models.Model):
    """Records alike in everything that rights depend on share one number.

    So that a search can apply rights before it ranks and counts: the engine
    carries the number of each record, the asker brings a table of booleans.
    `restricted_against` is the sorted numbers of bureaux, by commas; `level` how confidential the records are.
    """

    database = models.CharField(max_length=32)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    restricted_against = models.TextField()
    level = models.CharField(max_length=16, default=LEVELS[0])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["database", "owner", "restricted_against", "level"], name="one_class_per_facts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.database} of {self.owner_id} not for [{self.restricted_against}]"


class State(models.TextChoices):
    """Whether a check finds a record: blocked is found by none, and only its owner lists and reads it."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    WITHDRAWN = "withdrawn"


class Record(models.Model):
    """One record, pointing at its current version; owner and source reference name it."""

    number = models.BigIntegerField(primary_key=True)
    reference = models.CharField(max_length=19, unique=True)
    database = models.CharField(max_length=32)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    source_reference = models.CharField(max_length=200)
    sequence = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    rights_class = models.IntegerField()
    expires_on = models.DateField()
    recorded_on = models.DateField()
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "database", "source_reference"], name="one_record_per_reference")
        ]

    def __str__(self) -> str:
        return self.reference


class Version(models.Model):
    """One version of a record; `sequence` grows in commit order over all records, without gaps.

    `payload` is the record as fed, in JSON; empty when it was erased.
    """

    sequence = models.BigIntegerField(primary_key=True)
    record = models.BigIntegerField()
    change = models.CharField(max_length=12)
    payload = models.TextField()
    batch = models.CharField(max_length=26)
    actor = models.CharField(max_length=32)
    at_us = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["record", "sequence"], name="versions_of_a_record")]

    def __str__(self) -> str:
        return f"{self.record} at {self.sequence}"


class Batch(models.Model):
    """One feed of rows by one actor; it can be resumed after `rows_done`."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"
        FAILED = "failed"

    id = models.CharField(primary_key=True, max_length=26)
    bureau = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    database = models.CharField(max_length=32)
    format = models.CharField(max_length=16)
    file_name = models.CharField(max_length=200)
    defaults = models.TextField()
    actor = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    failure = models.TextField(blank=True)
    rows_done = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-opened_at", "-id"]

    def __str__(self) -> str:
        return self.id


class Receipts(models.Model):
    """The receipts of consecutive rows of a batch, as JSON lines in `body`, in row order."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="receipts")
    first_row = models.BigIntegerField()
    last_row = models.BigIntegerField()
    refused = models.IntegerField()
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "first_row"], name="receipts_in_row_order")]

    def __str__(self) -> str:
        return f"{self.batch_id} rows {self.first_row}-{self.last_row}"


class ErrorReport(models.Model):
    """Another bureau says that a record may be wrong (RPD 48); the owner decides."""

    record = models.BigIntegerField(db_index=True)
    reported_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=32)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"report on {self.record}"
