"""Pairs from public lists of persons: an alias, or a name in its own script, against primary names."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from defusedxml import ElementTree
from rapidfuzz import fuzz

from bench.pairs import Pair, named, with_negatives

_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
# The list itself says that these identify badly.
_POOR = "Low"


def ofac_names(file: Path) -> dict[str, str]:
    """Return {number: primary name} of the individuals, given names first as in a passport."""
    rows = (row for row in _rows(file) if len(row) > 2 and row[2].strip() == "individual")
    return {row[0]: _in_order(row[1]) for row in rows}


def ofac_pairs(file: Path) -> list[Pair]:
    """Pair the aliases (`ofac_alt.csv` beside the file) with the primary names."""
    primary = ofac_names(file)
    aliases = [row for row in _rows(file.with_name("ofac_alt.csv")) if row[0] in primary and row[2] != "fka"]
    right = [(primary[row[0]], named(_in_order(row[3])), named(primary[row[0]])) for row in aliases]
    return with_negatives(right, {f"{name}\n{name}": named(name) for name in primary.values()}, fuzz.token_sort_ratio)


def _in_order(name: str) -> str:
    family, _, given = name.partition(", ")
    return f"{given} {family}".strip()


def _rows(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="latin-1", newline="") as source:
        yield from (row for row in csv.reader(source) if len(row) > 1)


class _Person:
    """An individual of the UN's list: a Latin name, aliases, and names as written at home."""

    def __init__(self, entry: Any) -> None:
        self.latin = " ".join(text for tag in _NAME_PARTS if (text := _text(entry, tag)))
        self.originals = _texts(entry.findall("NAME_ORIGINAL_SCRIPT"))
        self.aliases = [
            name
            for alias in entry.findall("INDIVIDUAL_ALIAS")
            if _text(alias, "QUALITY") != _POOR and (name := _text(alias, "ALIAS_NAME")) and name != self.latin
        ]


def un_pairs(file: Path) -> dict[str, list[Pair]]:
    """Return aliases against primary names, and names in Latin (primary, alias) against original scripts."""
    root = ElementTree.parse(file).getroot()
    persons = [_Person(entry) for entry in root.iter("INDIVIDUAL")]
    written = [person for person in persons if person.originals]
    originals = {f"{person.latin}\n{person.latin}": named(person.originals[0]) for person in written}
    return {
        "un_aliases": with_negatives(
            [(one.latin, named(alias), named(one.latin)) for one in persons for alias in one.aliases],
            {f"{one.latin}\n{one.latin}": named(one.latin) for one in persons},
            fuzz.token_sort_ratio,
        ),
        "un_original": with_negatives(
            [(one.latin, named(one.latin), named(own)) for one in written for own in one.originals],
            originals,
            fuzz.token_sort_ratio,
        ),
        "un_original_aliases": with_negatives(
            [(one.latin, named(alias), named(one.originals[0])) for one in written for alias in one.aliases],
            originals,
            fuzz.token_sort_ratio,
        ),
    }


def _text(entry: Any, tag: str) -> str:
    return (entry.findtext(tag) or "").strip()


def _texts(entries: list[Any]) -> list[str]:
    """Return what the elements say; one may hold several names, one a line."""
    lines = (line.strip() for entry in entries for line in (entry.text or "").splitlines())
    return [line for line in lines if line]
