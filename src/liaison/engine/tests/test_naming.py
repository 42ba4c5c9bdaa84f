"""Which part of one name stands for which part of the other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.engine import naming
from liaison.engine.fold import fold_parts
from liaison.engine.naming import COUNTS, Links, best_names, bits_in, compare_names, make_links, name_bits
from liaison.engine.parts import known
from liaison.engine.profile import Named, named
from liaison.engine.rarity import names
from liaison.engine.spelling import spellings
from liaison.engine.weights import weights

PARTS = "mohammed محمد ali aly nowak novak bin al sheikh j zyx andrei abdulrahman abdul rahman مصطفى Кузнецов o lee 王"
texts = st.lists(st.sampled_from(PARTS.split()), min_size=1, max_size=5).map(" ".join)


def folded(*texts: str) -> Named:
    return named(tuple(" ".join(fold_parts(text)) for text in texts), names())


def links_between(first: str, second: str) -> Links:
    ours, theirs, links = folded(first), folded(second), make_links()
    compare_names(
        ours.parts, ours.numbers(0), theirs.parts, theirs.numbers(0), spellings(), known(), weights().names[0], links
    )
    return links


def counted(first: str, second: str) -> dict[str, float]:
    """Return what was counted, without what is never nought."""
    total = links_between(first, second).total
    told = {name: float(count) for name, count in zip(COUNTS, total, strict=True) if count}
    return {name: count for name, count in told.items() if name not in ("letters", "rarity", "common", "spelling")}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Zofia Kowalska", "Zofia Kowalska", {}),
        ("Zofia Kowalska", "Kowalska, Zofia", {"other_order": 1}),
        ("Zofia Kowalska", "Peter Otieno", {"different": 2}),
        ("Zofia Kowalska", "Zofia Otieno", {"different": 1}),
        ("Zofia Maria Kowalska", "Zofia Kowalska", {"missing": 1}),
        ("Maria Zofia Kowalska", "Zofia Kowalska", {"missing": 1, "missing_first": 1}),
        ("Zofia Kowalska", "Zofia", {"missing_of_few": 1}),
        ("Zofia Kowalska", "Kowalska", {"missing_of_few": 1, "missing_first": 1}),
        ("Zofia Maria Kowalska", "Zofia Maria Kowalska", {"further": 1}),
        ("P Kowalska", "Petra Kowalska", {"initial": 1}),
        ("P K", "Petra Kowalska", {}),
        ("Bill Otieno", "William Otieno", {"nickname": 1}),
        ("Jan van Loon", "Jan Loon", {}),
        ("Jan van Loon", "Jan van Loon", {"minor": 1}),
        ("Haji Imam", "Imam Haji", {"other_order": 1}),
        ("Abdul Rahman Nuristani", "Abdulrahman Nuristani", {"divided": 1}),
        ("Abd al Rahman Nuristani", "Abdalrahman Nuristani", {"divided": 1}),
        ("Иван Кузнецов", "Ivan Kuznetsov", {"transliterated": 2}),
        ("张 伟", "Zhang Wei", {"transliterated": 2, "syllables": 2}),
        ("Ahmad bin Hasan", "Hasan bin Ahmad", {"minor": 1, "other_descent": 1}),
    ],
)
def test_what_two_names_have_in_common_is_counted(first: str, second: str, expected: dict[str, float]) -> None:
    assert counted(first, second) == expected
    assert counted(second, first) == expected


def test_the_same_parts_count_their_letters_and_their_rarity() -> None:
    total = links_between("Otieno", "Otieno").total

    assert total[naming.LETTERS] == 6
    assert total[naming.RARITY] == pytest.approx(names().bits("otieno"), rel=1e-6)
    assert total[naming.COMMON] == 0.0
    assert total[naming.SPELLING] == 0.0


def test_of_a_name_that_many_have_is_counted_how_many() -> None:
    total = links_between("Muhammad", "Muhammad").total

    assert total[naming.COMMON] == pytest.approx(12 - names().bits("muhammad"), rel=1e-6)
    assert total[naming.COMMON] > 4


@pytest.mark.parametrize(("letters", "spelt"), [("محمد", "Mohamed"), ("الحسين", "Al Hussein"), ("Иван", "Ivan")])
def test_a_known_spelling_costs_nothing(letters: str, spelt: str) -> None:
    assert links_between(letters, spelt).total[naming.SPELLING] == 0.0


@given(texts, texts)
@settings(deadline=None, max_examples=60)
def test_no_part_is_used_twice(first: str, second: str) -> None:
    ours, theirs, links = folded(first), folded(second), make_links()
    chosen = compare_names(
        ours.parts, ours.numbers(0), theirs.parts, theirs.numbers(0), spellings(), known(), weights().names[0], links
    )

    places = links.chosen[:chosen]
    assert int(links.first[places].sum()).bit_count() == sum(map(bits_in, links.first[places].tolist()))
    assert int(links.second[places].sum()).bit_count() == sum(map(bits_in, links.second[places].tolist()))


@given(texts, texts)
@settings(deadline=None, max_examples=60)
def test_which_name_is_called_the_first_does_not_matter(first: str, second: str) -> None:
    there, back = links_between(first, second).total, links_between(second, first).total

    assert there == pytest.approx(back, abs=1e-4)


@given(texts, texts, texts)
@settings(deadline=None, max_examples=40)
def test_the_best_pair_of_names_counts(one: str, first: str, second: str) -> None:
    ours, theirs, links, table = folded(one), folded(first, second), make_links(), weights().names[0]
    bits = [name_bits(links_between(one, text), table) for text in (first, second)]

    best, place, other = best_names(
        ours.parts, ours.name_part, ours.name_ptr, theirs.parts, theirs.name_part, theirs.name_ptr,
        0, len(theirs.name_ptr) - 1, spellings(), known(), table, links,
    )  # fmt: skip

    assert best == pytest.approx(max(bits), abs=1e-5)
    assert place == 0
    assert bits[other] == pytest.approx(best, abs=1e-5)


def test_of_no_names_none_is_best() -> None:
    ours, links = folded("Zofia"), make_links()

    best = best_names(
        ours.parts, ours.name_part, ours.name_ptr, ours.parts, ours.name_part, ours.name_ptr,
        0, 0, spellings(), known(), weights().names[0], links,
    )  # fmt: skip

    assert best == (0.0, -1, -1)


@given(st.integers(0, 2**62 - 1))
def test_bits_are_counted(value: int) -> None:
    assert bits_in(value) == value.bit_count()


def test_the_longest_names_fit_the_working_arrays() -> None:
    text = " ".join(f"part{place:02}" for place in range(30))

    assert np.isfinite(links_between(text, text).total).all()
