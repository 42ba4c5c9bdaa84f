"""Invented names: the right form for women, and other spellings."""

import re

import pytest

from liaison.demo.dice import Dice
from liaison.demo.names import draw_name, plain_letters
from liaison.demo.regions import REGIONS


def test_every_letter_of_the_tables_has_a_plain_form() -> None:
    names = [draw_name(region, sex, Dice(1, region.code)).latin for region in REGIONS.values() for sex in "FM"]

    assert [name for name in names if not plain_letters(name).isascii()] == []


@pytest.mark.parametrize(
    ("region", "masculine", "feminine"),
    [
        ("polish", r"(ski|cki)$", r"(ska|cka)$"),
        ("russian", r"(ов|ев|ин|ский|ный)$", r"(ова|ева|ина|ская|ная)$"),
        ("greek", r"(ος|ης|ας)$", r"(ου|η|α)$"),
        ("ukrainian", r"ович ", r"івна |ївна "),
    ],
)
def test_a_woman_bears_the_feminine_form(region: str, masculine: str, feminine: str) -> None:
    dice = Dice(1, "feminine")

    names = [draw_name(REGIONS[region], "F", dice) for _ in range(200)]

    originals = [name.original or name.latin for name in names]
    assert [name for name in originals if re.search(masculine, name)] == []
    assert [name for name in originals if re.search(feminine, name)] != []


def test_an_arabic_article_is_written_in_several_ways() -> None:
    dice = Dice(1, "articles")

    variants = " ".join(draw_name(REGIONS["arabic"], "M", dice).variant(dice) for _ in range(300))

    assert {way for way in (" Al ", " El-", " al-", " Al") if way in variants} == {" Al ", " El-", " al-", " Al"}


def test_a_name_without_another_spelling_has_no_variant() -> None:
    dice = Dice(1, "none")

    variants = {draw_name(REGIONS["kenyan"], "F", dice).variant(dice) for _ in range(50)}

    assert variants == {""}


def test_a_japanese_name_has_its_reading() -> None:
    name = draw_name(REGIONS["japanese"], "M", Dice(1, "reading"))

    assert re.fullmatch("[ァ-ー]+ [ァ-ー]+", name.kana)
    assert " " not in name.original


def test_no_part_comes_twice_in_a_name() -> None:
    dice = Dice(1, "twice")

    names = [draw_name(region, "M", dice).parts for region in REGIONS.values() for _ in range(100)]

    assert [parts for parts in names if len(set(parts)) != len(parts)] == []
