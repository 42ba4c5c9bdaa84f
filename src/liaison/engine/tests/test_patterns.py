"""Texts of which a part is known, against `fnmatch` over a plain list."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.engine.index import Index
from liaison.engine.patterns import rows_like, text_columns
from liaison.engine.tests.indexing import ALL, NEVER, TODAY
from liaison.engine.types import Item, Removal
from liaison.engine.writer import IndexWriter

texts = st.text(st.sampled_from("ABZ019pvعب京"), max_size=8)
patterns = st.text(st.sampled_from("AB01pعب京??**"), max_size=8)


def car(record: int, *written: str, rights: int = 0, expires: int = NEVER, sequence: int = 0) -> Item:
    return Item(record, sequence or record, rights, expires, (), None, tuple(text.encode() for text in written))


def like(index: Index, *asked: str, limit: int = 50) -> tuple[list[int], int]:
    return index.find_like([pattern.encode() for pattern in asked], ALL, TODAY, limit)


@given(st.lists(texts, max_size=12), patterns)
@settings(deadline=None, max_examples=400)
def test_a_pattern_finds_what_fnmatch_finds(written: Sequence[str], pattern: str) -> None:
    arrays = text_columns([car(row + 1, text) for row, text in enumerate(written)])

    found = rows_like(arrays, pattern.encode())

    assert found.tolist() == [row for row, text in enumerate(written) if fnmatchcase(text, pattern)]


@pytest.mark.parametrize(
    ("pattern", "text", "is_like"),
    [
        ("WX?23*", "WX123AB", True),
        ("WX?23*", "WX23", False),
        ("*", "", True),
        ("?", "", False),
        ("??", "京A", True),
        ("?", "ع", True),
        ("*A*A*A*A*B", "A" * 40, False),
        ("123", "1234", False),
    ],
)
def test_a_question_mark_is_one_character_and_a_star_any_number(pattern: str, text: str, is_like: bool) -> None:
    assert (len(rows_like(text_columns([car(1, text)]), pattern.encode())) == 1) is is_like


@given(
    st.lists(st.tuples(st.integers(1, 6), st.lists(texts, max_size=2), st.booleans()), max_size=16),
    st.lists(patterns, min_size=1, max_size=2),
    st.integers(1, 5),
)
@settings(deadline=None, max_examples=40)
def test_the_index_finds_the_newest_texts_of_each_record_through_merges_and_on_disk(
    history: list[tuple[int, list[str], bool]], asked: list[str], flush_every: int
) -> None:
    newest: dict[int, list[str]] = {}
    with TemporaryDirectory() as folder, IndexWriter(Path(folder)) as index:
        for sequence, (record, written, is_removed) in enumerate(history, 1):
            newest[record] = [] if is_removed else written
            change = Removal(record, sequence) if is_removed else car(record, *written, sequence=sequence)
            index.apply([change], sequence)
            [lambda: None, index.flush][sequence % flush_every == 0]()

        found, total = like(index, *asked)

    expected = sorted(record for record, own in newest.items() if is_any_like(own, asked))
    assert (found, total) == (expected, len(expected))


def is_any_like(written: Sequence[str], asked: Sequence[str]) -> bool:
    return any(fnmatchcase(text, pattern) for text in written for pattern in asked)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[IndexWriter]:
    with IndexWriter(tmp_path / "index") as writer:
        yield writer


def test_what_may_not_be_seen_changes_neither_the_answer_nor_the_count(index: IndexWriter) -> None:
    allowed = np.array([True, False])
    index.apply(
        [
            car(1, "WX123"),
            car(2, "WX123", rights=1),
            car(3, "WX123", rights=7),
            car(4, "WX123", expires=TODAY),
            car(5, "WX124"),
        ],
        5,
    )

    assert index.find_like([b"WX*"], allowed, TODAY) == ([1, 5], 2)


def test_a_long_answer_is_cut_and_counted(index: IndexWriter) -> None:
    index.apply([car(record, f"WX{record:03}", f"WX{record:03}A") for record in range(1, 81)], 80)

    assert like(index, "WX*", "W*", limit=3) == ([1, 2, 3], 80)
