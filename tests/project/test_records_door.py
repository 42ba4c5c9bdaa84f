"""Only a few modules touch the tables of records, so that nothing reads a record without a Grant."""

import ast
from pathlib import Path

import pytest

from tests.project.tree import PACKAGE, name_of, parsed, sources

TABLES = ("records_record", "records_version", "records_rightsclass")
MODELS = {"Record", "Version", "RightsClass"}
# What may name the tables or their models, and what for.
MAY_TOUCH = {
    "records/models.py": "declares them",
    "records/storage.py": "reads, with a Grant",
    "records/writing.py": "writes",
    "records/indexing.py": "carries them into the index",
    "records/rights.py": "reads the classes for the rules",
    "records/actions.py": "carries a payload over to the next version",
    "cli/backup.py": "counts rows",
    "cli/doctor_databases.py": "compares the index with the records, and shows none",
}


def touches(path: Path) -> set[str]:
    """Return the tables and models of records that a module names in its code or its SQL."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {table for table in TABLES if table in node.value}
        elif isinstance(node, ast.ImportFrom) and node.module == "liaison.records.models":
            found |= {alias.name for alias in node.names} & MODELS
        elif isinstance(node, ast.Attribute) and node.attr in MODELS:
            found |= {ast.unparse(node)} & {f"models.{name}" for name in MODELS}
    return found


@pytest.mark.parametrize("path", sources(with_tests=False), ids=name_of)
def test_no_other_module_touches_the_tables_of_records(path: Path) -> None:
    inside = path.relative_to(PACKAGE).as_posix()

    assert inside in MAY_TOUCH or touches(path) == set(), (
        f"{name_of(path)} reads records past the rules. Ask records.storage with a Grant."
    )


def test_every_exception_is_still_one() -> None:
    assert [inside for inside in MAY_TOUCH if not touches(PACKAGE / inside) and inside != "records/models.py"] == []


def test_a_module_that_reads_past_the_rules_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "curious.py"
    module.write_text(
        "from liaison.records import models\nfrom liaison.records.models import Record, State\n"
        "SQL = f'SELECT payload FROM records_version WHERE sequence = {1}'\nmodels.Version.objects.all()\n"
    )

    assert touches(module) == {"Record", "models.Version", "records_version"}
