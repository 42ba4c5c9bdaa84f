"""Turning a question into what the engine looks for, and refusing what is impossible, with its place."""

import json
from datetime import date
from typing import Any

import pytest

from liaison.checks.plan import NO_PLACE, Plan, plan_request
from liaison.checks.request import read_request, request_from
from liaison.errors import BadInput

TODAY = date(2026, 3, 10)
MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def plans(*queries: dict[str, Any]) -> list[Plan]:
    asked = [{"id": f"q{place}"} | query for place, query in enumerate(queries)]
    return plan_request(request_from({"purpose": "border", "reference": "R/1", "queries": asked}), TODAY)


def keys(query: dict[str, Any]) -> list[str]:
    return [f"{key.kind}:{key.text}" for key in plans(query)[0].keys]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"document": {"number": "ab 12-3"}}, ["document:*/AB123"]),
        ({"document": {"number": "AB123", "issuer": "PL"}}, ["document:PL/AB123", "document:?/AB123"]),
        ({"vehicle": {"vin": "wzzzzz9zzzz000001"}}, ["vin:WZZZZZ9ZZZZ000001"]),
        ({"vehicle": {"plate": "wa 12345"}}, ["plate:*/WA12345"]),
        ({"vehicle": {"plate": "WA12345", "country": "PL"}}, ["plate:PL/WA12345", "plate:?/WA12345"]),
        ({"vessel": {"imo": "IMO 9074729"}}, ["imo:9074729"]),
        ({"vessel": {"mmsi": "232001000"}}, ["mmsi:232001000"]),
        ({"mrz": MRZ}, ["document:*/L898902C3"]),
        ({"person": {"name": "Anna Eriksson"}}, []),
    ],
)
def test_an_identifier_is_looked_up_under_every_key_that_can_hold_an_answer(
    query: dict[str, Any], wanted: list[str]
) -> None:
    assert keys(query) == wanted


def test_a_person_is_searched_by_all_that_is_said() -> None:
    [plan] = plans({"person": {"name": "Łucja Żak", "born": "1984-02", "sex": "F", "nationality": ["PL", "UA"]}})

    assert plan.subject is not None
    assert (plan.subject.names, plan.subject.born) == (("Łucja Żak",), ("1984-02",))
    assert (plan.subject.sex, plan.subject.nationalities) == ("F", ("PL", "UA"))
    assert plan.kinds == ("person",)


def test_a_person_is_searched_by_place_and_documents_too() -> None:
    documents = [{"number": "ab 1", "issuer": "PL"}, {"number": "X9"}]
    [plan] = plans({"person": {"name": "Łucja Żak", "place_of_birth": "Rzeszów", "documents": documents}})

    assert plan.subject is not None
    assert (plan.subject.places, plan.subject.documents) == (("Rzeszów",), ("PL/AB1", "*/X9"))
    assert [key.text for key in plan.keys] == ["PL/AB1", "?/AB1", "*/X9"]
    assert plan.kinds == ("document", "person")
    assert plan.notes == ()


def test_of_a_place_that_is_a_country_it_is_said_that_it_was_not_compared() -> None:
    [plan] = plans({"person": {"name": "Łucja Żak", "place_of_birth": "Poland"}})

    assert plan.notes == (NO_PLACE,)


@pytest.mark.parametrize(
    ("query", "script"),
    [
        ({"person": {"name": "สมชาย ใจดี"}}, "Thai"),
        ({"person": {"name": "Anna ქართველი"}}, "Georgian"),
        ({"organisation": {"name": "हरियाली"}}, "Devanagari"),
        ({"vessel": {"name": "Ծով"}}, "Armenian"),
    ],
)
def test_of_a_script_without_spellings_it_is_said_that_it_is_only_transliterated(
    query: dict[str, Any], script: str
) -> None:
    [plan] = plans(query)

    assert [note.partition(",")[0] for note in plan.notes] == [f"The name is in {script} letters"]


@pytest.mark.parametrize(
    "name", ["Łucja Đặng", "Ελένη", "Дарья", "ليلى", "שירה", "王芳", "김지우", "さくら", "ＡＮＮＡ", "Anna 2"]
)
def test_of_a_script_with_spellings_nothing_is_said(name: str) -> None:
    assert plans({"person": {"name": name}})[0].notes == ()


def test_a_machine_readable_zone_asks_for_document_and_holder() -> None:
    [plan] = plans({"mrz": MRZ})

    assert plan.kinds == ("document", "person")
    assert plan.subject is not None
    assert (plan.subject.names, plan.subject.born) == (("ANNA MARIA ERIKSSON",), ("1974-08-12",))


def test_a_zone_whose_number_was_repaired_is_looked_up_as_read_too_and_says_so() -> None:
    [plan] = plans({"mrz": MRZ.replace("7408122", "74O8122")})

    assert plan.subject is not None
    assert plan.subject.born == ("1974-08-12",)
    assert len(plan.notes) == 1


def test_a_zone_without_a_holder_asks_for_the_document_only() -> None:
    [plan] = plans({"mrz": MRZ.replace("ERIKSSON<<ANNA<MARIA", "<" * 20)})

    assert plan.subject is None
    assert len(plan.keys) == 1


def test_a_false_vin_is_looked_up_and_the_doubt_is_told() -> None:
    [plan] = plans({"vehicle": {"vin": "1M8GDM9A1KP042788"}})

    assert [key.text for key in plan.keys] == ["1M8GDM9A1KP042788"]
    assert "check digit" in plan.notes[0]


def test_a_part_of_a_number_is_searched_and_not_looked_up() -> None:
    [plan] = plans({"vehicle": {"vin": "wzz*01", "plate": "wx ?23*", "country": "PL"}})

    assert [(one.kind, one.text, one.country) for one in plan.patterns] == [
        ("vin", "WZZ*01", None),
        ("plate", "WX?23*", "PL"),
    ]
    assert (plan.keys, plan.needs_search) == ((), True)


def test_a_vessel_is_searched_by_its_name_and_flag() -> None:
    [plan] = plans({"vessel": {"name": "Blue Heron", "flag": "GR"}})

    assert plan.subject is not None
    assert (plan.subject.kind, plan.subject.nationalities) == ("vessel", ("GR",))


def test_joiners_that_a_spelling_needs_are_kept() -> None:
    [plan] = plans({"person": {"name": "علی\u200cرضا"}})

    assert plan.subject is not None
    assert plan.subject.names == ("علی\u200cرضا",)


@pytest.mark.parametrize(
    ("query", "code", "at", "says"),
    [
        ({}, "one-kind", "", "exactly one of person"),
        ({"person": {"name": "A"}, "mrz": "B"}, "one-kind", "", "exactly one"),
        ({"person": {"name": "... !"}}, "empty-name", ".person.name", "no letters"),
        ({"person": {"name": "An\u202ena"}}, "hidden-character", ".person.name", "Character 3 is U\\+202E"),
        ({"person": {"name": "An\u0007na"}}, "hidden-character", ".person.name", "U\\+0007"),
        ({"person": {"name": "A", "born": "1984-02-30"}}, "impossible-date", ".person.born", "calendar"),
        ({"person": {"name": "A", "born": "1984-13"}}, "impossible-date", ".person.born", "calendar"),
        ({"person": {"name": "A", "nationality": ["PL", "POL"]}}, "unknown-country", ".person.nationality[1]", "'PL'"),
        ({"person": {"name": "A", "nationality": ["Polnd"]}}, "unknown-country", ".person.nationality[0]", "Poland"),
        (
            {"person": {"name": "A", "place_of_birth": "Per\u202em"}},
            "hidden-character",
            ".person.place_of_birth",
            "4 is",
        ),
        (
            {"person": {"name": "A", "documents": [{"number": "A1"}, {"number": "-"}]}},
            "bad-identifier",
            ".person.documents[1].number",
            "letter or digit",
        ),
        (
            {"person": {"name": "A", "documents": [{"number": "A1", "issuer": "ZZZ"}]}},
            "unknown-country",
            ".person.documents[0].issuer",
            "ZZZ",
        ),
        ({"document": {"number": "---"}}, "bad-identifier", ".document.number", "letter or digit"),
        ({"document": {"number": "A\u202e1"}}, "bad-identifier", ".document.number", "invisible"),
        ({"document": {"number": "A1", "issuer": "ZZZ"}}, "unknown-country", ".document.issuer", "ZZZ"),
        ({"vehicle": {"vin": "WZZZZZ9ZZZZ00000I"}}, "bad-identifier", ".vehicle.vin", "I, O or Q"),
        ({"vehicle": {"plate": "W1", "country": "Poland"}}, "unknown-country", ".vehicle.country", "Did you mean 'PL'"),
        ({"vehicle": {"plate": "W?*"}}, "too-few-known", ".vehicle.plate", "1 known .* at least 3"),
        ({"vehicle": {"vin": "*12"}}, "too-few-known", ".vehicle.vin", "2 known"),
        ({"vehicle": {"vin": "123?"}}, "bad-identifier", ".vehicle.vin", "stands for 4"),
        ({"vehicle": {"plate": "W#12*"}}, "bad-identifier", ".vehicle.plate", "contains '#'"),
        ({"vehicle": {"vin": "WZZ*", "country": "Poland"}}, "unknown-country", ".vehicle.country", "'PL'"),
        ({"vehicle": {"country": "PL"}}, "missing-field", ".vehicle", "vin or a plate"),
        ({"vessel": {"imo": "9074728"}}, "bad-check-digit", ".vessel.imo", "should be 9"),
        ({"vessel": {"mmsi": "12"}}, "bad-identifier", ".vessel.mmsi", "9 digits"),
        ({"vessel": {"flag": "GR"}}, "missing-field", ".vessel", "imo"),
        ({"vessel": {"name": "?!"}}, "empty-name", ".vessel.name", "no letters"),
        ({"vessel": {"name": "A", "flag": "Grece"}}, "unknown-country", ".vessel.flag", "Grece"),
        ({"mrz": "P<UTO"}, "bad-mrz", ".mrz", "characters"),
    ],
)
def test_what_is_impossible_is_refused_with_its_place_and_what_to_do(
    query: dict[str, Any], code: str, at: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        plans({"person": {"name": "Anna"}}, query)

    assert (refused.value.problems[0].code, refused.value.problems[0].at) == (code, f"queries[1]{at}")


def test_two_queries_of_one_id_are_refused_at_the_second() -> None:
    with pytest.raises(BadInput) as refused:
        plans({"id": "a", "mrz": MRZ}, {"id": "b", "mrz": MRZ}, {"id": "a", "mrz": MRZ})

    problem = refused.value.problems[0]
    assert (problem.code, problem.at, problem.value) == ("duplicate-id", "queries[2].id", "a")


GOOD: dict[str, Any] = {"purpose": "border", "reference": "R/1", "queries": [{"id": "q1", "person": {"name": "Anna"}}]}


def changed(**fields: Any) -> bytes:
    return json.dumps({name: value for name, value in (GOOD | fields).items() if value is not None}).encode()


@pytest.mark.parametrize(
    ("body", "code", "at"),
    [
        (changed(purpose=None), "missing-field", "purpose"),
        (changed(reference=None), "missing-field", "reference"),
        (changed(reference=""), "bad-value", "reference"),
        (changed(reference="x" * 201), "bad-value", "reference"),
        (changed(reference=7), "wrong-type", "reference"),
        (changed(purpose="curiosity"), "unknown-value", "purpose"),
        (changed(queries=[]), "bad-value", "queries"),
        (changed(queries={}), "wrong-type", "queries"),
        (changed(queries=[{"id": str(n), "mrz": "X"} for n in range(1001)]), "bad-value", "queries"),
        (changed(queries=[{"person": {"name": "A"}}]), "missing-field", "queries[0].id"),
        (changed(queries=[{"id": "q", "persn": {"name": "A"}}]), "unknown-field", "queries[0].persn"),
        (changed(queries=[{"id": "q", "person": {"name": "A", "age": 7}}]), "unknown-field", "queries[0].person.age"),
        (changed(queries=[{"id": "q", "person": {"name": ""}}]), "bad-value", "queries[0].person.name"),
        (changed(queries=[{"id": "q", "person": {"name": "A" * 10_000}}]), "bad-value", "queries[0].person.name"),
        (changed(queries=[{"id": "q", "person": {"name": "A", "born": "last"}}]), "bad-value",
         "queries[0].person.born"),
        (changed(hurry=True), "unknown-field", "hurry"),
        (b"[]", "wrong-type", ""),
        (b"", "bad-json", "line 1, column 1"),
        (b'{"purpose": "border", "purpose": "arrest"}', "duplicate-key", "purpose"),
        (b"[" * 200_000, "nested-too-deeply", ""),
        (b"\xff\xfe{}", "wrong-encoding", "byte 1"),
        (b'{"purpose": NaN}', "not-a-number", ""),
        (b'{"reference": "\\ud800"}', "bad-character", ""),
        (b'{"reference": "\\u0000"}', "bad-character", ""),
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused_with_code_and_place(body: bytes, code: str, at: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_request(body)

    assert (refused.value.problems[0].code, refused.value.problems[0].at) == (code, at)
