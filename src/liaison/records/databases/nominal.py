"""Nominal data: persons and organisations (RPD 1(2), 37, 38, 40, 41, 44)."""

from collections.abc import Iterator
from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta

from liaison.engine.types import Subject
from liaison.errors import BadInput, Problem
from liaison.records.databases.base import (
    BirthDate,
    Country,
    Database,
    Identifier,
    Line,
    RecordFields,
    Text,
)
from liaison.records.databases.rows import (
    Row,
    both_given,
    countries_as_codes,
    dates_as_iso,
    in_one_refusal,
    issuers_as_codes,
    lists_from_cells,
    renamed,
    sex_as_code,
    split_list,
    trimmed,
    words_as_codes,
)
from liaison.records.identifiers import Key, document_key, document_number, mrz_keys

PersonStatus = Literal[
    "convicted",
    "charged",
    "suspect",
    "criminal_history",
    "witness",
    "victim",
    "missing",
    "unidentified_person",
    "unidentified_body",
    "deceased",
    "possible_threat",
    "subject_to_un_sanctions",
]
NameRole = Literal["given", "middle", "family", "patronymic", "title"]


class NamePart(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One part of a name and the role it plays."""

    role: NameRole
    text: Annotated[str, Meta(min_length=1, max_length=300)]


class Name(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """One name of a subject, in the script it is written in."""

    full: Annotated[str, Meta(min_length=1, max_length=500)]
    kind: Literal["primary", "alias", "weak_alias", "original_script", "former"] = "alias"
    parts: list[NamePart] = []


class Document(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A document that the person is known to use."""

    number: Identifier
    issuer: Country | None = None
    type: Literal["passport", "identity_card", "visa", "other"] = "passport"
    note: Line | None = None


class NominalRecord(RecordFields, kw_only=True):
    """A person or an organisation; the first name is the primary one."""

    kind: Literal["person", "organisation"] = "person"
    names: Annotated[list[Name], Meta(min_length=1, max_length=200)]
    born: Annotated[list[BirthDate], Meta(max_length=20)] = []
    sex: Literal["F", "M", "X", "U"] = "U"
    nationalities: Annotated[list[Country], Meta(max_length=20)] = []
    places_of_birth: Annotated[list[Line], Meta(max_length=20)] = []
    addresses: Annotated[list[Line], Meta(max_length=100)] = []
    description: Text | None = None
    documents: Annotated[list[Document], Meta(max_length=100)] = []
    status: PersonStatus | None = None
    event: Line | None = None
    portrait: Annotated[str, Meta(max_length=200)] | None = None


_RENAMED = {
    "date_of_birth": "born",
    "nationality": "nationalities",
    "gender": "sex",
    "place_of_birth": "places_of_birth",
}
_PARTS = {"first_name": "given", "middle_name": "middle", "last_name": "family"}
_DOCUMENT = {"document_number": "number", "document_issuer": "issuer", "document_type": "type"}
_COLUMNS = (
    {"full_name": "names", "aliases": "names"}
    | dict.fromkeys(_PARTS, "names")
    | _RENAMED
    | dict.fromkeys(_DOCUMENT, "documents")
)
_COUNTRIES = ("nationalities", "restricted_against")
_LISTS = (
    "born",
    "nationalities",
    "places_of_birth",
    "addresses",
    "purpose",
    "warning_markers",
    "restricted_against",
    "justifying_items",
)
_WORDS = ("kind", "status", "purpose", "warning_markers", "confidentiality_level")
_IDENTIFIERS = frozenset({"number", "document_number"})
_PROTECTED = ("victim", "witness")


def normalise(row: Row) -> Row:
    """Return the row as `NominalRecord` has it; a row that is nested already keeps its shape.

    Raises BadInput with every problem found.
    """
    row = trimmed(row, _IDENTIFIERS)
    if not _COLUMNS.keys().isdisjoint(row):
        in_one_refusal(
            lambda: _names_from_cells(row),
            lambda: renamed(row, _RENAMED),
            lambda: _document_from_cells(row),
        )
    lists_from_cells(row, _LISTS)
    words_as_codes(row, _WORDS)
    in_one_refusal(
        lambda: _require_name(row),
        lambda: dates_as_iso(row, ("born", "expires_on")),
        lambda: countries_as_codes(row, _COUNTRIES),
        lambda: sex_as_code(row),
        lambda: _normalise_documents(row),
    )
    return row


def _names_from_cells(row: Row) -> None:
    """Make the names of a flat row: the full name (or its parts) first, then the aliases."""
    parts = [{"role": role, "text": row.pop(column)} for column, role in _PARTS.items() if column in row]
    full = row.pop("full_name", None) or " ".join(str(part["text"]) for part in parts)
    aliases = split_list(row.pop("aliases", []))
    if not full and not aliases:
        return
    if not full or not isinstance(aliases, list):
        raise BadInput("missing-field", "Aliases need a `full_name` before them, and are a list.", at="full_name")
    if "names" in row:
        raise both_given("full_name", "names")
    primary: Row = {"full": full, "kind": "primary"}
    if parts:
        primary["parts"] = parts
    row["names"] = [primary, *({"full": alias, "kind": "alias"} for alias in aliases)]


def _document_from_cells(row: Row) -> None:
    """Make the one document that a flat row can hold."""
    document = {field: row.pop(column) for column, field in _DOCUMENT.items() if column in row}
    if not document:
        return
    if "number" not in document:
        raise BadInput("missing-field", "A document needs its number: fill `document_number`.", at="document_number")
    if "documents" in row:
        raise both_given("document_number", "documents")
    words_as_codes(document, ("type",))
    row["documents"] = [document]


def _require_name(row: Row) -> None:
    if "names" not in row:
        raise BadInput("missing-field", "A name is needed: fill `full_name` (CSV) or `names` (JSON).", at="names")


def _normalise_documents(row: Row) -> None:
    documents = row.get("documents")
    if not isinstance(documents, list):
        return
    for index, document in enumerate(documents):
        if isinstance(document, dict):
            issuers_as_codes(document, ("issuer",), f"documents[{index}].")


def validate(record: RecordFields) -> Iterator[Problem]:
    """Yield what the types cannot say: names that can be found, documents that have a number, RPD 40 and 44."""
    person = cast("NominalRecord", record)
    for index, name in enumerate(person.names):
        if not any(map(str.isalnum, name.full)):
            yield Problem(
                "empty-name", "The name has no letter or digit: write it out.", f"names[{index}].full", name.full
            )
    for index, document in enumerate(person.documents):
        try:
            document_number(document.number)
        except ValueError as error:
            yield Problem("bad-identifier", str(error), f"documents[{index}].number", document.number)
    if person.kind == "person":
        yield from _person_problems(person)


def _person_problems(person: NominalRecord) -> Iterator[Problem]:
    """Yield what the rules ask of a person: a status (RPD 44), no arrest of victims and witnesses (RPD 40)."""
    if person.status is None:
        yield Problem(
            "missing-field",
            "A person needs a status (RPD 44): add it to the row, or give one for the whole batch with `--status`.",
            "status",
        )
    elif person.status in _PROTECTED and "arrest" in person.purpose:
        yield Problem(
            "rule-rpd-40",
            f"No restrictive measure may be taken against a {person.status} (RPD 40): "
            "remove the purpose 'arrest', or correct the status.",
            "purpose",
            "arrest",
        )


def may_feed(record: RecordFields, country: str) -> Problem | None:  # noqa: ARG001
    """Any bureau may record what its country knows (RPD 5)."""
    return None


def exact_keys(record: RecordFields) -> Iterator[Key]:
    """Yield the keys of every document that the person is known to use, and of their machine-readable zones."""
    person = cast("NominalRecord", record)
    for document in person.documents:
        yield from document_key(document.number, document.issuer)
        yield from mrz_keys(document.number, document.issuer, person.born)


def subject(record: RecordFields) -> Subject:
    """Return what the person search knows: every name, and the facts that tell namesakes apart."""
    person = cast("NominalRecord", record)
    return Subject(
        names=tuple(name.full for name in person.names),
        born=tuple(person.born),
        sex=person.sex,
        nationalities=tuple(person.nationalities),
        kind=person.kind,
        places=tuple(person.places_of_birth),
        documents=tuple(document_key(document.number, document.issuer)[0].text for document in person.documents),
    )


def headline(record: RecordFields) -> str:
    """Return the primary name."""
    return cast("NominalRecord", record).names[0].full


DATABASE = Database(
    code="nominal",
    title="Persons and organisations",
    record=NominalRecord,
    # Five years, then the source decides again (RPD 50).
    retention_days=1826,
    answers=("person", "document"),
    normalise=normalise,
    validate=validate,
    may_feed=may_feed,
    exact_keys=exact_keys,
    subject=subject,
    headline=headline,
    columns=_COLUMNS,
)
