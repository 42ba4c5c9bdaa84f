"""The disk itself: what was made certain stays, and of the rest anything may be gone."""

import random
from pathlib import Path

import pytest

from tests.durability.disk import SECTOR, Disk, Loss

DICE = random.Random(3)  # noqa: S311  the same every time
LOSSES = pytest.mark.parametrize("loss", list(Loss))


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    """Return a disk with one file, in a folder."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(b"old")
    return Disk(tmp_path)


def written(disk: Disk, path: str, content: bytes) -> None:
    disk.write(path, 0, content)


@LOSSES
def test_what_was_made_certain_stays(disk: Disk, loss: Loss) -> None:
    written(disk, "folder/file", b"new")
    disk.sync("folder/file", disk.now())

    assert disk.cut(loss, DICE) == {"folder/file": b"new"}


def test_what_was_not_made_certain_may_be_gone_or_there(disk: Disk) -> None:
    written(disk, "folder/file", b"new")

    assert {disk.cut(Loss.HALF, DICE)["folder/file"] for _ in range(50)} == {b"old", b"new"}
    assert disk.cut(Loss.ALL, DICE) == {"folder/file": b"old"}
    assert disk.whole() == {"folder/file": b"new"}


def test_a_write_is_torn_between_sectors_and_not_within_one(disk: Disk) -> None:
    written(disk, "folder/file", b"1" * SECTOR + b"2" * SECTOR)

    left = {disk.cut(Loss.HALF, DICE)["folder/file"] for _ in range(100)}

    first, second = b"1" * SECTOR, b"2" * SECTOR
    old = b"old".ljust(SECTOR, b"\0")
    assert left == {b"old", first, old + second, first + second}


def test_a_name_is_not_certain_because_the_file_is(disk: Disk) -> None:
    disk.create("folder/new")
    written(disk, "folder/new", b"content")
    disk.sync("folder/new", disk.now())

    before = disk.cut(Loss.ALL, DICE)
    disk.sync("folder", disk.now())

    assert before == {"folder/file": b"old"}
    assert disk.cut(Loss.ALL, DICE) == {"folder/file": b"old", "folder/new": b"content"}


def test_a_move_is_done_or_not_and_nothing_between(disk: Disk) -> None:
    disk.create("draft")
    disk.rename("draft", "folder/file")

    left = [disk.cut(Loss.HALF, DICE) for _ in range(50)]

    assert {tuple(one.items()) for one in left} <= {
        (("folder/file", b"old"),),
        (("folder/file", b""),),
        (("folder/file", b"old"), ("draft", b"")),
    }
    assert len({tuple(one.items()) for one in left}) > 1


def test_what_is_written_while_a_sync_goes_on_is_not_certain_by_it(disk: Disk) -> None:
    written(disk, "folder/file", b"new")
    began = disk.now()
    disk.write("folder/file", 0, b"N")
    disk.sync("folder/file", began)

    assert disk.cut(Loss.ALL, DICE) == {"folder/file": b"new"}


def test_what_could_not_be_made_certain_once_is_not_certain_by_a_later_sync(disk: Disk) -> None:
    written(disk, "folder/file", b"new")
    disk.fail_to_sync("folder/file")
    disk.write("folder/file", 2, b"W")
    disk.sync("folder/file", disk.now())

    assert disk.cut(Loss.ALL, DICE) == {"folder/file": b"olW"}


def test_late_loss_keeps_what_came_first(disk: Disk) -> None:
    disk.write("folder/file", 0, b"1")
    disk.write("folder/file", 1, b"2")

    left = {disk.cut(Loss.LATE, DICE)["folder/file"] for _ in range(100)}

    assert left == {b"old", b"1ld", b"12d"}


def test_a_file_that_was_removed_may_come_back(disk: Disk) -> None:
    disk.remove("folder/file")

    assert disk.cut(Loss.ALL, DICE) == {"folder/file": b"old"}
    assert disk.whole() == {"folder/": b""}
