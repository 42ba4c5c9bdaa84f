"""What about a check is curious, so that somebody should ask why: flags, each a reason and never a verdict.

Pure: knows no database, clock or register.  A flag looks at how officers behave, at nobody they ask about, and says
nothing but what a person can look up again.  Figures of each: `python -m bench spot_checks`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from liaison.engine.fold import is_minor
from liaison.oversight.habits import Habit, OfSubject, Question
from liaison.oversight.questions import Asked, name_parts

# The same person on so many days under more than one reference, or under one that is given for nobody else.
DAYS_OF_A_SUBJECT = 4
DAYS_OF_A_LONELY_REFERENCE = 5
# On so many where the reference is that of a case with more people, or the person stands at a border with papers.
DAYS_OF_A_CASE = 12
# One reference on so many days for so many different questions, and for this share of all that was asked meanwhile.
DAYS_OF_A_REFERENCE = 5
QUESTIONS_OF_A_REFERENCE = 20
SHARE_OF_A_REFERENCE = 0.8
# Before so many days of work nobody has a habit; one day in so many is none.
DAYS_OF_A_HABIT = 15
SELDOM = 30
WEEKS_OF_A_HABIT = 4
# A name is that of an account where so many parts of it are the same.
_PARTS_OF_A_NAME = 2
_SHORTEST_REFERENCE = 3
# What people write where they have no case, and where the keys lie side by side.
_WORDS_FOR_NOTHING = (
    "test tests testing tst abc abcd abcde xyz asd asdf asdfgh qwe qwer qwerty qwertz none nil null na tba tbd todo "
    "any nothing unknown various misc general private own personal check search query case reference ref temp tmp "
    "dummy foo bar brak nie dotyczy nic prywatne prywatnie ninguno ninguna nada prueba essai aucun sans keine kein"
)
_NO_CASE = frozenset(_WORDS_FOR_NOTHING.split())
_ROWS = ("0123456789", "9876543210", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_LETTERS = re.compile(r"[^\W_]+")


class Flag(NamedTuple):
    """A reason to ask: its code, what would be the same finding again, and the facts that explain it."""

    code: str
    subject: str
    facts: Mapping[str, int]


class Look(NamedTuple):
    """One check as flags see it: when, what for, under which reference, what was asked, how it would be remembered."""

    at: datetime
    purpose: str
    reference: str
    asked: tuple[Asked, ...]
    remembered: tuple[Question, ...]
    reference_mark: int

    @property
    def day(self) -> int:
        """The day as a number since 1970-01-01."""
        return self.at.date().toordinal() - 719_163

    def is_at_a_counter(self, asked: Asked) -> bool:
        """Say whether whom was asked for stands there, with papers: of such, many pass every day, and namesakes too."""
        return asked.has_papers and self.purpose == "border"


class Roster:
    """The accounts of one agency by the parts of their names."""

    def __init__(self, accounts: Iterable[tuple[int, str]]) -> None:
        self._names = {number: frozenset(name_parts(name)) for number, name in accounts}
        self._by_part: dict[str, list[int]] = {}
        for number, parts in self._names.items():
            for part in parts:
                self._by_part.setdefault(part, []).append(number)

    def called(self, parts: Iterable[str]) -> list[int]:
        """Return the accounts with this name: all parts of one are in the other, and two at least are no particles."""
        wanted = frozenset(parts)
        candidates = {number for part in wanted for number in self._by_part.get(part, ())}
        return sorted(number for number in candidates if _is_same_name(wanted, self._names[number]))


def _is_same_name(asked: frozenset[str], account: frozenset[str]) -> bool:
    shared = asked & account
    if shared not in (asked, account) or len(shared) < _PARTS_OF_A_NAME:
        return False
    # What is a particle elsewhere, such as "los", is a name where the account has no other.
    return shared == account or sum(not is_minor(part) for part in shared) >= _PARTS_OF_A_NAME


def flags_of(look: Look, officer: int, roster: Roster, habit: Habit) -> Iterator[Flag]:
    """Yield what is curious about the check of an officer; note it in the habit afterwards, not before."""
    yield from flags_of_reference(look)
    yield from _of_names(look, officer, roster)
    yield from _of_repetition(look, habit)
    yield from _of_one_reference(look, habit)
    yield from _of_hours(look, habit)


def flags_of_reference(look: Look) -> Iterator[Flag]:
    """Yield the flag of a reference that names no case; it is all that is looked at of a system."""
    if is_odd_reference(look.reference):
        yield Flag("odd_reference", str(look.reference_mark), {})


def is_odd_reference(text: str) -> bool:
    """Say whether a reference names no case: too short, one sign over and over, a word for nothing, keys in a row.

    >>> [is_odd_reference(text) for text in ("-", "xxx", "Test 1", "qwerty", "123456", "n/a", "PL-2026-18", "Kowalski")]
    [True, True, True, True, True, True, False, False]
    """
    words = _LETTERS.findall(text.casefold())
    plain = "".join(words)
    if len(plain) < _SHORTEST_REFERENCE or len(set(plain)) == 1:
        return True
    if any(plain in row for row in _ROWS):
        return True
    letters = [word for word in words if not word.isdecimal()]
    digits = sum(len(word) for word in words if word.isdecimal())
    return bool(letters) and all(word in _NO_CASE for word in letters) and digits < _SHORTEST_REFERENCE


def _of_names(look: Look, officer: int, roster: Roster) -> Iterator[Flag]:
    called = [(number, asked) for asked in look.asked if asked.name for number in roster.called(asked.name)]
    if any(number == officer for number, _ in called):
        yield Flag("own_name", "", {})
    colleagues = {number for number, asked in called if number != officer and not look.is_at_a_counter(asked)}
    for number in sorted(colleagues):
        yield Flag("colleague", str(number), {"officer": number})


def _of_repetition(look: Look, habit: Habit) -> Iterator[Flag]:
    for asked, question in dict(zip(look.asked, look.remembered, strict=True)).items():
        before = habit.of_subject(look.day, question)
        if before and before.days >= _days_needed(before, is_at_a_counter=look.is_at_a_counter(asked)):
            yield Flag("repeated", str(question.subject), {"days": before.days, "references": before.references})


def _days_needed(before: OfSubject, *, is_at_a_counter: bool) -> int:
    if is_at_a_counter:
        return DAYS_OF_A_CASE
    if before.references > 1:
        return DAYS_OF_A_SUBJECT
    return DAYS_OF_A_CASE if before.others else DAYS_OF_A_LONELY_REFERENCE


def _of_one_reference(look: Look, habit: Habit) -> Iterator[Flag]:
    used = habit.of_reference(look.day, look.reference_mark)
    if used is None:
        return
    is_much = used.days >= DAYS_OF_A_REFERENCE and used.questions >= QUESTIONS_OF_A_REFERENCE
    if is_much and used.checks >= SHARE_OF_A_REFERENCE * used.in_all:
        yield Flag("same_reference", str(look.reference_mark), {"days": used.days, "questions": used.questions})


def _of_hours(look: Look, habit: Habit) -> Iterator[Flag]:
    """Yield the flag of a check at an hour, or on a day of the week, at which this officer does not work.

    An hour before and after counts as the same, so that neither summer time nor a late train makes one curious.
    """
    hour, weekday = look.at.hour, look.at.weekday()
    if habit.was_busy_at(look.day, hour):
        return
    worked = habit.worked_before(look.day)
    if len(worked) < DAYS_OF_A_HABIT:
        return
    around = 1 << hour | 1 << (hour + 1) % 24 | 1 << (hour - 1) % 24
    if sum(bool(hours & around) for _, hours in worked) <= len(worked) // SELDOM:
        yield Flag("off_hours", str(look.day), {"hour": hour})
    elif look.day - worked[0][0] >= 7 * WEEKS_OF_A_HABIT and _never_on(weekday, worked):
        yield Flag("off_hours", str(look.day), {"weekday": weekday})


def _never_on(weekday: int, worked: Iterable[tuple[int, int]]) -> bool:
    # 1970-01-01 was a Thursday.
    return all((day + 3) % 7 != weekday for day, _ in worked)
