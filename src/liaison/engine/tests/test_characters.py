"""Which readings Chinese characters have, and which forms of a character are one."""

import doctest

import pytest

from liaison.engine import characters


def test_the_examples_of_the_characters_hold() -> None:
    assert doctest.testmod(characters).failed == 0


@pytest.mark.parametrize("forms", ["澤沢泽", "邊辺边", "龍竜龙", "廣広广", "髙高", "嶋島岛", "櫻桜樱", "國国"])
def test_forms_of_one_character_are_one_when_simplified(forms: str) -> None:
    assert len(set(map(characters.simplified, forms))) == 1


@pytest.mark.parametrize("kept", ["海", "福", "乾", "余", "李", "a", "한", "か"])
def test_what_is_no_other_form_stays_when_simplified(kept: str) -> None:
    assert characters.simplified(kept) == kept


@pytest.mark.parametrize(("kind", "at_least"), [("zh", 41_000), ("ko", 10_000), ("on", 16_000), ("kun", 13_000)])
def test_the_table_knows_the_characters_of_unihan(kind: str, at_least: int) -> None:
    assert len(characters.usual(kind)) >= at_least
