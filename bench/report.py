"""What was measured, where and when: figures against goals, for people as a table and for machines as JSON."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

_LIBRARIES = ("django", "uvicorn", "uvloop", "httptools", "msgspec", "numpy", "numba", "rapidfuzz")
# Only benchmarks need these, and they are told where they are installed.
_PEERS = ("nomenklatura", "rigour", "pyicu", "tantivy", "lmdb", "psycopg")
_POSTGRES = Path("/usr/lib/postgresql")


class Goal(NamedTuple):
    """What a figure must reach."""

    sense: Literal[">=", "<="]
    value: float

    def is_met(self, value: float) -> bool:
        return value >= self.value if self.sense == ">=" else value <= self.value


class Figure(msgspec.Struct, frozen=True):
    """One measured figure: a value per round; the median is the figure, the extremes are its spread."""

    bench: str
    name: str
    unit: str
    rounds: tuple[float, ...]
    goal: Goal | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "met" if self.goal.is_met(self.median) else "MISSED"


class Machine(msgspec.Struct, frozen=True):
    """Where and when it was measured; no name and no path of the machine."""

    measured_at: str
    processor: str
    cores: int
    memory_mib: int
    system: str
    python: str
    sqlite: str
    load_before: float
    libraries: dict[str, str]


def this_machine() -> Machine:
    pages, page_bytes = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return Machine(
        measured_at=datetime.now(UTC).isoformat(timespec="minutes"),
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_mib=pages * page_bytes >> 20,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        load_before=round(os.getloadavg()[0], 2),
        libraries=_versions(),
    )


def _versions() -> dict[str, str]:
    versions = {name: version(name) for name in _LIBRARIES}
    for name in _PEERS:
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    servers = sorted(int(path.name) for path in _POSTGRES.glob("[0-9]*") if path.name.isdigit())
    return versions | ({"postgresql": str(servers[-1])} if servers else {})


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def print_table(figures: Sequence[Figure], say: Callable[[str], None] = print) -> None:
    """Print one line per figure: median, spread, goal, verdict."""
    head = ("bench", "figure", "median", "lowest", "highest", "unit", "goal", "", "note")
    print_rows([head, *(_cells(figure) for figure in figures)], say)


def print_rows(rows: Sequence[Sequence[str]], say: Callable[[str], None] = print) -> None:
    """Print rows of equally many cells under each other."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cells(figure: Figure) -> tuple[str, ...]:
    goal = f"{figure.goal.sense} {_number(figure.goal.value)}" if figure.goal else ""
    numbers = (_number(figure.median), _number(min(figure.rounds)), _number(max(figure.rounds)))
    return figure.bench, figure.name, *numbers, figure.unit, goal, figure.verdict, figure.note


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def write_json(path: Path, machine: Machine, figures: Sequence[Figure], load_after: float) -> None:
    """Write everything that was measured."""
    told = [{**msgspec.to_builtins(figure), "median": figure.median, "verdict": figure.verdict} for figure in figures]
    report = {"machine": machine, "load_after": load_after, "figures": told}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
