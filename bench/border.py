"""At a border: how many innocent travellers are stopped, how many wanted ones are found, and is it fair?

Invented people are recorded; others, drawn alike and independently, travel; recorded ones travel too, as `errors.py`
alters them.  `docs/bench/README.md` says how alerts and recall are counted.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.errors import EVERY, NO_ERROR, ONE_ERROR, TWO_ERRORS, chance
from bench.measures import Share, percentile, recall_at
from bench.people import Person, travelling
from bench.pictures import Bar, Picture, bars, lines
from bench.population import ALLOWED, TODAY, Built, Known, build, known, travellers
from bench.report import Figure, Goal, Machine
from liaison.engine.index import Index
from liaison.engine.types import Subject

ALERT_SHARES = (0.01, 0.001, 0.0001)
# Hits of real searches: SIS in 2024, and searches for travel documents in 2021.
REAL_RATES = (0.000026, 0.000086)
_GOALS = {"strong": Goal("<=", 0.01), "possible": Goal("<=", 0.1)}
_RECALL = Goal(">=", 95)
_CURVE = (0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.002, 0.001, 0.0005, 0.0003, 0.0002, 0.0001)
# Of a group of fewer nothing is said.
_FEWEST = 30
_SHOWN = 50


class Answer(NamedTuple):
    """What one traveller got: the best score of what counts, and of that what is strong; 0 for nothing."""

    person: Person
    error: str
    family: str
    is_complete: bool
    script: str
    best: float
    strong: float
    seconds: float


class Crowd(NamedTuple):
    """How many pass: clean travellers, and recorded persons with each kind of error."""

    clean: int
    each: int


def measure(size: int, crowd: Crowd, pictures: Path | None, machine: Machine) -> list[Figure]:
    """Record `size` invented people, and let a crowd pass."""
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        folder = Path(name)
        return measure_in(folder, build(folder, size), crowd, pictures, machine)


def measure_in(folder: Path, built: Built, crowd: Crowd, pictures: Path | None, machine: Machine) -> list[Figure]:
    """Let a crowd pass the people that are recorded in a folder."""
    index = Index(folder)
    passed = [_pass(index, person) for person in travellers(crowd.clean)]
    met = [_meet(index, *one) for one in _asked(built.records, crowd.each)]
    if pictures:
        _draw(pictures, built.records, passed, met, machine)
    return list(_figures(f"{built.records:,} records", built, passed, met))


def _pass(index: Index, person: Person) -> Answer:
    """Let an innocent traveller pass: whatever is found is a false alert."""
    query = travelling(person)
    started = time.perf_counter()
    found = index.search(query, ALLOWED, TODAY, 5)
    seconds = time.perf_counter() - started
    strong = max((one.score for one in found.candidates if one.strength == "strong"), default=0.0)
    best = max((one.score for one in found.candidates), default=0.0)
    return Answer(person, "", "", True, script_of(query), best, strong, seconds)


def _asked(size: int, each: int) -> Iterator[tuple[Known, str, str, Subject]]:
    """Yield recorded people with one error each, of every kind as many, as far as they can have it."""
    random = chance(7)
    persons = known(size, 3 * each * len(EVERY))
    for place, error in enumerate(EVERY):
        drawn = persons[place :: len(EVERY)]
        altered = ((one, error.change(one.person, random)) for one in drawn)
        can = [(one, error.name, error.family, query) for one, query in altered if query]
        yield from can[:each]


def _meet(index: Index, one: Known, error: str, family: str, query: Subject) -> Answer:
    """Let a recorded person pass: what counts is their own record."""
    started = time.perf_counter()
    found = index.search(query, ALLOWED, TODAY, _SHOWN)
    seconds = time.perf_counter() - started
    own = [candidate for candidate in found.candidates if candidate.record == one.record]
    best = max((candidate.score for candidate in own), default=0.0)
    strong = max((candidate.score for candidate in own if candidate.strength == "strong"), default=0.0)
    return Answer(one.person, error, family, _is_complete(one), script_of(query), best, strong, seconds)


def _is_complete(one: Known) -> bool:
    """Say whether the record has the whole birth date, and the name in Latin letters."""
    return bool(one.subject.born) and len(one.subject.born[0]) == 10 and one.person.name in one.subject.names


def script_of(query: Subject) -> str:
    """Name the script by its first letter that is not Latin."""
    first = next((letter for letter in query.names[0] if letter > "\u036f" and letter.isalpha()), "a")
    starts = (("Hangul", "\uac00"), ("Han", "\u4e00"), ("kana", "\u3040"), ("Latin", "\u1e00"), ("Thai", "\u0e00"),
              ("Devanagari", "\u0900"), ("Arabic", "\u0600"), ("Hebrew", "\u0590"), ("Cyrillic", "\u0400"),
              ("Greek", "\u0370"))  # fmt: skip
    return next((name for name, start in starts if first >= start), "Latin")


def _figures(told: str, built: Built, passed: Sequence[Answer], met: Sequence[Answer]) -> Iterator[Figure]:
    def figure(name: str, unit: str, value: float, goal: Goal | None = None, note: str = "") -> Figure:
        return Figure("border", f"{told}: {name}", unit, (value,), goal, note)

    def share(name: str, one: Share, goal: Goal | None = None) -> Figure:
        return figure(name, "%", 100 * one.value, goal, one.told)

    for strength, goal in _GOALS.items():
        alerts = _alerts(passed, strength)
        yield share(f"clean travellers with a {strength} match", alerts, goal)
        yield figure(f"false {strength} alerts of 10,000 travellers", "", 10_000 * alerts.value)
    yield share("clean travellers with a recorded twin in name and date", _twins(built, passed))
    one_error = [one for one in met if one.family in {error.family for error in ONE_ERROR}]
    groups = {NO_ERROR.name: _of(met, NO_ERROR.family), "one error": one_error,
              "one error, complete record": [one for one in one_error if one.is_complete],
              TWO_ERRORS.name: _of(met, TWO_ERRORS.family)}  # fmt: skip
    for name, some in groups.items():
        goal_or_none = _RECALL if name == "one error" else None
        yield share(f"recall, {name}", _found(some, "possible"), goal_or_none)
        yield share(f"recall, {name}, strong", _found(some, "strong"))
        for allowed in ALERT_SHARES:
            at = recall_at(allowed, [one.best for one in passed], [one.best for one in some])
            yield share(f"recall, {name}, at {100 * allowed:g} % alerts", at)
    for rate in REAL_RATES:
        wrong, right = _alerts(passed, "possible").value * (1 - rate), _found(one_error, "possible").value * rate
        yield figure(f"right alerts of 100 when {100 * rate:g} % are wanted", "", 100 * right / ((wrong + right) or 1))
    for kind in ONE_ERROR:
        yield share(f"recall, {kind.name}", _found([one for one in met if one.error == kind.name], "possible"))
    yield from _by_group(figure, share, passed, [*one_error, *groups[NO_ERROR.name]])
    seconds = [one.seconds for one in passed]
    yield figure("a clean traveller's search, p50", "ms", 1000 * percentile(seconds, 50))
    yield figure("a clean traveller's search, p99", "ms", 1000 * percentile(seconds, 99))
    yield figure("bytes of index a person", "bytes", built.size_bytes / built.records)


def _of(answers: Iterable[Answer], family: str) -> list[Answer]:
    return [one for one in answers if one.family == family]


def _alerts(passed: Sequence[Answer], strength: str) -> Share:
    return Share(sum((one.strong if strength == "strong" else one.best) > 0 for one in passed), len(passed))


_found = _alerts


def _twins(built: Built, passed: Sequence[Answer]) -> Share:
    return Share(sum(built.has_twin(one.person) for one in passed), len(passed))


def _grouped(answers: Iterable[Answer], key: Callable[[Answer], str], strength: str) -> dict[str, Share]:
    """Return the share of each group that is large enough to speak of."""
    groups: dict[str, list[Answer]] = {}
    for one in answers:
        groups.setdefault(key(one), []).append(one)
    return {name: _alerts(some, strength) for name, some in sorted(groups.items()) if len(some) >= _FEWEST}


def _nation(answer: Answer) -> str:
    return answer.person.nation


def _by_group(
    figure: Callable[..., Figure],
    share: Callable[[str, Share], Figure],
    passed: Sequence[Answer],
    met: Sequence[Answer],
) -> Iterator[Figure]:
    """Yield alerts and recall by script and by nation, and who differs most from whom."""
    for name, one in _grouped(met, lambda answer: answer.script, "possible").items():
        yield share(f"recall, asked in {name}", one)
    alerts = _grouped(passed, _nation, "possible")
    recall = _grouped(met, _nation, "possible")
    for name, one in alerts.items():
        yield share(f"alerts, {name}", one)
    for name, one in recall.items():
        yield share(f"recall, {name}", one)
    for told, groups in (("alerts", alerts), ("recall", recall)):
        if groups:
            most, least = (pick(groups, key=lambda name: groups[name].value) for pick in (max, min))
            gap = 100 * (groups[most].value - groups[least].value)
            yield figure(f"largest gap in {told}", "points", gap, None, f"{most} and {least}")


def _draw(folder: Path, size: int, passed: Sequence[Answer], met: Sequence[Answer], machine: Machine) -> None:
    """Draw recall against alerts, and alerts by nation."""
    clean = [one.best for one in passed]
    families = ("no error", "letters", "parts", "spelling", "date", "name and date")
    kinds = {family: [one.best for one in _of(met, family)] for family in families}
    lowest = 1 / max(len(passed), 1)
    curves = {
        family: [(100 * at, 100 * recall_at(at, clean, scores).value) for at in _CURVE if at >= lowest]
        for family, scores in kinds.items()
    }
    told = f"{size:,} invented records, {len(passed):,} clean travellers, {len(met):,} recorded ones"
    picture = Picture("Recall against alerts, by kind of error", told, "travellers with a false alert, at most, %",
                      "recorded travellers found, %", machine)  # fmt: skip
    lines(folder / f"border-{size}-recall.svg", picture, curves, log_x=True)
    groups = _grouped(passed, _nation, "possible")
    shown = [Bar(name, 100 * one.value, *(100 * bound for bound in one.interval)) for name, one in groups.items()]
    picture = Picture("Clean travellers who match somebody, by nation", told, "travellers with a false alert, %", "",
                      machine)  # fmt: skip
    bars(folder / f"border-{size}-gap.svg", picture, sorted(shown, key=lambda bar: -bar.value))
