"""The register of processing: durable before the answer, without gaps, and nobody gets an answer without it."""

import asyncio
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import InterfaceError, connections
from django.utils import timezone

from liaison.agencies.actions import admit_bureau
from liaison.agencies.models import Agency
from liaison.audit import register as module
from liaison.audit.actions import OPERATOR, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.audit.register import NewEntry, Register, register, reopen
from liaison.errors import Unavailable
from tests import second_process
from tests.cast import House, Member, a_person, check, feed

HALF_A_PAIR = "\ud800"


def an_entry(reference: str = "") -> NewEntry:
    return NewEntry(at_us=1, event=Event.CHECKED, agency=1, actor="system:1", reference=reference)


def append_many(count: str) -> None:
    """Append entries from four threads; runs in a second process."""
    with ThreadPoolExecutor(4) as threads:
        numbers = list(threads.map(lambda _: register().append(an_entry("other")), range(int(count))))
    register().close()
    sys.stdout.write(f"{len(set(numbers))}")


@contextmanager
def register_away() -> Iterator[None]:
    """Take the register's table away, as a damaged or full disk would."""
    connection = connections[settings.REGISTER_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry RENAME TO audit_entry_away")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry_away RENAME TO audit_entry")


class SlowDisk:
    """Stands before the writing of a group, and notes the size of each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: list[int] = []
        self.may_write = threading.Event()
        self.is_writing = threading.Event()
        self._write = module._write
        monkeypatch.setattr(module, "_write", self._write_slowly)

    def _write_slowly(self, entries: Sequence[NewEntry]) -> list[int]:
        self.sizes.append(len(entries))
        self.is_writing.set()
        assert self.may_write.wait(20)
        return self._write(entries)


def test_entries_of_eight_threads_are_numbered_from_one_without_a_gap(house: House) -> None:
    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda place: register().append(an_entry(str(place))), range(400)))

    assert sorted(numbers) == list(range(1, 401))
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 401))


def test_a_number_is_given_when_the_entry_can_be_read_by_others(house: House) -> None:
    number = register().append(an_entry("BORDER/7"))

    assert Entry.objects.get(number=number).reference == "BORDER/7"


def test_whoever_waits_while_the_disk_writes_shares_the_next_write(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a disk that is busy with one entry
    disk = SlowDisk(monkeypatch)

    async def crowd() -> list[int]:
        loop = asyncio.get_running_loop()
        first = register().submit(an_entry(), loop)
        await loop.run_in_executor(None, disk.is_writing.wait, 20)
        others = [register().submit(an_entry(), loop) for _ in range(99)]
        disk.may_write.set()
        return list(await asyncio.gather(first, *others))

    # when 99 others come meanwhile
    numbers = asyncio.run(crowd())

    # then one write serves them all, in the order in which they came
    assert disk.sizes == [1, 99]
    assert numbers == list(range(1, 101))


def test_two_processes_append_at_once_without_a_gap_and_without_an_error(house: House) -> None:
    other = second_process.start("liaison.audit.tests.test_register:append_many", "200")

    with ThreadPoolExecutor(4) as threads:
        own = list(threads.map(lambda _: register().append(an_entry("own")), range(200)))

    written, _ = other.communicate(timeout=60)
    assert (other.returncode, written) == (0, b"200")
    assert len(set(own)) == 200
    assert sorted(Entry.objects.values_list("number", flat=True)) == list(range(1, 401))


def test_without_the_register_nobody_gets_an_answer(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))

    with register_away(), pytest.raises(Unavailable, match="register-unwritable"):
        check(warsaw_officer, person={"name": "Oksana Tverdokhlib"})


def test_without_the_register_nothing_changes(house: House) -> None:
    house.secretariat()

    with register_away(), pytest.raises(Unavailable):
        admit_bureau("NCB Lima", "PE", by=OPERATOR, now=timezone.now())

    assert not Agency.objects.filter(country="PE").exists()


def test_once_the_register_can_be_written_again_the_same_writer_goes_on(house: House) -> None:
    with register_away(), pytest.raises(Unavailable):
        register().append(an_entry())

    assert register().append(an_entry()) == 1


def test_a_lost_connection_is_told_to_the_caller_and_does_not_end_the_writer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a server that has gone away, which is no DatabaseError in Django's tree
    with monkeypatch.context() as broken:
        broken.setattr(module, "_write", lambda _: (_ for _ in ()).throw(InterfaceError("the connection is lost")))
        with pytest.raises(Unavailable):
            register().append(an_entry())

    # when it is back, then the next entry is written
    assert register().append(an_entry()) == 1


def test_an_entry_that_cannot_be_written_down_harms_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a busy disk, and three who wait, one of them with half a character
    disk = SlowDisk(monkeypatch)

    async def crowd() -> list[int | BaseException]:
        loop = asyncio.get_running_loop()
        first = register().submit(an_entry(), loop)
        await loop.run_in_executor(None, disk.is_writing.wait, 20)
        waiting = [register().submit(an_entry(text), loop) for text in ("good", HALF_A_PAIR, "good too")]
        disk.may_write.set()
        return list(await asyncio.gather(first, *waiting, return_exceptions=True))

    # when the group is written
    numbers = asyncio.run(crowd())

    # then only that one is refused
    assert [number for number in numbers if isinstance(number, int)] == [1, 2, 3]
    assert isinstance(numbers[2], Unavailable)


def test_closing_writes_what_waits_and_refuses_what_comes_later(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a writer with one entry on its way to a slow disk and one that waits
    disk, writer = SlowDisk(monkeypatch), Register()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(writer.append, an_entry())
        assert disk.is_writing.wait(20)
        second = threads.submit(writer.append, an_entry())

        # when it is closed
        threading.Timer(0.1, disk.may_write.set).start()
        assert _waits(writer)
        writer.close()

        # then both are written, and a third is told to come back
        assert sorted([first.result(), second.result()]) == [1, 2]
    with pytest.raises(Unavailable, match="register-closed"):
        writer.append(an_entry())


def test_a_writer_that_was_never_used_closes(house: House) -> None:
    Register().close()

    assert Entry.objects.count() == 0


def test_a_reopened_register_goes_on_after_the_last_number(house: House) -> None:
    register().append(an_entry())

    reopen()

    assert register().append(an_entry()) == 2


def test_a_caller_that_went_away_does_not_stop_the_others(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a slow disk, a caller that gives up, and a loop that ends before its answer
    disk = SlowDisk(monkeypatch)
    gone = asyncio.new_event_loop()
    register().submit(an_entry(), gone)
    assert disk.is_writing.wait(20)
    gone.close()

    async def give_up() -> int:
        loop = asyncio.get_running_loop()
        register().submit(an_entry(), loop).cancel()
        disk.may_write.set()
        return await register().submit(an_entry(), loop)

    # when somebody else waits for a number, then it comes
    assert asyncio.run(give_up()) == 3


def test_the_moment_of_an_entry_is_kept_to_the_microsecond(house: House) -> None:
    now = timezone.now()

    number = write_entry(Event.REGISTER_READ, by=OPERATOR, at=now, searched={"reference": "Łódź"}, shown=["A", "B"])

    entry = Entry.objects.get(number=number)
    assert entry.at == now
    assert (entry.searched_data, entry.shown_references) == ({"reference": "Łódź"}, ["A", "B"])
    assert entry.as_line()["actor"] == "operator"
    assert str(entry) == f"{number} register_read"


def _waits(writer: Register) -> bool:
    """Say, once it is so, that an entry waits behind the one that is written."""
    with writer._wake:
        return bool(writer._wake.wait_for(lambda: writer._waiting, 20))
