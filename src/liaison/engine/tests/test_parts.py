"""The parts of names as arrays."""

import numpy as np
import pytest

from liaison.engine.lettering import INITIAL, KIN, MAJOR, MINOR
from liaison.engine.parts import known, make_parts, plain
from liaison.engine.rarity import names, organisations
from liaison.engine.spelling import SCRIPTS, coded, usual_bits


def test_a_part_of_another_script_has_its_own_letters_too() -> None:
    parts = make_parts(["mhmd|محمد"], names())

    assert SCRIPTS[parts.script[0]] == "arabic"
    assert parts.source[0, : parts.source_size[0]].tobytes() == coded("محمد", "arabic")
    assert parts.latin[0, : parts.latin_size[0]].tobytes() == coded("mhmd", "latin")
    assert parts.usual[0] == pytest.approx(usual_bits(coded("محمد", "arabic"), SCRIPTS.index("arabic")))


def test_chinese_characters_are_read_by_their_plain_spelling() -> None:
    parts = make_parts(["wang|王"], names())

    assert SCRIPTS[parts.script[0]] == "han"
    assert parts.source[0, : parts.source_size[0]].tobytes() == coded("wang", "han")


def test_a_latin_part_costs_nothing_to_spell() -> None:
    parts = make_parts(["nowak"], names())

    assert SCRIPTS[parts.script[0]] == "latin"
    assert parts.usual[0] == 0.0


@pytest.mark.parametrize(
    ("part", "role"),
    [("van", MINOR), ("bin", KIN), ("bn|بن", KIN), ("sheikh", MINOR), ("w", INITIAL), ("nowak", MAJOR)],
)
def test_each_part_has_a_role(part: str, role: int) -> None:
    assert make_parts([part], names()).role[0] == role


def test_a_legal_form_is_minor_in_the_name_of_an_organisation_only() -> None:
    assert make_parts(["gmbh"], organisations()).role[0] == MINOR
    assert make_parts(["gmbh"], names()).role[0] == MAJOR


def test_parts_of_the_same_consonants_sound_the_same() -> None:
    parts = make_parts(["kowalska", "gowolzga", "otieno"], names())

    assert parts.sound[0] == parts.sound[1] != parts.sound[2]


def test_nicknames_and_known_spellings_are_known_both_ways() -> None:
    parts = make_parts(["katarzyna", "kasia", "mhmd|محمد", "mohamed", "xyzzy"], names())
    numbers = parts.known.tolist()

    assert numbers[4] == 0
    assert {numbers[0] << 16 | numbers[1], numbers[1] << 16 | numbers[0]} <= set(known().nicknames.tolist())
    assert {numbers[2] << 16 | numbers[3], numbers[3] << 16 | numbers[2]} <= set(known().spellings.tolist())


def test_the_pairs_are_in_order_for_the_search_among_them() -> None:
    assert np.all(np.diff(known().nicknames) > 0)
    assert np.all(np.diff(known().spellings) > 0)


def test_the_plain_spelling_stands_before_the_sign() -> None:
    assert (plain("mhmd|محمد"), plain("mohammed")) == ("mhmd", "mohammed")
