"""Large merges go on in processes beside the writer: announced, taken over, killed, failed, begun anew."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from liaison.engine import writer as writer_module
from liaison.engine.index import Index, IndexDamaged
from liaison.engine.manifest import read_live
from liaison.engine.tests.indexing import ALL, TODAY, item, person
from liaison.engine.types import Item, Removal
from liaison.engine.writer import IndexWriter
from tests.cast import soon

KEYS = [b"k%d" % number for number in range(1, 11)]


def of_numbers(after: int, until: int) -> Sequence[Item | Removal]:
    """Stands for the records: one for each number."""
    return [item(number, number, person("Zofia Kowalska"), b"k%d" % number) for number in range(after + 1, until + 1)]


def none_to_be_had(after: int, until: int) -> Sequence[Item | Removal]:
    raise OSError("the database is away")


def end_of_the_process(after: int, until: int) -> Sequence[Item | Removal]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IndexWriter]:
    """A writer that has the least merge done beside it."""
    monkeypatch.setattr(writer_module, "AT_ONCE", 1)
    monkeypatch.setattr(writer_module, "FLUSH_AT", 8)
    monkeypatch.setattr(writer_module, "_AFTER_FAILURE_SECONDS", 0)
    with IndexWriter(tmp_path / "index") as writer:
        yield writer


def apply_singly(index: IndexWriter, numbers: Sequence[int]) -> None:
    for number in numbers:
        index.apply(of_numbers(number - 1, number), number)


def merging(index: IndexWriter, is_reached: Callable[[], bool]) -> bool:
    def look() -> bool:
        index.merge_in_time()
        return is_reached()

    return soon(look, 20)


def found(index: Index) -> list[list[int]]:
    return index.find_exact(KEYS, ALL, TODAY)


ALL_FOUND = [[number] for number in range(1, 11)]


def test_what_is_new_is_merged_beside_the_work_and_found_all_the_time(index: IndexWriter) -> None:
    apply_singly(index, range(1, 5))
    index.merge_in_time()
    apply_singly(index, range(5, 8))
    during = found(index)

    assert merging(index, lambda: index.describe()["delta_shards"] <= 4)
    assert (during, found(index)) == (ALL_FOUND[:7] + [[]] * 3,) * 2


def test_much_is_flushed_beside_the_work_and_what_comes_meanwhile_replaces_it(
    index: IndexWriter, tmp_path: Path
) -> None:
    apply_singly(index, range(1, 11))
    index.merge_in_time()
    index.apply([Removal(1, 11), item(2, 12, None, b"new")], 12)
    index.publish()
    reader = Index(tmp_path / "index", as_published=True)

    assert merging(index, lambda: index.describe()["segment_rows"] == 10)
    index.publish()
    reader.refresh()

    for one in (index, reader, Index(tmp_path / "index")):
        assert found(one) == [[], [], *ALL_FOUND[2:]]
        assert one.find_exact([b"new"], ALL, TODAY) == [[2]]
    index.close()
    with IndexWriter(tmp_path / "index") as again:
        assert (again.sequence, found(again)) == (10, ALL_FOUND)


def test_a_large_segment_is_announced_and_readers_have_it_open_before_it_takes_its_place(
    index: IndexWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "LARGE", 1)
    monkeypatch.setattr(writer_module, "NOTICE_SECONDS", 600)
    apply_singly(index, range(1, 11))
    index.publish()
    reader = Index(tmp_path / "index", as_published=True)

    def is_announced() -> bool:
        index.publish()
        return bool(read_live(tmp_path / "index").coming)

    assert merging(index, is_announced)
    [coming] = read_live(tmp_path / "index").coming
    assert reader.refresh() is True
    assert (found(reader), len(reader.describe())) == (ALL_FOUND, 8)
    assert soon(reader._ahead[coming].done)

    index.flush()
    index.publish()
    reader.refresh()

    assert read_live(tmp_path / "index").segments == (coming,)
    assert (found(reader), reader._ahead) == (ALL_FOUND, {})


def test_a_process_that_is_killed_costs_only_its_work(index: IndexWriter, tmp_path: Path) -> None:
    apply_singly(index, range(1, 11))
    broken = index._beside.submit(end_of_the_process, 0, 0)  # type: ignore[arg-type]
    index.merge_in_time()
    with pytest.raises(BrokenProcessPool):
        broken.result(20)

    assert merging(index, lambda: index.delta_size == 0)
    assert found(index) == ALL_FOUND
    assert len(list((tmp_path / "index").glob("*.segment"))) == 1
    assert list((tmp_path / "index").glob("*.tmp")) == []


def test_damage_that_a_merge_finds_is_raised(index: IndexWriter, tmp_path: Path) -> None:
    apply_singly(index, range(1, 11))
    index.flush()
    [segment] = (tmp_path / "index").glob("*.segment")
    segment.write_bytes(segment.read_bytes()[:-64] + bytes(63) + b"\1")
    index.apply([item(number, number, None, b"x") for number in range(11, 21)], 20)

    with pytest.raises(IndexDamaged, match="wrong checksum"):
        merging(index, lambda: index.delta_size == 0)


def test_what_was_being_merged_when_everything_began_again_is_forgotten(index: IndexWriter, tmp_path: Path) -> None:
    apply_singly(index, range(1, 11))
    index.merge_in_time()
    [under_way] = index._merges

    index.begin_again()
    under_way.made.exception(20)
    index.apply([item(1, 1, None, b"again")], 1)
    index.flush()
    index.publish()

    reader = Index(tmp_path / "index")
    assert reader.find_exact([b"k1", b"again"], ALL, TODAY) == [[], [1]]
    assert len(list((tmp_path / "index").glob("*.segment"))) == 1


def test_everything_is_built_beside_and_merged_afterwards(index: IndexWriter, tmp_path: Path) -> None:
    index.apply([item(1, 1, None, b"old"), item(77, 2, None, b"k2")], 2)

    reached = list(index.build_beside([2, 5, 8, 10], of_numbers))

    assert (reached, index.sequence, index.describe()["segments"]) == ([5, 8, 10], 10, 4)
    assert found(index) == [[], [77], *ALL_FOUND[2:]]
    assert merging(index, lambda: index.describe()["segments"] == 1)
    index.close()
    with IndexWriter(tmp_path / "index") as again:
        assert (again.sequence, found(again)) == (10, found(index))


@pytest.mark.parametrize(("changes", "error"), [(none_to_be_had, OSError), (end_of_the_process, BrokenProcessPool)])
def test_what_cannot_be_built_beside_is_raised_and_what_was_built_stays(
    index: IndexWriter, changes: Callable[[int, int], Sequence[Item | Removal]], error: type[Exception]
) -> None:
    index.apply([item(77, 2, None, b"k2")], 2)

    with pytest.raises(error):
        list(index.build_beside([2, 5, 8], changes))

    assert (index.sequence, found(index)[1]) == (2, [77])
    assert list(index.build_beside([2, 5], of_numbers)) == [5]
