"""The index follows the truth in commit order, and is made again when it cannot be trusted."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError

from liaison.checks.live import close_live, live
from liaison.engine.index import Index
from liaison.engine.types import Item, Removal
from liaison.records import indexing
from liaison.records.actions import change_state
from liaison.records.indexing import Follower, catch_up, changes, day_number, last_sequence, open_index
from tests.cast import Member, a_person, a_vehicle, check, feed, feed_accepted, soon

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
VIN = "WZZZZZ9ZZZZ000001"


class Signal:
    """Replaces a function, counts its calls and can fail some of them."""

    def __init__(self, real: Callable[[Index], int]) -> None:
        self.real, self.failure = real, ""
        self.failed, self.went_well = threading.Event(), threading.Event()

    def __call__(self, index: Index) -> int:
        if self.failure:
            self.failed.set()
            raise OperationalError(self.failure)
        last = self.real(index)
        self.went_well.set()
        return last


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


def test_catching_up_goes_in_steps_and_says_how_far_it_is(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(indexing, "STEP", 2)
    monkeypatch.setattr(indexing, "FLUSH_AT", 3)
    feed(nairobi_feeder, "vehicles", *(a_vehicle(f"WZZZZZ9ZZZZ00000{number}") for number in range(5)))
    told: list[tuple[int, int]] = []

    last = catch_up(index := Index(tmp_path), lambda done, goal: told.append((done, goal)))

    assert (last, told) == (5, [(2, 5), (4, 5), (5, 5)])
    assert (index.record_count, index.delta_size) == (5, 1)


def test_an_index_that_is_ahead_of_the_truth_begins_anew(nairobi_feeder: Member, tmp_path: Path) -> None:
    """After an old backup is restored, the index knows versions that there are not."""
    index = Index(tmp_path)
    index.apply([Item(9, 77, 1, 99_999, (b"vin:OLD",))], 77)
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))

    assert catch_up(index) == 1
    assert index.record_count == 1


def test_a_damaged_index_is_made_again_from_the_truth(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    # given an index on disk, of which a part is damaged
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    live().index.flush()
    close_live()
    [segment] = [path for path in (settings.LIAISON_HOME / "index").iterdir() if path.stat().st_size > 500]
    damaged = bytearray(segment.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    segment.write_bytes(damaged)

    # when it is opened, then nothing is missing
    assert open_index(settings.LIAISON_HOME / "index").sequence == 0
    assert check(warsaw_officer, vehicle={"vin": VIN}).outcome == "matches"


def test_a_follower_brings_what_is_committed_to_the_next_search(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    live().follow()
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    live().after_commit()

    arrived = soon(lambda: live().index.sequence == 1)

    assert arrived
    assert live().is_fresh()
    assert check(warsaw_officer, vehicle={"vin": VIN}).outcome == "matches"


def test_a_follower_that_cannot_follow_says_so_and_goes_on_when_it_can(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given a follower whose database is away
    signal = Signal(catch_up)
    signal.failure = "the database is away"
    monkeypatch.setattr(indexing, "catch_up", signal)
    follower = Follower(Index(tmp_path))
    follower.start()
    assert signal.failed.wait(20)
    assert soon(lambda: follower.failure == "OperationalError")

    # when it is back
    signal.failure = ""
    follower.nudge()

    # then it follows again
    assert signal.went_well.wait(20)
    assert soon(lambda: follower.failure == "")
    follower.stop()
