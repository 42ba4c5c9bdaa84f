"""`python -m bench [NAME...]`: measure, print a table, write the figures as JSON."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import door, feed, mixed, quality, screen
from bench.homes import build_world
from bench.report import Figure, print_table, this_machine, write_json

# Measured in the home of the demo world.
IN_HOME = ("door", "mixed", "screen")
# Measured with a folder of public names, when one is given.
WITH_DATA = ("quality",)
NAMES = ("feed", *IN_HOME, *WITH_DATA)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what is promised about speed.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; all when none is named")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each measurement")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures for machines")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help=f"public names for {', '.join(WITH_DATA)}")
    parser.add_argument("--large", action="store_true", help="also feed a million rows and watch the memory")
    parser.add_argument("--home", type=Path, help="a demo home to copy instead of building one")
    parser.add_argument("--fed", type=Path, metavar="CSV", help="screen: real records to feed")
    parser.add_argument("--positives", type=Path, nargs="*", default=[], metavar="CSV", help="screen: altered rows")
    parser.add_argument("--clean", type=Path, nargs="*", default=[], metavar="CSV", help="screen: persons not recorded")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}: name some of {', '.join(NAMES)}")
    if not given.data and set(given.names) & set(WITH_DATA):
        parser.error(f"{', '.join(WITH_DATA)} needs --data FOLDER")
    return given


def main() -> None:
    given = _arguments()
    names = given.names or [name for name in NAMES if given.data or name not in WITH_DATA]
    machine = this_machine()
    print(f"{machine.processor}, {machine.cores} cores, load {machine.load_before}, {machine.measured_at}", flush=True)
    figures: list[Figure] = []
    with TemporaryDirectory(prefix="liaison-bench-") as folder:
        home = given.home or Path(folder) / "home"
        if not given.home and set(names) & set(IN_HOME):
            print("Building the demo world ...", flush=True)
            build_world(home)
        for name in names:
            print(f"Measuring {name} ...", flush=True)
            measured = _benches(home, given)[name]()
            print_table(measured)
            figures += measured
            load_after = round(os.getloadavg()[0], 2)
            print(f"load after: {load_after}\n", flush=True)
            # Written after each, so that a failure of a later one costs nothing.
            if given.json:
                write_json(given.json, machine, figures, load_after)


def _benches(home: Path, given: argparse.Namespace) -> dict[str, Callable[[], list[Figure]]]:
    files = screen.Files(given.fed, given.positives, given.clean)
    return {
        "feed": lambda: feed.measure(given.rounds, with_million=given.large),
        "door": lambda: door.measure(home, given.rounds),
        "mixed": lambda: mixed.measure(home, given.rounds),
        "screen": lambda: screen.measure(home, given.rounds, files),
        "quality": lambda: quality.measure(given.data, given.rounds),
    }


if __name__ == "__main__":
    main()
