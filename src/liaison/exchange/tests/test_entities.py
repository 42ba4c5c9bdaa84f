"""What a match and a record say in the words of FollowTheMoney."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import pytest

from liaison.access.rules import Facts
from liaison.checks.answer import Match
from liaison.engine.types import Term
from liaison.exchange.entities import FEATURES, entity_of_match, entity_of_record, schema_of
from liaison.exchange.followthemoney import PROPERTIES
from liaison.records.databases import database_named
from liaison.records.storage import Stored
from liaison.web.words import TERMS
from tests.cast import a_passport, a_person, a_vehicle

PERSON = a_person(
    "Oksana Tverdokhlib", born=["1984"], sex="F", nationalities=["UA"], places_of_birth=["Lviv"], addresses=["Quay 1"],
    purpose=["arrest"], warning_markers=["armed", "terrorism_related"], action_to_be_taken="Detain", event="Theft",
    special_conditions="Ask first", description="Tall", relevance="Seen at the quay",
    names=[
        {"full": "Oksana Tverdokhlib", "kind": "primary",
         "parts": [{"role": "given", "text": "Oksana"}, {"role": "family", "text": "Tverdokhlib"}]},
        {"full": "Ksenia", "kind": "weak_alias"},
    ],
    documents=[{"number": "ZZ1"}, {"number": "ZZ2", "type": "identity_card"}],
)  # fmt: skip
SHIP = {"source_reference": "S", "purpose": ["locate"], "name": "Ocean Zebra", "imo": "9074729", "flag": "PA"}


def a_match(database: str = "nominal", *terms: Term, **more: Any) -> Match:
    return Match("0000-0000-0000-0001", database, "NCB Nairobi", "KE-1", "A B", 0.9, "strong", terms, **more)


def said_of(database: str, row: Mapping[str, object]) -> dict[str, Any]:
    """Return a record as an entity, after seeing that FollowTheMoney has each of its properties."""
    fields = msgspec.convert(dict(row), database_named(database).record)
    day = date(2026, 1, 31)
    stored = Stored(1, "0000-0000-0000-0001", database, 2, "KE-1", 1, "active", day, day, fields, Facts(database, 2))
    entity = entity_of_record(stored, fields, "NCB Nairobi")
    assert entity["properties"].keys() <= PROPERTIES[entity["schema"]]
    return entity


@pytest.mark.parametrize(
    ("database", "kind", "schema"),
    [
        ("nominal", "person", "Person"),
        ("nominal", "organisation", "Organization"),
        ("nominal", "document", "LegalEntity"),
        ("travel_documents", "document", "Identification"),
        ("travel_documents", "mrz", "Identification"),
        ("vehicles", "vehicle", "Vehicle"),
        ("vessels", "vessel", "Vessel"),
    ],
)
def test_a_match_is_of_the_schema_that_the_check_knows(database: str, kind: str, schema: str) -> None:
    entity = entity_of_match(a_match(database), kind, is_match=True)

    assert (schema_of(a_match(database), kind), entity["schema"]) == (schema, schema)
    assert entity["properties"].keys() <= PROPERTIES[schema]


@pytest.mark.parametrize(
    ("database", "kind", "term", "told"),
    [
        ("nominal", "person", Term("birth_date", "same", "1984", "1984-02", 5.0), {"birthDate": ["1984-02"]}),
        ("nominal", "person", Term("sex", "same", "F", "F", 1.0), {"gender": ["female"]}),
        ("nominal", "person", Term("sex", "different", "F", "U", -1.0), {}),
        ("nominal", "person", Term("nationality", "same", "PL", "PL UA", 3.0), {"nationality": ["pl", "ua"]}),
        ("nominal", "document", Term("document", "same", "*/ZZ1", "*/ZZ1", 30.0), {"idNumber": ["ZZ1"]}),
        ("nominal", "person", Term("document", "different", "KE/ZZ1", "*/ZZ2; KE/ZZ3", -0.7),
         {"country": ["ke"], "idNumber": ["ZZ2", "ZZ3"]}),
        ("nominal", "person", Term("place_of_birth", "different", "Lviv", "Perm; Kisumu", -1.5),
         {"birthPlace": ["Perm", "Kisumu"]}),
        ("travel_documents", "document", Term("document", "same", "KE/ZZ1", "KE/ZZ1", 30.0),
         {"country": ["ke"], "number": ["ZZ1"]}),
        ("vessels", "vessel", Term("imo", "same", "9074729", "9074729", 30.0), {"imoNumber": ["9074729"]}),
        ("vehicles", "vehicle", Term("plate", "same", "?/ZZ12", "?/ZZ12", 30.0), {"registrationNumber": ["ZZ12"]}),
    ],
)  # fmt: skip
def test_what_was_compared_is_told_and_nothing_more(
    database: str, kind: str, term: Term, told: dict[str, list[str]]
) -> None:
    properties = entity_of_match(a_match(database, term), kind, is_match=True)["properties"]

    assert {name: properties[name] for name in properties.keys() - {"name", "publisher"}} == told


def test_the_features_of_a_match_add_up_to_its_odds_and_say_why() -> None:
    terms = (
        Term("prior", "base_rate", "", "", -20.0),
        Term("name_part", "same", "oksana", "oksana", 10.5),
        Term("name_part", "similar", "tverdohlib", "tverdokhlib", 12.0),
    )

    entity = entity_of_match(a_match("nominal", *terms), "person", is_match=False)

    assert entity["features"] == {"prior": -20.0, "name_part": 22.5}
    assert entity["explanations"]["name_part"] == {
        "score": 22.5, "query": "oksana tverdohlib", "candidate": "oksana tverdokhlib", "weight": 1.0,
        "detail": "oksana: same (+10.5 bits); tverdohlib / tverdokhlib: similar (+12.0 bits)",
    }  # fmt: skip
    assert entity["explanations"]["prior"]["detail"] == "base rate (-20.0 bits)"


def test_every_reason_is_described() -> None:
    assert TERMS.keys() <= FEATURES.keys()


def test_what_to_do_stands_where_a_client_sees_it() -> None:
    match = a_match(action_to_be_taken="Detain", warning_markers=("armed", "terrorism_related"))

    entity = entity_of_match(match, "person", is_match=True)

    assert entity["properties"]["notes"] == ["Action to be taken: Detain", "Warning: armed, terrorism related"]
    assert entity["properties"]["topics"] == ["crime.terror"]
    assert entity["liaison"] is match


def test_a_person_in_full_says_all_that_the_words_hold() -> None:
    entity = said_of("nominal", PERSON)

    assert (entity["schema"], entity["caption"], entity["first_seen"]) == (
        "Person", "Oksana Tverdokhlib", date(2026, 1, 31),
    )  # fmt: skip
    assert entity["properties"] == {
        "name": ["Oksana Tverdokhlib"], "weakAlias": ["Ksenia"], "firstName": ["Oksana"], "lastName": ["Tverdokhlib"],
        "passportNumber": ["ZZ1"], "idNumber": ["ZZ2"], "address": ["Quay 1"], "description": ["Tall"],
        "nationality": ["ua"], "birthDate": ["1984"], "birthPlace": ["Lviv"], "gender": ["female"],
        "topics": ["crime", "wanted", "crime.terror"], "publisher": ["NCB Nairobi"],
        "notes": [
            "Action to be taken: Detain", "Warning: armed, terrorism related", "Special conditions of use: Ask first",
            "Status: suspect", "Event: Theft", "Relevance: Seen at the quay", "Recorded for: arrest",
        ],
    }  # fmt: skip


def test_an_organisation_has_a_country_and_no_birth() -> None:
    row = {"source_reference": "O", "purpose": ["information"], "kind": "organisation", "nationalities": ["KE"],
           "names": [{"full": "Zzyzx Trading"}]}  # fmt: skip

    entity = said_of("nominal", row)

    assert (entity["schema"], entity["properties"]["country"]) == ("Organization", ["ke"])


def test_documents_vehicles_and_vessels_in_full() -> None:
    passport = said_of("travel_documents", a_passport("ZZ1", "KE", holder_name="A B", holder_born="1984"))
    card = said_of("travel_documents", a_passport("ZZ1", "KE", type="identity_card", holder_born="1984"))
    car = said_of("vehicles", a_vehicle("WZZZZZ9ZZZZ000001", plate="ZZ 12", make="Fiat", year=1999,
                                        plate_country="KE", stolen_on="2026-01-02"))  # fmt: skip
    ship = said_of("vessels", SHIP)

    assert (passport["schema"], passport["properties"]["birthDate"]) == ("Passport", ["1984"])
    assert passport["properties"]["description"][0] == "Reason: stolen"
    assert (card["schema"], card["properties"]["type"]) == ("Identification", ["identity card"])
    assert car["properties"]["registrationNumber"] == ["ZZ 12", "WZZZZZ9ZZZZ000001"]
    assert car["properties"]["notes"][0] == "Stolen on 2026-01-02"
    assert ship["properties"]["imoNumber"] == ["9074729"]
