"""Look through the checks that were made, entry by entry as they come, for what somebody should ask about.

It runs beside the service, in steps: each takes some thousand entries, officer by officer, and keeps in memory no
more than one officer's habit and what was found.  A step that is cut off is done again from where the last one
ended; what was found twice is kept once.  Chance draws from the checks of each day when it is over.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from liaison.agencies.models import Officer
from liaison.audit.actions import microseconds
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.audit.sealed import Damaged, Erased, mark, seal, unseal
from liaison.audit.series import series
from liaison.lib.days import midnight
from liaison.oversight.actions import Finding, bring_up
from liaison.oversight.flags import Flag, Look, Roster, flags_of, flags_of_reference
from liaison.oversight.habits import WINDOW_DAYS, WORKED_DAYS, Day, Habit, Question
from liaison.oversight.models import DayOfHabit, Watched
from liaison.oversight.questions import Asked, asked_in

# So many numbers of entries are one step.
AT_ONCE = 20_000
_READ_AT_ONCE = 200
# Habits are older than this only for who seldom works.
_HABIT_DAYS = 120
# When watching begins: so far back it learns what is usual, and brings up what happened since yesterday.
_LEARN_DAYS, _COUNT_DAYS = 60, 1
# A check is registered within moments; an hour after midnight the day before is complete.
_COMPLETE_AFTER = timedelta(hours=1)
_DRAWN_BACK_DAYS = 7
_MARK_VALUES = 1 << 64


class Overtaken(Exception):
    """Another process looked through the same entries meanwhile; what this one found is dropped."""


class _Check(NamedTuple):
    """Where a check stands and who made it."""

    number: int
    actor: str
    agency: int


class _Learnt(NamedTuple):
    """What is to be kept of one day of an officer."""

    actor: str
    agency: int
    day: int
    kept: Day


def look_through(now: datetime) -> int:
    """Look through the next entries; return up to how many numbers, 0 where nothing is new."""
    place = _place(now)
    newest = _newest()
    upto = min(newest, place.number + AT_ONCE)
    if upto <= place.number:
        return 0
    checks = _checks(place.number, upto)
    rosters = _rosters({check.agency for check in checks})
    findings: list[Finding] = []
    learnt: list[_Learnt] = []
    for actor, own in groupby(sorted(checks, key=itemgetter(1, 0)), key=itemgetter(1)):
        if actor.startswith("officer:"):
            found, days = _of_officer(list(own), rosters)
            learnt += days
        else:
            found = list(_of_system(list(own)))
        findings += [finding for finding in found if finding.entry >= place.counts_from]
    _keep(place, upto, findings, learnt)
    return upto - place.number


def _of_officer(checks: Sequence[_Check], rosters: Mapping[int, Roster]) -> tuple[list[Finding], list[_Learnt]]:
    """Return what is curious about an officer's checks, and what was learnt from them."""
    actor, agency = checks[0].actor, checks[-1].agency
    habit, findings = _habit_of(actor), []
    for entry in _entries([check.number for check in checks]):
        look = _look(entry, asked_in(entry.searched_data, entry.at.date()))
        flags = tuple(flags_of(look, int(actor.partition(":")[2]), rosters[entry.agency], habit))
        habit.note(look.day, look.at.hour, look.remembered)
        if flags:
            findings.append(_finding(entry, flags))
    return findings, [_Learnt(actor, agency, day, kept) for day, kept in habit.changed()]


def _of_system(checks: Sequence[_Check]) -> Iterator[Finding]:
    for entry in _entries([check.number for check in checks]):
        if flags := tuple(flags_of_reference(_look(entry, []))):
            yield _finding(entry, flags)


def _look(entry: Entry, asked: Sequence[Asked]) -> Look:
    # As people write one: "PL-2026/18" and "pl 2026 18" are the same case.
    plain = "".join(letter for letter in entry.reference.casefold() if letter.isalnum()) or entry.reference
    reference = _fingerprint(f"reference {plain}")
    remembered = tuple(Question(_fingerprint(one.text), one.year, reference) for one in asked)
    return Look(entry.at, entry.purpose, entry.reference, tuple(asked), remembered, reference)


def _finding(entry: Entry, flags: Sequence[Flag]) -> Finding:
    return Finding(entry.number, entry.at_us, entry.agency, entry.actor, tuple(flags))


def _fingerprint(text: str) -> int:
    return int(mark(text)[:8], 16)


def _checks(after: int, upto: int) -> list[_Check]:
    found = Entry.objects.filter(number__gt=after, number__lte=upto, event=Event.CHECKED)
    return [_Check(*row) for row in found.order_by().values_list("number", "actor", "agency") if ":" in row[1]]


def _entries(numbers: Sequence[int]) -> Iterator[Entry]:
    """Yield entries whose words can be read, in the order of their numbers, a few in memory at a time."""
    for start in range(0, len(numbers), _READ_AT_ONCE):
        some = Entry.objects.filter(number__in=numbers[start : start + _READ_AT_ONCE]).order_by("number")
        yield from (entry for entry in some if not entry.trouble)


def _rosters(agencies: set[int]) -> dict[int, Roster]:
    accounts: dict[int, list[tuple[int, str]]] = {agency: [] for agency in agencies}
    for number, agency, name in Officer.objects.filter(agency__in=agencies).values_list("pk", "agency", "full_name"):
        accounts[agency].append((number, name))
    return {agency: Roster(people) for agency, people in accounts.items()}


def _habit_of(actor: str) -> Habit:
    rows = DayOfHabit.objects.filter(actor=actor).order_by("-day")[: WORKED_DAYS + WINDOW_DAYS]
    days = {}
    for row in rows:
        try:
            days[row.day] = Day.unpacked(unseal(bytes(row.sealed), _moment_us(row.day), row.agency))
        except (Erased, Damaged):
            continue
    return Habit(days)


def _moment_us(day: int) -> int:
    return day * 86_400_000_000


def _keep(place: Watched, upto: int, findings: Sequence[Finding], learnt: Sequence[_Learnt]) -> None:
    """Keep what was found and learnt, and how far that was; raise Overtaken where another was here."""
    rows = [
        DayOfHabit(actor=one.actor, day=one.day, agency=one.agency,
                   sealed=seal(one.kept.packed(), _moment_us(one.day), one.agency))
        for one in learnt
    ]  # fmt: skip
    with transaction.atomic():
        if not Watched.objects.filter(pk=place.pk, number=place.number).update(number=upto):
            raise Overtaken
        DayOfHabit.objects.bulk_create(
            rows, batch_size=500, update_conflicts=True, unique_fields=["actor", "day"],
            update_fields=["agency", "sealed"],
        )  # fmt: skip
        bring_up(findings)


def _place(now: datetime) -> Watched:
    place = Watched.objects.filter(pk=1).first()
    if place is None:
        learn, count = (_first_since(now - timedelta(days=days)) for days in (_LEARN_DAYS, _COUNT_DAYS))
        yesterday = (now - timedelta(days=1)).date()
        defaults = {"number": learn - 1, "counts_from": count, "drawn_until": yesterday}
        place, _ = Watched.objects.get_or_create(pk=1, defaults=defaults)
    return place


def _newest() -> int:
    ordinary = Entry.objects.filter(number__lt=series().stop).order_by("-number")
    return ordinary.values_list("number", flat=True).first() or 0


def _first_since(moment: datetime) -> int:
    """Return about the first entry since a moment: entries are numbered in about the order of their moments."""
    wanted, low, high = microseconds(moment), 1, _newest() + 1
    while low < high:
        middle = (low + high) // 2
        at_us = Entry.objects.filter(number__gte=middle).order_by("number").values_list("at_us", flat=True)[0]
        low, high = (middle + 1, high) if at_us < wanted else (low, middle)
    return low


def draw(now: datetime) -> int:
    """Draw from the checks of the days that are over; return how many were drawn."""
    place = _place(now)
    last = (now - _COMPLETE_AFTER).date() - timedelta(days=1)
    day = max(place.drawn_until + timedelta(days=1), last - timedelta(days=_DRAWN_BACK_DAYS - 1))
    count = 0
    while day <= last:
        drawn = _drawn(day)
        with transaction.atomic():
            if not Watched.objects.filter(pk=1, drawn_until__lt=day).update(drawn_until=day):
                return count
            count += bring_up(drawn)
        day += timedelta(days=1)
    return count


def _drawn(day: date) -> list[Finding]:
    """Return the checks of a day that chance picks: of each agency some of its officers and as many of its systems.

    The keyed mark of an entry's number decides, so nobody can tell beforehand which it will be, nor choose.
    """
    most, share = settings.LIAISON_SPOT_CHECKS_A_DAY, settings.LIAISON_SPOT_CHECK_PERCENT / 100
    picked: dict[tuple[int, bool], list[tuple[float, int]]] = {}
    for number, agency, actor in _checks_of(day):
        rank = int(mark(f"spot check {number}"), 16) / _MARK_VALUES
        if rank < share and ":" in actor:
            heap = picked.setdefault((agency, actor.startswith("system:")), [])
            # The smallest ranks stay, so the largest of those kept must be the first to go.
            heapq.heappush(heap, (-rank, number))
            if len(heap) > most:
                heapq.heappop(heap)
    numbers = [number for heap in picked.values() for _, number in heap]
    return [_finding(entry, [Flag("drawn", str(entry.number), {})]) for entry in _entries(sorted(numbers))]


def _checks_of(day: date) -> Iterator[tuple[int, int, str]]:
    begins, ends = midnight(day), midnight(day + timedelta(days=1))
    first, last = _first_since(begins - _COMPLETE_AFTER), _first_since(ends + _COMPLETE_AFTER)
    found = Entry.objects.filter(
        number__gte=first, number__lt=last, event=Event.CHECKED, at_us__gte=microseconds(begins),
        at_us__lt=microseconds(ends),
    )  # fmt: skip
    yield from found.order_by().values_list("number", "agency", "actor").iterator(_READ_AT_ONCE * 10)


def forget_old_habits(now: datetime) -> int:
    """Erase what was learnt of days that lie too far back to count."""
    before = now.date().toordinal() - date(1970, 1, 1).toordinal() - _HABIT_DAYS
    return DayOfHabit.objects.filter(day__lt=before).delete()[0]
