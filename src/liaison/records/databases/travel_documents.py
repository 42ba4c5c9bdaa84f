"""Stolen and lost travel documents: only the country that issued one may record it (RPD 37, SLTD rules).

The holder is usually the victim of the theft, so the person search does not
know the name: a traveller is never stopped for being called like someone who
once lost a passport.
"""

from collections.abc import Iterator
from typing import Literal, cast

from liaison.errors import Problem
from liaison.lib.countries import country_name
from liaison.records.databases.base import (
    BirthDate,
    Country,
    Database,
    Date,
    Identifier,
    Line,
    LookUp,
    RecordFields,
)
from liaison.records.databases.rows import (
    Row,
    countries_as_codes,
    dates_as_iso,
    identifier_as,
    in_one_refusal,
    issuers_as_codes,
    lists_from_cells,
    renamed,
    trimmed,
    words_as_codes,
)
from liaison.records.identifiers import Key, document_key, document_number, mrz_keys


class TravelDocumentRecord(RecordFields, kw_only=True):
    """One document that nobody may travel with any more."""

    number: Identifier
    issuer: Country
    type: Literal["passport", "identity_card", "visa", "other"] = "passport"
    reason: Literal["stolen", "lost", "revoked", "invalid", "stolen_blank"]
    holder_name: Line | None = None
    holder_born: BirthDate | None = None
    reported_on: Date | None = None


_COLUMNS = {
    "document_number": "number",
    "document_issuer": "issuer",
    "document_type": "type",
    "full_name": "holder_name",
    "date_of_birth": "holder_born",
}
_DATES = ("holder_born", "reported_on", "expires_on")
_LISTS = ("purpose", "warning_markers", "restricted_against", "justifying_items")
_WORDS = ("type", "reason", "purpose", "warning_markers", "confidentiality_level")
_IDENTIFIERS = frozenset({"number", "document_number"})


def normalise(row: Row) -> Row:
    """Return the row as `TravelDocumentRecord` has it; raise BadInput with every problem found."""
    row = trimmed(row, _IDENTIFIERS)
    renamed(row, _COLUMNS)
    lists_from_cells(row, _LISTS)
    words_as_codes(row, _WORDS)
    in_one_refusal(
        lambda: identifier_as(row, "number", document_number, keep=True),
        lambda: issuers_as_codes(row, ("issuer",)),
        lambda: countries_as_codes(row, ("restricted_against",)),
        lambda: dates_as_iso(row, _DATES),
    )
    return row


def validate(record: RecordFields) -> Iterator[Problem]:  # noqa: ARG001
    """Yield nothing: types and normal form say it all."""
    return iter(())


def may_feed(record: RecordFields, country: str) -> Problem | None:
    """Refuse a document that another country issued."""
    issuer = cast("TravelDocumentRecord", record).issuer
    if issuer == country:
        return None
    detail = (
        f"Only the country that issued a document may record it: this one is of {country_name(issuer)}. "
        "Tell its bureau, or correct the issuer."
    )
    return Problem("not-the-issuer", detail, "issuer", issuer)


def exact_keys(record: RecordFields) -> Iterator[Key]:
    """Yield the keys of the document, and that of its machine-readable zone where the holder's birth is known."""
    document = cast("TravelDocumentRecord", record)
    yield from document_key(document.number, document.issuer)
    yield from mrz_keys(document.number, document.issuer, filter(None, [document.holder_born]))


def subject(record: RecordFields) -> None:  # noqa: ARG001
    """Keep the holder out of the person search."""
    return


def headline(record: RecordFields) -> str:
    """Return type, number and issuer."""
    document = cast("TravelDocumentRecord", record)
    return f"{document.type.replace('_', ' ').capitalize()} {document.number} ({document.issuer})"


DATABASE = Database(
    code="travel_documents",
    title="Stolen, lost and invalid travel documents",
    record=TravelDocumentRecord,
    # Ten years, the longest that passports are valid for.
    retention_days=3653,
    answers=("document",),
    normalise=normalise,
    validate=validate,
    may_feed=may_feed,
    exact_keys=exact_keys,
    subject=subject,
    headline=headline,
    columns=_COLUMNS,
    look_ups=(LookUp("document", {"number": "number", "issuer": "issuer"}, shortest=5),),
)
