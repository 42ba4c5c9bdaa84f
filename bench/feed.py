"""How many rows a second one bureau feeds, and how much memory a million rows take.

Beside it a bare SQLite insert of the same payloads: one table, the same
chunks, the same durability.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec

from bench.homes import build_empty_world, copy_of
from bench.processes import environment, python, run
from bench.report import Figure, Goal
from bench.rows import PERSONS, VEHICLES, Kind, write_csv, write_jsonl

_MILLION = 1_000_000


class Case(NamedTuple):
    """What is fed, in which format, and what it must reach."""

    kind: Kind
    name: str
    format: str
    rows: int
    goal: Goal
    write: Callable[[Path, Kind, int], Path]


_VEHICLES_GOAL, _PERSONS_GOAL = Goal(">=", 15_000), Goal(">=", 4_000)
CASES = (
    Case(VEHICLES, "vehicles", "jsonl", 60_000, _VEHICLES_GOAL, write_jsonl),
    Case(VEHICLES, "vehicles", "csv", 60_000, _VEHICLES_GOAL, write_csv),
    Case(PERSONS, "persons", "jsonl", 20_000, _PERSONS_GOAL, write_jsonl),
    Case(PERSONS, "persons", "csv", 20_000, _PERSONS_GOAL, write_csv),
)


def measure(rounds: int, *, with_million: bool) -> list[Figure]:
    """Feed every case into a fresh home, each round anew."""
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        folder = Path(name)
        world = build_empty_world(folder / "world")
        figures = [figure for case in CASES for figure in _measure_case(case, world, folder, rounds)]
        return figures + ([_measure_million(world, folder)] if with_million else [])


def _measure_case(case: Case, world: Path, folder: Path, rounds: int) -> list[Figure]:
    file = case.write(folder / f"{case.name}.{case.format}", case.kind, case.rows)
    fed, bare = [], []
    for _ in range(rounds):
        with copy_of(world) as home:
            told = _feed(home, file, case)
            fed.append(case.rows / float(told["seconds"]))
            bare.append(_bare_insert(_payloads(home), int(told["chunk_rows"]), folder / "bare.sqlite3"))
    name = f"{case.name}, {case.format}"
    ratio = tuple(one / other for one, other in zip(bare, fed, strict=True))
    return [
        Figure("feed", name, "rows/s", tuple(fed), case.goal),
        Figure("feed", f"{name}: bare insert of the same bytes", "rows/s", tuple(bare)),
        Figure("feed", f"{name}: bare insert : feed", "times", ratio),
    ]


def _feed(home: Path, file: Path, case: Case) -> dict[str, Any]:
    """Feed a file in a process of its own; every row must be accepted."""
    command = python("bench.feed_once", str(file), case.kind.database, case.format)
    told: dict[str, Any] = msgspec.json.decode(run(command, environment(home)))
    if told["accepted"] != case.rows:
        raise SystemExit(f"Of {case.rows} rows {told['accepted']} were accepted.")
    return told


def _payloads(home: Path) -> list[tuple[int, str]]:
    with sqlite3.connect(home / "liaison.sqlite3") as connection:
        return connection.execute("SELECT sequence, payload FROM records_version ORDER BY sequence").fetchall()


def _bare_insert(payloads: list[tuple[int, str]], chunk_rows: int, path: Path) -> float:
    """Insert the payloads as the least that a durable store does; return rows per second."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; DROP TABLE IF EXISTS bare;"
        "CREATE TABLE bare (number INTEGER PRIMARY KEY, payload TEXT NOT NULL)"
    )
    started = time.perf_counter()
    for start in range(0, len(payloads), chunk_rows):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO bare VALUES (?, ?)", payloads[start : start + chunk_rows])
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    return len(payloads) / seconds


def _measure_million(world: Path, folder: Path) -> Figure:
    """Feed a million vehicles and return the peak memory of the process."""
    case = CASES[0]._replace(rows=_MILLION)
    file = case.write(folder / "million.jsonl", case.kind, _MILLION)
    with copy_of(world) as home:
        told = _feed(home, file, case)
    note = f"{_MILLION / float(told['seconds']):,.0f} rows/s"
    return Figure("feed", "memory of a feed of 1,000,000 vehicles", "MiB", (told["peak_mib"],), Goal("<=", 500), note)
