"""The life of an index on disk: flushed, merged, crashed, damaged, shared between processes, read while it changes."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from liaison.engine import index as index_module
from liaison.engine import manifest as manifest_module
from liaison.engine import writer as writer_module
from liaison.engine.index import Index, IndexDamaged
from liaison.engine.manifest import read_manifest, write_manifest
from liaison.engine.segment import FORMAT
from liaison.engine.tests.indexing import ALL, TODAY, item, numbers, person
from liaison.engine.types import Subject
from liaison.engine.writer import IndexInUse, IndexWriter


@pytest.fixture
def index(tmp_path: Path) -> Iterator[IndexWriter]:
    with IndexWriter(tmp_path / "index") as writer:
        yield writer


def test_a_flush_without_changes_keeps_the_sequence(index: IndexWriter, tmp_path: Path) -> None:
    index.apply([], 7)

    index.flush()
    index.flush()

    assert Index(tmp_path / "index").sequence == 7


def test_segments_are_merged_and_old_files_removed(index: IndexWriter, tmp_path: Path) -> None:
    index.apply([item(number, number) for number in range(1, 101)], 100)
    index.flush()
    index.apply([item(number, number) for number in range(101, 111)], 110)
    index.flush()
    two = index.describe()["segments"]
    index.apply([item(number, number) for number in range(111, 161)], 160)
    index.flush()

    assert two == 2
    assert index.describe()["segments"] == 1
    assert index.record_count == 160
    assert len(list((tmp_path / "index").glob("*.segment"))) == 1


def test_shards_of_the_delta_stay_few(index: IndexWriter) -> None:
    index.apply([item(number, number) for number in range(1, 5)], 4)
    index.apply([item(5, 5)], 5)
    two = index.describe()["delta_shards"]
    index.apply([item(6, 6)], 6)

    figures = index.describe()
    assert (two, figures["delta_shards"], figures["delta_rows"]) == (2, 1, 6)


def test_what_a_crash_left_behind_does_no_harm_and_is_removed(index: IndexWriter, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    (folder / "deadbeef-00000000.tmp").write_bytes(b"half")
    (folder / "deadbeef-00000001.segment").write_bytes(b"never named")
    (folder / "deadbeef-00000002.fresh").write_bytes(b"never named")
    (folder / "manifest.json.tmp").write_bytes(b"{")

    index.apply([item(1, 1, None, b"k")], 1)
    index.flush()

    assert Index(folder).find_exact([b"k"], ALL, TODAY) == [[1]]
    assert sorted(path.suffix for path in folder.iterdir()) == ["", ".json", ".segment"]


def test_a_crash_before_the_manifest_leaves_the_index_as_it_was(
    index: IndexWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.apply([item(1, 1, None, b"k")], 1)
    index.flush()
    index.apply([item(2, 2, None, b"k")], 2)

    def power_cut(*_: object) -> None:
        raise OSError("no power")

    monkeypatch.setattr(writer_module, "write_manifest", power_cut)
    with pytest.raises(OSError, match="no power"):
        index.flush()

    assert index.find_exact([b"k"], ALL, TODAY) == [[1, 2]]
    assert Index(tmp_path / "index").sequence == 1


@pytest.mark.parametrize("pattern", ["*.segment", "manifest.json"])
def test_damage_is_found_and_everything_can_be_built_again(index: IndexWriter, tmp_path: Path, pattern: str) -> None:
    index.apply([item(1, 1, person("Zofia Kowalska"), b"k")], 1)
    index.flush()
    damaged = next((tmp_path / "index").glob(pattern))
    content = damaged.read_bytes()
    damaged.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])

    index.close()

    with pytest.raises(IndexDamaged):
        Index(tmp_path / "index")
    with pytest.raises(IndexDamaged):
        IndexWriter(tmp_path / "index")

    with IndexWriter(tmp_path / "index", begin_again=True) as again:
        assert (again.sequence, again.record_count) == (0, 0)


def test_a_manifest_that_is_no_json_is_found(index: IndexWriter, tmp_path: Path) -> None:
    (tmp_path / "index" / "manifest.json").write_text("{")

    with pytest.raises(IndexDamaged, match="cannot be read"):
        Index(tmp_path / "index")


def test_a_manifest_of_another_format_is_not_read(
    index: IndexWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.apply([item(1, 1)], 1)
    index.flush()
    monkeypatch.setattr(manifest_module, "FORMAT", FORMAT + 1)

    with pytest.raises(IndexDamaged, match="has format"):
        Index(tmp_path / "index")


def test_another_process_takes_over_what_was_published(index: IndexWriter, tmp_path: Path) -> None:
    other = Index(tmp_path / "index")
    other.apply([item(1, 1, None, b"a"), item(2, 2, None, b"b"), item(3, 3, None, b"c")], 3)
    index.apply([item(1, 1, None, b"a"), item(2, 2, None, b"b")], 2)
    index.publish()

    assert other.refresh() is True
    assert other.refresh() is False

    assert other.find_exact([b"a", b"b", b"c"], ALL, TODAY) == [[1], [2], [3]]
    assert (other.delta_size, other.sequence, other.record_count) == (1, 3, 3)


def test_a_folder_has_one_writer(index: IndexWriter, tmp_path: Path) -> None:
    with pytest.raises(IndexInUse):
        IndexWriter(tmp_path / "index")

    index.close()

    IndexWriter(tmp_path / "index").close()


def test_what_was_published_but_not_flushed_is_read_by_others_and_made_again_by_the_next_writer(
    index: IndexWriter, tmp_path: Path
) -> None:
    """After a crash of the writer, and after a power cut alike, it goes on from what is on disk for certain."""
    index.apply([item(1, 1, None, b"a")], 1)
    index.flush()
    index.apply([item(2, 2, None, b"b")], 2)
    index.publish()
    index.close()

    with IndexWriter(tmp_path / "index") as again:
        assert again.sequence == 1
        assert Index(tmp_path / "index").find_exact([b"a", b"b"], ALL, TODAY) == [[1], [2]]


@pytest.mark.parametrize("pattern", ["live.json", "*.fresh"])
def test_what_need_not_survive_may_be_torn(index: IndexWriter, tmp_path: Path, pattern: str) -> None:
    index.apply([item(1, 1, None, b"a")], 1)
    index.flush()
    index.apply([item(2, 2, None, b"b")], 2)
    index.publish()
    [torn] = (tmp_path / "index").glob(pattern)
    torn.write_bytes(torn.read_bytes()[:-9])

    assert Index(tmp_path / "index").sequence == 1


def test_a_reader_does_not_go_back_when_what_was_published_is_lost(index: IndexWriter, tmp_path: Path) -> None:
    index.apply([item(1, 1, None, b"a")], 1)
    index.flush()
    index.apply([item(2, 2, None, b"b")], 2)
    index.publish()
    other = Index(tmp_path / "index")
    (tmp_path / "index" / "live.json").unlink()

    with pytest.raises(IndexDamaged, match="is gone"):
        other.refresh()

    assert other.find_exact([b"a", b"b"], ALL, TODAY) == [[1], [2]]


def test_published_shards_that_nobody_needs_are_removed(index: IndexWriter, tmp_path: Path) -> None:
    for number in range(1, 9):
        index.apply([item(number, number)], number)
        index.publish()
    few = len(list((tmp_path / "index").glob("*.fresh")))
    index.flush()
    index.publish()

    assert few == index_module.MERGE_RATIO - 1
    assert list((tmp_path / "index").glob("*.fresh")) == []
    assert Index(tmp_path / "index").record_count == 8


def test_a_segment_removed_while_it_is_being_opened_is_read_from_the_next_manifest(
    index: IndexWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.apply([item(1, 1, None, b"a")], 1)
    index.flush()
    new = read_manifest(tmp_path / "index")
    assert new
    old = manifest_module.Manifest(new.format, new.epoch, 0, ("gone.segment",))
    answers = iter([old, new, new])
    monkeypatch.setattr(index_module, "read_published", lambda _: next(answers))

    assert Index(tmp_path / "index").find_exact([b"a"], ALL, TODAY) == [[1]]


def test_a_folder_that_never_holds_still_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = iter(range(100))

    def ever_new(_: Path) -> manifest_module.Manifest:
        return manifest_module.Manifest(FORMAT, "e", next(count), ("gone.segment",))

    monkeypatch.setattr(index_module, "read_published", ever_new)
    monkeypatch.setattr(index_module, "read_manifest", ever_new)

    with pytest.raises(IndexDamaged, match="changes faster"):
        Index(tmp_path)


def test_readers_keep_what_they_have_while_everything_is_made_again(index: IndexWriter, tmp_path: Path) -> None:
    index.apply([item(1, 1, None, b"a")], 1)
    index.flush()
    index.publish()
    other = Index(tmp_path / "index")
    other.apply([item(2, 2, None, b"a")], 2)

    index.begin_again()
    nothing_new = other.refresh()
    during = other.find_exact([b"a"], ALL, TODAY), Index(tmp_path / "index").find_exact([b"a"], ALL, TODAY)
    index.apply([item(1, 1, None, b"b"), item(2, 2, None, b"b")], 2)
    index.publish()
    other.refresh()

    assert (nothing_new, during) == (False, ([[1, 2]], [[1]]))
    assert other.find_exact([b"a", b"b"], ALL, TODAY) == [[], [1, 2]]
    assert list((tmp_path / "index").glob("*.segment")) == []


def test_much_is_flushed_beside_the_work(index: IndexWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "FLUSH_AT", 2)
    monkeypatch.setattr(writer_module, "WAIT_AT", 4)

    for number in range(1, 21):
        index.apply([item(number, number, None, b"k%d" % number)], number)
        index.merge_in_time()

    assert index.delta_size <= 4
    assert index.describe()["segment_rows"] >= 16
    assert index.find_exact([b"k1", b"k20"], ALL, TODAY) == [[1], [20]]


def full(*_: object, **__: object) -> None:
    raise OSError("no space left")


def test_a_merge_that_fails_is_raised_where_too_much_waits_for_it_and_tried_again(
    index: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "FLUSH_AT", 1)
    monkeypatch.setattr(writer_module, "WAIT_AT", 2)
    monkeypatch.setattr(writer_module, "_AFTER_FAILURE_SECONDS", 0)
    index.apply([item(1, 1, None, b"k")], 1)
    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "write_segment", full)
        index.merge_in_time()
        index.apply([item(2, 2, None, b"k")], 2)
        with pytest.raises(OSError, match="no space"):
            index.merge_in_time()
        found_meanwhile = index.find_exact([b"k"], ALL, TODAY)

    index.merge_in_time()
    index.merge_in_time()

    assert (index.delta_size, index.find_exact([b"k"], ALL, TODAY)) == (0, found_meanwhile) == (0, [[1, 2]])


def test_what_is_applied_during_a_flush_is_kept(index: IndexWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    def and_meanwhile(folder: Path, manifest: manifest_module.Manifest) -> None:
        write_manifest(folder, manifest)
        index.apply([item(2, 3, None, b"new"), item(3, 4, None, b"third")], 4)

    index.apply([item(1, 1, None, b"first"), item(2, 2, None, b"old")], 2)
    monkeypatch.setattr(writer_module, "write_manifest", and_meanwhile)
    index.flush()

    assert index.find_exact([b"first", b"old", b"new", b"third"], ALL, TODAY) == [[1], [], [2], [3]]
    assert (index.delta_size, index.sequence, index.record_count) == (2, 4, 3)


def test_readers_always_find_a_record_that_is_changed_all_the_time(index: IndexWriter) -> None:
    query = person("Zofia Kowalska", born=("1984",))
    index.apply([item(1, 1, query, b"k")], 1)
    answers: list[tuple[list[int], list[list[int]]]] = []

    def read() -> None:
        answers.extend(
            (numbers(index.search(query, ALL, TODAY)), index.find_exact([b"k"], ALL, TODAY)) for _ in range(50)
        )

    readers = [threading.Thread(target=read) for _ in range(2)]
    _run_beside(readers, lambda: _change_often(index, query))

    assert answers == [([1], [[1]])] * 100


def _run_beside(threads: Sequence[threading.Thread], work: Callable[[], None]) -> None:
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()


def _change_often(index: IndexWriter, query: Subject) -> None:
    for sequence in range(2, 30):
        index.apply([item(1, sequence, query, b"k")], sequence)
        if sequence % 7 == 0:
            index.flush()
