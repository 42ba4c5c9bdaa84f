"""Understand what an officer typed, pasted or scanned into the one box, and what is to be asked.

Pure.  A number of which nobody can say whether it stands on a document or on a
plate is asked as both: a check too many costs nothing, a missed one does.
"""

import re
import unicodedata
from typing import Any, NamedTuple

from liaison.lib.countries import is_country
from liaison.lib.partial_date import parse_partial_date

_MRZ = re.compile(r"[A-Z0-9<]+")
# The shortest zone has two lines of 36; a text this long with a filler in it was meant as one, even when cut.
_SHORTEST_MRZ = 25
_VIN_LENGTH = 17
# As vehicles carry it since 1981: no I, O, Q, and a serial number at the end, however it is spaced.
_VIN = re.compile(r"[0-9A-HJ-NPR-Z]{13}[0-9]{4}")
_LONGEST_PLATE = 12
_LONGEST_NUMBER = 30
_LABELLED = re.compile(r"(IMO|MMSI)[\s:#.-]*(\d[\d\s-]*)", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s./·\u2010-\u2015-]+")
_BORN = re.compile(
    r"(?P<name>.*?\D)[\s,;(]*[*†]?\s*(?P<born>\d{4}(?:-\d{1,2}){0,2}|\d{1,2}[./]\d{1,2}[./]\d{4})\)?", re.DOTALL
)
_WITH_COUNTRY = re.compile(r"(.+?)\s*,\s*([A-Z]{2})")
_LETTERS = re.compile(r"[^\W\d_]+")


class Understood(NamedTuple):
    """What a text means: `kind` says how it was taken, `queries` are queries of a check without their ids."""

    kind: str
    queries: tuple[dict[str, Any], ...]


def understand(text: str) -> Understood:
    """Return what to ask for a text of the one box.

    `kind` is "mrz", "imo", "mmsi", "vin", "number", "document", "name_and_birth" or "name".

    >>> understand("P<UTOERIKSSON<<ANNA<MARIA<<<").kind
    'mrz'
    >>> understand("Anna Eriksson 1974-08-12").queries
    ({'person': {'name': 'Anna Eriksson', 'born': '1974-08-12'}},)
    """
    text = text.strip()
    if _is_mrz(text):
        return Understood("mrz", ({"mrz": text},))
    if labelled := _LABELLED.fullmatch(text):
        kind = labelled[1].lower()
        return Understood(kind, ({"vessel": {kind: labelled[2].strip()}},))
    with_country = _WITH_COUNTRY.fullmatch(text)
    if with_country and is_country(with_country[2]) and _is_short_number(with_country[1]):
        return _number_of(with_country[1], with_country[2])
    if _is_identifier(text):
        return _identifier(text)
    taken = _person(text)
    if taken.kind == "name" and _is_short_number(text):
        # "DEMO 000001" may be a plate of letters and digits: it is asked as what it can be, and as a name too.
        return Understood("number", (*_identifier(text).queries, *taken.queries))
    return taken


def _is_mrz(text: str) -> bool:
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.replace("«", "<"))).upper()
    return "<" in bare and len(bare) >= _SHORTEST_MRZ and _MRZ.fullmatch(bare) is not None


def _is_identifier(text: str) -> bool:
    """Say whether a text with a digit is a number: it has no word long enough to be a name beside others."""
    if not any(character.isdigit() for character in text):
        return False
    words, bare = _SEPARATORS.split(text), _SEPARATORS.sub("", text)
    if len(bare) > _LONGEST_NUMBER:
        return False
    return (
        len(words) == 1
        or _VIN.fullmatch(bare.upper()) is not None
        or max((len(run) for run in _LETTERS.findall(text)), default=0) <= 3
    )


def _is_short_number(text: str) -> bool:
    """Say whether a text with some digits is short enough for a plate or the number of a document."""
    return sum(character.isdigit() for character in text) > 1 and len(_SEPARATORS.sub("", text)) <= _LONGEST_PLATE


def _number_of(number: str, country: str) -> Understood:
    """Return what to ask for a number and, behind a comma, its country."""
    document = {"document": {"number": number, "issuer": country}}
    return Understood("number", (document, {"vehicle": {"plate": number, "country": country}}))


def _identifier(text: str) -> Understood:
    bare = _SEPARATORS.sub("", text)
    if len(bare) == _VIN_LENGTH and bare.isascii() and not bare.isdigit():
        return Understood("vin", ({"vehicle": {"vin": text}},))
    document = {"document": {"number": text}}
    if len(bare) > _LONGEST_PLATE:
        return Understood("document", (document,))
    return Understood("number", (document, {"vehicle": {"plate": text}}))


def _person(text: str) -> Understood:
    name = " ".join(text.split(" "))
    found = _BORN.fullmatch(name)
    born = _born(found["born"]) if found else ""
    if found and born:
        return Understood("name_and_birth", ({"person": {"name": found["name"].strip(" ,;(*†"), "born": born}},))
    return Understood("name", ({"person": {"name": name}},))


def _born(text: str) -> str:
    """Return the date in ISO form, or "" when the calendar does not have it; "3.2.1984" is day, month, year."""
    parts = re.split(r"[./]", text)
    try:
        return str(parse_partial_date("-".join(reversed(parts)) if len(parts) == 3 else text))
    except ValueError:
        return ""
