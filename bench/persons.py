"""How fast and how surely is a person found among a million, beside other engines asked the same?"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from bench import matchers
from bench.errors import NO_ERROR, ONE_ERROR, TWO_ERRORS, chance
from bench.matchers import Matcher, Search
from bench.measures import percentile
from bench.pictures import Picture, lines
from bench.population import Built, known, subjects
from bench.report import Figure, Goal, Machine
from liaison.engine.index import Index
from liaison.engine.types import Subject

# Left out: peers have no names in other letters, and seek only the years beside.
_NOT_ASKED = ("own letters", "one digit of the date", "day for month")
_P99_MS = {5_000_000: Goal("<=", 5), 10_000_000: Goal("<=", 10)}
_BYTES = Goal("<=", 64)
_FASTER = (
    ("tantivy + rapidfuzz", "with birth date", Goal(">=", 8)),
    ("tantivy + rapidfuzz", "name only", Goal(">=", 3)),
    ("pg_trgm GIN", "with birth date", Goal(">=", 100)),
    ("pg_trgm GIST", "with birth date", Goal(">=", 100)),
)
Asked = list[tuple[int, Subject]]
Opened = AbstractContextManager[Matcher]


def measure(size: int, count: int, rounds: int, *, with_peers: bool) -> list[Figure]:
    """Ask `count` questions of `size` recorded persons, with and without birth date, of each engine in turn."""
    recorded = list(islice(subjects(size), size))
    questions = list(_both(_questions(size, count)))
    figures: list[Figure] = []
    for open_one in _engines(recorded, with_peers=with_peers):
        try:
            with open_one() as matcher:
                figures += _cost(matcher, size)
                for told, asked in questions:
                    figures += _ask(matcher, f"{size:,} persons, {told}", asked, rounds, size)
        except ImportError as missing:
            # The others are still worth measuring.
            print(f"A peer is left out: {missing} (docs/bench/README.md says how to install it).")
    return figures + list(_ratios(figures, size))


def _ratios(figures: Sequence[Figure], size: int) -> Iterator[Figure]:
    """Yield how many times as many questions Liaison answers in one thread as a peer does."""
    rate = {figure.name: figure.median for figure in figures}
    for peer, told, goal in _FASTER:
        ours, theirs = (f"{name}, {size:,} persons, {told}: 1 thread" for name in ("liaison", peer))
        if theirs in rate:
            yield Figure("persons", f"liaison : {peer}, {told}", "times", (rate[ours] / rate[theirs],), goal)


def measure_in(folder: Path, built: Built, count: int, rounds: int) -> Iterator[Figure]:
    """Ask Liaison alone, of the people that are recorded in a folder: for the growth with their number."""
    index = Index(folder)
    matcher = Matcher("liaison", matchers.searching(index), built.seconds, built.size_bytes)
    yield from _cost(matcher, built.records)
    for told, asked in _both(_questions(built.records, count)):
        yield from _ask(matcher, f"{built.records:,} persons, {told}", asked, rounds, built.records)


def _both(dated: Asked) -> Iterator[tuple[str, Asked]]:
    """Yield the questions as they are, and with nothing but the name."""
    yield "with birth date", dated
    yield "name only", [(at, msgspec.structs.replace(one, born=(), nationalities=(), sex="U")) for at, one in dated]


def _engines(recorded: Sequence[Subject], *, with_peers: bool) -> Iterator[Callable[[], Opened]]:
    yield partial(matchers.liaison, recorded)
    if with_peers:
        rows = matchers.rows(recorded)
        yield partial(matchers.tantivy, rows)
        yield partial(matchers.postgres, rows, "gin")
        yield partial(matchers.postgres, rows, "gist")
        yield partial(matchers.everything, rows)


def _questions(size: int, count: int) -> Asked:
    """Return recorded persons, each with an error that every engine may meet, and the record's number."""
    random = chance(11)
    errors = [error for error in (NO_ERROR, *ONE_ERROR, TWO_ERRORS) if error.name not in _NOT_ASKED]
    asked: Asked = []
    for one in known(size, 3 * count, seed=12):
        is_latin = one.person.name in one.subject.names
        query = random.choice(errors).change(one.person, random) if is_latin else None
        if query:
            asked.append((one.record, query))
    return asked[:count]


def _cost(matcher: Matcher, size: int) -> Iterator[Figure]:
    told = f"{matcher.name}, {size:,} persons"
    yield Figure("persons", f"{told}: build", "s", (matcher.build_seconds,))
    if matcher.size_bytes:
        goal = _BYTES if matcher.name == "liaison" else None
        yield Figure("persons", f"{told}: index", "bytes/person", (matcher.size_bytes / size,), goal)


def _ask(matcher: Matcher, told: str, asked: Asked, rounds: int, size: int) -> Iterator[Figure]:
    is_ours = matcher.name == "liaison"
    sample = asked[: matcher.most]
    for _, query in sample[:20]:
        matcher.search(query)
    timed = [_one_by_one(matcher.search, sample) for _ in range(1 if matcher.most else rounds)]

    def figure(name: str, unit: str, values: Sequence[float], goal: Goal | None = None) -> Figure:
        note = f"a sample of {len(sample)}" if matcher.most else ""
        return Figure("persons", f"{matcher.name}, {told}: {name}", unit, tuple(values), goal, note)

    yield figure("recall@10", "%", [100 * recall for recall, _ in timed])
    yield figure("p50", "ms", [1000 * percentile(seconds, 50) for _, seconds in timed])
    goal = _P99_MS.get(size) if is_ours and "birth" in told else None
    yield figure("p99", "ms", [1000 * percentile(seconds, 99) for _, seconds in timed], goal)
    yield figure("1 thread", "queries/s", [len(seconds) / sum(seconds) for _, seconds in timed])
    if is_ours:
        yield figure("2 threads", "queries/s", [_threaded(matcher.search, sample, 2) for _ in range(rounds)])


def _one_by_one(search: Search, asked: Asked) -> tuple[float, list[float]]:
    """Return the share of records found among the first ten, and the seconds of each question."""
    seconds, found = [], 0
    for number, query in asked:
        started = time.perf_counter()
        numbers = search(query)
        seconds.append(time.perf_counter() - started)
        found += number in numbers
    return found / len(asked), seconds


def _threaded(search: Search, asked: Asked, threads: int) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(search, [query for _, query in asked]))
    return len(asked) / (time.perf_counter() - started)


def draw(folder: Path, figures: Sequence[Figure], machine: Machine) -> None:
    """Draw the latency of Liaison against the number of persons, of all sizes that were measured."""
    series: dict[str, list[tuple[float, float]]] = {}
    for one in figures:
        name, _, rest = one.name.partition(", ")
        size, _, told = rest.partition(" persons, ")
        if one.bench == "persons" and name == "liaison" and one.unit == "ms":
            series.setdefault(told.replace(": ", ", "), []).append((float(size.replace(",", "")), one.median))
    picture = Picture("Latency against size", "one search, one thread, warm", "recorded persons", "ms", machine)
    lines(folder / "persons-latency.svg", picture, series, log_x=True, log_y=True)
