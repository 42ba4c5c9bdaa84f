"""What one officer or one system did in a span of days: how much of what, what most often, entry by entry.

For the control of the agency (RPD 126), out of entries that the reader may read anyway.  Counting reads nothing
sealed; what was asked most often is counted over the newest checks only.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.functions import Length

from liaison.agencies.models import Officer, System
from liaison.audit.actions import microseconds
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.audit.series import series
from liaison.errors import NotFound
from liaison.standing.words import QUESTIONS, kind_of, question_words

# A system may do more in a day than a page can count: then the newest so many are, and the page says so.
MOST_COUNTED = 200_000
MOST_READ = 1000
MOST_OFTEN = 5
_MOST_QUESTIONS = 20
_DAY_US = 86_400_000_000
# What the mark of one record takes in an entry, with the space behind it (`audit.sealed.marks`).
_MARK_LENGTH = 17
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).date()


class Span(NamedTuple):
    """Whose acts, from when until before when, among the entries of which agencies (None: all)."""

    actor: str
    begins: datetime
    ends: datetime
    agencies: tuple[int, ...] | None


class Amount(NamedTuple):
    """How much was done: checks, records that their answers showed, full records read, everything else."""

    checks: int = 0
    shown: int = 0
    read: int = 0
    other: int = 0


class Totals(NamedTuple):
    """The amount in all, of each day with any, and of checks for each purpose; `is_cut` where there is more."""

    amount: Amount
    days: Mapping[date, Amount]
    purposes: Mapping[str, int]
    is_cut: bool


class Often(NamedTuple):
    """A reference or a question, how many checks had it, and on how many days."""

    text: str
    times: int
    days: int


def require_known(actor: str, agencies: tuple[int, ...] | None) -> None:
    """Raise NotFound alike where there is no such officer or system and where it is not of these agencies."""
    kind, _, number = actor.partition(":")
    model = {"officer": Officer, "system": System}.get(kind)
    is_number = number.isascii() and number.isdigit() and len(number) <= 18
    found = model.objects.filter(pk=number) if model and is_number else None  # type: ignore[attr-defined]
    if found is not None and agencies is not None:
        found = found.filter(agency__in=agencies)
    if found is None or not found.exists():
        raise NotFound("no-such-account", "There is no such officer or system.")


def acts_in(span: Span) -> QuerySet[Entry]:
    """Return the entries, newest first."""
    ordinary = series()
    found = Entry.objects.filter(
        actor=span.actor, at_us__gte=microseconds(span.begins), at_us__lt=microseconds(span.ends),
        number__lt=ordinary.stop,
    )  # fmt: skip
    if span.agencies is not None:
        found = found.filter(agency__in=span.agencies)
    return found.order_by("-at_us", "-number")


def totals(span: Span) -> Totals:
    """Count what was done."""
    acts = acts_in(span)
    beyond = acts.values_list("at_us", flat=True)[MOST_COUNTED : MOST_COUNTED + 1]
    cut = next(iter(beyond), None)
    if cut is not None:
        acts = acts.filter(at_us__gt=cut)
    days: dict[date, Amount] = {}
    purposes: Counter[str] = Counter()
    for number, event, purpose, entries, shown in _counted(acts):
        day, amount = _EPOCH + timedelta(days=number), _amount(event, entries, shown)
        days[day] = _plus(days.get(day, Amount()), amount)
        purposes[purpose] += amount.checks
    in_all = Amount()
    for amount in days.values():
        in_all = _plus(in_all, amount)
    return Totals(in_all, dict(sorted(days.items(), reverse=True)), dict(+purposes), cut is not None)


def _counted(acts: QuerySet[Entry]) -> Iterator[tuple[int, str, str, int, int]]:
    """Yield day, event and purpose, the number of such entries, and how many records they showed."""
    day = ExpressionWrapper(F("at_us") / _DAY_US, output_field=BigIntegerField())
    shown = Sum((Length("shown_marks") + 1) / _MARK_LENGTH)
    of_a_day = acts.order_by().annotate(day=day).values_list("day", "event", "purpose")
    yield from of_a_day.annotate(entries=Count("number"), records=shown)


def _amount(event: str, entries: int, shown: int) -> Amount:
    if event == Event.CHECKED:
        return Amount(checks=entries, shown=shown)
    return Amount(read=entries) if event == Event.RECORD_READ else Amount(other=entries)


def _plus(first: Amount, second: Amount) -> Amount:
    return Amount(*(one + other for one, other in zip(first, second, strict=True)))


def most_often(span: Span) -> tuple[list[Often], list[Often], int]:
    """Return the references and the questions of more than one check, most often first, and over how many checks."""
    references: dict[str, list[date]] = {}
    questions: dict[str, list[date]] = {}
    checks = list(acts_in(span).filter(event=Event.CHECKED)[:MOST_READ])
    for entry in checks:
        day = entry.at.date()
        if entry.reference:
            references.setdefault(entry.reference, []).append(day)
        for text in dict.fromkeys(asked_in(entry)[:_MOST_QUESTIONS]):
            questions.setdefault(text, []).append(day)
    return _several(references), _several(questions), len(checks)


def _several(found: Mapping[str, list[date]]) -> list[Often]:
    several = [Often(text, len(days), len(set(days))) for text, days in found.items() if len(days) > 1]
    return sorted(several, key=lambda one: (-one.times, one.text))[:MOST_OFTEN]


def asked_in(entry: Entry) -> list[str]:
    """Return what an entry asked for, each question as one line for people."""
    asked: Any = entry.searched_data if entry.event == Event.CHECKED else None
    return [_question(query) for query in asked] if isinstance(asked, list) else []


def _question(query: Mapping[str, Any]) -> str:
    bare = {kind: value for kind, value in query.items() if kind != "id"}
    return f"{QUESTIONS[kind_of(bare)]}: {question_words(bare)}"
