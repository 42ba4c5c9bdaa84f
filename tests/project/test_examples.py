"""The examples of the documents do what the documents say."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from types import ModuleType

import msgspec
import pytest

from liaison.errors import BadInput
from liaison.records.databases import all_databases, database_named
from liaison.records.formats import open_rows
from liaison.records.parsing import FeedContext, Parsed, parse_row
from tests.project.tree import ROOT

POLAND = FeedContext("PL", date(2026, 1, 31), {"PL": 1, "KE": 2}, {"purpose": ["information"]})


def blocks(document: str, language: str) -> list[str]:
    """Return the blocks of code in a document that are of one language."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def example() -> ModuleType:
    """Return the database that the document walks through, as a module."""
    (source,) = blocks("docs/integrator/databases.md", "python")
    module = ModuleType("administrative_documents")
    exec(compile(source, "docs/integrator/databases.md", "exec"), module.__dict__)  # noqa: S102  our own document
    return module


def parsed(database: str, text: str, format: str) -> Iterator[Parsed]:
    for row in open_rows(BytesIO(text.encode()), format=format):
        yield parse_row(database_named(database), row.fields or {}, POLAND)


def test_the_database_that_the_document_adds_takes_a_row_and_can_be_found(example: ModuleType) -> None:
    row = {"source_reference": "1", "document_number": "zz 00-1", "document_issuer": "poland", "type": "registration",
           "reason": "Stolen blank"}  # fmt: skip

    taken = parse_row(example.DATABASE, row, POLAND)

    record = msgspec.json.decode(taken.payload, type=example.DATABASE.record)
    assert example.DATABASE.headline(record) == "Registration zz 00-1 (PL)"
    assert {key.text for key in example.DATABASE.exact_keys(record)} >= {"PL/ZZ001"}


def test_the_database_that_the_document_adds_refuses_what_another_country_issued(example: ModuleType) -> None:
    row = {"source_reference": "1", "number": "ZZ001", "issuer": "KE", "type": "other", "reason": "lost"}

    with pytest.raises(BadInput) as refused:
        parse_row(example.DATABASE, row, POLAND)

    assert [problem.code for problem in refused.value.problems] == ["not-the-issuer"]


def test_the_rows_of_the_formats_page_are_taken() -> None:
    (csv,) = blocks("docs/integrator/formats.md", "csv")
    (line,) = blocks("docs/integrator/formats.md", "json")

    assert [row.source_reference for row in parsed("nominal", csv, "csv")] == ["PL-1", "PL-2"]
    assert [row.source_reference for row in parsed("nominal", line, "jsonl")] == ["PL-3"]


@pytest.mark.parametrize("code", sorted(all_databases()))
def test_the_formats_page_names_every_field_and_column_of_a_database(code: str) -> None:
    database = all_databases()[code]
    text = (ROOT / "docs/integrator/formats.md").read_text(encoding="utf-8")
    fields = {field.name for field in msgspec.structs.fields(database.record)}

    said = set(re.findall(r"`([a-z_]+)`", text))

    assert (fields | database.columns.keys()) - said == set()


@pytest.mark.parametrize("block", blocks("docs/integrator/api.md", "json"))
def test_the_answers_on_the_page_of_the_api_are_json(block: str) -> None:
    values = [msgspec.json.decode(text) for text in re.split(r"\n(?=\{)", block.strip())]

    assert all(isinstance(value, dict) for value in values)
