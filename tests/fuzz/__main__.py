"""`python -m tests.fuzz [TARGET...] [--seconds N]`: throw bytes at each target, guided by what they reach.

A failure prints the bytes as a file name to run again: `python -m tests.fuzz mrz --again FILE`.
"""

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

NAMES = ("mrz", "name", "query", "box")
_FOLDING = [f"liaison.engine.{name}" for name in ("fold", "scripts", "readings", "hanzi", "kana", "hangul")]
_WATCHED = ["liaison.checks", "liaison.lib", "liaison.errors"]
SEEDS = {
    "mrz": ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"],
    "name": ["Zuhayr Fawwaz al-Barghashi", "زهير فواز البرغشي", "Nguyễn Thị Minh Khai", "金正淑", "Иван Иванович"],
    "query": ['{"purpose":"border","reference":"R","queries":[{"id":"1","person":{"name":"A B","born":"1984"}}]}'],
    "box": ["Anna Eriksson 12.8.1974", "WX 12345 (PL)", "AB?12*", "IMO 9074729"],
}


def main() -> int:
    """Run each target in a process of its own; return 1 when one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(NAMES))
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--again", type=Path, metavar="FILE", help="run one target once, with these bytes")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    targets = given.targets or list(NAMES)
    if unknown := set(targets) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}: name some of {', '.join(NAMES)}")
    if given.here:
        _fuzz(targets[0], given.seconds, given.again)
    again = ["--again", str(given.again)] if given.again else []
    failed = 0
    for name in targets:
        sys.stdout.write(f"Fuzzing {name} for {given.seconds} seconds ...\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", "tests.fuzz", name, "--here", "--seconds", str(given.seconds), *again]
        failed |= subprocess.run(command, check=False).returncode != 0
    return int(failed)


def _fuzz(name: str, seconds: int, again: Path | None) -> None:
    """Fuzz one target in this process, which ends with it."""
    try:
        atheris = import_module("atheris")
    except ImportError:
        sys.exit("atheris is not installed: `make campaign` does it where there is a wheel (x86-64).")

    with atheris.instrument_imports(include=_FOLDING):
        import liaison.engine.fold
        import liaison.engine.readings
    import liaison.engine.score  # noqa: F401  what is compiled cannot be watched

    with atheris.instrument_imports(include=_WATCHED):
        from tests.fuzz.targets import TARGETS
    with TemporaryDirectory(prefix="liaison-fuzz-") as folder:
        for number, text in enumerate(SEEDS[name]):
            (Path(folder) / str(number)).write_text(text, encoding="utf-8")
        where = [str(again)] if again else [f"-max_total_time={seconds}", "-max_len=2000", "-rss_limit_mb=0", folder]
        atheris.Setup([sys.argv[0], *where], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
