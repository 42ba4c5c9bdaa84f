"""How fast travellers are screened, and how many alerts clean ones raise: with invented people, or with files of yours.

Files are read where they lie and never kept: `fed` goes into an empty home,
each file of `positives` has its row under the same number, `clean` should find nothing.
"""

import csv
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec

from bench.homes import build_empty_world, copy_of
from bench.processes import environment, liaison, run
from bench.report import Figure, Goal
from liaison.demo.clean import Traveller, travellers

_TRAVELLERS = 5000
_SEED = 3
_COLUMNS = ("full_name", "gender", "date_of_birth", "place_of_birth", "nationality")
_MOST_ALERTS = Goal("<=", 2)
Result = dict[str, Any]


class Files(NamedTuple):
    """Real files to screen, in the CSV header of the nominal database."""

    fed: Path | None
    positives: Sequence[Path]
    clean: Sequence[Path]


def measure(world: Path, rounds: int, files: Files) -> list[Figure]:
    """Screen invented clean travellers against the demo world; then the given files, once."""
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        file = _write_travellers(Path(name) / "travellers.csv")
        rates, alerts = [], []
        for _ in range(rounds):
            with copy_of(world) as home:
                results, seconds = screen(home, file)
            rates.append(len(results) / seconds)
            alerts.append(_alerts_percent(results))
        return [
            Figure("screen", "clean travellers, demo world", "rows/s", tuple(rates)),
            Figure("screen", "clean travellers, demo world: alerts", "%", tuple(alerts)),
            *_measure_files(files, Path(name)),
        ]


def _measure_files(files: Files, folder: Path) -> Iterator[Figure]:
    if files.fed is None:
        return
    home = build_empty_world(folder / "home")
    defaults = ("--purpose", "information", "--status", "possible_threat")
    run(liaison("feed", str(files.fed), "--database", "nominal", *defaults), environment(home))
    names = [row["full_name"] for row in _rows(files.fed)]
    for file in files.positives:
        results, seconds = screen(home, file)
        found = 100 * sum(_is_first(result, names[result["row"] - 1]) for result in results) / len(results)
        note = f"{len(results) / seconds:,.0f} rows/s"
        yield Figure("screen", f"{file.name}: the name of the same row stands first", "%", (found,), None, note)
    for file in files.clean:
        results, seconds = screen(home, file)
        note = f"{len(results) / seconds:,.0f} rows/s"
        yield Figure("screen", f"{file.name}: alerts", "%", (_alerts_percent(results),), _MOST_ALERTS, note)


def screen(home: Path, file: Path) -> tuple[list[Result], float]:
    """Screen a file with the command of the project; return its lines, and the seconds with start and end."""
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        out = Path(name) / "results.jsonl"
        command = liaison("screen", str(file), "--out", str(out), "--purpose", "border", "--reference", "BENCH/SCREEN")
        started = time.perf_counter()
        run(command, environment(home))
        seconds = time.perf_counter() - started
        with out.open("rb") as lines:
            return [msgspec.json.decode(line) for line in lines], seconds


def _alerts_percent(results: Sequence[Result]) -> float:
    return 100 * sum(result["outcome"] in ("matches", "too_many") for result in results) / len(results)


def _is_first(result: Result, name: str) -> bool:
    """Say whether a match of the best score has the name; identical records tie."""
    matches = result.get("matches", [])
    return any(match["name"] == name for match in matches if match["score"] == matches[0]["score"])


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _write_travellers(file: Path) -> Path:
    with file.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow(_COLUMNS)
        writer.writerows(_cells(one) for one in travellers(_SEED, _TRAVELLERS))
    return file


def _cells(one: Traveller) -> tuple[str, ...]:
    return one.name, one.sex, one.born, one.birthplace, one.nationality
