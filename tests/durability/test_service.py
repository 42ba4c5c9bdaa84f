"""A whole service whose disk fails or is full, or whose clock jumps: it acknowledges nothing falsely and goes on."""

import errno
from collections.abc import Iterator

import pytest

from tests.cast import soon
from tests.durability.exposed import Exposed, Machine, Small, refusal
from tests.durability.tracing import tampered

PROBLEM = "application/problem+json"
UNWRITABLE = (503, PROBLEM, "register-unwritable")
JUMPS = ("+20d", "-40d", "+0")
AWAY = (503, PROBLEM, "database-away")


@pytest.fixture(scope="module")
def exposed() -> Iterator[Exposed]:
    """Return a running service whose disk fails, and whose clock moves, when they are told to."""
    service = Exposed()
    service.start()
    yield service
    service.remove()


@pytest.fixture(scope="module")
def small() -> Iterator[Small]:
    """Return a running service on a small disk."""
    service = Small()
    service.start()
    yield service
    service.remove()


def test_while_its_disk_fails_a_service_acknowledges_nothing_and_then_goes_on_by_itself(exposed: Exposed) -> None:
    machine = Machine(exposed, "failing")
    assert (machine.feed(1).status_code, machine.check().status_code) == (200, 200)

    # when nothing can be made certain for a while, and then nothing be written
    with exposed.failing("posix/io/sync/*", errno.EIO):
        unsynced = [machine.check(), machine.feed(2), machine.feed(10, 1500)]
        looked = machine.ask("GET", "/api/batches")
    between = machine.check(), machine.feed(2)
    with exposed.failing("posix/io/rw/pwrite", errno.ENOSPC):
        unwritten = [machine.check(), machine.feed(3)]

    # then nothing was acknowledged, and what needs no writing was answered
    assert [refusal(one) for one in (*unsynced, *unwritten)] == [UNWRITABLE] * 5
    assert looked.status_code == 200
    # and all goes on without a restart
    assert [one.status_code for one in (*between, machine.check(), machine.feed(3))] == [200] * 4
    assert soon(lambda: machine.finds(2) and machine.finds(3))
    assert machine.is_true()


def test_a_feed_that_the_disk_of_the_records_refuses_is_told_so_and_checks_go_on(exposed: Exposed) -> None:
    machine = Machine(exposed, "records")
    assert exposed.process is not None

    with tampered(exposed.process.pid, exposed.home / "liaison.sqlite3-wal", "fdatasync", "EIO"):
        fed, checked = machine.feed(4), machine.check()

    assert (refusal(fed), checked.status_code) == (AWAY, 200)
    assert machine.feed(4).json()["accepted"] == 1
    assert soon(lambda: machine.finds(4))
    assert machine.is_true()


def test_on_a_full_disk_nothing_is_acknowledged_and_all_goes_on_when_there_is_room(small: Small) -> None:
    machine = Machine(small, "full")
    assert machine.feed(1).status_code == 200
    small.fill()

    checked, fed, looked = machine.check(), machine.feed(2), machine.ask("GET", "/api/batches")
    small.clear()

    assert (refusal(checked), refusal(fed), looked.status_code) == (UNWRITABLE, UNWRITABLE, 200)
    assert (machine.check().status_code, machine.feed(2).status_code) == (200, 200)
    assert soon(lambda: machine.finds(2))
    assert machine.is_true()


def test_a_feed_that_fills_the_disk_is_told_its_batch_and_goes_on_with_it(small: Small) -> None:
    # given room for a part of what is fed
    machine = Machine(small, "fills")
    small.fill(but=1_000_000)

    refused = machine.feed(1001, 3000)
    small.clear()

    # then what was kept of it is whole, and the rest follows
    assert refusal(refused) == (503, PROBLEM, "feed-ended")
    kept = machine.ask("GET", f"/api/batches/{refused.json()['value']}").json()
    summary = machine.feed(1001, 3000, batch=refused.json()["value"]).json()
    assert 0 < kept["accepted"] == kept["rows"] < 3000
    assert (summary["state"], summary["accepted"], summary["refused"]) == ("closed", 3000, 0)
    assert soon(lambda: machine.finds(1001) and machine.finds(4000))
    assert machine.is_true()


def test_a_clock_that_jumps_costs_no_answer_no_entry_and_no_record(exposed: Exposed) -> None:
    machine = Machine(exposed, "clock")
    assert machine.feed(1).status_code == 200

    # when the clock jumps by weeks, into another month, forward and back, and is right at last
    found = [found_after(exposed, machine, by, vehicle) for vehicle, by in enumerate(JUMPS, 5)]

    # then each time what was fed is found, and the register is in its order and proves it
    assert found == [True] * len(JUMPS)
    assert machine.is_true()


def found_after(service: Exposed, machine: Machine, by: str, vehicle: int) -> bool:
    """Move the clock, feed a vehicle, and say whether it and the first are found."""
    service.move_clock(by)
    return machine.feed(vehicle).status_code == 200 and machine.finds(1) and soon(lambda: machine.finds(vehicle))
