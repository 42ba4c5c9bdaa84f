"""The indexer keeps what readers open fresh, says how it goes, and goes on after whatever failed."""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError
from structlog.testing import capture_logs

from liaison.engine.index import Index
from liaison.engine.manifest import read_progress, take_lock
from liaison.engine.writer import IndexWriter
from liaison.records import indexer as indexer_module
from liaison.records.indexer import Indexer, Told, ask_to_rebuild
from liaison.records.indexing import last_sequence, make_current
from tests.cast import Member, a_vehicle, feed, soon

VIN = "WZZZZZ9ZZZZ000001"


class Running:
    """An indexer in a thread of this process, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.told = folder, list[Told]()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=Indexer(folder, self.told.append, self.stop).run)

    def has_told(self, told: Told) -> bool:
        return soon(lambda: told in self.told)


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """Run an indexer while the block lasts."""
    one = Running(folder)
    one.thread.start()
    try:
        yield one
    finally:
        one.stop.set()
        one.thread.join()


def test_what_is_committed_is_published(nairobi_feeder: Member, tmp_path: Path) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    with running(tmp_path) as indexer:
        assert indexer.has_told(Told(sequence=1))
        reader = Index(tmp_path)

        feed(nairobi_feeder, "vehicles", a_vehicle("WZZZZZ9ZZZZ000002"))

        assert indexer.has_told(Told(sequence=2))
        assert reader.refresh() is True
        assert reader.record_count == 2


def test_it_says_how_far_it_is_and_that_it_lives(
    nairobi_feeder: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_module, "HEARTBEAT_SECONDS", 0.01)
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))

    with running(tmp_path) as indexer:
        assert soon(lambda: indexer.told.count(Told(sequence=1)) > 2)

    assert indexer.told[0] == Told(done=1, goal=1)


def test_stopped_it_leaves_everything_on_disk_and_the_folder_free(nairobi_feeder: Member, tmp_path: Path) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))

    with running(tmp_path) as indexer:
        indexer.has_told(Told(sequence=1))

    with IndexWriter(tmp_path) as writer:
        assert writer.record_count == 1


def test_asked_to_it_makes_everything_again_and_publishes_nothing_before_it_is_whole(
    nairobi_feeder: Member, tmp_path: Path
) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN), a_vehicle("WZZZZZ9ZZZZ000002"))
    make_current(tmp_path)
    before = Index(tmp_path)

    with running(tmp_path) as indexer:
        indexer.has_told(Told(sequence=2))
        ask_to_rebuild(tmp_path)
        assert soon(lambda: Index(tmp_path).epoch != before.epoch)
        seen = Index(tmp_path)

    assert (before.record_count, seen.record_count, seen.sequence) == (2, 2, 2)
    assert Told(done=2, goal=2) in indexer.told


def test_it_waits_while_another_process_writes(nairobi_feeder: Member, tmp_path: Path) -> None:
    lock = take_lock(tmp_path)
    assert lock is not None

    with running(tmp_path) as indexer:
        waited = not indexer.stop.wait(0.3) and indexer.told == []
        lock.close()

        assert indexer.has_told(Told(sequence=0))
    assert waited


def test_a_failure_is_told_and_it_goes_on_when_it_can(
    nairobi_feeder: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away for a moment."""
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    is_back = threading.Event()

    def away() -> int:
        if not is_back.is_set():
            raise OperationalError("the database is away")
        return last_sequence()

    monkeypatch.setattr("liaison.records.indexing.last_sequence", away)
    with running(tmp_path) as indexer:
        assert indexer.has_told(Told(failure="OperationalError"))

        is_back.set()

        assert indexer.has_told(Told(sequence=1))


def test_a_full_disk_is_told_and_corrupts_nothing_and_it_goes_on_when_there_is_room(
    nairobi_feeder: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a reader of what is published, and a disk that becomes full
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    with running(tmp_path) as indexer:
        assert indexer.has_told(Told(sequence=1))
        reader = Index(tmp_path, as_published=True)
        with monkeypatch.context() as disk:
            disk.setattr(Path, "replace", _is_full)

            # when something new is committed
            feed(nairobi_feeder, "vehicles", a_vehicle("WZZZZZ9ZZZZ000002"))

            # then that is told, and readers have what they had, whole
            assert indexer.has_told(Told(failure="OSError"))
            reader.refresh()
            new_reader = Index(tmp_path, as_published=True)
            assert (reader.record_count, new_reader.record_count) == (1, 1)

        # and with room again everything is found
        assert indexer.has_told(Told(sequence=2))
        assert soon(lambda: reader.refresh() or reader.sequence == 2)
    assert Index(tmp_path).record_count == reader.record_count == 2
    assert list(tmp_path.glob("*.tmp")) == []


def _is_full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_what_is_published_and_damaged_while_nothing_is_new_is_written_again(
    nairobi_feeder: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_module, "HEARTBEAT_SECONDS", 0.01)
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    with running(tmp_path) as indexer:
        indexer.has_told(Told(sequence=1))
        sound = (tmp_path / "live.json").read_bytes()

        (tmp_path / "live.json").write_bytes(sound[:40])

        assert soon(lambda: (tmp_path / "live.json").read_bytes() == sound)


def test_a_merge_that_fails_is_logged_and_everything_is_found(
    nairobi_feeder: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.engine.writer.FLUSH_AT", 2)
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    with running(tmp_path) as indexer, capture_logs() as logged:
        indexer.has_told(Told(sequence=1))
        with monkeypatch.context() as disk:
            disk.setattr("liaison.engine.writer.merge_shards", _is_full)
            feed(nairobi_feeder, "vehicles", a_vehicle("WZZZZZ9ZZZZ000002"), a_vehicle("WZZZZZ9ZZZZ000003"))
            assert soon(lambda: "index.cannot_merge" in [line["event"] for line in logged])
            assert indexer.has_told(Told(sequence=3))

        assert soon(lambda: "index.merges_again" in [line["event"] for line in logged])


def test_how_far_it_is_can_be_read_beside_it_until_it_is_done(nairobi_feeder: Member, tmp_path: Path) -> None:
    read: list[tuple[int, int] | None] = []
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    stop = threading.Event()

    def tell(told: Told) -> None:
        read.append(read_progress(tmp_path))
        stop.set()

    Indexer(tmp_path, tell, stop)._progress(1, 7)
    read.append(read_progress(tmp_path))
    with running(tmp_path) as indexer:
        indexer.has_told(Told(sequence=1))

    assert (read, read_progress(tmp_path)) == ([None, (1, 7)], None)
