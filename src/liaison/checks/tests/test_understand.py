"""The one box takes what an officer has at hand, and says how it took it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.checks.request import CheckRequest, request_from
from liaison.checks.understand import read_birth_date, understand

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
NUMBER = ["document", "plate"]
NAME = ["name", "organisation_name", "vessel_name"]
BORN = ["name_and_birth"]


def kinds(text: str) -> list[str]:
    return [guess.kind for guess in understand(text).guesses]


def asked(text: str, kind: str) -> list[Any]:
    return [guess.query[kind] for guess in understand(text).guesses if kind in guess.query]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TD3, ["mrz"]),
        (TD3.replace("\n", ""), ["mrz"]),
        (TD3.lower(), ["mrz"]),
        (TD3.replace("<<", "«"), ["mrz"]),
        (TD3.partition("\n")[0], ["mrz"]),
        ("WVWZZZ1JZXW000001", ["vin"]),
        ("wvw-zzz 1jz xw000001", ["vin"]),
        ("wvwzzz 1jzxw 000001", ["vin"]),
        ("AB123456", NUMBER),
        ("WA 123.45", NUMBER),
        ("أ ب ج 1234", ["plate"]),
        ("9ZZL-0000-1234-56", ["document"]),
        ("IMO 9074729", ["imo"]),
        ("imo9074729", ["imo"]),
        ("IMO no. 907 4729", ["imo"]),
        ("رقم IMO ٩٠٧٤٧٢٩", ["imo"]),
        ("mmsi: 232 001 000", ["mmsi"]),
        ("Jan Kowalski", NAME),
        ("محمد العبدالله", NAME),
        ("王伟", NAME),
        ("Kowalski 3", NAME),
        ("DEMO 000001", [*NUMBER, *NAME]),
        ("<script>alert(1)</script>", NAME),
        ("!!!", NAME),
    ],
)
def test_a_text_is_taken_for_what_it_looks_like(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_a_number_that_may_stand_on_a_document_or_a_plate_is_asked_as_both() -> None:
    queries = [guess.query for guess in understand(" WA 12345 ").guesses]

    assert queries == [{"document": {"number": "WA 12345"}}, {"vehicle": {"plate": "WA 12345"}}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9074729", [*NUMBER, "imo"]),
        ("٩٠٧٤٧٢٩", [*NUMBER, "imo"]),
        ("9074728", NUMBER),
        ("232001000", [*NUMBER, "mmsi"]),
        ("232 001 000", [*NUMBER, "mmsi"]),
    ],
)
def test_digits_alone_are_a_vessels_too_where_their_count_and_check_digit_allow_it(
    text: str, expected: list[str]
) -> None:
    assert kinds(text) == expected


def test_a_name_beside_an_imo_number_is_the_vessels() -> None:
    assert asked("Blue Heron, IMO 9074729", "vessel") == [{"imo": "9074729"}, {"name": "Blue Heron"}]


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("Jan Kowalski 1984", "1984"),
        ("Jan Kowalski 1984-02", "1984-02"),
        ("Jan Kowalski; 1984-2", "1984-02"),
        ("Jan Kowalski (1984-02)", "1984-02"),
        ("Jan Kowalski 2/1984", "1984-02"),
        ("Jan Kowalski, 13.02.1984", "1984-02-13"),
        ("Jan Kowalski *3.2.1984", "1984-02-03"),
        ("Jan Kowalski 3/2/1984", "1984-02-03"),
        ("Jan Kowalski 3. 2. 1984", "1984-02-03"),
        ("Jan Kowalski 03 02 1984", "1984-02-03"),
        ("Jan Kowalski 1984/02/03", "1984-02-03"),
        ("Jan Kowalski 19840203", "1984-02-03"),
        ("Jan Kowalski 03021984", "1984-02-03"),
        ("1984-02-03 Jan Kowalski", "1984-02-03"),
        ("Jan 3.2.1984 Kowalski", "1984-02-03"),
        ("Jan Kowalski born 1984", "1984"),
        ("Jan Kowalski, born on 3.2.1984", "1984-02-03"),
        ("Jan Kowalski ur. 3.02.1984 r.", "1984-02-03"),
        ("Jan Kowalski ur.1984", "1984"),
        ("Jan Kowalski geb. 1984", "1984"),
        ("Jan Kowalski ٣/٢/١٩٨٤", "1984-02-03"),
        ("Jan Kowalski ٣\u200f/٢\u200f/١٩٨٤", "1984-02-03"),
        ("Jan Kowalski مواليد ١٩٨٤م", "1984"),
    ],
)
def test_a_date_beside_a_name_is_the_date_of_birth_however_it_is_written(text: str, born: str) -> None:
    assert asked(text, "person") == [{"name": "Jan Kowalski", "born": born}]
    assert understand(text).left == ()


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Anna Nowak 1984-13-40", "1984-13-40"),
        ("Anna Nowak 31.02.1984", "31.02.1984"),
        ("Anna Nowak 12/3/84", "12/3/84"),
        ("Anna Nowak 1984-00-00", "1984-00-00"),
        ("Anna Nowak 1984/85", "1984/85"),
        ("Anna Nowak 1405/3/12", "1405/3/12"),
        ("Anna Nowak 3000-01-01", "3000-01-01"),
        ("Anna Nowak ١٢/١٣/١٩٨٤", "١٢/١٣/١٩٨٤"),
        ("Anna Nowak born 84", "84"),
        ("Anna Nowak 13 February 1984", "13 February 1984"),
        ("Anna Nowak February 13, 1984", "13, 1984"),
        ("Ana Nowak 3/2/84", "3/2/84"),
        ("Ana 31.02.1984", "31.02.1984"),
        ("Ng Li 1984-13-40", "1984-13-40"),
    ],
)
def test_a_date_of_birth_that_cannot_be_read_is_a_problem_and_nothing_is_asked(text: str, about: str) -> None:
    taken = understand(text)

    assert (taken.problem, taken.about, taken.guesses) == ("no-date", about, ())


@pytest.mark.parametrize(
    ("text", "problem", "about"),
    [
        ("Anna Nowak 1984-02-13 1985-03-14", "several-dates", "1984-02-13, 1985-03-14"),
        ("Anna Nowak 1984 1985", "several-dates", "1984, 1985"),
        ("born 1984-02-13", "no-name", "1984-02-13"),
    ],
)
def test_one_name_has_one_date_of_birth(text: str, problem: str, about: str) -> None:
    taken = understand(text)

    assert (taken.problem, taken.about, taken.guesses) == (problem, about, ())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Jan Kowalski 84021312345", ("84021312345",)),
        ("Anna Nowak 130284", ("130284",)),
        ("Anna Nowak 1984-02-13T00:00:00", ("1984-02-13T00:00:00",)),
        ("Anna Nowak 1984-02-13 WA12345", ("WA12345",)),
        ("Anna Nowak", ()),
    ],
)
def test_digits_that_count_as_a_part_of_a_name_are_told(text: str, left: tuple[str, ...]) -> None:
    assert understand(text).left == left


@pytest.mark.parametrize("text", ["Ng Li 1984", "王伟 1984-02-13", "Bob 1984"])
def test_a_short_name_with_a_date_of_birth_is_a_person_as_well_as_a_number(text: str) -> None:
    assert kinds(text) == [*NUMBER, *BORN]


def test_a_name_with_a_date_that_is_as_long_as_a_vin_is_a_person() -> None:
    assert kinds("Anna Leweska 3.2.1984") == BORN


def test_a_year_may_be_a_part_of_a_vessels_name() -> None:
    assert asked("Ocean Star 2000", "vessel") == [{"name": "Ocean Star 2000"}]
    assert asked("Ocean Star 3.2.2000", "vessel") == []


@pytest.mark.parametrize(("text", "expected"), [("UR 1984", NUMBER), ("DOB 12345", NUMBER), ("B 84", NUMBER)])
def test_a_plate_is_not_taken_for_the_word_born(text: str, expected: list[str]) -> None:
    assert kinds(text)[:2] == expected
    assert understand(text).problem == ""


@pytest.mark.parametrize(("text", "expected"), [("O'Hara 12", NAME), ("AB_123", ["plate"]), ("AB#123", NUMBER)])
def test_a_guess_that_no_check_takes_is_left_out_as_long_as_another_remains(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_letters_and_digits_are_asked_as_document_plate_and_name() -> None:
    queries = [guess.query for guess in understand("DEMO 000001").guesses]

    assert queries == [
        {"document": {"number": "DEMO 000001"}},
        {"vehicle": {"plate": "DEMO 000001"}},
        {"person": {"name": "DEMO 000001"}},
        {"organisation": {"name": "DEMO 000001"}},
        {"vessel": {"name": "DEMO 000001"}},
    ]


def test_a_country_behind_a_number_narrows_it() -> None:
    queries = [guess.query for guess in understand("9ZZLSSAX7, KE").guesses]

    assert queries == [
        {"document": {"number": "9ZZLSSAX7", "issuer": "KE"}},
        {"vehicle": {"plate": "9ZZLSSAX7", "country": "KE"}},
    ]


@pytest.mark.parametrize("text", ["", "84", "1984-13", "1.2.3.1984", "19841340", "1799", "2100-01-01", "born"])
def test_what_is_no_date_of_birth_is_not_read_as_one(text: str) -> None:
    assert read_birth_date(text) == ""


@given(st.text(min_size=1, max_size=200).filter(lambda text: bool(text.strip())))
def test_whatever_is_typed_becomes_queries_that_a_check_takes_or_a_problem_that_is_told(text: str) -> None:
    taken = understand(text)

    queries = [{"id": str(place)} | guess.query for place, guess in enumerate(taken.guesses)]
    filler = [] if queries else [{"id": "0", "person": {"name": "X"}}]
    check = {"purpose": "border", "reference": "R", "queries": queries or filler}
    assert isinstance(request_from(check), CheckRequest)
    assert bool(taken.guesses) != bool(taken.problem)


@pytest.mark.parametrize("text", ["IMO " + "6" * 100, "Nai k8" + "." * 90 + "t", "A1?" * 40, "19" * 60 + "?"])
def test_what_is_too_long_for_a_number_is_no_number(text: str) -> None:
    kinds = {kind for guess in understand(text).guesses for kind in guess.query}

    assert kinds <= {"person", "organisation", "vessel"}


@given(st.from_regex(r"[A-Z][a-z]{3,8} [A-Z][a-z]{3,8} [0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}", fullmatch=True))
def test_three_numbers_behind_a_name_are_the_date_of_birth_or_a_problem(text: str) -> None:
    taken = understand(text)

    assert taken.problem == "no-date" or [guess.kind for guess in taken.guesses] == BORN


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("WX ?23*", [("plate_part", {"plate": "WX ?23*"}), ("vin_part", {"vin": "WX ?23*"})]),
        ("*4711, PL", [("plate_part", {"plate": "*4711", "country": "PL"})]),
        ("؟123ب", [("plate_part", {"plate": "؟123ب"}), ("vin_part", {"vin": "؟123ب"})]),
        ("WZZZZZ9Z?ZZ0000??", [("vin_part", {"vin": "WZZZZZ9Z?ZZ0000??"})]),
        ("W? 12", [("plate_part", {"plate": "W? 12"})]),
        # Too little is asked all the same: the refusal says how much is needed.
        ("1*", [("plate_part", {"plate": "1*"})]),
    ],
)
def test_a_number_with_wildcards_is_part_of_a_plate_or_of_a_vin(text: str, asked: list[tuple[str, Any]]) -> None:
    guesses = understand(text).guesses

    assert [(guess.kind, guess.query["vehicle"]) for guess in guesses] == asked


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("KOWALSK*", ["plate_part", "vin_part", "name", "organisation_name", "vessel_name"]),
        ("Ng Li *1984", ["plate_part", "vin_part", "name_and_birth"]),
        ("Anna Kowalska *12.8.1974", ["name_and_birth"]),
        ("Anna Kowal?ka", ["name", "organisation_name", "vessel_name"]),
        ("Jo*", ["name", "organisation_name", "vessel_name"]),
    ],
)
def test_a_name_with_the_same_signs_stays_a_name(text: str, kinds: list[str]) -> None:
    assert [guess.kind for guess in understand(text).guesses] == kinds
