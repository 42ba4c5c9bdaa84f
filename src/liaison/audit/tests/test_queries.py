"""Searching the register of processing, which is noted in the register."""

from datetime import UTC, datetime, timedelta

import pytest

from liaison.audit.actions import OPERATOR, Actor, microseconds, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.audit.queries import Search, find_entries, read_register
from tests.cast import House

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WARSAW, NAIROBI = Actor("system:1", 11), Actor("officer:2", 12)


@pytest.fixture
def three_entries(house: House) -> None:
    """A check by Warsaw that showed a record, a read by Nairobi an hour later, a check by Nairobi at one."""
    write_entry(Event.CHECKED, by=WARSAW, at=NOON, reference="PL/1", shown=["AAAA-1", "BBBB-2"])
    write_entry(Event.RECORD_READ, by=NAIROBI, at=NOON + timedelta(hours=1), reference="KE/1", shown=["BBBB-2"])
    write_entry(Event.CHECKED, by=NAIROBI, at=NOON + timedelta(hours=2), reference="KE/2")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(), [3, 2, 1]),
        (Search(agency=12), [3, 2]),
        (Search(agency=99), []),
        (Search(reference="PL/1"), [1]),
        (Search(reference="PL"), []),
        (Search(record="BBBB-2"), [2, 1]),
        (Search(record="BBBB"), []),
        (Search(record="%"), []),
        (Search(event="record_read"), [2]),
        (Search(actor="officer:2"), [3, 2]),
        (Search(begins=NOON + timedelta(hours=1)), [3, 2]),
        (Search(ends=NOON + timedelta(hours=1)), [1]),
        (Search(agencies=(11,)), [1]),
        (Search(agencies=()), []),
        (Search(agency=12, agencies=(11,)), []),
        (Search(agency=12, event="checked", begins=NOON), [3]),
    ],
)
def test_a_search_finds_what_fits_newest_first(three_entries: None, search: Search, found: list[int]) -> None:
    assert [entry.number for entry in find_entries(search)] == found


def test_looking_into_the_register_is_an_entry_itself(three_entries: None) -> None:
    read = read_register(Search(reference="PL/1", agencies=(11, 12)), by=WARSAW, now=NOON)

    assert [entry.number for entry in read] == [1]
    noted = Entry.objects.get(number=4)
    assert (noted.event, noted.actor, noted.searched_data) == ("register_read", "system:1", {"reference": "PL/1"})


def test_a_moment_is_counted_in_whole_microseconds() -> None:
    moment = datetime(2026, 3, 22, 10, 11, 12, 123_457, tzinfo=UTC)

    counted = [microseconds(moment + timedelta(microseconds=step)) for step in range(1000)]

    assert counted == list(range(counted[0], counted[0] + 1000))
    assert microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1_000_000


def test_an_act_of_nobody_in_particular_is_an_act_of_the_operator(house: House) -> None:
    write_entry(Event.REGISTER_READ, by=OPERATOR, at=NOON)

    assert Entry.objects.get().as_line() == {
        "entry": 1,
        "at": NOON,
        "event": "register_read",
        "agency": 0,
        "actor": "operator",
        "database": "",
        "purpose": "",
        "reference": "",
        "searched": None,
        "shown": [],
        "detail": None,
    }
