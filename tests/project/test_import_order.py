"""A folder imports only what stands before it in the order of the house (ARCHITECTURE.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.tree import PACKAGE, files, name_of, parsed, sources

CHAIN = (
    "lib", "audit", "agencies", "notifications", "access", "records", "checks", "standing", "hits", "notices",
    "messages", "meetings",
)  # fmt: skip
SIDE_BY_SIDE = ("oversight", "exchange", "public")
ON_TOP = ("web", "cli", "demo")
FOR_ALL = {"errors", "settings", "urls"}
FROM_ANYWHERE = {"asgi", "cli", "settings", "urls"}

MAY_IMPORT = {
    "engine": {"lib"},
    **{folder: set(CHAIN[:place]) for place, folder in enumerate(CHAIN)},
    **{folder: set(CHAIN) for folder in SIDE_BY_SIDE},
    **{folder: {*CHAIN, *SIDE_BY_SIDE, *ON_TOP, "engine"} for folder in ON_TOP},
}
MAY_IMPORT["records"].add("engine")
MAY_IMPORT["checks"].add("engine")
MAY_IMPORT["standing"].add("engine")
MAY_IMPORT["oversight"].add("engine")


def imported_modules(path: Path) -> Iterator[str]:
    """Yield the dotted names of what a file imports, wherever in it the import stands."""
    package = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level]) if node.level else ""
            module = ".".join(part for part in (above, node.module) if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def part_of_house(module: str) -> str:
    """Return the folder or the single module of Liaison that a dotted name lies in, or an empty text."""
    parts = module.split(".")
    return parts[1] if parts[0] == "liaison" and len(parts) > 1 else ""


def wrong_imports(path: Path) -> list[str]:
    """Return what a file imports and may not."""
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    if own in FROM_ANYWHERE:
        return []
    allowed = MAY_IMPORT.get(own, set()) | FOR_ALL | {own, "", "__version__"}
    return sorted({module for module in imported_modules(path) if part_of_house(module) not in allowed})


@pytest.mark.parametrize("path", sources(with_tests=False), ids=name_of)
def test_a_module_imports_only_what_stands_before_its_folder(path: Path) -> None:
    assert wrong_imports(path) == [], f"{name_of(path)} looks up the house. Move what it needs down, or itself up."


def test_every_folder_has_a_place_in_the_import_order() -> None:
    inside = (path.relative_to(PACKAGE).parts for path in files() if path.is_relative_to(PACKAGE))
    folders_with_code = {parts[0] for parts in inside if len(parts) > 1 and parts[-1].endswith(".py")}

    assert folders_with_code <= MAY_IMPORT.keys()


def test_the_order_is_one_way() -> None:
    both_ways = {
        (low, high) for low in MAY_IMPORT for high in MAY_IMPORT[low] if low in MAY_IMPORT[high] and low not in ON_TOP
    }

    assert both_ways == set()


def test_an_import_up_the_house_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a module of the register that asks the checks, in the four ways Python has
    monkeypatch.setattr("tests.project.test_import_order.PACKAGE", tmp_path / "liaison")
    module = tmp_path / "liaison" / "audit" / "writer.py"
    module.parent.mkdir(parents=True)
    module.write_text(
        "import liaison.checks.door\nfrom liaison import web\n"
        "def look():\n    from liaison.records.models import Record\n    from ..hits import rules\n"
    )

    # when it is judged
    wrong = wrong_imports(module)

    # then each is named
    assert wrong == [
        *("liaison.checks.door", "liaison.hits.rules"),
        *("liaison.records.models.Record", "liaison.web"),
    ]
