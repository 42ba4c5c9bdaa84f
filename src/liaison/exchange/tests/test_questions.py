"""What an entity of FollowTheMoney asks: each name, each document, and nothing that was not said."""

from typing import Any

import pytest

from liaison.errors import BadInput, Problem
from liaison.exchange.questions import ask_for, retell


def asked(schema: str, **properties: list[str]) -> list[dict[str, Any]]:
    return [dict(question.query) for question in ask_for("a", schema, properties).questions]


@pytest.mark.parametrize(
    ("schema", "properties", "queries"),
    [
        ("Person", {"name": ["Anna Nowak"]}, [{"person": {"name": "Anna Nowak"}}]),
        ("Person", {"firstName": ["Anna"], "fatherName": ["Ivanovna"], "lastName": ["Nowak"]},
         [{"person": {"name": "Anna Ivanovna Nowak"}}]),
        ("Person", {"name": ["Anna Maria Nowak"], "firstName": ["Anna"], "lastName": ["NOWAK"]},
         [{"person": {"name": "Anna Maria Nowak"}}]),
        ("Person", {"name": ["A"], "alias": ["B", "A", " "]}, [{"person": {"name": "A"}}, {"person": {"name": "B"}}]),
        ("Person", {"firstName": ["Anna"], "lastName": ["Nowak", "Lis"]},
         [{"person": {"name": "Anna Nowak"}}, {"person": {"name": "Anna Lis"}}]),
        ("Person", {"name": ["A"], "birthDate": ["1984-02-03T00:00:00", "1985"]},
         [{"person": {"name": "A", "born": "1984-02-03"}}, {"person": {"name": "A", "born": "1985"}}]),
        ("Person", {"name": ["A"], "nationality": ["pl"], "citizenship": ["Poland", "ke"], "country": ["de"]},
         [{"person": {"name": "A", "nationality": ["PL", "KE"]}}]),
        ("Person", {"name": ["A"], "country": ["gb-sct"], "gender": ["Female"]},
         [{"person": {"name": "A", "sex": "F", "nationality": ["GB"]}}]),
        ("Person", {"passportNumber": ["ZZ1"], "idNumber": ["ZZ2", "ZZ1"]},
         [{"document": {"number": "ZZ1"}}, {"document": {"number": "ZZ2"}}]),
        ("Company", {"name": ["A"], "jurisdiction": ["ke"]}, [{"organisation": {"name": "A", "country": "KE"}}]),
        ("LegalEntity", {"name": ["A"]}, [{"person": {"name": "A"}}, {"organisation": {"name": "A"}}]),
        ("Person", {"name": ["A"], "birthPlace": ["Lviv", "Perm"], "passportNumber": ["ZZ1"], "idNumber": ["ZZ2"]},
         [{"person": {"name": "A", "place_of_birth": "Lviv; Perm", "documents": [{"number": "ZZ1"},
           {"number": "ZZ2"}]}}, {"document": {"number": "ZZ1"}}, {"document": {"number": "ZZ2"}}]),
        ("Passport", {"number": ["ZZ1"], "country": ["ke"]}, [{"document": {"number": "ZZ1", "issuer": "KE"}}]),
        ("Vessel", {"name": ["A"], "imoNumber": ["9074729"], "mmsi": ["232001000", "232001001"], "flag": ["pa"]},
         [{"vessel": {"name": "A", "imo": "9074729", "mmsi": "232001000", "flag": "PA"}},
          {"vessel": {"mmsi": "232001001"}}]),
        ("Vehicle", {"registrationNumber": ["ZZ 12", "1M8GDM9AXKP042788"], "country": ["ke"]},
         [{"vehicle": {"plate": "ZZ 12", "country": "KE"}}, {"vehicle": {"vin": "1M8GDM9AXKP042788"}}]),
        ("Vehicle", {"vin": ["ABC123"]}, [{"vehicle": {"vin": "ABC123"}}]),
    ],
)  # fmt: skip
def test_an_entity_is_asked_as_what_it_says(
    schema: str, properties: dict[str, list[str]], queries: list[dict[str, Any]]
) -> None:
    assert asked(schema, **properties) == queries


def test_two_genders_are_none() -> None:
    assert asked("Person", name=["A"], gender=["male", "female"]) == [{"person": {"name": "A"}}]


def test_what_makes_no_difference_is_told() -> None:
    properties = {"name": ["A"], "email": ["a@liaison.example"], "address": ["Quay 1"], "nationality": ["suhh"]}

    assert ask_for("a", "LegalEntity", {"name": ["A"], "phone": ["1"]}).unused == ("phone",)
    assert ask_for("a", "Person", properties).unused == ("address", "email", "nationality: suhh")


@pytest.mark.parametrize(
    ("schema", "properties", "code", "at", "said"),
    [
        ("Persn", {}, "unsupported-kind", "schema", "Did you mean 'Person'"),
        ("Airplane", {}, "unsupported-kind", "schema", "no database of Airplane, so nothing was checked"),
        ("Person", {"birth_date": ["1984"]}, "unknown-field", "properties.birth_date", "Did you mean 'birthDate'"),
        ("Person", {"name": ["A"], "gender": ["7"]}, "unknown-sex", "properties.gender", "female, male or other"),
        ("Person", {"birthDate": ["1984"]}, "missing-field", "properties", "firstName and lastName"),
        ("Vehicle", {"model": ["Fiat"]}, "missing-field", "properties", "give a registrationNumber"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    schema: str, properties: dict[str, list[str]], code: str, at: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        ask_for("a", schema, properties)

    assert [(problem.code, problem.at) for problem in refused.value.problems] == [(code, at)]


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("queries[0].person.name", "queries.a.properties.alias"),
        ("queries[0].person.documents[0].number", "queries.a.properties.idNumber"),
        ("queries[1].document.number", "queries.a.properties.idNumber"),
        ("queries[2].person.nationality[0]", "queries.b.properties.country"),
        ("queries[2].person", "queries.b"),
        ("queries[9].person", "queries[9].person"),
        ("reference", "reference"),
    ],
)
def test_a_problem_of_the_check_is_told_at_the_clients_own_place(at: str, told: str) -> None:
    both = [
        ask_for("a", "Person", {"alias": ["A"], "idNumber": ["1"]}),
        ask_for("b", "Person", {"name": ["B"], "country": ["pl"]}),
    ]

    assert [problem.at for problem in retell([Problem("x", "y", at)], both)] == [told]
