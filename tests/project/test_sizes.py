"""A function stops at 60 lines and a module at 500, so that each can be read in one sitting."""

import ast
from pathlib import Path

import pytest

from tests.project.tree import name_of, parsed, sources

FUNCTION_LINES = 60
MODULE_LINES = 500


def long_functions(path: Path) -> dict[str, int]:
    """Return the functions of a file that are too long, with their lines."""
    functions = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    sizes = {function.name: (function.end_lineno or 0) - function.lineno + 1 for function in functions}
    return {name: lines for name, lines in sizes.items() if lines > FUNCTION_LINES}


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_function_and_a_module_stop_in_time(path: Path) -> None:
    assert long_functions(path) == {}
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


def test_a_function_of_61_lines_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "long.py"
    module.write_text("def short():\n    pass\n\n\ndef long():\n" + "    pass\n" * FUNCTION_LINES)

    assert long_functions(module) == {"long": FUNCTION_LINES + 1}
