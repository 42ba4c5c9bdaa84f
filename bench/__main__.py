"""`python -m bench [NAME...]`: measure, print a table, write the figures as JSON."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import border, door, feed, mixed, persons, quality, register, screen, screening, spot_checks
from bench.border import Crowd
from bench.homes import build_world
from bench.report import Figure, Machine, print_table, this_machine, write_json
from liaison.engine.index import warm_up

# Measured in the home of the demo world.
IN_HOME = ("door", "mixed", "screen")
# Measured with a folder of public names, when one is given.
WITH_DATA = ("quality", "screening")
NAMES = ("feed", "register", *IN_HOME, "border", "persons", "spot_checks", *WITH_DATA)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what is promised.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; all when none is named")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each measurement of speed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures for machines")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="where to draw")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help=f"public names for {' and '.join(WITH_DATA)}")
    parser.add_argument("--size", type=int, default=1_000_000, metavar="N", help="border, persons: recorded persons")
    parser.add_argument("--clean", type=int, default=20_000, metavar="N", help="border, screening: clean persons")
    parser.add_argument("--each", type=int, default=200, metavar="N", help="border: recorded ones with each error")
    parser.add_argument("--questions", type=int, default=1000, metavar="N", help="persons: questions to each engine")
    parser.add_argument("--alone", action="store_true", help="persons: without the other engines")
    parser.add_argument("--large", action="store_true", help="feed: also a million rows, and watch the memory")
    parser.add_argument("--home", type=Path, help="a demo home to copy instead of building one")
    parser.add_argument("--fed", type=Path, metavar="CSV", help="screen: real records to feed")
    parser.add_argument("--positives", type=Path, nargs="*", default=[], metavar="CSV", help="screen: altered rows")
    parser.add_argument("--not-recorded", type=Path, nargs="*", default=[], metavar="CSV", help="screen: clean persons")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}: name some of {', '.join(NAMES)}")
    if not given.data and set(given.names) & set(WITH_DATA):
        parser.error(f"{' and '.join(WITH_DATA)} need --data FOLDER")
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
            measured = _benches(home, given, machine)[name]()
            print_table(measured)
            figures += measured
            load_after = round(os.getloadavg()[0], 2)
            print(f"load after: {load_after}\n", flush=True)
            # Written after each, so that a failure of a later one costs nothing.
            if given.json:
                write_json(given.json, machine, figures, load_after)


def _benches(home: Path, given: argparse.Namespace, machine: Machine) -> dict[str, Callable[[], list[Figure]]]:
    files = screen.Files(given.fed, given.positives, given.not_recorded)
    crowd = Crowd(given.clean, given.each)

    def at_the_border() -> list[Figure]:
        warm_up()
        return border.measure(given.size, crowd, given.pictures, machine)

    return {
        "feed": lambda: feed.measure(given.rounds, with_million=given.large),
        "register": lambda: register.measure(given.rounds),
        "door": lambda: door.measure(home, given.rounds),
        "mixed": lambda: mixed.measure(home, given.rounds),
        "screen": lambda: screen.measure(home, given.rounds, files),
        "border": at_the_border,
        "persons": lambda: persons.measure(given.size, given.questions, given.rounds, with_peers=not given.alone),
        "spot_checks": spot_checks.measure,
        "quality": lambda: quality.measure(given.data, given.rounds),
        "screening": lambda: screening.measure(given.data, min(given.clean, 2000)),
    }


if __name__ == "__main__":
    main()
