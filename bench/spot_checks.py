"""How many curious checks do the flags find, how many do they bring up for nothing, and how much is there to look at?

Two hundred invented officers work for sixty days (`police.py`), and their checks go into the register of a new home.
Then they are looked through as beside a service, in steps, and chance draws from each day.  An incident counts as
found by a flag when one of its checks was brought up, or counted, for it.
"""

import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from bench.homes import build_empty_world
from bench.police import DAYS, KINDS, QUIET, Check, World, world
from bench.population import memory_mib, peak_mib
from bench.processes import environment, python, run
from bench.report import Figure, Goal

_BEGIN = datetime(2026, 9, 7, tzinfo=UTC)
_AT_ONCE = 20_000
# What a busy node takes in, with as many officers at work as make it.
_CHECKS_PER_SECOND = 20


class _Cost(NamedTuple):
    """How fast it went, and how much more memory it took at most than the process had before."""

    checks_per_second: float
    more_mib: float


class Result(msgspec.Struct):
    """What was found: by reason, items and how many of them are misuse; incidents and those found, by kind."""

    items: dict[str, int]
    right: dict[str, int]
    incidents: dict[str, int]
    found: dict[str, int]
    flagged: dict[str, int]
    checks: int
    brought_up: int
    drawn: int
    agencies: int
    cost: _Cost


class _Item(NamedTuple):
    entry: int
    reasons: tuple[str, ...]


def measure() -> list[Figure]:
    """Measure in a home of its own, gone at the end."""
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        home = build_empty_world(Path(name) / "home")
        done = run(python("bench.spot_checks"), environment(home, DJANGO_SETTINGS_MODULE="liaison.settings"))
    return list(_figures(msgspec.json.decode(done, type=Result)))


def _figures(result: Result) -> list[Figure]:
    def share(part: int, whole: int) -> float:
        return 100 * part / whole if whole else 0.0

    rows = []
    for kind in KINDS:
        of, found = result.incidents[kind], result.found[kind]
        rows.append(_figure(f"{kind}: incidents found", share(found, of), f"{found} of {of}"))
        of, right = result.items.get(kind, 0), result.right.get(kind, 0)
        rows.append(_figure(f"{kind}: brought up for it that is misuse", share(right, of), f"{right} of {of}"))
    seen = {kind: of for kind, of in result.incidents.items() if kind != QUIET}
    of, found = sum(seen.values()), sum(result.flagged[kind] for kind in seen)
    rows.append(_figure("all flags together: incidents found", share(found, of), f"{found} of {of}", Goal(">=", 80)))
    of, right = result.items["all flags"], result.right["all flags"]
    rows.append(_figure("all flags together: brought up that is misuse", share(right, of), f"{right} of {of}"))
    of, found = result.incidents[QUIET], result.found[QUIET]
    rows.append(_figure("once, in working hours, a good reference: found by any", share(found, of), f"{found} of {of}"))
    a_day, an_auditor = 1 / DAYS, 1 / DAYS / result.agencies
    return [
        *rows,
        _figure("to look at by flags, all agencies", result.brought_up * a_day, unit="a day"),
        _figure("drawn by chance, all agencies", result.drawn * a_day, unit="a day"),
        _figure(
            "to look at for the auditor of an agency of 20 officers", (result.brought_up + result.drawn) * an_auditor,
            unit="a day",
        ),
        _figure("checks looked through", result.cost.checks_per_second, f"{result.checks} checks",
                Goal(">=", 10 * _CHECKS_PER_SECOND), "checks/s"),
        _figure("memory that it takes at most", result.cost.more_mib, unit="MiB"),
    ]  # fmt: skip


def _figure(name: str, value: float, note: str = "", goal: Goal | None = None, unit: str = "%") -> Figure:
    return Figure("spot_checks", name, unit, (value,), goal, note)


def main() -> None:
    """Measure in the home of this process, and print what was found."""
    import django

    django.setup()
    from liaison.audit.register import register

    work = world()
    actors, agencies = _accounts(work)
    _watch(_BEGIN - timedelta(days=200))
    entries = _register(work, actors, agencies)
    before, started = memory_mib(), time.perf_counter()
    _watch(_BEGIN + timedelta(days=DAYS + 2))
    cost = _Cost(len(work.checks) / (time.perf_counter() - started), peak_mib() - before)
    drawn = _draw()
    register().close()
    result = _judged(work, entries, cost, drawn, len(agencies))
    sys.stdout.buffer.write(msgspec.json.encode(result))


def _accounts(work: World) -> tuple[list[str], list[int]]:
    """Make the agencies and the accounts; return the name of each officer in the register, and the agencies."""
    from liaison.agencies.models import Agency, Officer

    count = 1 + max(officer.agency for officer in work.officers)
    agencies = [
        Agency.objects.create(kind="international_entity", name=f"Agency {number}", admitted_at=_BEGIN).pk
        for number in range(count)
    ]
    actors = []
    for officer in work.officers:
        made = Officer.objects.create(
            email=f"{officer.number}@police.example", full_name=officer.name, agency_id=agencies[officer.agency],
            invited_at=_BEGIN,
        )  # fmt: skip
        actors.append(made.actor)
    return actors, agencies


def _register(work: World, actors: list[str], agencies: list[int]) -> list[Check | None]:
    """Write the checks into the register; return them in the order of their numbers, None for other entries."""
    from liaison.audit.events import Event
    from liaison.audit.models import Entry
    from liaison.audit.register import NewEntry, register

    def entry_of(check: Check) -> NewEntry:
        papers = [{"number": f"P{check.second:07}", "issuer": "PL"}] if check.has_papers else None
        person = {"name": check.name, "born": check.born or None, "documents": papers}
        asked = [{"id": "1", "person": {field: value for field, value in person.items() if value}}]
        at_us = int(_BEGIN.timestamp() + check.second) * 1_000_000
        return NewEntry(
            at_us, Event.CHECKED, agencies[work.officers[check.officer].agency], actors[check.officer], "",
            check.purpose, check.reference, msgspec.json.encode(asked).decode(),
        )  # fmt: skip

    entries: list[Check | None] = [None] * (Entry.objects.count() + 1)
    for start in range(0, len(work.checks), _AT_ONCE):
        some = work.checks[start : start + _AT_ONCE]
        numbers = register().append_all([entry_of(check) for check in some])
        entries += [None] * (numbers[0] - len(entries)) + list(some)
    return entries


def _watch(now: datetime) -> None:
    from liaison.oversight.watching import look_through

    while look_through(now):
        pass


def _draw() -> int:
    from datetime import date

    from liaison.oversight.models import Watched
    from liaison.oversight.watching import draw

    Watched.objects.update(drawn_until=date(2026, 9, 6))
    return sum(draw(_BEGIN + timedelta(days=day, hours=2)) for day in range(1, DAYS + 1))


def _judged(work: World, entries: list[Check | None], cost: _Cost, drawn: int, agencies: int) -> Result:
    items = _items()
    misuse = {number for number, check in enumerate(entries) if check and check.misuse}
    right: dict[str, int] = defaultdict(int)
    counted: dict[str, int] = defaultdict(int)
    by_flag: dict[str, set[int]] = defaultdict(set)
    for item in items:
        flags = [reason for reason in item.reasons if reason != "drawn"]
        check = entries[item.entry]
        for name in [*item.reasons, *(["all flags"] if flags else [])]:
            counted[name] += 1
            right[name] += item.entry in misuse
            if check and check.misuse:
                by_flag[name].add(check.incident)
    of_kind: dict[str, set[int]] = defaultdict(set)
    for check in work.checks:
        if check.misuse:
            of_kind[check.misuse].add(check.incident)
    anyhow = by_flag["all flags"] | by_flag["drawn"]
    return Result(
        items=dict(counted), right=dict(right),
        incidents={kind: len(some) for kind, some in of_kind.items()},
        found={kind: len(some & (by_flag[kind] if kind in KINDS else anyhow)) for kind, some in of_kind.items()},
        flagged={kind: len(some & by_flag["all flags"]) for kind, some in of_kind.items()},
        checks=len(work.checks), brought_up=counted["all flags"], drawn=drawn, agencies=agencies,
        cost=cost,
    )  # fmt: skip


def _items() -> list[_Item]:
    from liaison.oversight.models import SpotCheck

    found = SpotCheck.objects.prefetch_related("reasons")
    return [_Item(one.entry, tuple(reason.code for reason in one.reasons.all())) for one in found]


if __name__ == "__main__":
    main()
