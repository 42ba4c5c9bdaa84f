"""Beside an entry stands whose records it showed, so that a source finds its own, and nobody else's with them."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections

from liaison.audit.actions import OPERATOR, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry, Showing
from liaison.audit.queries import Search, find_entries
from liaison.audit.retention import erase_old
from liaison.audit.sealed import erase_keys, mark
from liaison.audit.showings import owner_mark
from tests.cast import House, Member, a_person, ask, feed_accepted

NAME = "Oksana Tverdokhlib"
name_owners = import_module("liaison.audit.migrations.0003_showings").name_owners


def rows() -> set[tuple[int, str, str]]:
    return set(Showing.objects.values_list("entry", "owner_mark", "record_mark"))


def shown_of(member: Member) -> list[int]:
    return list(Showing.objects.filter(owner_mark=owner_mark(member.agency.pk)).values_list("entry", flat=True))


def migrate_again() -> None:
    Showing.objects.all().delete()
    name_owners(apps, SimpleNamespace(connection=connections[settings.REGISTER_ALIAS]))


def test_a_check_that_shows_records_of_two_sources_is_found_by_each_as_its_own(
    warsaw_officer: Member, nairobi_feeder: Member, madrid_requester: Member
) -> None:
    [of_nairobi] = feed_accepted(nairobi_feeder, "nominal", a_person(NAME, "KE/1"))
    [of_madrid] = feed_accepted(madrid_requester, "nominal", a_person(NAME, "ES/1"))

    entry = ask(warsaw_officer, {"person": {"name": NAME}}).entry

    assert rows() == {
        (entry, owner_mark(nairobi_feeder.agency.pk), mark(of_nairobi)),
        (entry, owner_mark(madrid_requester.agency.pk), mark(of_madrid)),
    }


def test_a_record_that_one_answer_shows_twice_stands_there_once(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME))

    ask(warsaw_officer, {"person": {"name": NAME}}, {"person": {"name": NAME}})

    assert len(shown_of(nairobi_feeder)) == 1


def test_a_check_that_shows_nothing_leaves_no_row(warsaw_officer: Member) -> None:
    ask(warsaw_officer, {"person": {"name": NAME}})

    assert rows() == set()


def test_a_record_that_nobody_knows_is_found_by_its_reference_and_belongs_to_nobody(house: House) -> None:
    entry = write_entry(Event.RECORD_READ, by=OPERATOR, at=datetime(2026, 11, 28, tzinfo=UTC), shown=["AAAA-1"])

    assert rows() == {(entry, "", mark("AAAA-1"))}
    assert [one.number for one in find_entries(Search(record="AAAA-1"))] == [entry]


def test_the_mark_of_an_owner_is_no_mark_of_a_reference_of_the_same_number(house: House) -> None:
    assert owner_mark(7) not in ("", mark("7"), owner_mark(8))


def test_the_entries_of_an_older_version_get_their_owners(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME))
    ask(warsaw_officer, {"person": {"name": NAME}})
    before = rows()

    migrate_again()

    assert rows() == before != set()


def test_an_entry_that_was_erased_or_damaged_gets_none(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME))
    ask(warsaw_officer, {"person": {"name": NAME}})
    damaged = ask(warsaw_officer, {"person": {"name": NAME}}, now=datetime(2027, 1, 5, tzinfo=UTC)).entry
    Entry.objects.filter(number=damaged).update(sealed=b"x")
    erase_keys(before=202701)

    migrate_again()

    assert rows() == set()


def test_what_was_shown_is_forgotten_with_the_month(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaison.audit.retention._AT_ONCE", 2)
    now = datetime(2026, 11, 28, tzinfo=UTC)
    for days in (2000, 2000, 2000, 30):
        write_entry(Event.RECORD_READ, by=OPERATOR, at=now - timedelta(days=days), shown=["AAAA-1"])

    erase_old(now)

    assert rows() == {(4, "", mark("AAAA-1"))}
