"""A witness saw a part of a plate: what a check finds, what it leaves out, and when it is too little."""

import math
from typing import Any

import msgspec
import pytest

from liaison.checks.answer import MOST_MATCHES, TOO_MANY_FIT
from liaison.checks.tests.asking import ask
from liaison.engine.index import Index
from tests.cast import Member, a_vehicle, check, feed

VIN = "WZZZZZ9ZZZZ000001"


def a_car(plate: str, country: str | None = "PL", **more: object) -> dict[str, object]:
    row = {"source_reference": f"V/{plate}/{country}", "purpose": ["locate"], "plate": plate}
    return row | ({"plate_country": country} if country else {}) | more


@pytest.fixture
def some_cars(nairobi_feeder: Member) -> None:
    cars = [a_car("WX 123 AB"), a_car("WX 923 C", "DE"), a_car("WX-523", None), a_car("KR 12345"), a_vehicle(VIN)]
    feed(nairobi_feeder, "vehicles", *cars)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"plate": "WX ?23*"}, {"V/WX 123 AB/PL", "V/WX 923 C/DE", "V/WX-523/None"}),
        ({"plate": "WX ?23*", "country": "PL"}, {"V/WX 123 AB/PL", "V/WX-523/None"}),
        ({"plate": "wx?23??"}, {"V/WX 123 AB/PL"}),
        ({"plate": "*234*"}, {"V/KR 12345/PL"}),
        ({"vin": "WZZ*0001"}, {f"V/{VIN}"}),
        ({"vin": "WZZ*0001", "plate": "*2345"}, {f"V/{VIN}", "V/KR 12345/PL"}),
        ({"vin": VIN, "plate": "*2345"}, {f"V/{VIN}", "V/KR 12345/PL"}),
    ],
)
def test_a_part_of_a_number_finds_what_fits_it(
    warsaw_officer: Member, some_cars: None, asked: dict[str, Any], found: set[str]
) -> None:
    result = check(warsaw_officer, vehicle=asked)

    assert result.outcome == "matches"
    assert {match.source_reference for match in result.matches} == found


@pytest.mark.parametrize("asked", [{"plate": "WX ?24*"}, {"plate": "?23*C"}, {"plate": "*123?", "country": "DE"}])
def test_what_nothing_fits_is_no_match(warsaw_officer: Member, some_cars: None, asked: dict[str, str]) -> None:
    assert check(warsaw_officer, vehicle=asked).outcome == "no_match"


def test_what_fits_a_part_is_possible_and_says_which_part(warsaw_officer: Member, some_cars: None) -> None:
    [match] = check(warsaw_officer, vehicle={"plate": "wx?23*", "country": "DE"}).matches[:1]

    prior, fits = match.explanation
    assert match.strength == "possible"
    assert (prior.kind, prior.finding) == ("prior", "few_known")
    assert (fits.kind, fits.finding, fits.query, fits.record) == ("plate", "part_fits", "DE/WX?23*", "DE/WX923C")
    assert math.log2(match.score / (1 - match.score)) == pytest.approx(sum(term.weight for term in match.explanation))


def test_a_number_that_is_the_same_stands_before_one_that_fits(warsaw_officer: Member, some_cars: None) -> None:
    matches = check(warsaw_officer, vehicle={"vin": VIN, "plate": "*2345"}).matches

    assert [match.strength for match in matches] == ["exact", "possible"]


def test_more_than_fifty_that_fit_are_too_many_and_say_what_to_add(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    cars = [a_car(f"WX {number:03}") for number in range(MOST_MATCHES + 1)]
    hidden = [a_car(f"WX {number:03} Z", restricted_against=["PL"]) for number in range(60)]
    feed(nairobi_feeder, "vehicles", *hidden, *cars)

    too_many = check(warsaw_officer, vehicle={"plate": "WX0*"})
    as_if_alone = check(warsaw_officer, vehicle={"plate": "WX04*"})

    assert (too_many.outcome, too_many.matches, too_many.detail) == ("too_many", (), TOO_MANY_FIT)
    assert (as_if_alone.outcome, len(as_if_alone.matches)) == ("matches", 10)


def test_a_restricted_car_and_no_car_are_the_same_bytes(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    nothing = check(warsaw_officer, vehicle={"plate": "WX1*3"})
    feed(nairobi_feeder, "vehicles", a_car("WX 123", restricted_against=["PL"]))

    hidden = check(warsaw_officer, vehicle={"plate": "WX1*3"})

    assert msgspec.json.encode(hidden) == msgspec.json.encode(nothing)
    assert check(nairobi_feeder, vehicle={"plate": "WX1*3"}).outcome == "matches"


def test_the_index_proposes_and_the_record_decides(
    warsaw_officer: Member, some_cars: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "find_like", lambda *_: (list(range(1, 6)), 5))

    [match] = check(warsaw_officer, vehicle={"plate": "KR*5"}).matches

    assert match.source_reference == "V/KR 12345/PL"


def test_whoever_may_not_check_vehicles_is_refused(border_officer: Member, some_cars: None) -> None:
    assert check(border_officer, vehicle={"plate": "WX ?23*"}).outcome == "refused"


def test_the_page_says_how_it_read_a_part_and_what_fits(warsaw_officer: Member, some_cars: None) -> None:
    html = ask(warsaw_officer, "KR 123?5, PL")

    assert "Taken as: part of a registration plate." in html
    assert "<bdi>PL KR123?5</bdi>" in html
    assert "<bdi>PL KR12345</bdi>" in html
    assert "Fits the part that you know" in html


def test_the_page_says_what_to_add_to_a_part_that_fits_too_many(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "vehicles", *(a_car(f"WX {number:03}") for number in range(MOST_MATCHES + 1)))

    html = ask(warsaw_officer, "WX0*")

    assert "Add another letter or digit, or the country of the plate." in html


def test_the_page_refuses_a_part_that_is_too_little_and_says_how_much_is_needed(warsaw_officer: Member) -> None:
    assert "beside ? and * give at least 3" in ask(warsaw_officer, "W1*")
