"""Homes to measure in: each a temporary folder, made by the project's own commands, gone at the end."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.processes import environment, liaison, run


def build_world(folder: Path, *sizes: str) -> Path:
    """Build the demo world in a folder; `sizes` are the options of `liaison demo build`."""
    run(liaison("demo", "build", *sizes), environment(folder))
    return folder


def build_empty_world(folder: Path) -> Path:
    """Build the bureaux of the demo world, and as good as no records."""
    return build_world(folder, "--persons", "0", "--documents", "0", "--vehicles", "0")


@contextmanager
def copy_of(home: Path) -> Iterator[Path]:
    """Lend a copy of a home that nothing has changed yet."""
    with TemporaryDirectory(prefix="liaison-bench-") as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy)
        yield copy


def key_of(home: Path) -> str:
    """Return the demo's own key: of a bureau that may feed and check everything."""
    return (home / "demo.key").read_text(encoding="ascii").strip()
