"""Say what a record holds, as the lines of a page: which field, which values, how they are to be read.

It decides nothing about rights: whoever describes a record has been given it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from django.urls import reverse
from msgspec import UNSET

from liaison.agencies.models import Agency
from liaison.records.databases import RecordFields, database_named
from liaison.records.storage import Stored

# What the page shows in places of their own, or what is not for everybody.
_ELSEWHERE = frozenset(
    {"names", "documents", "portrait", "source_reference", "purpose", "confidentiality_level", "expires_on",
     "restricted_against", "action_to_be_taken", "warning_markers", "special_conditions"}
)  # fmt: skip
_VOCABULARIES = {
    "kind": "subject_kind", "sex": "sex", "status": "person_status", "reason": "document_reason",
    "category": "vehicle_kind",
}  # fmt: skip
_LEFT_TO_RIGHT = frozenset(
    {"born", "nationalities", "number", "issuer", "holder_born", "reported_on", "vin", "plate_country", "year",
     "stolen_on", "imo", "mmsi", "flag", "call_sign", "restricted_against"}
)  # fmt: skip
_ARABIC = ("AE", "BH", "DZ", "EG", "IQ", "JO", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA", "SA", "SD", "SY", "TN",
           "YE")  # fmt: skip
_LANGUAGES = {"PL": "pl"} | dict.fromkeys(_ARABIC, "ar")
_PROTECTED = ("victim", "witness")


def language_of(country: str) -> str:
    """Return the language of a country's bureau where the house speaks it, else "" (then English is the common one)."""
    return _LANGUAGES.get(country, "")


def describe(stored: Stored, today: date, *, for_owner: bool) -> dict[str, Any]:
    """Return a record as the templates take it; against whom it is restricted is told to its owner only (RPD 58)."""
    fields, source = stored.fields, Agency.objects.get(pk=stored.owner)
    return {
        "reference": stored.reference,
        "headline": database_named(stored.database).headline(fields),
        "database": stored.database,
        "state": stored.state,
        "source": {"name": source.name, "contact": ()},
        "source_reference": stored.source_reference,
        "source_language": language_of(source.country),
        "warning_markers": fields.warning_markers,
        "action_to_be_taken": fields.action_to_be_taken,
        "special_conditions": fields.special_conditions,
        "no_restrictive_measures": getattr(fields, "status", None) in _PROTECTED,
        "minor": _is_minor(getattr(fields, "born", []), today),
        "portrait_url": _portrait_url(getattr(fields, "portrait", None)),
        "names": getattr(fields, "names", ()),
        "documents": getattr(fields, "documents", ()),
        "rows": list(_rows(stored, for_owner=for_owner)),
        "purpose": fields.purpose,
        "confidentiality_level": fields.confidentiality_level,
        "recorded_on": stored.recorded_on.isoformat(),
        "expires_on": stored.expires_on.isoformat(),
    }


def _portrait_url(name: str | None) -> str:
    # A name with a "/" is no portrait's; the record is shown without one.
    return reverse("portrait", args=[name]) if name and "/" not in name else ""


def _rows(stored: Stored, *, for_owner: bool) -> Iterator[dict[str, Any]]:
    """Yield a line for each field that says something, in the order of the database's declaration."""
    hidden = _ELSEWHERE - ({"restricted_against"} if for_owner else set())
    labels = database_named(stored.database).labels
    own = [name for name in _names_of(stored.fields) if name not in _names_of(RecordFields)]
    common = [name for name in _names_of(RecordFields) if name not in own]
    for name in (*own, *common):
        value = getattr(stored.fields, name)
        if name in hidden or value in (None, UNSET, "", []):
            continue
        yield {
            "field": "" if name in labels else name,
            "label": labels.get(name, ""),
            "values": value if isinstance(value, list) else [value],
            "vocabulary": vocabulary_of(name, stored.database),
            "ltr": name in _LEFT_TO_RIGHT,
        }


def vocabulary_of(name: str, database: str) -> str:
    """Return the vocabulary that a field's codes are worded by, "" when it has none."""
    if name == "type":
        return "document_type" if database == "travel_documents" else ""
    return _VOCABULARIES.get(name, "")


def _names_of(fields: RecordFields | type[RecordFields]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(fields)]


def _is_minor(born: list[str], today: date) -> bool:
    """Say whether every known date of birth makes the person a minor still (RPD 41)."""
    return bool(born) and all(int(text[:4]) + 18 > today.year for text in born)
