"""The entries of the register of processing as they are stored and searched, and the keys of what is personal."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import models
from django.utils.functional import cached_property

from liaison.audit.sealed import Damaged, Erased, unseal
from liaison.audit.series import written


class PeriodKey(models.Model):
    """The key of one agency for the entries of one month, sealed; NULL once it was erased (`sealed.py`)."""

    month = models.IntegerField()
    agency = models.BigIntegerField()
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "agency"], name="audit_one_key")]

    def __str__(self) -> str:
        return f"{self.month} {self.agency}"


class Words(msgspec.Struct, frozen=True, array_like=True):
    """What is personal in an entry: the reference, and as JSON what was searched with, what was shown, and more."""

    reference: str = ""
    searched: str = ""
    shown: str = "[]"
    detail: str = ""


class Entry(models.Model):
    """Who did what, when, with which data (RPD 126); written only by `audit.register`.

    What is personal is sealed (`sealed.py`), and read through `words`.
    """

    number = models.BigIntegerField(primary_key=True)
    at_us = models.BigIntegerField()
    event = models.CharField(max_length=32)
    agency = models.BigIntegerField()
    actor = models.CharField(max_length=32)
    database = models.CharField(max_length=200)
    purpose = models.CharField(max_length=32)
    sealed = models.BinaryField()
    reference_mark = models.CharField(max_length=16)
    shown_marks = models.TextField()

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["agency", "number"], name="audit_by_agency"),
            models.Index(fields=["actor", "at_us"], name="audit_by_actor"),
            models.Index(fields=["reference_mark", "number"], name="audit_by_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.event}"

    @cached_property
    def _read(self) -> tuple[Words, str]:
        try:
            return msgspec.json.decode(unseal(bytes(self.sealed), self.at_us, self.agency), type=Words), ""
        except Erased:
            return Words(), "erased"
        except (Damaged, msgspec.DecodeError):
            return Words(), "damaged"

    @property
    def words(self) -> Words:
        """What is personal; nothing where `trouble` says why it cannot be read."""
        return self._read[0]

    @property
    def trouble(self) -> str:
        """Why there is nothing to read: "erased" or "damaged", else ""."""
        return self._read[1]

    @property
    def reference(self) -> str:
        """The reference of the asker's own."""
        return self.words.reference

    @property
    def searched(self) -> str:
        """The data used to search, as JSON."""
        return self.words.searched

    @property
    def shown(self) -> str:
        """The references of the records that were shown, as JSON."""
        return self.words.shown

    @property
    def detail(self) -> str:
        """What else there is to say, as JSON."""
        return self.words.detail

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


class Showing(models.Model):
    """That an entry showed a record, and whose record it is, both by marks that tell nothing (`showings.py`)."""

    entry = models.ForeignKey(
        Entry, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, db_column="number", related_name="+"
    )
    at_us = models.BigIntegerField()
    owner_mark = models.CharField(max_length=16)
    record_mark = models.CharField(max_length=16)

    class Meta:
        indexes = [
            models.Index(fields=["owner_mark", "at_us"], name="audit_shown_by_owner"),
            models.Index(fields=["record_mark"], name="audit_shown_by_record"),
        ]

    def __str__(self) -> str:
        return f"{self.record_mark} in {self.entry_id}"
