"""The index follows the truth in commit order, and is made again when it cannot be trusted."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from structlog.testing import capture_logs

from liaison.engine.index import Index
from liaison.engine.manifest import take_lock
from liaison.engine.types import Item, Removal
from liaison.engine.writer import IndexWriter
from liaison.errors import Unavailable
from liaison.records import indexing
from liaison.records.actions import change_state
from liaison.records.indexing import (
    IndexAhead,
    catch_up,
    changes,
    day_number,
    last_sequence,
    make_current,
    open_index,
    open_writer,
)
from tests.cast import Member, a_person, a_vehicle, feed, feed_accepted

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
VIN = "WZZZZZ9ZZZZ000001"


def test_the_newest_version_of_each_record_is_what_the_index_learns(nairobi_feeder: Member) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN), a_vehicle("WZZZZZ9ZZZZ000002"), a_vehicle(VIN, colour="red"))

    learned = changes(0, last_sequence())

    assert [(change.record, change.sequence) for change in learned] == [(2, 2), (1, 3)]
    assert changes(3, 3) == []


def test_what_is_blocked_or_withdrawn_is_removed(nairobi_feeder: Member) -> None:
    blocked, withdrawn = feed_accepted(
        nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"), a_person("Juma Kiprotich")
    )
    change_state(nairobi_feeder.asker, blocked, "block", "In doubt", NOW)
    change_state(nairobi_feeder.asker, withdrawn, "withdraw", "Arrested", NOW)

    assert changes(0, 4) == [Removal(1, 3), Removal(2, 4)]


def test_an_item_carries_keys_class_expiry_and_subject(nairobi_feeder: Member) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", born=["1984"], expires_on="2027-01-01"))

    [item] = changes(0, 1)

    assert isinstance(item, Item)
    assert item.subject is not None
    assert (item.subject.names, item.subject.born) == (("Oksana Tverdokhlib",), ("1984",))
    assert item.expires_day == day_number(datetime(2027, 1, 1, tzinfo=UTC).date())


def vehicles(count: int) -> list[dict[str, object]]:
    return [a_vehicle(f"WZZZZZ9ZZZZ00000{number}") for number in range(count)]


def damage(folder: Path, pattern: str) -> None:
    [path] = folder.glob(pattern)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def test_catching_up_goes_in_steps_and_says_how_far_it_is(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(indexing, "STEP", 2)
    feed(nairobi_feeder, "vehicles", *vehicles(5))
    told: list[tuple[int, int]] = []

    last = catch_up(index := Index(tmp_path), lambda done, goal: told.append((done, goal)))

    assert (last, told) == (5, [(2, 5), (4, 5), (5, 5)])
    assert (index.record_count, index.delta_size) == (5, 5)


def test_what_is_made_current_is_on_disk(nairobi_feeder: Member, tmp_path: Path) -> None:
    feed(nairobi_feeder, "vehicles", *vehicles(5))

    assert make_current(tmp_path) is True

    index = Index(tmp_path)
    assert (index.sequence, index.record_count, index.delta_size) == (5, 5, 0)


def test_an_index_that_is_ahead_of_the_truth_is_not_answered_from_and_begins_anew(
    nairobi_feeder: Member, tmp_path: Path
) -> None:
    """After an old backup is restored, the index knows versions that there are not."""
    with IndexWriter(tmp_path) as writer:
        writer.apply([Item(9, 77, 1, 99_999, (b"vin:OLD",))], 77)
        writer.flush()
        writer.publish()
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))

    with pytest.raises(IndexAhead):
        catch_up(Index(tmp_path))

    index = open_index(tmp_path)
    assert (index.sequence, index.record_count) == (1, 1)


@pytest.mark.parametrize("pattern", ["*.segment", "manifest.json"])
def test_a_damaged_index_is_made_again_from_the_truth(nairobi_feeder: Member, tmp_path: Path, pattern: str) -> None:
    feed(nairobi_feeder, "vehicles", *vehicles(3))
    make_current(tmp_path)
    (tmp_path / "live.json").unlink()
    damage(tmp_path, pattern)

    index = open_index(tmp_path)

    assert (index.sequence, index.record_count) == (3, 3)
    with IndexWriter(tmp_path) as writer:
        assert writer.sequence == 3


def test_a_command_does_not_touch_a_damaged_index_that_another_process_writes(
    nairobi_feeder: Member, tmp_path: Path
) -> None:
    feed(nairobi_feeder, "vehicles", *vehicles(3))
    make_current(tmp_path)
    (tmp_path / "live.json").unlink()
    damage(tmp_path, "*.segment")
    damaged = sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir())

    with _writer_elsewhere(tmp_path), pytest.raises(Unavailable) as refused:
        open_index(tmp_path)

    assert refused.value.problems[0].code == "damaged-index"
    assert sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir()) == damaged


def test_a_command_answers_from_what_the_service_published_and_what_came_since(
    nairobi_feeder: Member, tmp_path: Path
) -> None:
    feed(nairobi_feeder, "vehicles", *vehicles(3))
    with open_writer(tmp_path) as writer:
        catch_up(writer)
        writer.publish()
        feed(nairobi_feeder, "vehicles", *vehicles(5))

        index = open_index(tmp_path)

        assert (index.sequence, index.delta_size, writer.sequence) == (5, 2, 3)


def test_what_is_far_behind_is_written_first_so_that_the_next_command_need_not(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(indexing, "FLUSH_AT", 4)
    feed(nairobi_feeder, "vehicles", *vehicles(5))

    assert open_index(tmp_path).delta_size == 0
    assert Index(tmp_path).sequence == 5


def _writer_elsewhere(folder: Path) -> BinaryIO:
    lock = take_lock(folder)
    assert lock is not None
    return lock


def test_an_index_of_another_version_of_the_program_is_made_again_and_says_why(
    nairobi_feeder: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(nairobi_feeder, "vehicles", *vehicles(3))
    make_current(tmp_path)
    monkeypatch.setattr("liaison.engine.segment.FORMAT", 99)
    monkeypatch.setattr("liaison.engine.manifest.FORMAT", 99)

    with capture_logs() as logged:
        index = open_index(tmp_path)

    assert (index.sequence, index.record_count) == (3, 3)
    [why] = [line["found"] for line in logged if line["event"] == "index.of_another_version"]
    assert "this program reads 99" in why


def test_much_is_built_by_processes_beside_and_the_rest_here(
    nairobi_feeder: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(nairobi_feeder, "vehicles", *vehicles(5))
    built = changes(0, 5)
    parts: list[int] = []
    told: list[tuple[int, int]] = []

    def built_beside(after: int, until: int) -> list[Item | Removal]:
        parts.append(until)
        return built[after:until]

    monkeypatch.setattr(indexing, "PART", 2)
    monkeypatch.setattr(indexing, "BESIDE_AT", 4)
    monkeypatch.setattr("liaison.engine.beside._new_pool", lambda: ThreadPoolExecutor(1))
    monkeypatch.setattr(indexing, "changes_beside", built_beside)

    with open_writer(tmp_path) as writer:
        catch_up(writer, lambda done, goal: told.append((done, goal)))

        assert (writer.sequence, writer.record_count, parts) == (5, 5, [2, 4, 5])
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_where_a_process_beside_ends_this_one_goes_on_alone(
    nairobi_feeder: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> list[Item | Removal]:
        raise BrokenProcessPool

    monkeypatch.setattr(indexing, "BESIDE_AT", 1)
    monkeypatch.setattr("liaison.engine.beside._new_pool", lambda: ThreadPoolExecutor(1))
    monkeypatch.setattr(indexing, "changes_beside", ended)
    feed(nairobi_feeder, "vehicles", *vehicles(5))

    with open_writer(tmp_path) as writer:
        assert (catch_up(writer), writer.record_count) == (5, 5)
