"""How much the candidate search counts, and whom it leaves out."""

from pathlib import Path

import numpy as np
import pytest

from liaison.engine import index as index_module
from liaison.engine.candidates import bone_closeness, lost_bits, note, spelling_closeness
from liaison.engine.index import Index
from liaison.engine.score import compare
from liaison.engine.tests.indexing import ALL, TODAY, item, numbers, person


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path)


def test_edits_leave_less_in_shorter_parts() -> None:
    assert spelling_closeness(0, 3) == 1.0
    assert 1.0 > spelling_closeness(1, 9) > spelling_closeness(1, 4) > spelling_closeness(2, 5) > 0.0
    assert spelling_closeness(2, 3) == 0.0


def test_consonants_say_more_where_there_are_no_vowels_to_disagree() -> None:
    assert bone_closeness(0, 9, True) > bone_closeness(0, 9, False) > bone_closeness(0, 3, False) > 0.0
    assert bone_closeness(1, 4, True) > bone_closeness(1, 4, False) == 0.0


def test_parts_that_differ_cost_more_than_parts_left_out() -> None:
    assert lost_bits(6.0, 1, 6.0, 1) > lost_bits(6.0, 1, 0.0, 0) == lost_bits(0.0, 0, 6.0, 1) > 0.0
    assert lost_bits(0.0, 0, 0.0, 0) == 0.0


def test_a_part_is_noted_once_with_what_is_closest_while_there_is_room() -> None:
    level, parts = np.zeros(3, np.float32), np.zeros(1, np.int64)

    counts = [note(*noted, level, parts, count) for noted, count in (((2, 0.5), 0), ((2, 0.75), 1), ((2, 0.25), 1))]
    full = note(0, 0.5, level, parts, 1)

    assert (counts, full, parts.tolist(), level.tolist()) == ([1, 1, 1], 1, [2], [0.0, 0.0, 0.75])


def test_a_part_written_twice_counts_once(index: Index) -> None:
    query = person("Zofia Nuristani")
    index.apply([item(1, 1, person("Zofia Zofia Nuristani")), item(2, 2, person("Zofia Zofia Papadopoulos"))], 2)

    assert numbers(index.search(query, ALL, TODAY)) == [1]


def test_what_cannot_reach_the_cutoff_is_not_compared(index: Index) -> None:
    query = person("Zofia Nuristani", born=("1984-03-05",))
    index.apply([item(1, 1, person("Zofia Kowalska", born=("1985-07-01",))), item(2, 2, query)], 2)

    assert numbers(index.search(query, ALL, TODAY, cutoff=compare(query, query).score)) == [2]


def test_of_very_many_the_likeliest_are_compared_and_the_others_counted(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "COMPARED", 4)
    alike = [item(number, number, person("Zofja Nuristany")) for number in range(1, 11)]
    index.apply([*alike, item(99, 99, person("Zofia Nuristani"))], 99)

    found = index.search(person("Zofia Nuristani"), ALL, TODAY, limit=2)

    assert (numbers(found), found.total) == ([99, 1], 11)


def test_a_part_too_unlike_is_not_enough_for_a_high_cutoff(index: Index) -> None:
    index.apply([item(1, 1, person("Zofia Nuristani"))], 1)

    assert numbers(index.search(person("Jamila Nuristxxi"), ALL, TODAY, cutoff=0.9)) == []
