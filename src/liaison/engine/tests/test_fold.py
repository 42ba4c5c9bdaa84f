"""Which plain parts a name has."""

import doctest
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.engine import compiling, facts, fold, lettering, parts, score, scripts, sounds, spelling, vocabulary
from liaison.engine.fold import MAX_PART, MAX_PARTS, fold_name, is_minor
from liaison.engine.sounds import lacks_vowels, phonetic_key, skeleton


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("MÜLLER-ŁOŚ, Đorđe", ("muller", "los", "dorde")),
        ("Strauß Sørensen Æsa Işıl", ("strauss", "sorensen", "aesa", "isil")),
        ("O'Brien D’Arc ʿAbd Sa`d", ("obrien", "darc", "abd", "sad")),
        ("Ｊｏｈｎ  Smith", ("john", "smith")),
        ("Nguyễn Thị Hương", ("nguyen", "thi", "huong")),
        ("Ștefan Țăranu", ("stefan", "taranu")),
        ("Þórður Guðmundsson", ("thordur", "gudmundsson")),
        ("Łódź Źrebięć Gülşen", ("lodz", "zrebiec", "gulsen")),
        ("J.R. Nowak", ("j", "r", "nowak")),
        ("\u202eadam\u202c \u200bnowak", ("adam", "nowak")),
        ("Владимир Кузнецов", ("vladimir", "kuznetsov")),
        ("Игорь Хохлов", ("igor", "khokhlov")),
        ("Γιώργος Παπαδόπουλος", ("giorgos", "papadopoulos")),
        ("عبد الرحمن", ("abd", "al", "rhmn")),
        ("محمّد عليّ", ("mhmd", "aly")),
        ("عبد الله", ("abd", "allh")),
        ("پرویز گلچین", ("prwyz", "glchyn")),
        ("יוסף כהן", ("ywsf", "khn")),
        ("김정은", ("gim", "jeongeun")),
        ("李小龙", ("li", "xiaolong")),
        ("李 小龙", ("li", "xiaolong")),
        ("贝拉克·奥巴马", ("beilake", "aobama")),
        ("ヤマダ タロー", ("yamada", "taro")),
        ("🙂 — ()", ()),
        ("", ()),
        ("ـ x", ("x",)),
    ],
)
def test_every_script_folds_to_plain_parts(written: str, parts: tuple[str, ...]) -> None:
    assert fold_name(written) == parts


@given(st.text(max_size=600))
def test_folding_what_was_folded_changes_nothing(text: str) -> None:
    parts = fold_name(text)

    assert fold_name(" ".join(parts)) == parts


@given(st.text(max_size=600))
@settings(max_examples=50)
def test_parts_are_few_short_plain_and_not_empty(text: str) -> None:
    parts = fold_name(text)

    assert len(parts) <= MAX_PARTS
    assert all(part.isascii() and part.isalnum() and part == part.lower() for part in parts)
    assert all(1 <= len(part) <= MAX_PART for part in parts)


def test_a_name_of_ten_thousand_characters_is_cut() -> None:
    assert fold_name("ab " * 5000) == ("ab",) * MAX_PARTS


def test_particles_and_titles_are_minor() -> None:
    assert is_minor("bin")
    assert is_minor("sheikh")
    assert not is_minor("nuristani")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("mohammed", "mohamed"),
        ("kowalski", "kovalsky"),
        ("mueller", "muller"),
        ("abdulrahman", "abdurrahman"),
        ("youssef", "yusef"),
        ("abdullah", "abdulla"),
    ],
)
def test_spellings_of_one_sound_have_one_phonetic_key(first: str, second: str) -> None:
    assert phonetic_key(first) == phonetic_key(second)


@pytest.mark.parametrize(
    ("latin", "other"), [("yusuf", "يوسف"), ("sharif", "شريف"), ("putin", "بوتين"), ("ahmad", "احمد")]
)
def test_a_skeleton_is_the_same_across_scripts(latin: str, other: str) -> None:
    folded = fold_name(other)

    assert [skeleton(part) for part in folded] == [skeleton(latin)]
    assert lacks_vowels(folded[0])
    assert not lacks_vowels("kowalski")


MODULES = [compiling, facts, fold, lettering, parts, score, scripts, sounds, spelling, vocabulary]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_the_documentation_run(module: ModuleType) -> None:
    failed, _ = doctest.testmod(module)

    assert failed == 0
