"""Normal forms, check digits and keys of identifiers."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records import identifiers
from liaison.records.identifiers import (
    BadCheckDigit,
    Key,
    document_key,
    document_number,
    imo_keys,
    imo_number,
    mmsi,
    mmsi_keys,
    plate,
    plate_keys,
    query_document_key,
    query_document_keys,
    query_plate_key,
    query_plate_keys,
    vin,
    vin_check_digit,
    vin_keys,
    vin_problem,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("AB 123.456-7/8", "AB12345678"),
        ("ab123", "AB123"),
        ("４５ ０８ 123456", "4508123456"),
        ("АБ 123456", "AB123456"),
        ("AB–123", "AB123"),
        ("V-АЮ 12", "VAYU12"),
    ],
)
def test_two_writings_of_a_document_number_meet_in_one(text: str, number: str) -> None:
    assert document_number(text) == number


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "'' has no letter or digit: write the document number as it is printed."),
        (" -./", "' -./' has no letter or digit"),
        ("AB*123", "'AB*123' contains '*': a document number has letters and digits only."),
        ("A" * 31, "is too long for a document number: at most 30 letters and digits."),
        ("AB\u202e123", "invisible character U+202E: type the number again"),
        ("AB\u200b123", "invisible character U+200B"),
        ("é\x00", "invisible character U+0000"),
    ],
)
def test_a_document_number_that_is_not_one_is_refused(text: str, detail: str) -> None:
    with pytest.raises(ValueError, match=r"document number|invisible") as refusal:
        document_number(text)

    assert detail in str(refusal.value)


@pytest.mark.parametrize(
    ("number", "digit"),
    [
        # The example of 49 CFR 565 commentaries, and the classic all-ones vector.
        ("1M8GDM9AXKP042788", "X"),
        ("11111111111111111", "1"),
        ("5GZCZ43D13S812715", "1"),
    ],
)
def test_published_vins_have_their_check_digit(number: str, digit: str) -> None:
    assert vin_check_digit(number) == digit
    assert vin_problem(number) is None


def test_a_wrong_check_digit_of_a_north_american_vin_is_named_with_the_right_one() -> None:
    assert vin_problem("1M8GDM9A1KP042788") == (
        "The check digit of VIN 1M8GDM9A1KP042788 (position 9) is '1' and should be 'X': "
        "compare every character with the vehicle."
    )


@pytest.mark.parametrize("number", ["WVWZZZ1JZXW000001", "3VWZZZ1KZ6M000001", "AB12345"])
def test_a_check_digit_is_not_asked_of_vehicles_that_have_none(number: str) -> None:
    assert vin_problem(number) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("1m8-gdm9a xkp042788", "1M8GDM9AXKP042788"), ("io-q 12", "IOQ12"), ("１２３４５", "12345")],
)
def test_a_vin_or_an_older_chassis_number_has_one_normal_form(text: str, number: str) -> None:
    assert vin(text) == number


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("1M8GDM9AXKPO42788", "contains I, O or Q, which no VIN has: write 1 or 0 as the vehicle shows it."),
        ("1234", "has 4 characters: a VIN has 17, a chassis number from before 1981 has 5 to 16."),
        ("1" * 18, "has 18 characters"),
        ("", "has no letter or digit: write the VIN as it is printed."),
        ("WVW*", "contains '*': a VIN has letters and digits only."),
    ],
)
def test_what_is_not_a_vin_is_refused_with_the_remedy(text: str, detail: str) -> None:
    with pytest.raises(ValueError, match="VIN") as refusal:
        vin(text)

    assert detail in str(refusal.value)


def test_only_a_whole_vin_has_a_check_digit() -> None:
    with pytest.raises(ValueError, match="'AB12345' is not a VIN of 17 characters"):
        vin_check_digit("AB12345")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("WA 12345", "WA12345"),
        ("wa-123.45", "WA12345"),
        ("А123ВС 77", "A123BC77"),
        ("ΙΚΧ-1234", "IKX1234"),
        ("MÜ-AB 123", "MUAB123"),
        ("粤B·12345", "粤B12345"),
        ("١٢٣ أ ب", "123أب"),
        ("बा १ प १२३४", "बा1प1234"),
        ("AB•12", "AB12"),
    ],
)
def test_a_plate_is_what_it_looks_like(text: str, number: str) -> None:
    assert plate(text) == unicodedata.normalize("NFC", number)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "'' has no letter or digit: write the plate as it is printed."),
        ("WA!1", "'WA!1' contains '!': a plate has letters and digits only."),
        ("A" * 16, "is too long for a plate: at most 15 letters and digits."),
        ("WA\u2066123", "invisible character U+2066"),
    ],
)
def test_what_is_not_a_plate_is_refused(text: str, detail: str) -> None:
    with pytest.raises(ValueError, match=r"plate|invisible") as refusal:
        plate(text)

    assert detail in str(refusal.value)


def test_an_imo_number_is_its_seven_digits() -> None:
    assert imo_number("IMO 9074729") == imo_number("9074729") == "9074729"


def test_a_wrong_check_digit_of_an_imo_number_is_told_from_a_wrong_shape() -> None:
    with pytest.raises(BadCheckDigit, match="The last digit of IMO number 9074728 should be 9"):
        imo_number("9074728")
    with pytest.raises(ValueError, match="'907472' is not an IMO number: it has 7 digits"):
        imo_number("907472")


def test_an_mmsi_is_its_nine_digits() -> None:
    assert mmsi("MMSI 232 001 000") == "232001000"
    with pytest.raises(ValueError, match="'23200100' is not an MMSI: it has 9 digits"):
        mmsi("23200100")


def test_a_document_is_found_with_its_issuer_and_without() -> None:
    filed = document_key("AB 123", "PL")

    assert filed == [Key("document", "PL/AB123"), Key("document", "*/AB123")]
    assert query_document_key("ab-123", "PL") in filed
    assert query_document_key("ab-123", None) in filed
    assert query_document_key("ab-123", "KE") not in filed


def test_a_document_of_an_unknown_issuer_is_found_by_a_query_with_one() -> None:
    filed = document_key("AB 123", None)

    assert filed == [Key("document", "?/AB123"), Key("document", "*/AB123")]
    assert query_document_keys("AB123", "PL") == [Key("document", "PL/AB123"), Key("document", "?/AB123")]
    assert query_document_keys("AB123", None) == [Key("document", "*/AB123")]


def test_a_plate_is_found_with_its_country_and_without() -> None:
    assert plate_keys("WA 1", "PL") == [Key("plate", "PL/WA1"), Key("plate", "*/WA1")]
    assert plate_keys("WA 1", None) == [Key("plate", "?/WA1"), Key("plate", "*/WA1")]
    assert query_plate_key("wa1", "PL") == Key("plate", "PL/WA1")
    assert query_plate_key("wa1", None) == Key("plate", "*/WA1")
    assert query_plate_keys("wa1", "PL") == [Key("plate", "PL/WA1"), Key("plate", "?/WA1")]
    assert query_plate_keys("wa1", None) == [Key("plate", "*/WA1")]


def test_every_kind_of_number_has_its_own_key() -> None:
    assert vin_keys("1m8gdm9axkp042788") == [Key("vin", "1M8GDM9AXKP042788")]
    assert imo_keys("IMO 9074729") == [Key("imo", "9074729")]
    assert mmsi_keys("232001000") == [Key("mmsi", "232001000")]


def test_the_engine_files_a_key_under_its_kind_and_text() -> None:
    assert Key("plate", "粤B1").encoded() == "plate:粤B1".encode()


@pytest.mark.parametrize("name", ["document_number", "vin", "plate", "imo_number", "mmsi"])
@given(text=st.text())
def test_any_text_is_refused_or_has_a_normal_form_that_stays(name: str, text: str) -> None:
    normal_form: Callable[[str], str] = getattr(identifiers, name)
    try:
        once = normal_form(text)
    except ValueError as refusal:
        assert str(refusal)  # noqa: PT017
    else:
        assert normal_form(once) == once


@given(st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=17, max_size=17))
def test_every_vin_can_be_given_its_check_digit(number: str) -> None:
    whole = number[:8] + vin_check_digit(number) + number[9:]

    assert vin_check_digit(whole) == whole[8]
    assert vin_problem(whole) is None
