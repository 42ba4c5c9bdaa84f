"""One entry of the register of processing, as it is stored and searched."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import models

from liaison.audit.series import written


class Entry(models.Model):
    """Who did what, when, with which data (RPD 126); written only by `audit.register`.

    `searched` and `shown` are JSON: the data used to search, and the references
    of the records that were shown.
    """

    number = models.BigIntegerField(primary_key=True)
    at_us = models.BigIntegerField()
    event = models.CharField(max_length=32)
    agency = models.BigIntegerField()
    actor = models.CharField(max_length=32)
    database = models.CharField(max_length=200)
    purpose = models.CharField(max_length=32)
    reference = models.CharField(max_length=200)
    searched = models.TextField()
    shown = models.TextField()
    detail = models.TextField()

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["agency", "number"], name="audit_by_agency"),
            models.Index(fields=["reference", "number"], name="audit_by_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.event}"

    @property
    def at(self) -> datetime:
        """The moment of the entry, in UTC."""
        return datetime.fromtimestamp(self.at_us / 1_000_000, tz=UTC)

    @property
    def written_number(self) -> str:
        """The number as people read it."""
        return written(self.number)

    @property
    def shown_references(self) -> list[str]:
        """The references of the records that the answer showed."""
        return list(msgspec.json.decode(self.shown or "[]", type=list[str]))

    @property
    def searched_data(self) -> Any:
        """What was searched for, as it was asked."""
        return msgspec.json.decode(self.searched or "null")

    def as_line(self) -> dict[str, Any]:
        """Return the entry as one object for machines."""
        return {
            "entry": self.number,
            "at": self.at,
            "event": self.event,
            "agency": self.agency,
            "actor": self.actor,
            "database": self.database,
            "purpose": self.purpose,
            "reference": self.reference,
            "searched": self.searched_data,
            "shown": self.shown_references,
            "detail": msgspec.json.decode(self.detail or "null"),
        }
