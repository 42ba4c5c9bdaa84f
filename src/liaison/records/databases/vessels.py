"""Vessels of interest: found by IMO number, by MMSI, or by name in the person search."""

from collections.abc import Iterator
from typing import Annotated, cast

from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from liaison.engine.types import Subject
from liaison.errors import Problem
from liaison.records.databases.base import Country, Database, Line, LookUp, RecordFields
from liaison.records.databases.rows import (
    Row,
    countries_as_codes,
    dates_as_iso,
    identifier_as,
    in_one_refusal,
    lists_from_cells,
    renamed,
    trimmed,
    words_as_codes,
)
from liaison.records.identifiers import Key, imo_keys, imo_number, mmsi, mmsi_keys


class VesselRecord(RecordFields, kw_only=True):
    """One vessel; an IMO number, an MMSI or a name at least."""

    imo: Annotated[str, Meta(pattern="^[0-9]{7}$")] | None = None
    mmsi: Annotated[str, Meta(pattern="^[0-9]{9}$")] | None = None
    name: Line | None = None
    aliases: Annotated[list[Line], Meta(max_length=100)] = []
    flag: Country | None = None
    type: Line | None = None
    call_sign: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    description: Annotated[str, Meta(min_length=1, max_length=20_000)] | None = None


_COLUMNS = {"imo_number": "imo", "full_name": "name", "nationality": "flag"}
_LISTS = ("aliases", "purpose", "warning_markers", "restricted_against", "justifying_items")
_WORDS = ("purpose", "warning_markers", "confidentiality_level")
_IDENTIFIERS = frozenset({"imo", "imo_number", "mmsi", "call_sign"})


def normalise(row: Row) -> Row:
    """Return the row as `VesselRecord` has it; raise BadInput with every problem found."""
    row = trimmed(row, _IDENTIFIERS)
    renamed(row, _COLUMNS)
    lists_from_cells(row, _LISTS)
    words_as_codes(row, _WORDS)
    in_one_refusal(
        lambda: identifier_as(row, "imo", imo_number),
        lambda: identifier_as(row, "mmsi", mmsi),
        lambda: countries_as_codes(row, ("flag", "restricted_against")),
        lambda: dates_as_iso(row, ("expires_on",)),
    )
    return row


def validate(record: RecordFields) -> Iterator[Problem]:
    """Yield a vessel that nothing could find, and names without a letter or digit."""
    vessel = cast("VesselRecord", record)
    if vessel.imo is None and vessel.mmsi is None and vessel.name is None:
        yield Problem("missing-field", "A vessel needs an IMO number, an MMSI or a name: add one of them.", "imo")
    named = [("name", vessel.name or ""), *((f"aliases[{i}]", alias) for i, alias in enumerate(vessel.aliases))]
    for at, name in named:
        if name and not any(map(str.isalnum, name)):
            yield Problem("empty-name", "The name has no letter or digit: write it out.", at, name)


def may_feed(record: RecordFields, country: str) -> Problem | None:  # noqa: ARG001
    """Any bureau may record a vessel, whatever flag it flies."""
    return None


def exact_keys(record: RecordFields) -> Iterator[Key]:
    """Yield the keys of the IMO number and of the MMSI."""
    vessel = cast("VesselRecord", record)
    if vessel.imo is not None:
        yield from imo_keys(vessel.imo)
    if vessel.mmsi is not None:
        yield from mmsi_keys(vessel.mmsi)


def subject(record: RecordFields) -> Subject | None:
    """Return the vessel's names and flag, or None for a vessel without a name."""
    vessel = cast("VesselRecord", record)
    names = (*filter(None, (vessel.name,)), *vessel.aliases)
    if not names:
        return None
    return Subject(names=names, nationalities=(vessel.flag,) if vessel.flag else (), kind="vessel")


def headline(record: RecordFields) -> str:
    """Return name, IMO number, or MMSI, whichever comes first, and the flag."""
    vessel = cast("VesselRecord", record)
    known = (vessel.name or "", f"IMO {vessel.imo}" if vessel.imo else "", f"MMSI {vessel.mmsi}" if vessel.mmsi else "")
    flag = f" ({vessel.flag})" if vessel.flag else ""
    return ", ".join(filter(None, known)) + flag


DATABASE = Database(
    code="vessels",
    title="Vessels",
    record=VesselRecord,
    # Ten years (compare Regulation (EU) 2018/1862, article 54).
    retention_days=3653,
    answers=("vessel",),
    normalise=normalise,
    validate=validate,
    may_feed=may_feed,
    exact_keys=exact_keys,
    subject=subject,
    headline=headline,
    columns=_COLUMNS,
    look_ups=(
        LookUp("vessel", {"imo": "imo"}, shortest=7),
        LookUp("vessel", {"mmsi": "mmsi"}, shortest=9),
        LookUp("vessel", {"name": "name", "flag": "flag"}, shortest=3),
    ),
    labels={"type": _("Kind of vessel")},
)
