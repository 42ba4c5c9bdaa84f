"""How names in Chinese characters, kana and Hangul are spelled with Latin letters."""

import doctest
import unicodedata
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.engine import hangul, hanzi, japanese, kana, readings
from liaison.engine.readings import MOST, Reading
from liaison.engine.readings import readings as readings_of

EAST_ASIAN = st.text(
    st.characters(min_codepoint=0x3040, max_codepoint=0x30FF)
    | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
    | st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
    | st.sampled_from("王李김고田々ー・· aA-\u3099ﾊﾟ\U00020bb7"),
    max_size=12,
)


def spelt(name: str, language: str) -> list[tuple[str, ...]]:
    return [reading.parts for reading in readings_of(name) if reading.language == language]


@pytest.mark.parametrize("module", [hangul, hanzi, japanese, kana, readings])
def test_the_examples_of_the_readings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("王小明", [("wang", "xiaoming")]),
        ("王 小明", [("wang", "xiaoming")]),
        ("王 小 明", [("wang", "xiaoming")]),
        ("欧阳小明", [("ouyang", "xiaoming")]),
        ("諸葛明", [("zhuge", "ming")]),
        ("單小明", [("shan", "xiaoming")]),
        ("查", [("zha",), ("cha",)]),
        ("林", [("lin",)]),
        ("小明", [("xiaoming",)]),
        ("克里斯", [("kelisi",), ("kris",)]),
        ("斯特凡诺维奇", [("sitefannuoweiqi",), ("stvannovich",)]),
        ("蔡爱克", [("cai", "aike")]),
        ("彩采克斯", [("caicaikesi",), ("tsaitsaiks",)]),
        ("王A", [("wang",)]),
        ("克里Ж斯", [("kelisi",), ("kris",)]),
        ("玛丽亚·科瓦奇", [("maliya", "kewaqi"), ("malia", "kovach")]),
        ("玛丽亚・J・科瓦奇", [("maliya", "j", "kewaqi"), ("malia", "j", "kovach")]),
        ("玛丽亚 克里 科瓦奇", [("maliya", "keli", "kewaqi"), ("malia", "kri", "kovach")]),
    ],
)
def test_chinese_characters_are_read_in_pinyin_family_name_first(written: str, parts: list[tuple[str, ...]]) -> None:
    assert spelt(written, "zh") == parts


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("山田太郎", [("yamada", "taro")]),
        ("山田 太郎", [("yamada", "taro")]),
        ("髙橋裕子", [("takahashi", "hiroko"), ("takahashi", "yuko")]),
        ("长谷川明", [("hasegawa", "akira"), ("hasegawa", "mei")]),
        ("佐々木奈々", [("sasaki", "nana")]),
        ("野々山さくら", [("nonoyama", "sakura")]),
        ("竹沢結翔", [("takesawa", "yuto"), ("takesawa", "yuito"), ("takesawa", "yusho"), ("takezawa", "yuto")]),
        ("渡辺", [("watanabe",)]),
        ("裕子", [("hiroko",), ("yuko",)]),
        ("山田はな子", [("yamada", "hanako")]),
        ("はなこ", [("hanako",)]),
        ("たなか はなこ", [("tanaka", "hanako")]),
        ("山田 アンナ 健", [("yamada", "anna", "ken")]),
        ("ﾔﾏﾀﾞ", [("yamada",)]),
        ("ロバート・スミス", [("robato", "sumisu"), ("robat", "smis"), ("robart", "smis")]),
        ("J・スミス", [("j", "sumisu"), ("j", "smis")]),
        ("王小明", []),
        ("田中小明山川本木", []),
    ],
)
def test_a_japanese_name_has_few_likely_readings(written: str, parts: list[tuple[str, ...]]) -> None:
    assert spelt(written, "ja") == parts


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("김영희", [("gim", "yeonghui"), ("kim", "younghee"), ("kim", "yonghui")]),
        ("김 영희", [("gim", "yeonghui"), ("kim", "younghee"), ("kim", "yonghui")]),
        ("金英姬", [("gim", "yeonghui"), ("kim", "younghee"), ("kim", "yonghui")]),
        ("金 英姬", [("gim", "yeonghui"), ("kim", "younghee"), ("kim", "yonghui")]),
        ("金영희", [("gim", "yeonghui"), ("kim", "younghee"), ("kim", "yonghui")]),
        ("南宮 英", [("namgung", "yeong"), ("namgung", "young"), ("namgung", "yong")]),
        ("南宮英姬", [("namgung", "yeonghui"), ("namgung", "younghee"), ("namgung", "yonghui")]),
        ("남궁 민", [("namgung", "min")]),
        ("제갈민", [("jegal", "min")]),
        ("이", [("i",), ("lee",)]),
        ("마르코", [("ma", "reuko"), ("ma", "ruko"), ("marko",)]),
        ("스테판", [("seutepan",), ("stepan",)]),
        ("로버트 스미스", [("robeoteu", "seumiseu"), ("robert", "smis"), ("roburt", "smis")]),
        ("고 크리스토퍼", [("go", "keuriseutopeo"), ("go", "kristoper")]),
        ("J 스미스 리", [("j", "seumiseu", "ri"), ("j", "smis", "ri")]),
        ("王々", []),
    ],
)
def test_a_korean_name_is_spelled_in_three_ways_and_a_foreign_one_as_it_sounds(
    written: str, parts: list[tuple[str, ...]]
) -> None:
    assert spelt(written, "ko") == parts


def test_the_language_is_not_told_by_han_characters_alone() -> None:
    found = readings_of("林")

    assert [reading.language for reading in found] == ["zh", "ja", "ja", "ko", "ko"]


@pytest.mark.parametrize("written", ["", "Adam Nowak", "Владимир", "·", "・", "ー", "々", "゠", "محمد"])
def test_a_name_without_these_scripts_has_no_reading(written: str) -> None:
    assert readings_of(written) == ()


@settings(deadline=None)
@given(name=EAST_ASIAN)
def test_readings_are_few_and_plain_and_the_same_for_every_normal_form(name: str) -> None:
    found = readings_of(name)

    assert len(found) <= MOST
    assert all(
        part.isascii() and part.isalnum() and part == part.lower() for reading in found for part in reading.parts
    )
    assert all(isinstance(reading, Reading) and reading.parts for reading in found)
    assert readings_of(unicodedata.normalize("NFD", name)) == found


@pytest.mark.parametrize(
    ("written", "composed"),
    [("ﾊﾟｸ", "パク"), ("さゝき", "ササキ"), ("いすゞ", "イスズ"), ("か゛", "ガ"), ("ｳﾞｧ", "ヴァ"), ("田", "田")],
)
def test_kana_have_one_form(written: str, composed: str) -> None:
    assert kana.katakana(written) == composed


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ティファニー", "tifani"),
        ("ウィリアム", "wiriamu"),
        ("ヴァレンティナ", "varentina"),
        ("シェーン", "shen"),
        ("チェコ", "cheko"),
        ("ツァラ", "tsara"),
        ("デュポン", "dyupon"),
        ("クァク", "kwaku"),
        ("ほった", "hotta"),
        ("はっちょう", "hatcho"),
        ("おおの", "ono"),
        ("ゆうき", "yuki"),
        ("いのうえ", "inoue"),
        ("イヨマンㇽ", "iyomanr"),
        ("アッ", "a"),
    ],
)
def test_kana_are_spelled_by_hepburn_with_short_vowels(written: str, expected: str) -> None:
    assert kana.spell(written) == expected


@pytest.mark.parametrize(
    ("written", "plain", "with_r"),
    [
        ("ピーター", "pita", "piter"),
        ("マーク", "mak", "mark"),
        ("フランク", "frank", "frank"),
        ("シュミット", "shmit", "shmit"),
        ("トム", "tom", "tom"),
        ("ルイ", "rui", "rui"),
        ("リッチ", "rich", "rich"),
    ],
)
def test_kana_of_a_foreign_name_lose_the_vowels_that_kana_add(written: str, plain: str, with_r: str) -> None:
    assert kana.heard(written) == (plain, with_r)


@pytest.mark.parametrize(
    ("written", "first", "second"),
    [
        ("피터", "piter", "piter"),
        ("워싱턴", "wosingtan", "wosingtan"),
        ("마쓰다", "matsuda", "matsuda"),
        ("모리츠", "morits", "morits"),
        ("클라크", "klak", "klak"),
        ("크", "ke", "ke"),
        ("매슈", "mashu", "mashu"),
        ("셔먼", "sherman", "shurman"),
        ("허드슨", "herdsen", "hurdsen"),
        ("버럴", "berel", "burul"),
        ("존스", "jons", "jons"),
        ("콧", "kos", "kos"),
        ("a", "", ""),
    ],
)
def test_hangul_of_a_foreign_name_loses_the_vowels_that_hangul_adds(written: str, first: str, second: str) -> None:
    assert hangul.heard(written) == (first, second)


@pytest.mark.parametrize(("written", "initial"), [("리", "이"), ("로", "노"), ("녀", "여"), ("김", "김"), ("a", "a")])
def test_the_south_softens_the_first_sound_of_a_word(written: str, initial: str) -> None:
    assert hangul.as_initial(written) == initial


def test_hangul_comes_apart_into_its_letters() -> None:
    assert unicodedata.normalize("NFC", hangul.jamo("김a")) == "김a"
    assert [len(hangul.jamo(syllable)) for syllable in ("가", "김")] == [2, 3]
