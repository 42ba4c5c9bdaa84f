"""After three years nobody reads any more whom an entry was about, and the entry is still what was signed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liaison.audit.actions import microseconds
from liaison.audit.events import Event
from liaison.audit.log import RegisterLog
from liaison.audit.models import Entry
from liaison.audit.queries import Search, find_entries
from liaison.audit.register import NewEntry, register
from liaison.audit.retention import erase_old
from liaison.audit.series import series
from liaison.audit.verifying import Demands, verify_home
from tests.cast import House

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def append(at: datetime, *, confidential_to: int = 0) -> int:
    entry = NewEntry(
        microseconds(at), Event.CHECKED, 3, "officer:12", reference="CASE/1", shown='["AAAA"]',
        confidential_to=confidential_to,
    )  # fmt: skip
    return register().append(entry)


def sign_in(at: datetime) -> None:
    register().append(NewEntry(microseconds(at), Event.SIGNED_IN, 3, "officer:12"))


def test_what_is_older_than_the_rule_is_unreadable_and_not_found_and_still_signed(house: House, tmp_path: Path) -> None:
    old, secret = append(NOW - timedelta(days=1200)), append(NOW - timedelta(days=1200), confidential_to=7)
    young = append(NOW - timedelta(days=1000))
    sign_in(datetime(2026, 10, 31, 23, tzinfo=UTC))
    kept = RegisterLog(tmp_path)
    kept.sign_new()

    assert erase_old(NOW) == 1

    assert [entry.number for entry in find_entries(Search(reference="CASE/1"))] == [young]
    assert [entry.number for entry in find_entries(Search(record="AAAA"))] == [young]
    assert (Entry.objects.get(number=old).trouble, Entry.objects.get(number=young).trouble) == ("erased", "")
    assert Entry.objects.get(number=secret).reference_mark == ""
    assert verify_home(kept, Demands()).problems == ()
    [told] = Entry.objects.filter(event="register_erased")
    assert (told.actor, told.as_line()["detail"]) == ("service", {"before": 202311, "keys": 1})


def test_a_month_is_erased_when_all_of_it_is_over_and_once(house: House) -> None:
    append(datetime(2023, 11, 27, tzinfo=UTC))
    sign_in(datetime(2026, 10, 31, 23, tzinfo=UTC))
    sign_in(NOW)

    assert erase_old(NOW) == 0
    assert erase_old(datetime(2026, 12, 2, tzinfo=UTC)) == 1
    assert erase_old(datetime(2026, 12, 2, tzinfo=UTC)) == 0


def test_many_entries_are_gone_through_in_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaison.audit.retention._AT_ONCE", 3)
    for _ in range(11):
        append(NOW - timedelta(days=2000))
    sign_in(datetime(2026, 10, 31, 23, tzinfo=UTC))

    erase_old(NOW)

    left = Entry.objects.filter(number__lt=series().stop, event="checked").exclude(reference_mark="")
    assert not left.exists()


def test_a_clock_that_is_years_ahead_erases_nothing(house: House) -> None:
    number = append(NOW)

    assert erase_old(NOW + timedelta(days=1300)) == 0

    # and when it is right again, the register is read and written as before
    assert Entry.objects.get(number=number).reference == "CASE/1"
    assert append(NOW) == number + 1
