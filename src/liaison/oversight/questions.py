"""Whom or what a check asked for, as far as flags compare it: folded, so that spelling and order do not matter.

Pure.  It reads what the register kept of a check (`Entry.searched_data`), also what an older version wrote.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from liaison.checks.mrz import read_mrz
from liaison.engine.fold import fold_name
from liaison.errors import BadInput

# Longer batches are no look of one curious person; what stands behind is not compared.
MOST_QUESTIONS = 50


class Asked(NamedTuple):
    """One question: what is compared, the parts of a person's name, the year of birth (0: not said), whether papers.

    `text` is the same for the same person, document or thing; `has_papers` says that a document was asked with the
    name, as of somebody who stands at a counter.
    """

    text: str
    name: tuple[str, ...] = ()
    year: int = 0
    has_papers: bool = False


def asked_in(searched: Any, today: date) -> list[Asked]:
    """Return the questions of a check; what cannot be read is left out."""
    queries = searched if isinstance(searched, list) else []
    found = (_asked(query, today) for query in queries[:MOST_QUESTIONS] if isinstance(query, dict))
    return [asked for asked in found if asked is not None]


def name_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name in alphabetical order, each once, so that order and spelling do not matter.

    >>> name_parts("Łoś, Anna Anna")
    ('anna', 'los')
    """
    return tuple(sorted(set(fold_name(name))))


def _asked(query: Mapping[str, Any], today: date) -> Asked | None:
    if person := query.get("person"):
        return _person(str(person.get("name", "")), _year(person.get("born")), bool(person.get("documents")))
    if zone := query.get("mrz"):
        return _holder(str(zone), today)
    return next((Asked(text) for text in _things(query)), None)


def _person(name: str, year: int, has_papers: bool) -> Asked | None:
    parts = name_parts(name)
    return Asked(f"person {' '.join(parts)}", parts, year, has_papers) if parts else None


def _holder(zone: str, today: date) -> Asked | None:
    """Return the holder of a document by its machine-readable zone, or the zone itself where it cannot be read."""
    try:
        read = read_mrz(zone, today, lenient=True)
    except BadInput:
        return Asked(f"mrz {_plain(zone)}")
    return _person(f"{read.given_names} {read.surname}", _year(read.born), has_papers=True)


def _things(query: Mapping[str, Any]) -> Iterator[str]:
    """Yield the number or name of a document, vehicle, vessel or organisation, the surest first."""
    for kind in ("document", "vehicle", "vessel", "organisation"):
        thing = query.get(kind) or {}
        for field in ("number", "vin", "plate", "imo", "mmsi"):
            if thing.get(field):
                yield f"{kind} {_plain(str(thing[field]))}"
        if thing.get("name"):
            yield f"{kind} {' '.join(fold_name(str(thing['name'])))}"


def _plain(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def _year(born: Any) -> int:
    text = str(born[0] if isinstance(born, list) and born else born or "")[:4]
    return int(text) if text.isascii() and text.isdigit() else 0
