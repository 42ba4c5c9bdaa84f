"""Say a match, or a record in full, as an entity of FollowTheMoney.

Pure.  A match holds what a check shows and no more: the name, what was compared,
and what to do.  The rest of the record is the second step (`/entities/<id>`).
What FollowTheMoney has no word for stands in `notes`, and whole under `liaison`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from liaison.checks.answer import Match
from liaison.exchange.questions import Properties
from liaison.records.databases import RecordFields, all_databases
from liaison.records.storage import Stored

Entity = dict[str, Any]
Values = dict[str, list[str]]

ALGORITHM = "liaison"
FEATURES: Mapping[str, str] = {
    "prior": "How seldom two people of similar names are the same: the same for every candidate.",
    "name_part": "Parts of the names that are the same, are alike or contradict; a rare part counts for more.",
    "name_missing": "Parts that only one of the two names has.",
    "name_whole": "Parts of one name often come together, so beyond a full name they count for less.",
    "birth_date": "The dates of birth: the same, near (a slip of the pen), or different.",
    "sex": "The sex, where both sides know it.",
    "nationality": "The nationalities, or the countries of organisations and vessels.",
    "place_of_birth": "The places of birth: a word that names the place is the same, or none is.",
    "document": "The number of a document is the same, or no document is on both sides.",
    "vin": "The vehicle identification number is the same.",
    "plate": "The registration plate is the same.",
    "imo": "The IMO number is the same.",
    "mmsi": "The MMSI is the same.",
    "mrz": "The number of the document reads alike and the date of birth is the same.",
}
_SUBJECTS = ("Person", "Organization", "LegalEntity")
_GENDERS = {"F": "female", "M": "male", "X": "other"}
_BY_QUESTION = {"person": "Person", "organisation": "Organization", "vessel": "Vessel", "vehicle": "Vehicle"}
_BY_DATABASE = {"travel_documents": "Identification", "vehicles": "Vehicle", "vessels": "Vessel"}
# Which property a reason of a match tells something of, by schema; a Term's own words are in normal form.
_TOLD = {
    "Person": {
        "birth_date": "birthDate",
        "sex": "gender",
        "nationality": "nationality",
        "place_of_birth": "birthPlace",
        "document": "idNumber",
    },
    "Organization": {"nationality": "country", "document": "idNumber"},
    "LegalEntity": {"document": "idNumber"},
    "Identification": {"document": "number"},
    "Vessel": {"nationality": "flag", "imo": "imoNumber", "mmsi": "mmsi"},
    "Vehicle": {"vin": "registrationNumber", "plate": "registrationNumber"},
}
_WITH_COUNTRY = ("document", "plate")
_UNKNOWN = ("?", "*")
_NAMES = {"primary": "name", "alias": "alias", "weak_alias": "weakAlias", "original_script": "alias",
          "former": "previousName"}  # fmt: skip
_PARTS = {"given": "firstName", "middle": "middleName", "family": "lastName", "patronymic": "fatherName",
          "title": "title"}  # fmt: skip
_WANTED_FOR = {"arrest": "wanted"}
_STATUS_TOPICS = {
    **dict.fromkeys(("convicted", "charged", "suspect", "criminal_history"), "crime"),
    "subject_to_un_sanctions": "sanction",
}


def schema_of(match: Match, kind: str) -> str:
    """Return the schema of a record that a question of this kind found; a document's holder may be of two kinds."""
    return _BY_DATABASE.get(match.database) or _BY_QUESTION.get(kind, "LegalEntity")


def entity_of_match(match: Match, kind: str, *, is_match: bool) -> Entity:
    """Return a match as a scored entity; `kind` is that of the question that found it."""
    schema = schema_of(match, kind)
    # What names a thing to a person, "Passport 9ZZL00001 (KE)", is a caption and no name.
    properties: Values = {"name": [match.name]} if schema in _SUBJECTS else {}
    for term in match.explanation:
        for name, value in _told_by(term.kind, term.record, _TOLD[schema]):
            properties.setdefault(name, []).append(value)
    _add_notes(properties, schema, _handling(match.action_to_be_taken, match.warning_markers, match.special_conditions))
    properties["publisher"] = [match.source]
    if "terrorism_related" in match.warning_markers and schema in _SUBJECTS:
        properties["topics"] = ["crime.terror"]
    features = _features(match)
    return {
        **_frame(match.record, match.name, schema, _without_repeats(properties), match.database),
        "score": match.score,
        "match": is_match,
        "features": {kind: told["score"] for kind, told in features.items()},
        "explanations": features,
        "liaison": match,
    }


def entity_of_record(stored: Stored, fields: RecordFields, source: str) -> Entity:
    """Return a record in full; `fields` are those that the asker may see, `source` the name of its bureau."""
    said = msgspec.to_builtins(fields)
    schema, properties = _READERS.get(stored.database, _anything)(said)
    handling = _handling(fields.action_to_be_taken, fields.warning_markers, fields.special_conditions)
    _add_notes(properties, schema, [*handling, *_facts(said)])
    properties["publisher"] = [source]
    caption = all_databases()[stored.database].headline(fields)
    return {
        **_frame(stored.reference, caption, schema, _without_repeats(properties), stored.database),
        "first_seen": stored.recorded_on,
        "liaison": {
            "record": stored.reference, "database": stored.database, "source": source,
            "recorded_on": stored.recorded_on, "expires_on": stored.expires_on, "fields": fields,
        },
    }  # fmt: skip


def entity_asked(schema: str, properties: Properties) -> Entity:
    """Return what a client asked for, as it was understood."""
    return {"id": None, "schema": schema, "properties": properties}


def _frame(reference: str, caption: str, schema: str, properties: Values, database: str) -> Entity:
    return {
        "id": reference, "caption": caption, "schema": schema, "properties": properties, "datasets": [database],
        "referents": [], "target": True, "first_seen": None, "last_seen": None, "last_change": None,
    }  # fmt: skip


def _told_by(kind: str, text: str, names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield the properties that a reason of a match tells; documents and places are several where none is the same."""
    if kind not in names or not text:
        return
    for one in text.split("; "):
        country, _, number = one.partition("/") if kind in _WITH_COUNTRY else ("", "", one)
        if country and country not in _UNKNOWN:
            yield "country", country.lower()
        if kind == "nationality":
            yield from ((names[kind], code.lower()) for code in number.split())
        elif kind != "sex" or number in _GENDERS:
            yield names[kind], _GENDERS.get(number, number) if kind == "sex" else number


def _features(match: Match) -> dict[str, dict[str, Any]]:
    """Return the reasons by what they are about, in bits for (+) and against (-); they add up to the odds."""
    features: dict[str, dict[str, Any]] = {}
    for term in match.explanation:
        words = f"{term.finding.replace('_', ' ')} ({term.weight:+.1f} bits)"
        compared = " / ".join(dict.fromkeys(filter(None, (term.query, term.record))))
        detail = f"{compared}: {words}" if compared else words
        kept = features.setdefault(term.kind, {"score": 0.0, "detail": "", "query": "", "candidate": "", "weight": 1.0})
        kept["score"] += term.weight
        for field, more, between in (
            ("detail", detail, "; "), ("query", term.query, " "), ("candidate", term.record, " ")
        ):  # fmt: skip
            kept[field] = between.join(filter(None, (kept[field], more)))
    return features


def _handling(action: str | None, markers: Sequence[str], conditions: str | None) -> list[str]:
    """Return what whoever meets the subject must know first."""
    warning = ", ".join(marker.replace("_", " ") for marker in markers)
    return [
        f"{what}: {said}"
        for what, said in (
            ("Action to be taken", action), ("Warning", warning), ("Special conditions of use", conditions)
        )
        if said
    ]  # fmt: skip


def _facts(said: Mapping[str, Any]) -> list[str]:
    """Return facts of a record that no property of FollowTheMoney tells."""
    facts = [f"{name.capitalize()}: {said[name].replace('_', ' ')}" for name in ("status", "reason") if said.get(name)]
    facts += [f"{name.capitalize()}: {said[name]}" for name in ("event", "relevance") if said.get(name)]
    return [*facts, "Recorded for: " + ", ".join(purpose.replace("_", " ") for purpose in said["purpose"])]


def _add_notes(properties: Values, schema: str, notes: Iterable[str]) -> None:
    # A document is no Thing of FollowTheMoney, and has no notes.
    name = "description" if schema in ("Identification", "Passport") else "notes"
    properties[name] = [*properties.get(name, []), *notes]


def _without_repeats(properties: Values) -> Values:
    return {name: list(dict.fromkeys(values)) for name, values in properties.items() if values}


def _nominal(said: Mapping[str, Any]) -> tuple[str, Values]:
    is_person = said.get("kind", "person") == "person"
    properties: Values = {}
    for name in said["names"]:
        properties.setdefault(_NAMES[name.get("kind", "alias")], []).append(name["full"])
        for part in name.get("parts", []) if is_person else ():
            properties.setdefault(_PARTS[part["role"]], []).append(part["text"])
    for document in said.get("documents", []):
        is_passport = is_person and document.get("type", "passport") == "passport"
        properties.setdefault("passportNumber" if is_passport else "idNumber", []).append(document["number"])
    properties["address"] = list(said.get("addresses", []))
    properties["description"] = [said["description"]] if said.get("description") else []
    properties["nationality" if is_person else "country"] = [code.lower() for code in said.get("nationalities", [])]
    if is_person:
        properties["birthDate"] = list(said.get("born", []))
        properties["birthPlace"] = list(said.get("places_of_birth", []))
        properties["gender"] = [_GENDERS[said["sex"]]] if said.get("sex") in _GENDERS else []
    properties["topics"] = _topics(said)
    return ("Person" if is_person else "Organization"), properties


def _topics(said: Mapping[str, Any]) -> list[str]:
    found = [_STATUS_TOPICS.get(said.get("status") or "")]
    found += [_WANTED_FOR.get(purpose) for purpose in said["purpose"]]
    found += ["crime.terror"] if "terrorism_related" in said.get("warning_markers", []) else []
    return [topic for topic in found if topic]


def _travel_document(said: Mapping[str, Any]) -> tuple[str, Values]:
    kind = said.get("type", "passport")
    is_passport = kind == "passport"
    properties = _some(said, number="number", holder_name="namesMentioned", reported_on="date")
    properties |= {"country": [said["issuer"].lower()], "type": [kind.replace("_", " ")]}
    if is_passport:
        properties |= _some(said, holder_born="birthDate")
    return ("Passport" if is_passport else "Identification"), properties


def _vehicle(said: Mapping[str, Any]) -> tuple[str, Values]:
    properties = _some(said, category="type")
    properties["registrationNumber"] = [said[name] for name in ("plate", "vin") if said.get(name)]
    properties["model"] = [" ".join(said[name] for name in ("make", "model") if said.get(name))]
    properties["country"] = [said["plate_country"].lower()] if said.get("plate_country") else []
    properties["buildDate"] = [str(said["year"])] if said.get("year") else []
    properties["notes"] = [f"Stolen on {said['stolen_on']}"] if said.get("stolen_on") else []
    return "Vehicle", {name: list(filter(None, values)) for name, values in properties.items()}


def _vessel(said: Mapping[str, Any]) -> tuple[str, Values]:
    properties = _some(said, name="name", imo="imoNumber", mmsi="mmsi", type="type", call_sign="callSign",
                       description="description")  # fmt: skip
    properties["alias"] = list(said.get("aliases", []))
    properties["flag"] = [said["flag"].lower()] if said.get("flag") else []
    return "Vessel", properties


def _anything(said: Mapping[str, Any]) -> tuple[str, Values]:  # noqa: ARG001  one shape for all readers
    """Return a record of a database that FollowTheMoney has no word for: its caption and notes say what it is."""
    return "Thing", {}


def _some(said: Mapping[str, Any], **names: str) -> Values:
    return {name: [said[field]] for field, name in names.items() if said.get(field)}


_READERS = {
    "nominal": _nominal,
    "travel_documents": _travel_document,
    "vehicles": _vehicle,
    "vessels": _vessel,
}
