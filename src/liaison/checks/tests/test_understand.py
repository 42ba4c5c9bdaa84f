"""The one box takes what an officer has at hand, and says how it took it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.checks.request import CheckRequest, request_from
from liaison.checks.understand import understand

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (TD3, "mrz"),
        (TD3.replace("\n", ""), "mrz"),
        (TD3.lower(), "mrz"),
        (TD3.replace("<<", "«"), "mrz"),
        (TD3.partition("\n")[0], "mrz"),
        ("WVWZZZ1JZXW000001", "vin"),
        ("wvw-zzz 1jz xw000001", "vin"),
        ("wvwzzz 1jzxw 000001", "vin"),
        ("AB123456", "number"),
        ("WA 123.45", "number"),
        ("أ ب ج 1234", "number"),
        ("123456789", "number"),
        ("9ZZL-0000-1234-56", "document"),
        ("IMO 9074729", "imo"),
        ("mmsi: 232 001 000", "mmsi"),
        ("Jan Kowalski", "name"),
        ("محمد العبدالله", "name"),
        ("Jan Kowalski 1984", "name_and_birth"),
        ("Jan Kowalski, 13.02.1984", "name_and_birth"),
        ("Jan Kowalski (1984-02)", "name_and_birth"),
        ("Jan Kowalski 31.02.1984", "name"),
        ("Kowalski 3", "name"),
        ("<script>alert(1)</script>", "name"),
        ("!!!", "name"),
    ],
)
def test_a_text_is_taken_for_what_it_looks_like(text: str, kind: str) -> None:
    assert understand(text).kind == kind


def test_a_number_that_may_stand_on_a_document_or_a_plate_is_asked_as_both() -> None:
    queries = understand(" WA 12345 ").queries

    assert queries == ({"document": {"number": "WA 12345"}}, {"vehicle": {"plate": "WA 12345"}})


@pytest.mark.parametrize(
    ("text", "born"),
    [("Jan Kowalski 1984", "1984"), ("Jan Kowalski *3.2.1984", "1984-02-03"), ("Jan Kowalski; 1984-2", "1984-02")],
)
def test_a_date_behind_a_name_is_the_date_of_birth(text: str, born: str) -> None:
    assert understand(text).queries == ({"person": {"name": "Jan Kowalski", "born": born}},)


@given(st.text(min_size=1, max_size=200).filter(lambda text: bool(text.strip())))
def test_whatever_is_typed_becomes_queries_that_a_check_takes_or_refuses_by_length(text: str) -> None:
    queries = understand(text).queries

    asked = [{"id": str(place)} | query for place, query in enumerate(queries)]
    short = {"purpose": "border", "reference": "R", "queries": asked}
    assert isinstance(request_from(short), CheckRequest)


def test_letters_and_digits_are_asked_as_document_plate_and_name() -> None:
    asked = understand("DEMO 000001").queries

    assert asked == (
        {"document": {"number": "DEMO 000001"}},
        {"vehicle": {"plate": "DEMO 000001"}},
        {"person": {"name": "DEMO 000001"}},
    )


def test_a_country_behind_a_number_narrows_it() -> None:
    asked = understand("9ZZLSSAX7, KE").queries

    assert asked == (
        {"document": {"number": "9ZZLSSAX7", "issuer": "KE"}},
        {"vehicle": {"plate": "9ZZLSSAX7", "country": "KE"}},
    )
