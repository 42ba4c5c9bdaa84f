"""What an officer usually does, as far as flags need it: at which hours, whom on which days, under which references.

Pure and of bounded size: the hours of the last days of work, and of the last weeks a few bytes for each question.
Whom and what are fingerprints, of a keyed hash: they say whether two questions were the same, and not which.
A day is a number since 1970-01-01 (UTC); it is kept as bytes (`Day`), one row for each day of an officer.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import NamedTuple

import numpy as np

# Whom was asked for is compared over so many days, hours over so many days of work.
WINDOW_DAYS = 30
WORKED_DAYS = 60
# More questions of one day are not kept: nobody types so many.
MOST_A_DAY = 500
_FIRST_YEAR = 1900
_KEPT = np.dtype([("subject", "<u4"), ("year", "u1"), ("reference", "<u2")])


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


class OfSubject(NamedTuple):
    """On how many days the same was asked for, today with them, under how many references, and for whom else these."""

    days: int
    references: int
    others: int


class OfReference(NamedTuple):
    """On how many days a reference was given, today with them, for how many different questions.

    `checks` is how many there were before, `in_all` how much was asked meanwhile under any reference.
    """

    days: int
    questions: int
    checks: int
    in_all: int


class _Past:
    """The questions of the days before today, in columns."""

    def __init__(self, days: Mapping[int, bytes]) -> None:
        kept = [np.frombuffer(questions, _KEPT) for questions in days.values()]
        together = np.concatenate(kept) if kept else np.empty(0, _KEPT)
        self.day = np.repeat(np.array(list(days), np.int64), [len(some) for some in kept])
        self.subject, self.year, self.reference = (np.ascontiguousarray(together[name]) for name in _KEPT.names or ())


class Habit:
    """What is known of one officer; `note` takes in a check after the flags were asked about it."""

    def __init__(self, days: Mapping[int, Day]) -> None:
        self._hours = {day: kept.hours for day, kept in sorted(days.items())}
        self._questions = {day: kept.questions for day, kept in sorted(days.items())}
        self._today = max(days, default=0)
        self._changed: set[int] = set()
        self._begin(self._today)

    def note(self, day: int, hour: int, questions: Iterable[Question]) -> None:
        """Remember a check; a clock that was set back opens no day that is over."""
        self._turn_to(day)
        self._hours[self._today] = self._hours.get(self._today, 0) | 1 << hour
        self._changed.add(self._today)
        for question in questions:
            if len(self._of_today) < MOST_A_DAY:
                year, reference = _year_of(question), question.reference & 0xFFFF
                self._of_today.append((question.subject & 0xFFFFFFFF, year, reference))

    def changed(self) -> Iterator[tuple[int, Day]]:
        """Yield the days that are to be stored."""
        self._keep_today()
        for day in sorted(self._changed):
            yield day, Day(self._hours[day], self._questions[day])

    def of_subject(self, day: int, question: Question) -> OfSubject | None:
        """Return how often the same was asked for; None where it was asked today already."""
        self._turn_to(day)
        subject, year = question.subject & 0xFFFFFFFF, _year_of(question)
        if any(asked == subject and _may_be_same(year, born) for asked, born, _ in self._of_today):
            return None
        past = self._past
        places = np.flatnonzero(past.subject == subject)
        same = [place for place in places.tolist() if _may_be_same(year, int(past.year[place]))]
        references = {int(past.reference[place]) for place in same} | {question.reference & 0xFFFF}
        others = self._others(subject, references) if same else 0
        return OfSubject(len({int(past.day[place]) for place in same}) + 1, len(references), others)

    def of_reference(self, day: int, reference: int) -> OfReference | None:
        """Return how a reference was used; None where it was used today already."""
        self._turn_to(day)
        wanted = reference & 0xFFFF
        if any(given == wanted for _, _, given in self._of_today):
            return None
        past = self._past
        places = np.flatnonzero(past.reference == wanted)
        if not len(places):
            return OfReference(1, 0, 0, 0)
        days, subjects = past.day[places], past.subject[places]
        in_all = int((past.day >= days.min()).sum())
        return OfReference(len(np.unique(days)) + 1, len(np.unique(subjects)), len(places), in_all)

    def worked_before(self, day: int) -> list[tuple[int, int]]:
        """Return the last days of work before a day, each with a bit for each hour."""
        return list(takewhile(lambda one: one[0] < day, self._hours.items()))[-WORKED_DAYS:]

    def was_busy_at(self, day: int, hour: int) -> bool:
        """Say whether something was checked in this hour of this day already."""
        return bool(self._hours.get(day, 0) >> hour & 1)

    def _others(self, subject: int, references: set[int]) -> int:
        """Return for how many others these references were given."""
        past = self._past
        others = {asked for asked, _, given in self._of_today if given in references}
        others |= set(past.subject[np.isin(past.reference, list(references))].tolist())
        return len(others - {subject})

    def _turn_to(self, day: int) -> None:
        if day > self._today:
            self._keep_today()
            self._begin(day)

    def _begin(self, day: int) -> None:
        self._today = day
        first = day - WINDOW_DAYS + 1
        self._past = _Past({one: kept for one, kept in self._questions.items() if first <= one < day})
        kept = np.frombuffer(self._questions.get(day, b""), _KEPT)
        self._of_today: list[tuple[int, int, int]] = kept.tolist()

    def _keep_today(self) -> None:
        if self._of_today or self._today in self._changed:
            self._questions[self._today] = np.array(self._of_today, _KEPT).tobytes()


def _year_of(question: Question) -> int:
    return min(max(question.year - _FIRST_YEAR, 1), 255) if question.year else 0


def _may_be_same(year: int, other: int) -> bool:
    return not year or not other or year == other
