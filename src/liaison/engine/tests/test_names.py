"""What the search looks at: which dates, which spellings, and how much of what is common."""

from pathlib import Path

import numpy as np
import pytest

from liaison.engine import names
from liaison.engine.arrays import Scratch, make_scratch
from liaison.engine.index import Index
from liaison.engine.score import MATCH, compare
from liaison.engine.tests.indexing import ALL, NEVER, TODAY, item, numbers, person
from liaison.engine.types import Item, Subject


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path)


@pytest.mark.parametrize(
    ("born", "asked"),
    [
        (("1984-03-05",), ("1984-05-03",)),
        (("1984-03-05",), ("1985-03-05",)),
        (("1984-03-05",), ("1964-03-05",)),
        (("1984-03-05",), ("1984-03-15",)),
        (("1984-03-05",), ("1984",)),
        ((), ("1984-03-05",)),
        (("1984-03-05",), ()),
        (("1951-03-05", "1984-03-05"), ("1984-03-05",)),
        (("1951-03-05", "1984-03-05"), ("1951-03-05",)),
        (("1984-03-05",), ("1951-07-09", "1984-03-05", "1986")),
    ],
)
def test_a_birth_date_written_otherwise_is_looked_at(
    index: Index, born: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    others = [item(number, number, person("Zofia Kowalska", born=(f"{1900 + number}-11-28",))) for number in range(90)]
    index.apply([*others[1:], item(100, 100, person("Jamila Nuristani Wolanska", born=born, countries=("PL",)))], 100)

    assert numbers(index.search(person("Jamila Nuristani Wolanska", born=asked, countries=("PL",)), ALL, TODAY)) == [
        100
    ]


def test_another_year_than_the_one_that_is_recorded_alone_is_looked_at_and_not_possible(index: Index) -> None:
    index.apply([item(1, 1, person("Jamila Nuristani Wolanska", born=("1984",), countries=("PL",)))], 1)
    query = person("Jamila Nuristani Wolanska", born=("1985-03-05",), countries=("PL",))

    assert numbers(index.search(query, ALL, TODAY, 50, MATCH)) == [1]
    assert numbers(index.search(query, ALL, TODAY)) == []


@pytest.mark.parametrize(
    "written",
    ["Nuristani", "Nuritsani", "Nuistani", "Nuristaani", "Nurestoni", "Nooristanee", "Nuri Stani", "Nruistain"],
)
def test_a_rare_part_is_found_with_two_letters_wrong(index: Index, written: str) -> None:
    index.apply([item(1, 1, person("Nuristani", born=("1984-03-05",)))], 1)

    assert numbers(index.search(person(written, born=("1984-03-05",)), ALL, TODAY, cutoff=0.2)) == [1]


def test_both_names_of_a_subject_lead_to_it(index: Index) -> None:
    index.apply([item(1, 1, person("Zofia Kowalska", "Jamila Nuristani"))], 1)

    both = person("Jamila Nuristani", "Zofia Kowalska")

    assert numbers(index.search(person("Zofia Kowalska"), ALL, TODAY)) == [1]
    assert numbers(index.search(person("Jamila Nuristani"), ALL, TODAY)) == [1]
    assert index.search(both, ALL, TODAY).total == 1


def test_a_cutoff_leaves_out_what_scores_less(index: Index) -> None:
    query = person("Zofia Nuristani")
    index.apply([item(1, 1, query), item(2, 2, person("Zofya Nuristany")), item(3, 3, person("Zofia Papadopoulos"))], 3)
    likely = compare(query, person("Zofya Nuristany")).score

    assert numbers(index.search(query, ALL, TODAY, cutoff=likely)) == [1, 2]
    assert numbers(index.search(query, ALL, TODAY, cutoff=compare(query, query).score)) == [1]
    assert numbers(index.search(query, ALL, TODAY, cutoff=0.0)) == [1, 2, 3]
    assert index.search(query, ALL, TODAY, cutoff=1.0).total == 0


def test_many_queries_are_answered_like_each_alone(index: Index) -> None:
    queries = [person("Zofia Kowalska"), Subject(("Zielona Rybka",), kind="vessel"), person("")]
    index.apply([item(number, number, query) for number, query in enumerate(queries, 1)], 3)

    assert index.search_many(queries, ALL, TODAY) == [index.search(query, ALL, TODAY) for query in queries]


@pytest.mark.parametrize("hidden", [0, 30])
def test_of_the_commonest_name_some_are_weighed_whoever_else_may_not_be_seen(
    index: Index, monkeypatch: pytest.MonkeyPatch, hidden: int
) -> None:
    def small(subject_count: int, part_count: int) -> Scratch:
        return make_scratch(subject_count, part_count, most_touched=8)

    monkeypatch.setattr(names, "_thread", type("Nothing", (), {})())
    monkeypatch.setattr(names, "make_scratch", small)
    query = person("Zofia Nuristani")
    unseen = [Item(number, number, 9, NEVER, (), query) for number in range(1, hidden + 1)]
    index.apply([*unseen, *(item(number, number, query) for number in range(101, 151))], 150)

    found = index.search(query, ALL, TODAY, limit=5)

    assert numbers(found) == [101, 102, 103, 104, 105]
    assert found.total == 8
    assert not np.any(names._thread.scratch.gained)
