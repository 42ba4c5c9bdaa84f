"""The table of exact keys against a dictionary, and its hash against Python's own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.engine.exact import ExactTable, build_exact
from liaison.engine.hashing import hash_key, hash_keys
from liaison.engine.index import Index
from liaison.engine.tests.indexing import NEVER, TODAY
from liaison.engine.types import Item

MOST = 2**63 - 1


def table_of(hashes: Sequence[int]) -> ExactTable:
    return ExactTable(build_exact(np.array(hashes, np.uint64), np.arange(len(hashes), dtype=np.uint32)))


def rows_by_hash(hashes: Sequence[int]) -> dict[int, list[int]]:
    return {wanted: [row for row, own in enumerate(hashes) if own == wanted] for wanted in set(hashes)}


def spread(count: int) -> list[int]:
    hashes: list[int] = np.random.default_rng(count).integers(0, MOST, count, endpoint=True).tolist()
    return hashes


# Evenly spread hashes, and such that share all their first or all their last bits.
few = st.integers(0, 5)
hashes_of_keys = st.one_of(st.integers(0, MOST), few, few.map(lambda number: MOST - number), few.map(lambda n: n << 60))


@given(st.lists(hashes_of_keys, max_size=80), st.lists(hashes_of_keys, max_size=20))
@settings(deadline=None)
def test_the_table_answers_like_a_dictionary(filed: list[int], asked: list[int]) -> None:
    table, wanted = table_of(filed), [*asked, *filed]

    expected = rows_by_hash(filed)
    found = table.rows_of_all(np.array(wanted, np.uint64))
    assert [list(table.rows_of(one)) for one in wanted] == [expected.get(one, []) for one in wanted]
    assert {wanted[place]: list(rows) for place, rows in found} == expected
    assert len(table) == len(filed)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 8, 9, 127, 128, 129, 2047, 2048, 2049, 4095, 4096, 4097])
def test_a_table_of_any_size_finds_all_its_keys_and_no_others(count: int) -> None:
    filed = spread(count)
    table = table_of(filed)

    missing = [MOST - one for one in filed]
    assert [list(table.rows_of(one)) for one in filed] == [[row] for row in range(count)]
    assert [list(rows) for _, rows in table.rows_of_all(np.array(filed, np.uint64))] == [[row] for row in range(count)]
    assert not any(map(table.rows_of, missing))
    assert not list(table.rows_of_all(np.array(missing, np.uint64)))


@pytest.mark.parametrize("count", [100, 3000])
def test_keys_of_very_many_rows_are_found_in_order(count: int) -> None:
    filed = [5, MOST, 6, 5] * count + spread(count)
    table = table_of(filed)

    expected = rows_by_hash([5, MOST, 6, 5] * count)
    found = dict(table.rows_of_all(np.array([5, 6, 7, MOST], np.uint64)))
    assert [list(table.rows_of(one)) for one in (5, 6, 7, MOST)] == [expected[5], expected[6], [], expected[MOST]]
    assert found == {0: expected[5], 1: expected[6], 3: expected[MOST]}


def test_a_table_costs_at_most_thirteen_bytes_a_key() -> None:
    sizes = [sum(array.nbytes for array in build_exact(hashes, hashes.astype(np.uint32)).values()) for hashes in (
        np.array(spread(count), np.uint64) for count in (1 << 12, (1 << 13) - 1, 50_000))]  # fmt: skip

    assert sizes[0] <= 13 * (1 << 12) + 4
    assert sizes[1] <= 13 * ((1 << 13) - 1)
    assert sizes[2] <= 13 * 50_000


def test_of_many_records_with_one_key_those_are_found_that_may_be_seen(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    seen = [Item(number, number, 0, NEVER, (b"k",)) for number in range(1, 21)]
    hidden = [
        Item(31, 31, 1, NEVER, (b"k",)),
        Item(32, 32, 9, NEVER, (b"k",)),
        Item(33, 33, 0, TODAY, (b"k",)),
        Item(1, 34, 0, NEVER, (b"other",)),
    ]
    index.apply(seen, 20)
    index.apply(hidden, 34)

    found = index.find_exact([b"k"], np.array([True, False]), TODAY)

    assert found == [list(range(2, 21))]


KEYS = [b"a", b"1234567", b"12345678", b"vin:WZZZZZ9ZZZZ000001", b"plate:PL/\xd8\xa7", bytes(range(256)) * 3]


def test_a_key_is_filed_under_the_hash_that_python_uses_itself() -> None:
    python = subprocess.run(  # noqa: S603  our own interpreter and text
        [sys.executable, "-c", f"print([hash(key) % 2**64 >> 1 for key in {KEYS!r}])"],
        env=os.environ | {"PYTHONHASHSEED": "0"}, capture_output=True, check=True, text=True,
    )  # fmt: skip

    assert sys.hash_info.algorithm == "siphash13"
    assert str([int(hash_key(key)) for key in KEYS]) == python.stdout.strip()


@given(st.lists(st.binary(max_size=40), max_size=12))
@settings(deadline=None)
def test_many_keys_are_hashed_as_each_of_them(keys: list[bytes]) -> None:
    assert hash_keys(keys).tolist() == [hash_key(key) for key in keys]
