"""By what two places of birth are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.engine.places import MAX_KEYS, OTHER_LETTERS, are_same_place, place_keys


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Kiev", "Kyiv, Ukraine"),
        ("Mosul", "al-Mosul, Iraq"),
        ("Mosul", "الموصل"),
        ("Baghdad", "بغداد"),
        ("Warszawa", "Варшава"),
        ("Deir ez-Zor", "Deirezzor"),
        ("Tirin Kot city, Afghanistan", "Tirinkot, Uruzgan Province"),
        ("Baghdad Iraq", "Baghdad, Republic of Iraq"),
        ("Ciudad de Mexico", "Mexico City"),
        ("北京市", "Beijing"),
        ("福建省厦门市", "Xiamen, Fujian"),
        ("서울", "Seoul"),
        ("SAO PAULO", "São Paulo (Brazil)"),
    ],
)
def test_spellings_of_one_place_are_the_same(first: str, second: str) -> None:
    assert are_same_place(first, second)
    assert are_same_place(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lviv, Ukraine", "Kyiv, Ukraine"),
        ("Kisumu", "Kilifi"),
        ("San Salvador", "San Miguel"),
        ("New York", "New Delhi"),
        ("Kirov region", "Perm region"),
        ("Львів", "Київ"),
        ("Lviv", ""),
        ("???", "???"),
    ],
)
def test_other_places_are_not(first: str, second: str) -> None:
    assert not are_same_place(first, second)


@pytest.mark.parametrize(
    "place", ["", " ", "Ukraine", "UA", "Côte d\u2019Ivoire", "Democratic Republic of the Congo", "-;,"]
)
def test_where_only_a_country_is_named_there_is_nothing_to_compare(place: str) -> None:
    assert place_keys(place) == ()


def test_other_letters_are_marked() -> None:
    assert OTHER_LETTERS in place_keys("Львів, Lviv")
    assert OTHER_LETTERS not in place_keys("Łódź")


@given(st.text())
def test_any_text_has_few_keys_that_fit(place: str) -> None:
    keys = place_keys(place)

    assert len(keys) <= MAX_KEYS + 1
    assert all(0 <= key <= 0xFFFF for key in keys)
    assert are_same_place(place, place) == bool(keys)
