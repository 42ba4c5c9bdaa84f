"""Sorted lists of words: which are a few edits away, and how lists become one, against plain ways."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from liaison.engine.lexicon import (
    MAX_WORD,
    Lexicon,
    Trie,
    backward,
    branches,
    make_finding,
    merged,
    order_of,
    resembling,
    taken,
    words_of,
)

plains = st.text("abc", max_size=9)
lists = st.lists(
    st.one_of(plains, st.builds("{}|{}".format, plains, st.sampled_from(["علي", "阿里", "x"]))), unique=True
)


def found(texts: list[str], wanted: str, most: int) -> dict[str, int]:
    texts = sorted(texts, key=order_of)
    words = words_of(texts)
    turned, same = backward(words)
    lexicon = Lexicon(Trie(*words, *branches(*words)), Trie(*turned, *branches(*turned)), same)
    word, finding = np.frombuffer(wanted.encode(), np.uint8), make_finding(len(texts))
    count = resembling(lexicon, word, len(word), most, finding)
    answer = zip(finding.found[:count].tolist(), finding.edits[:count].tolist(), strict=True)
    # The least comes last, and stays.
    return {texts[number]: few for number, few in sorted(answer, key=lambda one: -one[1])}


@given(lists, st.text("abc", min_size=1, max_size=9), st.integers(0, 2))
@settings(max_examples=1000, deadline=None)
def test_the_words_within_reach_are_those_of_rapidfuzz(texts: list[str], wanted: str, most: int) -> None:
    distances = {text: OSA.distance(text.partition("|")[0], wanted) for text in texts}

    assert found(texts, wanted, most) == {text: edits for text, edits in distances.items() if edits <= most}


@pytest.mark.parametrize("other", ["a" * 32, "a" * 31 + "b", "a" * 40])
def test_the_first_letters_of_a_long_word_are_compared(other: str) -> None:
    assert list(found(["a" * 20, other], "a" * MAX_WORD, 1)) == [other]


@given(st.lists(lists, min_size=1, max_size=4))
@settings(deadline=None)
def test_lists_become_one(several: list[list[str]]) -> None:
    ordered = [sorted(texts, key=order_of) for texts in several]

    words, places = merged([words_of(texts) for texts in ordered])

    together = [words.text(place) for place in range(len(words))]
    assert together == sorted(set().union(*several), key=order_of)
    assert [[together[place] for place in some.tolist()] for some in places] == ordered


def test_words_are_taken_in_the_order_given() -> None:
    some = taken(words_of(["ala", "bob|боб", "zoe"]), np.array([2, 1]))

    assert [some.text(place) for place in range(len(some))] == ["zoe", "bob|боб"]
