"""Read FollowTheMoney entities as JSON lines: the person, organisation, vessel or vehicle of each.

A stream cannot join entities, so a passport that is an entity of its own has
no person here and is refused.  Source: followthemoney.tech, schema reference.
"""

from collections.abc import Iterator
from typing import BinaryIO

from liaison.errors import Problem
from liaison.records.formats.base import Limits, Row, refused, shortened
from liaison.records.formats.jsonl import object_lines
from liaison.records.formats.listed import SEXES, Draft, code_of, one_line

Properties = dict[str, list[str]]

_ORGANISATIONS = frozenset({"LegalEntity", "Organization", "Company", "PublicBody"})
_HELD_DOCUMENTS = frozenset({"Passport", "Identification"})
# A LegalEntity may be either; what only people have decides.
_PERSONAL = frozenset({"birthDate", "birthPlace", "gender", "nationality", "passportNumber", "firstName", "lastName"})
_NAMES = (("name", "primary"), ("alias", "alias"), ("weakAlias", "weak_alias"), ("previousName", "former"))
_PARTS = (("firstName", "given"), ("middleName", "middle"), ("fatherName", "patronymic"), ("lastName", "family"))
_VESSEL = (
    ("imoNumber", "imo"),
    ("mmsi", "mmsi"),
    ("name", "name"),
    ("flag", "flag"),
    ("type", "type"),
    ("callSign", "call_sign"),
)
_VEHICLE = (("registrationNumber", "plate"), ("vin", "vin"), ("country", "plate_country"), ("model", "model"))
_COUNTRY_FIELDS = frozenset({"flag", "plate_country"})


def read_ftm(source: BinaryIO, limits: Limits) -> Iterator[Row]:
    """Yield a row for each entity; entities of other kinds are refused as `unsupported-kind`."""
    for number, line, entity, raw, problem in object_lines(source, limits):
        found = problem or _fields_of(entity)
        if isinstance(found, Problem):
            yield refused(number, line, raw, found)
        else:
            database, fields = found
            yield Row(number, fields, None, shortened(raw), database, line)


def _fields_of(entity: dict[str, object]) -> tuple[str, dict[str, object]] | Problem:
    reference, schema, properties = entity.get("id"), entity.get("schema"), _properties(entity)
    if not isinstance(reference, str) or not reference or not isinstance(schema, str) or properties is None:
        return Problem(
            "not-an-entity",
            "The object is not a FollowTheMoney entity: it needs the texts id and schema, and properties of texts.",
        )
    if schema == "Person" or schema in _ORGANISATIONS:
        return _nominal(reference, schema, properties)
    if schema == "Vessel":
        return "vessels", _vessel(reference, properties)
    if schema == "Vehicle":
        return "vehicles", _thing(reference, properties, _VEHICLE, "relevance")
    return _unsupported(schema)


def _properties(entity: dict[str, object]) -> Properties | None:
    """Return every property as a list of texts, or None when one is not; nested entities are left out."""
    found = entity.get("properties", {})
    if not isinstance(found, dict):
        return None
    properties: Properties = {}
    for name, values in found.items():
        listed = values if isinstance(values, list) else [values]
        texts = [one_line(value) for value in listed if isinstance(value, str)]
        if any(not isinstance(value, str | dict) for value in listed):
            return None
        properties[name] = [text for text in texts if text]
    return properties


def _unsupported(schema: str) -> Problem:
    detail = f"There is no database for entities of the kind {schema[:40]!r}: leave them out."
    if schema in _HELD_DOCUMENTS:
        detail = "A stream cannot find the holder of this document: put its number into passportNumber of the Person."
    return Problem("unsupported-kind", detail, value=schema[:200])


def _nominal(reference: str, schema: str, properties: Properties) -> tuple[str, dict[str, object]] | Problem:
    is_person = schema == "Person" or (schema == "LegalEntity" and not _PERSONAL.isdisjoint(properties))
    draft = Draft(reference, is_person=is_person)
    _add_names(draft, properties)
    if not draft.has_names():
        return Problem("missing-name", "The entity has no name: give it the property name.")
    for country in properties.pop("nationality", []) + properties.pop("citizenship", []):
        draft.add_nationality(country)
    for date in properties.pop("birthDate", []):
        # A time of day may follow the date.
        draft.add("born", date.partition("T")[0], "Born")
    for place in properties.pop("birthPlace", []):
        draft.add("places_of_birth", place, "Place of birth")
    for address in properties.pop("address", []):
        draft.add("addresses", address, "Address")
    _add_documents(draft, properties)
    _add_sex_and_relevance(draft, properties)
    for name, values in properties.items():
        draft.note(name, "; ".join(values))
    return "nominal", draft.fields()


def _add_names(draft: Draft, properties: Properties) -> None:
    known = [(role, properties[name][0]) for name, role in _PARTS if len(properties.get(name, [])) == 1]
    if not properties.get("name") and known:
        properties["name"] = [" ".join(text for _, text in known)]
    for name, kind in _NAMES:
        for full in properties.pop(name, []):
            is_primary = kind == "primary" and not draft.has_names()
            parts = [(role, text) for role, text in known if text.lower() in full.lower()]
            draft.add_name(full, kind if is_primary or kind != "primary" else "alias", parts if is_primary else None)
    _forget_told_parts(properties)


def _forget_told_parts(properties: Properties) -> None:
    """Drop the single parts, which the primary name already tells; several of a kind stay, as notes."""
    for name, _ in _PARTS:
        if len(properties.get(name, [])) == 1:
            del properties[name]


def _add_documents(draft: Draft, properties: Properties) -> None:
    for number in properties.pop("passportNumber", []):
        draft.add_document(number, "passport")
    kind = "identity_card" if draft.is_person else "other"
    for number in properties.pop("idNumber", []):
        draft.add_document(number, kind)


def _add_sex_and_relevance(draft: Draft, properties: Properties) -> None:
    genders = properties.pop("gender", [])
    if len(genders) == 1 and genders[0].lower() in SEXES:
        draft.set("sex", SEXES[genders[0].lower()])
    else:
        draft.note("gender", "; ".join(genders))
    topics = properties.pop("topics", [])
    if topics:
        draft.set("relevance", "Topics: " + ", ".join(topics))


def _vessel(reference: str, properties: Properties) -> dict[str, object]:
    names = [properties.pop(name, []) for name in ("alias", "weakAlias", "previousName")]
    aliases = properties.get("name", [])[1:] + [alias for several in names for alias in several]
    properties["name"] = properties.get("name", [])[:1]
    fields = _thing(reference, properties, _VESSEL, "description")
    if aliases:
        fields["aliases"] = list(dict.fromkeys(aliases))
    return fields


def _thing(
    reference: str, properties: Properties, names: tuple[tuple[str, str], ...], notes_field: str
) -> dict[str, object]:
    """Return the fields of a vessel or vehicle; what has no field becomes a line of `notes_field`."""
    fields: dict[str, object] = {"source_reference": reference}
    for name, field in names:
        values = properties.pop(name, [])
        if values:
            fields[field] = (code_of(values[0]) or values[0]) if field in _COUNTRY_FIELDS else values[0]
            properties[name] = values[1:]
    notes = [f"{name}: {'; '.join(values)}" for name, values in properties.items() if values]
    if notes:
        fields[notes_field] = "\n".join(notes)
    return fields
