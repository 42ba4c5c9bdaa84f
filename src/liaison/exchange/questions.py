"""Turn an entity of FollowTheMoney, as a client describes whom it looks for, into the questions of a check.

Pure.  One entity may be several questions: each of its names, each of its
documents.  What a property means to Liaison is told in `docs/integrator/exchange.md`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product, zip_longest
from typing import Any, NamedTuple

from liaison.checks.request import MAX_DOCUMENTS, MAX_PLACE
from liaison.errors import BadInput, Problem
from liaison.exchange.followthemoney import OTHER_SCHEMAS, PROPERTIES
from liaison.lib.countries import country_code
from liaison.lib.suggest import did_you_mean

Properties = Mapping[str, Sequence[str]]

_SEXES = {"female": "F", "male": "M", "other": "X", "f": "F", "m": "M", "x": "X"}
_NAMES = ("name", "alias", "weakAlias", "previousName")
_FIRST = ("firstName", "secondName", "middleName", "fatherName")
_VIN = re.compile("[0-9A-HJ-NPR-Z]{13}[0-9]{4}")
# Codes of FollowTheMoney that are no country of ISO 3166-1; a part of a country has the country's code before a hyphen.
_NOT_COUNTRIES = "ac cp cq cshh csxx dd dg eu ic suhh ta un x-so yucs zr zz"
_NO_COUNTRIES = frozenset(_NOT_COUNTRIES.split())
_PART_OF_COUNTRY = re.compile("[a-z]{2}-[a-z]{2,4}")
_NOT_SAID: list[tuple[str, str]] = [("", "")]
_PLACE = re.compile(r"queries\[(\d+)\](?:\.(\w+)(?:\.(\w+))?)?.*")


class Question(NamedTuple):
    """A question of a check, without its id; `places` says which property each of its fields came from."""

    query: Mapping[str, Any]
    places: Mapping[str, str]

    @property
    def kind(self) -> str:
        """What it asks for: person, organisation, document, mrz, vehicle or vessel."""
        return next(iter(self.query))


class Asked(NamedTuple):
    """An entity that a client looks for, under the client's own key, and what is asked for it.

    `unused` are the properties, or values of them, that make no difference to the answer.
    """

    key: str
    schema: str
    properties: Properties
    questions: tuple[Question, ...]
    unused: tuple[str, ...] = ()


class _Described:
    """What is said of an entity; remembers what was looked at."""

    def __init__(self, properties: Properties) -> None:
        self._properties = properties
        self._seen: set[str] = set()
        self._passed_over: list[str] = []

    def texts(self, *names: str) -> list[tuple[str, str]]:
        """Return each different text of these properties, and the property."""
        self._seen.update(names)
        found: dict[str, str] = {}
        for name in names:
            for text in filter(None, map(str.strip, self._properties.get(name, ()))):
                found.setdefault(text, name)
        return list(found.items())

    def countries(self, *names: str) -> list[tuple[str, str]]:
        """Return the codes of the countries in these properties; what is no country to us is passed over, and told."""
        found: dict[str, str] = {}
        for text, name in self.texts(*names):
            bare = text.lower()
            if bare in _NO_COUNTRIES:
                self._passed_over.append(f"{name}: {text}")
            else:
                found.setdefault(_code(bare[:2] if _PART_OF_COUNTRY.fullmatch(bare) else text), name)
        return list(found.items())

    def unused(self) -> tuple[str, ...]:
        """Return what was said and not looked at."""
        names = sorted(name for name in self._properties if name not in self._seen)
        return (*names, *dict.fromkeys(self._passed_over))


def ask_for(key: str, schema: str, properties: Properties) -> Asked:
    """Return what to ask for an entity; raise BadInput where it is none that Liaison can look for."""
    if schema not in PROPERTIES:
        raise _unknown_schema(schema)
    for name in properties:
        if name not in PROPERTIES[schema]:
            detail = f"{schema} has no property {name[:60]!r}. {did_you_mean(name, sorted(PROPERTIES[schema]))}"
            raise BadInput("unknown-field", detail, at=f"properties.{name[:60]}")
    described = _Described(properties)
    questions = tuple(_READERS[schema](described))
    if not questions:
        raise BadInput("missing-field", f"There is nothing to look for: {_WANTED[schema]}.", at="properties")
    return Asked(key, schema, properties, questions, described.unused())


def retell(problems: Iterable[Problem], asked: Sequence[Asked]) -> list[Problem]:
    """Return the problems of a check with their places in the request of the client."""
    questions = [(one.key, question) for one in asked for question in one.questions]
    told = []
    for problem in problems:
        place = _PLACE.fullmatch(problem.at)
        if place and int(place[1]) < len(questions):
            key, question = questions[int(place[1])]
            field = question.places.get(place[3] or "", "")
            at = f"queries.{key}.properties.{field}" if field else f"queries.{key}"
            problem = Problem(problem.code, problem.detail, at, problem.value)  # noqa: PLW2901
        told.append(problem)
    return told


def _unknown_schema(schema: str) -> BadInput:
    known = sorted(PROPERTIES)
    if schema in OTHER_SCHEMAS:
        detail = f"Liaison has no database of {schema}, so nothing was checked. It looks for: {', '.join(known)}."
        return BadInput("unsupported-kind", detail, at="schema", value=schema)
    detail = f"There is no schema {schema[:40]!r}. {did_you_mean(schema, known)}"
    return BadInput("unsupported-kind", detail, at="schema", value=schema)


def _code(text: str) -> str:
    """Return the code of a country; a text that means none stays, and the check says what is wrong with it."""
    try:
        return country_code(text)
    except ValueError:
        return text


def _person(described: _Described) -> Iterable[Question]:
    """Ask for each name with each birth date and all else that is known, and for each document.

    A dataset that knows documents alone is asked for those.
    """
    names = _full_names(described)
    born = [(text.partition("T")[0], name) for text, name in described.texts("birthDate")]
    numbers = described.texts("passportNumber", "idNumber")
    beside, places = _beside_name(described, numbers[:MAX_DOCUMENTS])
    for (name, place), (birth, _) in product(names, born or _NOT_SAID):
        asked = {"name": name} | ({"born": birth} if birth else {}) | beside
        yield Question({"person": asked}, {"name": place} | places)
    yield from _documents(numbers)


def _beside_name(described: _Described, numbers: Sequence[tuple[str, str]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is known of a person beside name and birth date, and which property each field came from."""
    nations = described.countries("nationality", "citizenship") or described.countries("country")
    towns = "; ".join(text for text, _ in described.texts("birthPlace"))
    known = {
        "sex": _sex(described), "nationality": [code for code, _ in nations],
        "place_of_birth": towns[:MAX_PLACE], "documents": [{"number": text} for text, _ in numbers],
    }  # fmt: skip
    places = {
        "born": "birthDate", "nationality": nations[0][1] if nations else "nationality",
        "place_of_birth": "birthPlace", "documents": numbers[0][1] if numbers else "",
    }  # fmt: skip
    return {field: value for field, value in known.items() if value}, places


def _full_names(described: _Described) -> list[tuple[str, str]]:
    """Return the names, and one made of its parts where no name has them all."""
    names = described.texts(*_NAMES)
    before = [text for name in _FIRST for text, _ in described.texts(name)[:1]]
    for last, _ in described.texts("lastName") or [("", "")]:
        parts = [*before, *filter(None, [last])]
        words = {word for part in parts for word in part.casefold().split()}
        if words and not any(words <= set(name.casefold().split()) for name, _ in names):
            names.append((" ".join(parts), "lastName" if last else "firstName"))
    return names


def _sex(described: _Described) -> str:
    said = {text.lower() for text, _ in described.texts("gender")}
    for text in said - _SEXES.keys():
        raise BadInput("unknown-sex", "A gender is female, male or other.", at="properties.gender", value=text)
    return _SEXES[said.pop()] if len(said) == 1 else ""


def _documents(numbers: Iterable[tuple[str, str]], issuer: str = "") -> Iterable[Question]:
    for text, name in numbers:
        asked = {"number": text, "issuer": issuer} if issuer else {"number": text}
        yield Question({"document": asked}, {"number": name, "issuer": "country"})


def _organisation(described: _Described) -> Iterable[Question]:
    countries = described.countries("jurisdiction", "country", "mainCountry")
    for (name, place), country in product(described.texts(*_NAMES), countries or _NOT_SAID):
        asked = {"name": name, "country": country[0]} if country[0] else {"name": name}
        yield Question({"organisation": asked}, {"name": place, "country": country[1]})


def _legal_entity(described: _Described) -> Iterable[Question]:
    """Ask for what may be either: a person, and an organisation."""
    yield from _person(described)
    yield from _organisation(described)


def _identification(described: _Described) -> Iterable[Question]:
    issuers = [code for code, _ in described.countries("country")] or [""]
    for issuer in issuers:
        yield from _documents(described.texts("number", "passportNumber"), issuer)


def _vessel(described: _Described) -> Iterable[Question]:
    flags = described.countries("flag") or described.countries("country")
    columns = (described.texts(*_NAMES), described.texts("imoNumber"), described.texts("mmsi"))
    for name, imo, mmsi in zip_longest(*columns):
        said = {"name": name, "imo": imo, "mmsi": mmsi, "flag": flags[0] if flags and name else None}
        yield Question(
            {"vessel": {field: value[0] for field, value in said.items() if value}},
            {field: value[1] for field, value in said.items() if value},
        )


def _vehicle(described: _Described) -> Iterable[Question]:
    countries = [code for code, _ in described.countries("country")]
    for text, name in described.texts("vin", "registrationNumber"):
        if name == "vin" or _VIN.fullmatch(re.sub(r"[\s-]", "", text).upper()):
            yield Question({"vehicle": {"vin": text}}, {"vin": name})
        else:
            for country in countries or [""]:
                asked = {"plate": text, "country": country} if country else {"plate": text}
                yield Question({"vehicle": asked}, {"plate": name, "country": "country"})


_READERS: dict[str, Callable[[_Described], Iterable[Question]]] = {
    "Person": _person,
    "LegalEntity": _legal_entity,
    "Organization": _organisation,
    "Company": _organisation,
    "PublicBody": _organisation,
    "Identification": _identification,
    "Passport": _identification,
    "Vessel": _vessel,
    "Vehicle": _vehicle,
}
_WANTED = {
    "Person": "give a name (name, alias, or firstName and lastName), a passportNumber or an idNumber",
    "LegalEntity": "give a name or an idNumber",
    **dict.fromkeys(("Organization", "Company", "PublicBody"), "give a name"),
    **dict.fromkeys(("Identification", "Passport"), "give a number"),
    "Vessel": "give an imoNumber, an mmsi or a name",
    "Vehicle": "give a registrationNumber (a plate, or a VIN)",
}
