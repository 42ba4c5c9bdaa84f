"""What a check asks: the shape of `POST /api/check`, read strictly.

Purpose and reference are mandatory (RPD 10, 126); the batch is the primary
form, a single check is a batch of one.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from liaison.errors import BadInput
from liaison.lib.shapes import problem_of_shape
from liaison.lib.strict_json import StrictJsonError, decode, has_suspect_escape
from liaison.records.databases.base import BirthDate, Purpose

MAX_QUERIES = 1000
MAX_BODY_BYTES = 4 << 20
MAX_PLACE = 500
MAX_DOCUMENTS = 20

Number = Annotated[str, Meta(min_length=1, max_length=64)]


class DocumentQuery(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A travel or identity document by its number."""

    number: Number
    issuer: str | None = None


class PersonQuery(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A person by name, in any script; what else is known makes the answer sharper.

    Each of the documents is looked up too, by its number.
    """

    name: Annotated[str, Meta(min_length=1, max_length=500)]
    born: BirthDate | None = None
    sex: Annotated[str, Meta(pattern="^[FMXU]$", description="F, M, X or U")] | None = None
    nationality: Annotated[list[str], Meta(max_length=20)] = []
    place_of_birth: Annotated[str, Meta(min_length=1, max_length=MAX_PLACE)] | None = None
    documents: Annotated[list[DocumentQuery], Meta(max_length=MAX_DOCUMENTS)] = []


class OrganisationQuery(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A company, a group or another organisation by name; its country makes the answer sharper."""

    name: Annotated[str, Meta(min_length=1, max_length=500)]
    country: str | None = None


class VehicleQuery(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A vehicle by its VIN, or by its plate with or without the country of the plate."""

    vin: Number | None = None
    plate: Number | None = None
    country: str | None = None


class VesselQuery(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A vessel by its IMO number, its MMSI or its name."""

    imo: Number | None = None
    mmsi: Number | None = None
    name: Annotated[str, Meta(min_length=1, max_length=500)] | None = None
    flag: str | None = None


class Query(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """One question: exactly one of person, organisation, document, mrz, vehicle and vessel."""

    id: Annotated[str, Meta(min_length=1, max_length=100)]
    person: PersonQuery | None = None
    organisation: OrganisationQuery | None = None
    document: DocumentQuery | None = None
    mrz: Annotated[str, Meta(min_length=1, max_length=300)] | None = None
    vehicle: VehicleQuery | None = None
    vessel: VesselQuery | None = None


class CheckRequest(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A batch of questions under one purpose and one reference of the asker's own."""

    purpose: Purpose
    reference: Annotated[str, Meta(min_length=1, max_length=200)]
    queries: Annotated[list[Query], Meta(min_length=1, max_length=MAX_QUERIES)]


_SHAPES = (CheckRequest, Query, PersonQuery, OrganisationQuery, DocumentQuery, VehicleQuery, VesselQuery)
_KNOWN = sorted({field.name for shape in _SHAPES for field in msgspec.structs.fields(shape)})


_decode = msgspec.json.Decoder(CheckRequest).decode
_encode = msgspec.json.Encoder().encode


def read_request(body: bytes) -> CheckRequest:
    """Read the body of a check; raise BadInput that says what is wrong, where, and what to do."""
    request = _read_at_once(body)
    if request is not None:
        return request
    try:
        data = decode(body)
    except StrictJsonError as error:
        raise BadInput(error.code, error.detail, at=error.at) from None
    return request_from(data)


def _read_at_once(body: bytes) -> CheckRequest | None:
    """Return a request about which there is no doubt; None when it must be read with care.

    Nearly every one is read here. A key that stands twice costs a colon when the
    request is written again; so does a default that was written out, which is no fault.
    """
    if has_suspect_escape(body):
        return None
    try:
        request = _decode(body)
    except (ValueError, RecursionError):
        return None
    return request if _encode(request).count(b":") == body.count(b":") else None


def request_from(data: Any) -> CheckRequest:
    """Turn decoded JSON into a request; raise BadInput for another shape."""
    try:
        return msgspec.convert(data, CheckRequest)
    except msgspec.ValidationError as error:
        raise BadInput.of([problem_of_shape(error, _KNOWN, CheckRequest)]) from None
