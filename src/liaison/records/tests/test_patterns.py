"""A plate or VIN of which a part is known: its normal form, what it fits, and what is too little."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from liaison.records.identifiers import plate_keys, vin_keys
from liaison.records.patterns import TooFewKnown, is_pattern, plate_pattern, text_of, texts_of, vin_pattern

PLATES = st.text(st.sampled_from("AB01ب京"), min_size=1, max_size=7)
PARTS = st.text(st.sampled_from("AB01ب京??**"), min_size=3, max_size=9)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("wx ?23*", "WX?23*"),
        ("WX-?23 *", "WX?23*"),
        ("wx؟23＊", "WX?23*"),
        ("*?*?123", "??*123"),
        ("мх?123", "MX?123"),
        ("MÜ?123", "MU?123"),
        ("*١٢٣", "*123"),
    ],
)
def test_a_part_of_a_plate_has_the_normal_form_of_plates(text: str, normal: str) -> None:
    assert is_pattern(text)
    assert plate_pattern(text, "PL").text == normal


@given(PLATES, PARTS, st.sampled_from([None, "PL"]), st.sampled_from([None, "PL", "DE"]))
def test_a_part_fits_what_fnmatch_says_of_the_country_asked_or_of_an_unknown_one(
    written: str, part: str, asked: str | None, country: str | None
) -> None:
    assume(sum(char not in "?*" for char in part) >= 3)
    assume(is_pattern(part))

    pattern = plate_pattern(part, asked)
    keys = plate_keys(written, country)

    is_where = asked is None or country in (None, asked)
    expected = fnmatchcase(written, part) and is_where
    assert any(map(pattern.fits, keys)) is expected
    assert any(_fits(text, one) for text in texts_of(keys) for one in pattern.encoded()) is expected


def _fits(text: bytes, pattern: bytes) -> bool:
    return fnmatchcase(text.decode(), pattern.decode())


def test_a_part_of_a_vin_fits_vins_and_no_plates() -> None:
    pattern = vin_pattern("wzz*0001")

    assert pattern.fits(vin_keys("WZZZZZ9ZZZZ000001")[0])
    assert not pattern.fits(plate_keys("WZZ0001", None)[1])
    assert pattern.encoded() == [b"vWZZ*0001"]
    assert [text_of(key) for key in vin_keys("WZZZZZ9ZZZZ000001")] == [b"vWZZZZZ9ZZZZ000001"]


@pytest.mark.parametrize(("text", "known"), [("*", 0), ("WX*", 2), ("?1?2?", 2), ("W -*", 1)])
def test_less_than_three_known_characters_are_too_few_and_the_refusal_counts_them(text: str, known: int) -> None:
    with pytest.raises(TooFewKnown, match=f"has {known} known letters and digits.*at least 3"):
        plate_pattern(text, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("WX#12*", "contains '#'"),
        ("WX\u202e12*", "invisible"),
        ("ABC" + "?" * 13, "too long for a plate: at most 15"),
    ],
)
def test_what_no_plate_can_be_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        plate_pattern(text, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [("WZZ?", "stands for 4"), ("WZZ" + "?" * 15, "stands for 18"), ("WZZ$*", r"contains '\$'")],
)
def test_what_no_vin_can_be_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        vin_pattern(text)
