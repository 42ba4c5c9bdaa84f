"""How far one spelling is from another."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.engine.spelling import (
    LATIN_LETTERS,
    MAX_LETTERS,
    SCRIPTS,
    SLIP_BITS,
    coded,
    letter_codes,
    read_spellings,
    spelling_bits,
    spellings,
    usual_bits,
)

ALL = 1000.0
KNOWN_LETTERS = {script: "".join(map(chr, letter_codes(script))) for script in SCRIPTS}
words = st.text("abcehiknostuwyz", max_size=7)


@cache
def table() -> dict[tuple[str, str, str], float]:
    return {(line.script, line.letters, line.spelt): line.bits for line in read_spellings()}


def plain_bits(script: str, letters: str, spelt: str) -> float:
    """Say by plain recursion what the kernel works out row by row."""

    @cache
    def least(at: int, there: int) -> float:
        if at == len(letters) and there == len(spelt):
            return 0.0
        return min((bits + least(at + own, there + latin) for own, latin, bits in steps(at, there)), default=ALL)

    def steps(at: int, there: int) -> list[tuple[int, int, float]]:
        sizes = [(own, latin) for own in range(3) for latin in range(4) if (own, latin) != (0, 0)]
        within = [(own, latin) for own, latin in sizes if at + own <= len(letters) and there + latin <= len(spelt)]
        found = [
            (own, latin, step_bits(script, letters[at : at + own], spelt[there : there + latin]))
            for own, latin in within
        ]
        return [(own, latin, bits) for own, latin, bits in found if bits < ALL]

    return least(0, 0)


def step_bits(script: str, letters: str, spelt: str) -> float:
    listed = table().get((script, letters, spelt), ALL)
    is_slip = len(letters) <= 1 and len(spelt) <= 1
    is_swap = script == "latin" and len(letters) == 2 and spelt == letters[::-1] and letters[0] != letters[1]
    return min(listed, SLIP_BITS) if is_swap or (is_slip and listed == ALL) else listed


def bits_of(script: str, letters: str, spelt: str, limit: float = ALL) -> float:
    source, target = np.zeros(MAX_LETTERS, np.uint8), np.zeros(MAX_LETTERS, np.uint8)
    source[: len(letters)] = list(coded(letters, script))
    target[: len(spelt)] = list(coded(spelt, "latin"))
    rows = np.zeros((3, MAX_LETTERS + 1), np.float32)
    return float(
        spelling_bits(SCRIPTS.index(script), source, len(letters), target, len(spelt), spellings(), rows, limit)
    )


@given(words, words)
@settings(max_examples=60, deadline=None)
def test_two_latin_spellings_are_as_far_apart_as_by_plain_recursion(first: str, second: str) -> None:
    assert bits_of("latin", first, second) == pytest.approx(plain_bits("latin", first, second), abs=1e-3)


@given(st.data(), st.sampled_from(SCRIPTS[1:]), words)
@settings(max_examples=60, deadline=None)
def test_letters_of_any_script_are_spelt_as_by_plain_recursion(data: st.DataObject, script: str, spelt: str) -> None:
    letters = data.draw(st.text(KNOWN_LETTERS[script], max_size=5))

    assert bits_of(script, letters, spelt) == pytest.approx(plain_bits(script, letters, spelt), abs=1e-3)


@given(words, words, st.floats(0.5, 60.0))
@settings(max_examples=60, deadline=None)
def test_a_limit_changes_nothing_below_it(first: str, second: str, limit: float) -> None:
    bits, limited = bits_of("latin", first, second), bits_of("latin", first, second, limit)

    assert limited == pytest.approx(min(bits, limit), abs=1e-3)


@pytest.mark.parametrize("word", ["", "a", "wisniewska", "9mm"])
def test_a_word_is_its_own_spelling(word: str) -> None:
    assert bits_of("latin", word, word) == 0.0


def test_two_letters_swapped_are_one_slip() -> None:
    assert bits_of("latin", "nowak", "nwoak") <= SLIP_BITS


@pytest.mark.parametrize(
    ("script", "letters", "usual", "odd"),
    [
        ("arabic", "خليل", "khalil", "bagir"),
        ("cyrillic", "жуков", "zhukov", "rukov"),
        ("greek", "θεοδωρου", "theodorou", "feodorou"),
        ("hebrew", "משה", "moshe", "roshe"),
        ("katakana", "タナカ", "tanaka", "tamaka"),
    ],
)
def test_a_usual_spelling_costs_less_than_an_odd_one(script: str, letters: str, usual: str, odd: str) -> None:
    assert bits_of(script, letters, usual) < bits_of(script, letters, odd)


def test_a_letter_that_no_table_knows_is_a_slip() -> None:
    assert bits_of("arabic", "ܓ", "g") == SLIP_BITS


def test_latin_letters_have_numbers_that_fit_into_six_bits() -> None:
    assert max(letter_codes("latin").values()) == len(LATIN_LETTERS) < 64


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_correspondence_fits_the_arrays(script: str) -> None:
    lines = [line for line in read_spellings() if line.script == script]

    assert lines
    assert all(len(line.letters) <= 2 and len(line.spelt) <= 3 for line in lines)
    assert all(line.spelt for line in lines if len(line.letters) != 1)
    assert all(0.0 <= line.bits < SLIP_BITS for line in lines)
    assert len(letter_codes(script)) < 128


def test_no_correspondence_is_listed_twice() -> None:
    assert len(table()) == len(read_spellings())


def test_the_usual_bits_of_a_text_are_those_of_its_letters() -> None:
    place = SCRIPTS.index("arabic")
    first, second = usual_bits(coded("م", "arabic"), place), usual_bits(coded("ح", "arabic"), place)

    assert usual_bits(coded("مح", "arabic"), place) == pytest.approx(first + second)
    assert usual_bits(coded("", "arabic"), place) == 0.0
