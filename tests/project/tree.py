"""What the repository holds: its files, its Python sources, the tables in its documents."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "liaison"


@cache
def files() -> tuple[Path, ...]:
    """Return every file that belongs to the repository: what git tracks, or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


@cache
def sources(*, with_tests: bool = True) -> tuple[Path, ...]:
    """Return our Python files, migrations excepted; without tests: only what is installed."""
    ours = (path for path in files() if path.suffix == ".py" and "migrations" not in path.parts)
    return tuple(path for path in ours if with_tests or (path.is_relative_to(PACKAGE) and "tests" not in path.parts))


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def literals(*, with_tests: bool = False, without: Path | None = None) -> frozenset[str]:
    """Return every string that stands in our Python files as a literal; `without` is a file that is left out."""
    paths = (path for path in sources(with_tests=with_tests) if path != without)
    nodes = (node for path in paths for node in ast.walk(parsed(path)))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def table_rows(document: str) -> Iterator[list[str]]:
    """Yield the cells of each table row of a Markdown document whose first cell is code, with its backticks removed."""
    for line in (ROOT / document).read_text(encoding="utf-8").splitlines():
        if re.match(r"\| *`", line):
            cells = (cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")))
            yield [cell.strip("`").replace("\\|", "|") for cell in cells]


def name_of(path: Path) -> str:
    """Return a path as people say it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()
