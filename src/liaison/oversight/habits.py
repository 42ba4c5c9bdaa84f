"""What an officer usually does, as far as flags need it: at which hours, whom on which days, under which references.

Pure and of bounded size: the hours of the last days of work, and of the last weeks a few bytes for each question.
Whom and what are fingerprints, of a keyed hash: they say whether two questions were the same, and not which.
A day is a number since 1970-01-01 (UTC); it is kept as bytes (`Day`), one row for each day of an officer.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Whom was asked for is compared over so many days, hours over so many days of work.
WINDOW_DAYS = 30
WORKED_DAYS = 60
# More questions of one day are not kept: nobody types so many.
MOST_A_DAY = 500
_FIRST_YEAR = 1900
_KEPT = np.dtype([("subject", "<u4"), ("year", "u1"), ("reference", "<u2")])
_DAYS = np.dtype([("day", "<u2"), *((name, _KEPT[name].str) for name in _KEPT.names or ())])


class Question(NamedTuple):
    """One question as it is remembered: fingerprints of whom and of the reference, and the year of birth or 0."""

    subject: int
    year: int
    reference: int


class Day(NamedTuple):
    """What is kept of one day: a bit for each hour with a check, and the questions."""

    hours: int
    questions: bytes

    def packed(self) -> bytes:
        """Return the day as it is stored."""
        return struct.pack("<I", self.hours) + self.questions

    @classmethod
    def unpacked(cls, content: bytes) -> "Day":
        """Return a day from what was stored."""
        return cls(struct.unpack_from("<I", content)[0], content[4:])


class Before(NamedTuple):
    """How often it was so before: on how many days (today is one), under how many references or for how many people."""

    days: int
    different: int
    questions: int


class Habit:
    """What is known of one officer; `note` takes in a check after the flags were asked about it."""

    def __init__(self, days: Mapping[int, Day]) -> None:
        self._hours = {day: kept.hours for day, kept in sorted(days.items())}
        arrays = [_with_day(day, kept.questions) for day, kept in sorted(days.items())]
        self._past = np.concatenate(arrays) if arrays else np.empty(0, _DAYS)
        self._today = max(days, default=0)
        self._new: list[tuple[int, int, int, int]] = []
        self._changed: set[int] = set()

    def note(self, day: int, hour: int, questions: Iterable[Question]) -> None:
        """Remember a check."""
        day = self._begun(day)
        self._hours[day] = self._hours.get(day, 0) | 1 << hour
        self._changed.add(day)
        room = MOST_A_DAY - self._count_of(day)
        for question in list(questions)[: max(0, room)]:
            year = min(max(question.year - _FIRST_YEAR, 1), 255) if question.year else 0
            self._new.append((day, question.subject & 0xFFFFFFFF, year, question.reference & 0xFFFF))

    def changed(self) -> Iterator[tuple[int, Day]]:
        """Yield the days that are to be stored."""
        self._settle()
        for day in sorted(self._changed):
            kept = self._past[self._past["day"] == day]
            yield day, Day(self._hours[day], kept[list(_KEPT.names or ())].astype(_KEPT).tobytes())

    def of_subject(self, day: int, question: Question) -> Before | None:
        """Return how often the same was asked for, this question with it; None where it was asked today already."""
        window = self._window(day)
        same = window[window["subject"] == (question.subject & 0xFFFFFFFF)]
        if question.year:
            year = min(max(question.year - _FIRST_YEAR, 1), 255)
            same = same[(same["year"] == year) | (same["year"] == 0)]
        if (same["day"] == day).any():
            return None
        references = {*same["reference"].tolist(), question.reference & 0xFFFF}
        return Before(len(set(same["day"].tolist())) + 1, len(references), len(same) + 1)

    def of_reference(self, day: int, reference: int) -> tuple[Before, int] | None:
        """Return for how many different people a reference was used, and how much was asked in all since its first day.

        None where it was used today already.
        """
        window = self._window(day)
        same = window[window["reference"] == (reference & 0xFFFF)]
        if not len(same) or (same["day"] == day).any():
            return None
        since = window[window["day"] >= same["day"].min()]
        before = Before(len(set(same["day"].tolist())) + 1, len(set(same["subject"].tolist())), len(same))
        return before, len(since)

    def worked_before(self, day: int) -> list[tuple[int, int]]:
        """Return the last days of work before a day, each with a bit for each hour."""
        return [(worked, hours) for worked, hours in self._hours.items() if worked < day][-WORKED_DAYS:]

    def was_busy_at(self, day: int, hour: int) -> bool:
        """Say whether something was checked in this hour of this day already."""
        return bool(self._hours.get(day, 0) >> hour & 1)

    def _begun(self, day: int) -> int:
        """Return the day to count a check to: a clock that was set back opens no day that is over."""
        self._today = max(self._today, day)
        return self._today

    def _window(self, day: int) -> NDArray[np.void]:
        self._settle()
        kept: NDArray[np.void] = self._past[self._past["day"] > max(0, day - WINDOW_DAYS)]
        return kept

    def _count_of(self, day: int) -> int:
        return int((self._past["day"] == day).sum()) + len(self._new)

    def _settle(self) -> None:
        if self._new:
            self._past = np.concatenate([self._past, np.array(self._new, _DAYS)])
            self._new = []


def _with_day(day: int, questions: bytes) -> NDArray[np.void]:
    kept = np.frombuffer(questions, _KEPT)
    dated = np.empty(len(kept), _DAYS)
    dated["day"] = day
    for name in _KEPT.names or ():
        dated[name] = kept[name]
    return dated
