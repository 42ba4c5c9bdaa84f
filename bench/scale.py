"""How does the engine grow: built, saved, opened again and asked, up to ten million persons, in how much memory?

    python -m bench.scale [--sizes N...] [--rebuilt N] [--pictures FOLDER] [--json FILE]

For each size: build, cold start in another process, a border (`border.py`) and questions (`persons.py`).
Then so many persons are fed into a home and the index is made again from its database.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench import border, persons
from bench.border import Crowd
from bench.homes import build_empty_world
from bench.measures import percentile
from bench.population import Built, build, drop_caches
from bench.processes import environment, liaison, python, run
from bench.report import Figure, Goal, Machine, print_table, this_machine, write_json
from bench.rows import PERSONS, write_jsonl
from liaison.engine.index import warm_up

SIZES = (100_000, 1_000_000, 5_000_000, 10_000_000)
_COLD = 1000
_QUESTIONS, _ROUNDS = 2000, 3
_MEMORY = Goal("<=", 24 * 1024)
_REBUILT = Goal("<=", 20)


def measure(size: int, crowd: Crowd, pictures: Path | None, machine: Machine) -> Iterator[Figure]:
    """Build one size, and ask it whatever there is to ask."""
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        folder = Path(name)
        built = build(folder, size)
        yield from _built(built)
        yield from _cold(folder, size)
        yield from persons.measure_in(folder, built, _QUESTIONS, _ROUNDS)
        yield from border.measure_in(folder, built, crowd, pictures, machine)


def _built(built: Built) -> Iterator[Figure]:
    told = f"{built.records:,} persons"
    note = f"and {built.inventing_seconds:,.0f} s to invent them"
    yield Figure("scale", f"{told}: built and on disk", "s", (built.seconds,), None, note)
    yield Figure("scale", f"{told}: index", "MiB", (built.size_bytes / 2**20,))
    yield Figure("scale", f"{told}: peak memory of building", "MiB", (built.peak_mib,), _MEMORY)


def _cold(folder: Path, size: int) -> Iterator[Figure]:
    """Open in a process of its own: with the files forgotten by the kernel, where it lets us, and again after that."""
    for told, is_so in (("cold", drop_caches()), ("warm", True)):
        if not is_so:
            print("Cold caches are not measured: only root can make the kernel forget files.")
            continue
        answer = msgspec.json.decode(run(python("bench.cold", str(folder), str(_COLD)), environment()))
        name = f"{size:,} persons, {told} files, another process"
        yield Figure("scale", f"{name}: opened", "ms", (1000 * answer["open"],))
        yield Figure("scale", f"{name}: first answer", "ms", (1000 * answer["first"],))
        yield Figure("scale", f"{name}: p50", "ms", (1000 * percentile(answer["seconds"], 50),))
        yield Figure("scale", f"{name}: p99", "ms", (1000 * percentile(answer["seconds"], 99),))
        yield Figure("scale", f"{name}: peak memory", "MiB", (answer["peak_mib"],), _MEMORY)


def rebuild(count: int) -> Iterator[Figure]:
    """Feed `count` persons into a home, then make its index again from the database."""
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        home = build_empty_world(Path(name) / "home")
        file = write_jsonl(Path(name) / "persons.jsonl", PERSONS, count)
        run(python("bench.feed_once", str(file), PERSONS.database, "jsonl"), environment(home))
        started = time.perf_counter()
        run(liaison("index", "--rebuild"), environment(home))
        seconds = time.perf_counter() - started
    goal = _REBUILT if count == 1_000_000 else None
    yield Figure("scale", f"{count:,} persons: index made again from the database", "s", (seconds,), goal)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description="Measure what needs hours and memory.")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, metavar="N", help="recorded persons")
    parser.add_argument("--clean", type=int, default=100_000, help="clean travellers at the border")
    parser.add_argument("--each", type=int, default=500, help="recorded travellers with each kind of error")
    parser.add_argument("--rebuilt", type=int, default=1_000_000, metavar="N", help="persons fed and indexed again")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="where to draw")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures for machines")
    given = parser.parse_args()
    machine, figures = this_machine(), list[Figure]()
    warm_up()
    # Ascending: the peak of memory never falls again.
    measured = [measure(size, Crowd(given.clean, given.each), given.pictures, machine) for size in sorted(given.sizes)]
    for part in [*measured, rebuild(given.rebuilt) if given.rebuilt else iter(())]:
        some = list(part)
        print_table(some)
        sys.stdout.flush()
        figures += some
        if given.json:
            write_json(given.json, machine, figures, round(os.getloadavg()[0], 2))
    if given.pictures:
        persons.draw(given.pictures, figures, machine)


if __name__ == "__main__":
    main()
