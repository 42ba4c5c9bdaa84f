"""Setting, extending and ending a standing check, and what becomes of it afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from liaison.agencies.actions import close_agency, close_officer
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.errors import BadInput, Conflict, LiaisonError, NotFound, Refused
from liaison.standing.actions import (
    end_standing_check,
    end_what_is_over,
    erase_ended,
    extend_standing_check,
)
from liaison.standing.models import StandingCheck, Told
from liaison.standing.tests.asking import OKSANA, compare_all, standing_check, told
from tests.cast import House, Member, a_person, feed_accepted


def refused(act: Any) -> LiaisonError:
    with pytest.raises(LiaisonError) as error:
        act()
    return error.value


def last_entry() -> Entry:
    return Entry.objects.order_by("number").last() or Entry()


def test_setting_one_is_a_check_and_an_entry_of_its_own(warsaw_officer: Member) -> None:
    created = standing_check(warsaw_officer.asker)

    entries = list(Entry.objects.filter(actor=warsaw_officer.officer.actor).order_by("number"))
    assert [entry.event for entry in entries] == ["checked", "standing_check_created"]
    assert {(entry.purpose, entry.reference) for entry in entries} == {("locate", "CASE-7")}
    assert entries[1].searched_data == [OKSANA]
    assert created.standing_check.id in entries[1].detail
    assert "The family looks for her" in entries[1].detail


@pytest.mark.parametrize(
    ("query", "more", "code", "at"),
    [
        ({"person": {"name": "!"}}, {}, "empty-name", "query.person.name"),
        ({"person": {"nome": "Oksana"}}, {}, "unknown-field", "query.person.nome"),
        ({}, {}, "one-kind", "query"),
        ({"document": {"number": "1"}, "mrz": "P<"}, {}, "one-kind", "query"),
        (OKSANA, {"reason": " "}, "missing-field", "reason"),
        (OKSANA, {"purpose": "curiosity"}, "unknown-value", "purpose"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(
    query: dict[str, Any], more: dict[str, Any], code: str, at: str, warsaw_officer: Member
) -> None:
    problem = refused(lambda: standing_check(warsaw_officer.asker, query, **more)).problems[0]

    assert (problem.code, problem.at) == (code, at)
    assert not StandingCheck.objects.exists()


@pytest.mark.parametrize("days", [-1, 366])
def test_the_last_day_lies_between_today_and_a_year(days: int, warsaw_officer: Member) -> None:
    error = refused(lambda: standing_check(warsaw_officer.asker, days=days))

    assert (error.problems[0].code, error.problems[0].at) == ("bad-last-day", "ends_on")
    assert not Entry.objects.filter(event="checked").exists()


def test_who_may_check_nothing_sets_nothing(outsider: Member) -> None:
    assert isinstance(refused(lambda: standing_check(outsider.asker)), Refused)
    assert not StandingCheck.objects.exists()


def test_a_question_that_too_many_resemble_is_refused(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", *(a_person("Oksana Tverdokhlib", f"P/{number}") for number in range(51)))

    error = refused(lambda: standing_check(warsaw_officer.asker, {"person": {"name": "Oksana Tverdokhlib"}}))

    assert (type(error), error.problems[0].code) == (BadInput, "standing-check-too-wide")


def test_nobody_has_the_same_twice_but_again_after_its_end(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    now = timezone.now()
    first = standing_check(warsaw_officer.asker, days=1).standing_check

    assert refused(lambda: standing_check(warsaw_officer.asker)).problems[0].code == "standing-check-exists"
    assert standing_check(nairobi_feeder.asker).standing_check.id != first.id
    assert standing_check(warsaw_officer.asker, reference="CASE-8").standing_check.id != first.id
    assert standing_check(warsaw_officer.asker, now=now + timedelta(days=2)).standing_check.id != first.id
    first.refresh_from_db()
    assert first.ended_by == "last_day"


def test_an_account_has_no_more_than_it_may(warsaw_officer: Member, settings: Settings) -> None:
    settings.LIAISON_STANDING_CHECKS_PER_ACCOUNT = 1
    first = standing_check(warsaw_officer.asker).standing_check

    error = refused(lambda: standing_check(warsaw_officer.asker, reference="CASE-8"))
    end_standing_check(warsaw_officer.asker, first.id, timezone.now())

    assert error.problems[0].code == "too-many-standing-checks"
    assert "You have 1 standing checks" in error.problems[0].detail
    assert standing_check(warsaw_officer.asker, reference="CASE-8")


def test_a_bureau_with_its_entities_has_no_more_than_it_may(
    warsaw_officer: Member, border_officer: Member, nairobi_feeder: Member, settings: Settings
) -> None:
    settings.LIAISON_STANDING_CHECKS_PER_BUREAU = 1
    standing_check(border_officer.asker)

    assert "Your bureau has 1" in refused(lambda: standing_check(warsaw_officer.asker)).problems[0].detail
    assert standing_check(nairobi_feeder.asker)


def test_extending_says_why_and_stays_within_the_limit(warsaw_officer: Member) -> None:
    now = timezone.now()
    number = standing_check(warsaw_officer.asker).standing_check.id
    later = str((now + timedelta(days=200)).date())

    extend_standing_check(warsaw_officer.asker, number, later, "Still missing", now)

    assert str(StandingCheck.objects.get().ends_on) == later
    assert (last_entry().event, "Still missing" in last_entry().detail) == ("standing_check_extended", True)
    beyond = str((now + timedelta(days=400)).date())
    assert refused(
        lambda: extend_standing_check(warsaw_officer.asker, number, beyond, "x", now)
    ).problems[0].code == "bad-last-day"  # fmt: skip
    assert refused(
        lambda: extend_standing_check(warsaw_officer.asker, number, "2026-02-30", "x", now)
    ).problems[0].code == "impossible-date"  # fmt: skip


def test_what_has_ended_is_neither_extended_nor_ended_again(warsaw_officer: Member) -> None:
    now = timezone.now()
    number = standing_check(warsaw_officer.asker).standing_check.id
    end_standing_check(warsaw_officer.asker, number, now)

    assert (last_entry().event, "by_hand" in last_entry().detail) == ("standing_check_ended", True)
    assert isinstance(refused(lambda: end_standing_check(warsaw_officer.asker, number, now)), Conflict)
    again = refused(lambda: extend_standing_check(warsaw_officer.asker, number, str(now.date()), "x", now))
    assert again.problems[0].code == "standing-check-ended"


def test_those_of_others_are_not_there(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    number = standing_check(warsaw_officer.asker).standing_check.id

    assert isinstance(refused(lambda: end_standing_check(nairobi_feeder.asker, number, timezone.now())), NotFound)
    assert isinstance(refused(lambda: end_standing_check(nairobi_feeder.asker, "none", timezone.now())), NotFound)


def test_what_is_over_ends_by_itself_with_an_entry(
    house: House, warsaw_officer: Member, border_officer: Member
) -> None:
    now = timezone.now()
    leaving = house.member("leaving_officer", house.bureau("KE"))
    standing_check(warsaw_officer.asker, days=1)
    standing_check(leaving.asker)
    standing_check(border_officer.system)
    close_officer(leaving.officer, by=OPERATOR, now=now)
    close_agency(border_officer.agency, by=OPERATOR, now=now)

    first, again = end_what_is_over(now + timedelta(days=2)), end_what_is_over(now + timedelta(days=2))

    assert (first, again) == (3, 0)
    ended = StandingCheck.objects.order_by("ended_by").values_list("ended_by", flat=True)
    assert list(ended) == ["account_closed", "account_closed", "last_day"]
    entries = Entry.objects.filter(event="standing_check_ended")
    assert {entry.actor for entry in entries} == {"service"}
    assert warsaw_officer.agency.pk in {entry.agency for entry in entries}


def test_ended_ones_are_erased_after_the_documented_time_and_running_ones_never(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    now = timezone.now()
    number = standing_check(warsaw_officer.asker).standing_check.id
    standing_check(warsaw_officer.asker, days=300, reference="CASE-8")
    feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", born=["1984-02-29"]))
    compare_all()
    end_standing_check(warsaw_officer.asker, number, now)

    assert erase_ended(now + timedelta(days=89)) == 0
    assert erase_ended(now + timedelta(days=91)) == 1

    assert StandingCheck.objects.get().reference == "CASE-8"
    assert Told.objects.count() == 1
    assert last_entry().event == "standing_checks_erased"
    assert len(told(warsaw_officer)) == 2
