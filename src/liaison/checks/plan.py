"""Turn a question into what the engine looks for: exact keys and a subject.

Pure.  What is impossible in a question is refused here, with its place.
"""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain
from typing import NamedTuple, TypeVar

from liaison.checks.mrz import Mrz, read_mrz
from liaison.checks.request import (
    CheckRequest,
    DocumentQuery,
    OrganisationQuery,
    PersonQuery,
    Query,
    VehicleQuery,
    VesselQuery,
)
from liaison.engine.fold import fold_name, script_without_spellings
from liaison.engine.places import place_keys
from liaison.engine.types import Subject
from liaison.errors import BadInput, Problem
from liaison.lib.countries import country_code, is_country, is_issuer
from liaison.lib.partial_date import parse_partial_date
from liaison.records import identifiers
from liaison.records.identifiers import Key
from liaison.records.patterns import Pattern, TooFewKnown, is_pattern, plate_pattern, vin_pattern

T = TypeVar("T")

NO_PLACE = "The place of birth names no town or region, so it was not compared: give a country as the nationality."
# What a database must answer for a question to be put to it, by the kind of the question where that is another.
ANSWERED_AS = {"mrz": ("document", "person"), "organisation": ("person",)}
_KINDS = ("person", "organisation", "document", "mrz", "vehicle", "vessel")


class Plan(NamedTuple):
    """What one question looks for.

    `kinds` are what a database must answer for the question to be put to it;
    `notes` tell what was repaired or doubtful in the question.
    """

    id: str
    kinds: tuple[str, ...]
    keys: tuple[Key, ...]
    subject: Subject | None
    notes: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    @property
    def needs_search(self) -> bool:
        """Say whether it looks for more than exact keys, which takes longer."""
        return self.subject is not None or bool(self.patterns)


def plan_request(request: CheckRequest, today: date) -> list[Plan]:
    """Plan every question; raise BadInput with the place of the first that is impossible."""
    plans = [plan_query(query, today, f"queries[{place}]") for place, query in enumerate(request.queries)]
    seen: set[str] = set()
    for place, plan in enumerate(plans):
        if plan.id in seen:
            raise BadInput("duplicate-id", "An earlier query has the same id: give each its own.",
                           at=f"queries[{place}].id", value=plan.id)  # fmt: skip
        seen.add(plan.id)
    return plans


def plan_query(query: Query, today: date, at: str) -> Plan:
    """Plan one question; `at` is its place in the request."""
    asked = [kind for kind in _KINDS if getattr(query, kind) is not None]
    if len(asked) != 1:
        raise BadInput("one-kind", f"Ask for exactly one of {', '.join(_KINDS)} in a query.", at=at)
    kind = asked[0]
    try:
        return _with_notes(_PLANNERS[kind](query.id, getattr(query, kind), today))
    except BadInput as error:
        problems = [Problem(p.code, p.detail, f"{at}.{kind}" + (f".{p.at}" if p.at else ""), p.value)
                    for p in error.problems]  # fmt: skip
        raise type(error).of(problems) from None


def _with_notes(plan: Plan) -> Plan:
    notes = spelling_notes(plan.subject.names) if plan.subject else ()
    return plan._replace(notes=(*plan.notes, *notes))


def spelling_notes(names: Iterable[str]) -> tuple[str, ...]:
    """Say of names in letters whose spellings elsewhere are not known that they are not; once for each script."""
    scripts = dict.fromkeys(filter(None, map(script_without_spellings, names)))
    return tuple(
        f"The name is in {script} letters, which are transliterated one by one: ask for it in Latin letters too."
        for script in scripts
    )


def _plan_person(id_: str, asked: PersonQuery, today: date) -> Plan:  # noqa: ARG001  one shape for all planners
    keys = [_document_keys(one, f"documents[{place}].") for place, one in enumerate(asked.documents)]
    subject = person_subject(asked, tuple(several[0].text for several in keys))
    notes = (NO_PLACE,) if asked.place_of_birth and not place_keys(asked.place_of_birth) else ()
    kinds = ("document", "person") if keys else ("person",)
    return Plan(id_, kinds, tuple(chain.from_iterable(keys)), subject, notes)


def person_subject(asked: PersonQuery, documents: tuple[str, ...] = ()) -> Subject:
    """Return the person asked for as the engine knows persons; the documents as `types.Subject` has them."""
    _require_readable(asked.name, "name")
    if asked.born:
        _require_date(asked.born)
    if asked.place_of_birth:
        _refuse_hidden_characters(asked.place_of_birth, "place_of_birth")
    return Subject(
        names=(asked.name,),
        born=(asked.born,) if asked.born else (),
        sex=asked.sex or "U",  # type: ignore[arg-type]
        nationalities=tuple(_country(text, f"nationality[{place}]") for place, text in enumerate(asked.nationality)),
        places=(asked.place_of_birth,) if asked.place_of_birth else (),
        documents=documents,
    )


def _plan_organisation(id_: str, asked: OrganisationQuery, today: date) -> Plan:  # noqa: ARG001
    _require_readable(asked.name, "name")
    countries = (_country(asked.country, "country"),) if asked.country is not None else ()
    # The database that answers for persons holds organisations as well, as subjects of another kind.
    return Plan(id_, ("person",), (), Subject((asked.name,), nationalities=countries, kind="organisation"))


def _plan_document(id_: str, asked: DocumentQuery, today: date) -> Plan:  # noqa: ARG001
    return Plan(id_, ("document",), tuple(_document_keys(asked, "")), None)


def _document_keys(asked: DocumentQuery, at: str) -> list[Key]:
    issuer = asked.issuer
    if issuer is not None and not is_issuer(issuer):
        issuer = _country(issuer, f"{at}issuer")
    return _value(f"{at}number", asked.number, lambda text: identifiers.query_document_keys(text, issuer))


def _plan_mrz(id_: str, text: str, today: date) -> Plan:
    mrz = read_mrz(text, today)
    # A repair is likely, not certain: the number is looked up as it was read, too.
    numbers = dict.fromkeys((mrz.number, mrz.number_as_read))
    keys = [key for number in numbers for key in identifiers.query_document_keys(number, mrz.issuer)]
    born = filter(None, [mrz.born])
    keys += identifiers.mrz_keys(mrz.number, mrz.issuer, born)
    return Plan(id_, ("document", "person"), tuple(keys), mrz_subject(mrz), tuple(mrz.notes()))


def mrz_subject(mrz: Mrz) -> Subject | None:
    """Return the holder that a machine-readable zone names, or None when it names nobody."""
    name = f"{mrz.given_names} {mrz.surname}".strip()
    if not fold_name(name):
        return None
    return Subject(
        names=(name,),
        born=(str(mrz.born),) if mrz.born else (),
        sex=mrz.sex,
        nationalities=(mrz.nationality,) if mrz.nationality else (),
        documents=(identifiers.query_document_keys(mrz.number, mrz.issuer)[0].text,),
    )


def _plan_vehicle(id_: str, asked: VehicleQuery, today: date) -> Plan:  # noqa: ARG001
    keys: list[Key] = []
    patterns: list[Pattern] = []
    doubts: list[str] = []
    country = _country(asked.country, "country") if asked.country is not None else None
    if asked.vin is not None and is_pattern(asked.vin):
        patterns.append(_value("vin", asked.vin, vin_pattern))
    elif asked.vin is not None:
        keys += _value("vin", asked.vin, identifiers.vin_keys)
        # A thief's VIN may be false on purpose, so it is looked up all the same.
        doubts = list(filter(None, [identifiers.vin_problem(identifiers.vin(asked.vin))]))
    if asked.plate is not None and is_pattern(asked.plate):
        patterns.append(_value("plate", asked.plate, lambda text: plate_pattern(text, country)))
    elif asked.plate is not None:
        keys += _value("plate", asked.plate, lambda text: identifiers.query_plate_keys(text, country))
    if asked.vin is None and asked.plate is None:
        raise BadInput("missing-field", "Give a vin or a plate.")
    return Plan(id_, ("vehicle",), tuple(keys), None, tuple(doubts), tuple(patterns))


def _plan_vessel(id_: str, asked: VesselQuery, today: date) -> Plan:  # noqa: ARG001
    keys: list[Key] = []
    if asked.imo is not None:
        keys += _value("imo", asked.imo, identifiers.imo_keys)
    if asked.mmsi is not None:
        keys += _value("mmsi", asked.mmsi, identifiers.mmsi_keys)
    subject = None
    if asked.name is not None:
        _require_readable(asked.name, "name")
        flags = (_country(asked.flag, "flag"),) if asked.flag is not None else ()
        subject = Subject((asked.name,), nationalities=flags, kind="vessel")
    if not keys and subject is None:
        raise BadInput("missing-field", "Give an imo, an mmsi or a name.")
    return Plan(id_, ("vessel",), tuple(keys), subject)


_PLANNERS: dict[str, Callable[..., Plan]] = {
    "person": _plan_person,
    "organisation": _plan_organisation,
    "document": _plan_document,
    "mrz": _plan_mrz,
    "vehicle": _plan_vehicle,
    "vessel": _plan_vessel,
}


def _value(at: str, text: str, read: Callable[[str], T]) -> T:
    """Read an identifier; what the reader says against it becomes a problem with this place."""
    try:
        return read(text)
    except ValueError as error:
        raise BadInput(_code_of(error), str(error), at=at, value=text) from None


def _code_of(error: ValueError) -> str:
    if isinstance(error, TooFewKnown):
        return "too-few-known"
    return "bad-check-digit" if isinstance(error, identifiers.BadCheckDigit) else "bad-identifier"


def _country(text: str, at: str) -> str:
    """Return the code; a name or a three-letter code is refused with the code that was meant."""
    if is_country(text):
        return text
    detail = f"{text[:40]!r} is not a two-letter country code."
    try:
        detail += f" Did you mean {country_code(text)!r}?"
    except ValueError as error:
        detail = str(error)
    raise BadInput("unknown-country", detail, at=at, value=text)


def _require_date(text: str) -> None:
    try:
        parse_partial_date(text)
    except ValueError as error:
        raise BadInput("impossible-date", str(error), at="born", value=text) from None


def _require_readable(text: str, at: str) -> None:
    """Refuse a name that is not what it looks like, or in which there is nothing to look for."""
    _refuse_hidden_characters(text, at)
    if not fold_name(text):
        raise BadInput("empty-name", "The name has no letters: write it as it stands in the document.", at=at,
                       value=text)  # fmt: skip


def _refuse_hidden_characters(text: str, at: str) -> None:
    """Refuse characters that cannot be seen and change how a name reads (controls, bidi controls)."""
    for place, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") and character not in "\u200c\u200d":
            raise BadInput("hidden-character", f"Character {place + 1} is U+{ord(character):04X}, which cannot be "
                           "seen: remove it.", at=at)  # fmt: skip
