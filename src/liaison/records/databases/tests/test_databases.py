"""What each database takes, refuses, files and shows; and what all of them share."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.engine.types import Subject
from liaison.errors import BadInput, Problem
from liaison.records.databases import all_databases, database_named
from liaison.records.databases.base import RecordFields
from liaison.records.databases.rows import Row
from liaison.records.identifiers import Key

COMMON: Row = {"source_reference": "R-1", "purpose": ["warn"]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted(
    {
        name
        for database in all_databases().values()
        for name in (*database.columns, *(field.name for field in msgspec.structs.fields(database.record)))
    }
)


def record_of(database: str, row: Row) -> RecordFields:
    declared = all_databases()[database]
    return msgspec.convert(declared.normalise(COMMON | row), declared.record)


def fields_of(database: str, row: Row) -> Row:
    """Return the record as JSON has it, without what every record carries."""
    shown: Row = msgspec.to_builtins(record_of(database, row))
    return {field: value for field, value in shown.items() if field not in COMMON}


def problems_of(database: str, row: Row) -> list[Problem]:
    return list(all_databases()[database].validate(record_of(database, row)))


def keys_of(database: str, row: Row) -> list[Key]:
    return list(all_databases()[database].exact_keys(record_of(database, row)))


def subject_of(database: str, row: Row) -> Subject | None:
    return all_databases()[database].subject(record_of(database, row))


def headline_of(database: str, row: Row) -> str:
    return all_databases()[database].headline(record_of(database, row))


PERSON: Row = {"names": [{"full": "Amina Wanjiru Otieno", "kind": "primary"}], "status": "suspect"}
DOCUMENT: Row = {"number": "AB 123456", "issuer": "KE", "reason": "stolen"}


# Nominal


def test_the_flat_header_of_a_csv_file_makes_a_whole_person() -> None:
    row: Row = {
        "full_name": "Amina Wanjiru Otieno",
        "first_name": "Amina",
        "middle_name": "Wanjiru",
        "last_name": "Otieno",
        "aliases": "Mina; أمينة أوتينو",
        "date_of_birth": "1984-2-9",
        "nationality": "Kenya;POLAND",
        "gender": "female",
        "place_of_birth": "Kisumu",
        "document_number": "AB 123456",
        "document_issuer": "Kenya",
        "document_type": "Identity card",
        "purpose": "arrest; locate",
        "status": "Suspect",
        "warning_markers": "armed",
        "restricted_against": "Panama",
        "expires_on": "2030-1-2",
        "event": "",
    }

    assert fields_of("nominal", row) == {
        "names": [
            {
                "full": "Amina Wanjiru Otieno",
                "kind": "primary",
                "parts": [
                    {"role": "given", "text": "Amina"},
                    {"role": "middle", "text": "Wanjiru"},
                    {"role": "family", "text": "Otieno"},
                ],
            },
            {"full": "Mina"},
            {"full": "أمينة أوتينو"},
        ],
        "born": ["1984-02-09"],
        "sex": "F",
        "nationalities": ["KE", "PL"],
        "places_of_birth": ["Kisumu"],
        "documents": [{"number": "AB 123456", "issuer": "KE", "type": "identity_card"}],
        "status": "suspect",
        "warning_markers": ["armed"],
        "restricted_against": ["PA"],
        "expires_on": "2030-01-02",
    }


def test_the_parts_of_a_name_make_a_full_name_that_is_missing() -> None:
    row: Row = {"first_name": "Amina", "last_name": "Otieno", "full_name": " "}

    assert headline_of("nominal", row) == "Amina Otieno"


def test_a_nested_row_keeps_its_shape() -> None:
    nested: Row = {
        "names": [{"full": "Amina Otieno", "kind": "primary"}, {"full": "أمينة", "kind": "original_script"}],
        "born": ["1984"],
        "sex": "F",
        "nationalities": ["KE"],
        "documents": [{"number": "AB-1", "issuer": "KE", "note": "seen in 2020"}],
        "status": "missing",
    }

    assert fields_of("nominal", nested) == nested


def test_a_document_may_be_issued_by_an_organisation_and_by_a_country_in_words() -> None:
    row = PERSON | {"documents": [{"number": "1", "issuer": "UN"}, {"number": "2", "issuer": "Kenya"}]}

    assert fields_of("nominal", row)["documents"] == [{"number": "1", "issuer": "UN"}, {"number": "2", "issuer": "KE"}]


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ({}, [("missing-field", "names")]),
        ({"aliases": "Mina"}, [("missing-field", "full_name")]),
        ({"full_name": "A", "aliases": 5}, [("missing-field", "full_name")]),
        ({"full_name": "A", "names": [{"full": "B"}]}, [("conflicting-fields", "full_name")]),
        ({"full_name": "A", "gender": "F", "sex": "M"}, [("conflicting-fields", "gender")]),
        ({"full_name": "A", "document_issuer": "KE"}, [("missing-field", "document_number")]),
        (
            PERSON | {"document_number": "1", "documents": [{"number": "2"}]},
            [("conflicting-fields", "document_number")],
        ),
        (PERSON | {"documents": [{"number": "2", "issuer": "Atlantis"}]}, [("unknown-country", "documents[0].issuer")]),
        (
            {"full_name": "A", "date_of_birth": "1984-02-30", "nationality": "Kenya;Atlantis", "gender": "tall"},
            [("impossible-date", "born[0]"), ("unknown-country", "nationalities[1]"), ("unknown-sex", "sex")],
        ),
    ],
)
def test_every_problem_of_a_person_row_is_named_at_once(row: Row, problems: list[tuple[str, str]]) -> None:
    with pytest.raises(BadInput) as refusal:
        record_of("nominal", row)

    assert [(problem.code, problem.at) for problem in refusal.value.problems] == problems


def test_a_document_of_another_shape_is_left_to_the_types() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"Expected `object`, got `str` - at `\$.documents\[0\]`"):
        record_of("nominal", PERSON | {"documents": ["AB 1"]})


def test_a_person_needs_a_status_and_an_organisation_does_not() -> None:
    names: Row = {"names": [{"full": "Kisumu Trading"}]}

    assert [(p.code, p.at) for p in problems_of("nominal", names)] == [("missing-field", "status")]
    assert "`--status`" in problems_of("nominal", names)[0].detail
    assert problems_of("nominal", names | {"kind": "organisation"}) == []


@pytest.mark.parametrize("status", ["victim", "witness"])
def test_no_arrest_is_asked_of_a_victim_or_a_witness(status: str) -> None:
    row = PERSON | {"status": status}

    assert [(p.code, p.at) for p in problems_of("nominal", row | {"purpose": ["arrest"]})] == [
        ("rule-rpd-40", "purpose")
    ]
    assert problems_of("nominal", row | {"purpose": ["locate"]}) == []


def test_a_name_of_punctuation_and_a_document_without_a_number_are_refused() -> None:
    row = PERSON | {"names": [{"full": "..."}], "documents": [{"number": "--"}]}

    assert [(p.code, p.at) for p in problems_of("nominal", row)] == [
        ("empty-name", "names[0].full"),
        ("bad-identifier", "documents[0].number"),
    ]


def test_a_document_number_that_is_not_what_it_looks_like_is_refused() -> None:
    row = PERSON | {"documents": [{"number": "AB\u202e123"}]}

    assert problems_of("nominal", row)[0].code == "bad-identifier"


def test_a_person_is_found_by_documents_and_by_what_the_search_knows() -> None:
    documents = {"documents": [{"number": "ab 1"}], "places_of_birth": ["Kisumu"]}
    row = PERSON | {"born": ["1984"], "sex": "F", "nationalities": ["KE"]} | documents

    assert keys_of("nominal", row) == [Key("document", "?/AB1"), Key("document", "*/AB1")]
    assert subject_of("nominal", row) == Subject(
        ("Amina Wanjiru Otieno",), ("1984",), "F", ("KE",), "person", ("Kisumu",), ("?/AB1",)
    )


# Travel documents


def test_a_stolen_document_is_filed_under_its_number() -> None:
    row: Row = {"document_number": "AB 123456", "issuer": "Kenya", "reason": "Stolen blank", "reported_on": "2024-1-2"}

    assert fields_of("travel_documents", row) == {
        "number": "AB 123456",
        "issuer": "KE",
        "reason": "stolen_blank",
        "reported_on": "2024-01-02",
    }
    assert keys_of("travel_documents", row) == [Key("document", "KE/AB123456"), Key("document", "*/AB123456")]
    assert headline_of("travel_documents", row) == "Passport AB 123456 (KE)"


def test_only_the_issuing_country_feeds_a_document() -> None:
    database = database_named("travel_documents")
    record = record_of("travel_documents", DOCUMENT)

    refusal = database.may_feed(record, "PL")

    assert database.may_feed(record, "KE") is None
    assert refusal is not None
    assert (refusal.code, refusal.at, refusal.value) == ("not-the-issuer", "issuer", "KE")
    assert "this one is of Kenya" in refusal.detail


def test_the_holder_of_a_stolen_document_is_not_found_by_name() -> None:
    row = DOCUMENT | {"holder_name": "Amina Otieno", "holder_born": "1984"}

    assert subject_of("travel_documents", row) is None
    assert problems_of("travel_documents", row) == []


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        ({"number": "**"}, "bad-identifier", "number"),
        ({"issuer": "Atlantis"}, "unknown-country", "issuer"),
        ({"holder_born": "1984-13"}, "impossible-date", "holder_born"),
    ],
)
def test_a_document_that_cannot_be_is_refused(change: Row, code: str, at: str) -> None:
    with pytest.raises(BadInput) as refusal:
        record_of("travel_documents", DOCUMENT | change)

    assert [(problem.code, problem.at) for problem in refusal.value.problems] == [(code, at)]


# Vehicles


def test_a_vehicle_of_a_csv_row_is_filed_under_vin_and_plate() -> None:
    row: Row = {
        "vin": "1m8-gdm9a xkp042788",
        "plate": "wa 12345",
        "country": "Poland",
        "make": "MCI",
        "color": "blue",
        "year": "1989",
        "category": "Bus",
        "stolen_on": "2024-3-1",
    }

    assert fields_of("vehicles", row) == {
        "vin": "1M8GDM9AXKP042788",
        "plate": "wa 12345",
        "plate_country": "PL",
        "make": "MCI",
        "colour": "blue",
        "year": 1989,
        "category": "bus",
        "stolen_on": "2024-03-01",
    }
    assert keys_of("vehicles", row) == [
        Key("vin", "1M8GDM9AXKP042788"),
        Key("plate", "PL/WA12345"),
        Key("plate", "*/WA12345"),
    ]
    assert headline_of("vehicles", row) == "blue MCI, wa 12345 (PL), VIN 1M8GDM9AXKP042788"
    assert subject_of("vehicles", row) is None


def test_a_vehicle_needs_a_vin_or_a_plate() -> None:
    assert [(p.code, p.at) for p in problems_of("vehicles", {"make": "MCI"})] == [("missing-field", "vin")]
    assert problems_of("vehicles", {"plate": "WA 1"}) == []
    assert keys_of("vehicles", {"vin": "AB12345"}) == [Key("vin", "AB12345")]
    assert keys_of("vehicles", {"plate": "WA 1"}) == [Key("plate", "?/WA1"), Key("plate", "*/WA1")]
    assert headline_of("vehicles", {"plate": "WA 1"}) == "WA 1"


def test_a_check_digit_is_asked_where_it_applies() -> None:
    assert [(p.code, p.at) for p in problems_of("vehicles", {"vin": "1M8GDM9A1KP042788"})] == [
        ("bad-check-digit", "vin")
    ]
    assert problems_of("vehicles", {"vin": "WVWZZZ1JZXW000001"}) == []


def test_a_vehicle_row_names_every_problem_at_once() -> None:
    with pytest.raises(BadInput) as refusal:
        record_of("vehicles", {"vin": "123", "plate": "!", "plate_country": "Atlantis", "stolen_on": "2024-02-30"})

    assert [(problem.code, problem.at) for problem in refusal.value.problems] == [
        ("bad-identifier", "vin"),
        ("bad-identifier", "plate"),
        ("unknown-country", "plate_country"),
        ("impossible-date", "stolen_on"),
    ]


# Vessels


def test_a_vessel_is_filed_under_its_numbers_and_searched_by_its_names() -> None:
    row: Row = {"imo": "IMO 9074729", "mmsi": "232001000", "name": "Sea Bird", "aliases": "Sea Gull", "flag": "Panama"}

    assert keys_of("vessels", row) == [Key("imo", "9074729"), Key("mmsi", "232001000")]
    assert subject_of("vessels", row) == Subject(("Sea Bird", "Sea Gull"), nationalities=("PA",), kind="vessel")
    assert headline_of("vessels", row) == "Sea Bird, IMO 9074729, MMSI 232001000 (PA)"
    assert problems_of("vessels", row) == []


def test_a_vessel_may_be_known_by_one_thing_only() -> None:
    assert subject_of("vessels", {"imo": "9074729"}) is None
    assert keys_of("vessels", {"name": "Sea Bird"}) == []
    assert subject_of("vessels", {"name": "Sea Bird"}) == Subject(("Sea Bird",), kind="vessel")


def test_a_vessel_that_nothing_could_find_is_refused() -> None:
    assert [(p.code, p.at) for p in problems_of("vessels", {"type": "tanker"})] == [("missing-field", "imo")]
    assert [(p.code, p.at) for p in problems_of("vessels", {"name": "--", "aliases": ["A", "!"]})] == [
        ("empty-name", "name"),
        ("empty-name", "aliases[1]"),
    ]


def test_a_wrong_imo_number_is_refused() -> None:
    with pytest.raises(BadInput) as refusal:
        record_of("vessels", {"imo": "9074728"})

    assert [(problem.code, problem.at) for problem in refusal.value.problems] == [("bad-check-digit", "imo")]


# All of them


def test_the_databases_of_this_house_are_found_by_their_files() -> None:
    assert list(all_databases()) == ["nominal", "travel_documents", "vehicles", "vessels"]


def test_an_unknown_database_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(BadInput, match=r"There is no database 'vehicels'\. Did you mean 'vehicles'"):
        database_named("vehicels")


@pytest.mark.parametrize(
    ("database", "row"), [("nominal", PERSON), ("vehicles", {"plate": "1"}), ("vessels", {"name": "A"})]
)
def test_any_bureau_feeds_what_its_country_knows(database: str, row: Row) -> None:
    assert database_named(database).may_feed(record_of(database, row), "PL") is None


@pytest.mark.parametrize(
    ("database", "row"),
    [("nominal", PERSON), ("travel_documents", DOCUMENT), ("vehicles", {"plate": "1"}), ("vessels", {"name": "A"})],
)
def test_an_unknown_field_is_refused(database: str, row: Row) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `shoe_size`"):
        record_of(database, row | {"shoe_size": 43})


@pytest.mark.parametrize("database", list(all_databases()))
@given(row=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8))
def test_any_row_becomes_a_record_or_is_refused(database: str, row: Row) -> None:
    declared = all_databases()[database]
    try:
        record = msgspec.convert(declared.normalise(row), declared.record)
    except (BadInput, msgspec.ValidationError):
        return
    problems = list(declared.validate(record))
    assert problems or declared.headline(record)
