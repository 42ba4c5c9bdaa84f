"""Stolen vehicles: found by vehicle identification number or by plate."""

from collections.abc import Iterator
from typing import Annotated, Literal, cast

from msgspec import Meta

from liaison.errors import Problem
from liaison.records.databases.base import Country, Database, Date, Identifier, Line, LookUp, RecordFields
from liaison.records.databases.rows import (
    Row,
    countries_as_codes,
    dates_as_iso,
    identifier_as,
    in_one_refusal,
    lists_from_cells,
    renamed,
    trimmed,
    whole_number,
    words_as_codes,
)
from liaison.records.identifiers import Key, plate, plate_keys, vin, vin_keys, vin_problem


class VehicleRecord(RecordFields, kw_only=True):
    """One vehicle; a VIN or a plate at least."""

    vin: Annotated[str, Meta(min_length=5, max_length=17)] | None = None
    plate: Identifier | None = None
    plate_country: Country | None = None
    make: Line | None = None
    model: Line | None = None
    colour: Line | None = None
    year: Annotated[int, Meta(ge=1885, le=2100)] | None = None
    category: (
        Literal["car", "motorcycle", "van", "truck", "bus", "trailer", "caravan", "tractor", "machine", "other"] | None
    ) = None
    stolen_on: Date | None = None


_COLUMNS = {"color": "colour", "country": "plate_country"}
_LISTS = ("purpose", "warning_markers", "restricted_against", "justifying_items")
_WORDS = ("category", "purpose", "warning_markers", "confidentiality_level")
_IDENTIFIERS = frozenset({"vin", "plate"})


def normalise(row: Row) -> Row:
    """Return the row as `VehicleRecord` has it; raise BadInput with every problem found."""
    row = trimmed(row, _IDENTIFIERS)
    renamed(row, _COLUMNS)
    lists_from_cells(row, _LISTS)
    words_as_codes(row, _WORDS)
    in_one_refusal(
        lambda: identifier_as(row, "vin", vin),
        lambda: identifier_as(row, "plate", plate, keep=True),
        lambda: whole_number(row, "year"),
        lambda: countries_as_codes(row, ("plate_country", "restricted_against")),
        lambda: dates_as_iso(row, ("stolen_on", "expires_on")),
    )
    return row


def validate(record: RecordFields) -> Iterator[Problem]:
    """Yield a missing identifier, or a check digit that does not belong to the VIN."""
    vehicle = cast("VehicleRecord", record)
    if vehicle.vin is None and vehicle.plate is None:
        yield Problem("missing-field", "A vehicle needs a VIN or a plate to be found by: add one of them.", "vin")
    elif vehicle.vin is not None:
        detail = vin_problem(vehicle.vin)
        if detail:
            yield Problem("bad-check-digit", detail, "vin", vehicle.vin)


def may_feed(record: RecordFields, country: str) -> Problem | None:  # noqa: ARG001
    """Any bureau may record a vehicle stolen in its country, wherever it is registered."""
    return None


def exact_keys(record: RecordFields) -> Iterator[Key]:
    """Yield the keys of the VIN and of the plate."""
    vehicle = cast("VehicleRecord", record)
    if vehicle.vin is not None:
        yield from vin_keys(vehicle.vin)
    if vehicle.plate is not None:
        yield from plate_keys(vehicle.plate, vehicle.plate_country)


def subject(record: RecordFields) -> None:  # noqa: ARG001
    """Keep vehicles out of the person search: they have no names."""
    return


def headline(record: RecordFields) -> str:
    """Return what the vehicle is, its plate and its VIN."""
    vehicle = cast("VehicleRecord", record)
    what = " ".join(filter(None, (vehicle.colour, vehicle.make, vehicle.model)))
    where = f" ({vehicle.plate_country})" if vehicle.plate_country else ""
    said = (what, f"{vehicle.plate}{where}" if vehicle.plate else "", f"VIN {vehicle.vin}" if vehicle.vin else "")
    return ", ".join(filter(None, said))


DATABASE = Database(
    code="vehicles",
    title="Stolen vehicles",
    record=VehicleRecord,
    # Ten years (compare Regulation (EU) 2018/1862, article 54).
    retention_days=3653,
    answers=("vehicle",),
    normalise=normalise,
    validate=validate,
    may_feed=may_feed,
    exact_keys=exact_keys,
    subject=subject,
    headline=headline,
    columns=_COLUMNS,
    look_ups=(
        LookUp("vehicle", {"vin": "vin"}, shortest=5),
        LookUp("vehicle", {"plate": "plate", "country": "plate_country"}, shortest=3),
    ),
)
