"""Rows of the demo world as one bureau would feed them, as JSON lines and as CSV."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from liaison.demo.persons import persons
from liaison.demo.vehicles import vehicles
from liaison.demo.world import DEMO_KEY_COUNTRY

_SEED = 11
_Row = dict[str, Any]


class Kind(NamedTuple):
    """One kind of record: where it is fed, who invents it, how its CSV looks."""

    database: str
    generate: Callable[[int, int], Iterator[tuple[str, _Row]]]
    columns: tuple[str, ...]
    cells: Callable[[_Row], _Row]


def rows_of(kind: Kind, count: int) -> Iterator[_Row]:
    """Yield the rows, all of one bureau: what is restricted against that very bureau loses the restriction."""
    for _, row in kind.generate(_SEED, count):
        against = [country for country in row.pop("restricted_against", ()) if country != DEMO_KEY_COUNTRY]
        yield {**row, "restricted_against": against} if against else row


def write_jsonl(path: Path, kind: Kind, count: int) -> Path:
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as sink:
        sink.writelines(encode(row) + b"\n" for row in rows_of(kind, count))
    return path


def write_csv(path: Path, kind: Kind, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, kind.columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(
            {name: _cell(value) for name, value in kind.cells(row).items()} for row in rows_of(kind, count)
        )
    return path


def _cell(value: object) -> object:
    return ";".join(map(str, value)) if isinstance(value, list) else value


def _person_cells(row: _Row) -> _Row:
    first, *others = row["names"]
    document: _Row = next(iter(row.get("documents", ())), {})
    return {
        **row,
        "full_name": first["full"],
        "aliases": [name["full"] for name in others],
        "date_of_birth": row.get("born", []),
        "gender": row.get("sex", "U"),
        "nationality": row.get("nationalities", []),
        "place_of_birth": row.get("places_of_birth", []),
        "document_number": document.get("number", ""),
        "document_issuer": document.get("issuer", ""),
        "document_type": document.get("type", ""),
    }


_COMMON = ("source_reference", "purpose", "relevance", "action_to_be_taken", "warning_markers", "restricted_against")
VEHICLES = Kind(
    "vehicles",
    vehicles,
    (*_COMMON, "vin", "make", "model", "colour", "year", "stolen_on", "plate", "plate_country"),
    dict,
)
PERSONS = Kind(
    "nominal",
    persons,
    (*_COMMON, "full_name", "aliases", "date_of_birth", "gender", "nationality", "place_of_birth", "document_number",
     "document_issuer", "document_type", "status", "event", "portrait"),
    _person_cells,
)  # fmt: skip
