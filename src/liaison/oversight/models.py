"""Checks that somebody is to explain, why they were picked, and what is kept of habits to see what is unusual.

Nothing here says whom a check was about: that stands in its entry of the register, and is read there.  What is
written about it is sealed as the entry is, with the key of its month and agency (`audit.sealed`), so that it
becomes unreadable with it.
"""

from datetime import datetime
from functools import cached_property

import msgspec
from django.db import models

from liaison.agencies.models import Agency
from liaison.audit.actions import moment_of
from liaison.audit.sealed import Damaged, Erased, seal, unseal


class Written(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is personal in a spot check: facts of each flag by its code, question, answer, and what was concluded."""

    facts: dict[str, dict[str, int]] = {}
    question: str = ""
    answer: str = ""
    note: str = ""


class SpotCheck(models.Model):
    """One check, by the number of its entry, that an auditor is to look at."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open"
        ASKED = "asked"
        ANSWERED = "answered"
        CLOSED = "closed"

    class Conclusion(models.TextChoices):
        """What the auditor found."""

        IN_ORDER = "in_order"
        BADLY_STATED = "badly_stated"
        UNEXPLAINED = "unexplained"
        MISUSE_SUSPECTED = "misuse_suspected"

    entry = models.BigIntegerField(unique=True)
    at_us = models.BigIntegerField(db_index=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=32)
    sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    conclusion = models.CharField(max_length=16, choices=Conclusion.choices, blank=True)
    asked_by = models.CharField(max_length=32, blank=True)
    asked_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=32, blank=True)
    answered_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=32, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at_us", "-entry"]
        indexes = [
            models.Index(fields=["agency", "state", "at_us"], name="spot_checks_of_an_agency"),
            models.Index(fields=["state", "at_us"], name="spot_checks_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.state}"

    @cached_property
    def _read(self) -> tuple[Written, str]:
        try:
            return msgspec.json.decode(unseal(bytes(self.sealed), self.at_us, self.agency_id), type=Written), ""
        except Erased:
            return Written(), "erased"
        except (Damaged, msgspec.DecodeError):
            return Written(), "damaged"

    @property
    def written(self) -> Written:
        """What is personal; nothing where `trouble` says why it cannot be read."""
        return self._read[0]

    @property
    def trouble(self) -> str:
        """Why there is nothing to read: "erased" or "damaged", else ""."""
        return self._read[1]

    def seal(self, written: Written) -> None:
        """Take in what is personal, sealed."""
        self.sealed = seal(msgspec.json.encode(written), self.at_us, self.agency_id)
        self.__dict__.pop("_read", None)

    @property
    def at(self) -> datetime:
        """The moment of the check, in UTC."""
        return moment_of(self.at_us)


class Reason(models.Model):
    """Why a spot check was picked: a flag, or chance ("drawn"); `times` counts checks of the same finding.

    `key` is a mark of the finding, so that the same is not brought up twice in a month.
    """

    spot_check = models.ForeignKey(SpotCheck, on_delete=models.CASCADE, related_name="reasons")
    code = models.CharField(max_length=16)
    key = models.CharField(max_length=16, unique=True)
    times = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["code", "spot_check"], name="spot_checks_by_reason")]

    def __str__(self) -> str:
        return f"{self.code} x{self.times}"


class DayOfHabit(models.Model):
    """What is kept of one day of an officer (`habits.Day`), sealed as the entries of that day are."""

    actor = models.CharField(max_length=32)
    day = models.IntegerField()
    agency = models.BigIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "day"], name="one_day_of_an_actor")]
        indexes = [models.Index(fields=["day"], name="habits_by_day")]

    def __str__(self) -> str:
        return f"{self.actor} on {self.day}"


class Watched(models.Model):
    """One row: up to which entry everything was looked through, from which entry on it counts, up to when was drawn.

    Entries before `counts_from` only taught what is usual: they were there before anybody watched.
    """

    number = models.BigIntegerField()
    counts_from = models.BigIntegerField()
    drawn_until = models.DateField()

    def __str__(self) -> str:
        return str(self.number)
