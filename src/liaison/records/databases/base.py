"""What a database declares, and what every record in any database carries (RPD 37)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple

import msgspec
from django.utils.functional import Promise
from msgspec import UNSET, Meta, UnsetType

from liaison.agencies import rules
from liaison.engine.types import Subject
from liaison.errors import Problem
from liaison.records.identifiers import Key

Purpose = rules.Purpose
ConfidentialityLevel = Literal["official_use", "restricted", "confidential"]
WarningMarker = Literal["armed", "violent", "absconded", "suicide_risk", "health_threat", "terrorism_related"]

Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2, for example PL")]
Date = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")]
BirthDate = Annotated[str, Meta(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="YYYY, YYYY-MM or YYYY-MM-DD")]
Line = Annotated[str, Meta(min_length=1, max_length=500)]
Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
Identifier = Annotated[str, Meta(min_length=1, max_length=64)]


class RecordFields(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The fields that a record of any database carries beside its own (RPD 37, 10, 44, 45, 112).

    `expires_on` defaults to the recording day plus the database's retention;
    from 00:00 UTC of that day the record is found by no path.
    """

    source_reference: Annotated[str, Meta(min_length=1, max_length=200)]
    purpose: Annotated[list[Purpose], Meta(min_length=1, max_length=9)]
    confidentiality_level: ConfidentialityLevel = "official_use"
    expires_on: Date | UnsetType = UNSET
    restricted_against: Annotated[list[Country], Meta(max_length=250)] = []
    relevance: Text | None = None
    justifying_items: Annotated[list[Line], Meta(max_length=50)] = []
    action_to_be_taken: Line | None = None
    warning_markers: Annotated[list[WarningMarker], Meta(max_length=6)] = []
    special_conditions: Line | None = None


class LookUp(NamedTuple):
    """A question that is asked while a record is entered by hand, to find it if it is known already.

    `kind` is a kind of question that a check takes; `fields` maps the fields of
    that question to those of the record.  It is asked once the first of them
    has `shortest` characters.
    """

    kind: str
    fields: Mapping[str, str]
    shortest: int


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """One database: what its records look like, how they are found, who may feed it.

    `title` and `fields` are for people; `retention_days` is the maximum from
    recording.  The functions are pure.
    """

    code: str
    title: str
    record: type[RecordFields]
    retention_days: int
    # The kinds of question it answers: person, document, vehicle, vessel.
    answers: tuple[str, ...]
    # Normalises one row in place-free fashion (country names, dates, spacing) before the types are checked.
    normalise: Callable[[dict[str, object]], dict[str, object]]
    # What the types cannot say: check digits, fields that go together.
    validate: Callable[[RecordFields], Iterator[Problem]]
    # A refusal when the bureau of this country may not feed the record, else None.
    may_feed: Callable[[RecordFields, str], Problem | None]
    exact_keys: Callable[[RecordFields], Iterator[Key]]
    # What the person search knows of the record, or None.
    subject: Callable[[RecordFields], Subject | None]
    # The line that names the record to a person: a primary name, a document number.
    headline: Callable[[RecordFields], str]
    # Names of columns of a CSV file -> names of fields, where they differ.
    columns: dict[str, str]
    # What an entry by hand asks to find likely duplicates; without any it warns of none.
    look_ups: tuple[LookUp, ...] = ()
    # What pages call a field of this database, where its name would mislead; a translation may be lazy.
    labels: Mapping[str, str | Promise] = {}

    operations: ClassVar[tuple[str, ...]] = ("check", "read", "feed")
