"""Granting and ending rights, setting and lifting restrictions, and what holds from when to when."""

from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from django.utils import timezone

from liaison.access.actions import (
    end_entitlement,
    entitle_bureau,
    grant_entitlement,
    lift_restriction,
    restrict_source,
)
from liaison.access.catalogue import declare_database, declared_databases
from liaison.access.models import Entitlement, SourceRestriction
from liaison.access.queries import restrictions_in_force
from liaison.access.rules import Operation
from liaison.agencies.queries import rights_version
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.errors import BadInput
from tests.cast import House, Member, a_person, check, feed_accepted

NOW = datetime(2026, 3, 10, 23, 59, 59, tzinfo=timezone.get_default_timezone())
TODAY = NOW.date()
OPERATIONS = sorted(get_args(Operation))
PERSON = {"name": "Oksana Tverdokhlib"}


def grant(
    member: Member, operation: Operation = "check", *, starts_on: date = TODAY, ends_on: date | None = None,
    database: str = "vehicles", reason: str = "Agreement 7",
) -> Entitlement:  # fmt: skip
    return grant_entitlement(
        member.agency, database, operation, starts_on=starts_on, ends_on=ends_on, reason=reason,
        granted_by=None, by=OPERATOR, now=NOW,
    )  # fmt: skip


def days(count: int) -> timedelta:
    return timedelta(days=count)


def test_an_entitlement_holds_from_its_first_day_until_its_last_is_over(outsider: Member) -> None:
    grant(outsider, starts_on=TODAY + days(1), ends_on=TODAY + days(3))

    held = [("vehicles", "check") in outsider.asker_at(NOW + days(later)).entitlements for later in range(5)]

    assert held == [False, True, True, False, False]


def test_an_entitlement_without_an_end_holds_on(outsider: Member) -> None:
    grant(outsider)

    assert outsider.asker_at(NOW + days(36_500)).entitlements == {("vehicles", "check")}


def test_an_entitlement_of_one_agency_is_nobody_elses(outsider: Member, border_officer: Member) -> None:
    grant(outsider)

    assert ("vehicles", "check") not in border_officer.asker.entitlements


def test_an_ended_entitlement_is_gone_at_once(outsider: Member) -> None:
    entitlement = grant(outsider, starts_on=TODAY - days(9))

    end_entitlement(entitlement, by=OPERATOR, now=NOW)

    assert outsider.asker_at(NOW).entitlements == frozenset()


def test_ending_an_entitlement_that_ended_long_ago_does_not_prolong_it(outsider: Member) -> None:
    entitlement = grant(outsider, starts_on=TODAY - days(9), ends_on=TODAY - days(5))

    end_entitlement(entitlement, by=OPERATOR, now=NOW)

    assert Entitlement.objects.get(pk=entitlement.pk).ends_on == TODAY - days(5)


def test_a_right_is_not_granted_with_its_end_before_its_start(outsider: Member) -> None:
    with pytest.raises(BadInput, match="ends-before-start"):
        grant(outsider, ends_on=TODAY)


def test_a_right_is_not_granted_without_a_reason(outsider: Member) -> None:
    with pytest.raises(BadInput, match="missing-field"):
        grant(outsider, reason="  ")


def test_a_right_in_a_database_that_there_is_not_is_refused_with_the_one_that_was_meant(outsider: Member) -> None:
    with pytest.raises(BadInput, match=r"unknown-database: .*Did you mean 'vehicles'"):
        grant(outsider, database="vehicle")


def test_a_right_to_an_operation_that_there_is_not_is_refused(outsider: Member) -> None:
    with pytest.raises(BadInput, match="unknown-operation"):
        grant(outsider, "write")  # type: ignore[arg-type]


def test_granting_and_ending_are_entries_with_agency_operation_and_reason(outsider: Member) -> None:
    entitlement = grant(outsider)
    end_entitlement(entitlement, by=OPERATOR, now=NOW)

    ended, granted = (entry.as_line() for entry in Entry.objects.order_by("-number")[:2])

    assert (granted["event"], ended["event"]) == ("entitlement_granted", "entitlement_ended")
    assert granted["detail"] == {"agency": outsider.agency.pk, "operation": "check", "reason": "Agreement 7"}
    assert (granted["database"], ended["database"]) == ("vehicles", "vehicles")


def test_a_bureau_is_entitled_once_and_each_right_is_an_entry(house: House) -> None:
    bureau = house.bureau("PL")
    rights = [(right.database, right.operation) for right in Entitlement.objects.filter(agency=bureau)]
    entries = Entry.objects.filter(event="entitlement_granted")

    with pytest.raises(BadInput, match="already"):
        entitle_bureau(bureau, by=OPERATOR, now=NOW)

    assert sorted(rights) == [(database, one) for database in sorted(declared_databases()) for one in OPERATIONS]
    assert len(entries) == len(rights) == Entitlement.objects.count()


def test_every_change_of_rights_is_counted(outsider: Member, warsaw_officer: Member) -> None:
    before = rights_version()

    end_entitlement(grant(outsider), by=OPERATOR, now=NOW)
    restriction = restrict_source(warsaw_officer.agency, "nominal", outsider.agency.bureau, by=OPERATOR, now=NOW)  # type: ignore[arg-type]
    lift_restriction(restriction, by=OPERATOR, now=NOW)

    assert rights_version() == before + 4


def test_a_general_restriction_hides_from_the_bureau_and_its_entities_and_from_nobody_else(
    nairobi_feeder: Member, warsaw_officer: Member, border_officer: Member, madrid_requester: Member
) -> None:
    # given a record, and a restriction of its source against Warsaw
    feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))
    restriction = restrict_source(nairobi_feeder.agency, "nominal", warsaw_officer.agency, by=OPERATOR, now=NOW)

    # when everybody checks
    everybody = (warsaw_officer, border_officer, madrid_requester, nairobi_feeder)
    restricted = [check(member, person=PERSON).outcome for member in everybody]
    lift_restriction(restriction, by=OPERATOR, now=NOW)
    lifted = [check(member, person=PERSON).outcome for member in everybody]

    # then Warsaw and its border guard find nothing, until it is lifted
    assert restricted == ["no_match", "no_match", "matches", "matches"]
    assert lifted == ["matches"] * 4


def test_a_restriction_of_one_database_says_nothing_of_another(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))

    restrict_source(nairobi_feeder.agency, "vehicles", warsaw_officer.agency, by=OPERATOR, now=NOW)

    assert check(warsaw_officer, person=PERSON).outcome == "matches"


def test_a_restriction_set_twice_is_one(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    first = restrict_source(nairobi_feeder.agency, "nominal", warsaw_officer.agency, by=OPERATOR, now=NOW)

    again = restrict_source(nairobi_feeder.agency, "nominal", warsaw_officer.agency, by=OPERATOR, now=NOW)

    assert first == again
    assert list(restrictions_in_force()) == [(nairobi_feeder.agency.pk, "nominal", warsaw_officer.agency.pk)]


def test_a_lifted_restriction_can_be_set_anew_and_both_are_kept(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    lifted = restrict_source(nairobi_feeder.agency, "nominal", warsaw_officer.agency, by=OPERATOR, now=NOW)
    lift_restriction(lifted, by=OPERATOR, now=NOW)

    restrict_source(nairobi_feeder.agency, "nominal", warsaw_officer.agency, by=OPERATOR, now=NOW)

    assert SourceRestriction.objects.count() == 2
    assert len(list(restrictions_in_force())) == 1


def test_an_entity_is_not_restricted_but_its_bureau(nairobi_feeder: Member, border_officer: Member) -> None:
    with pytest.raises(BadInput, match="restrict-a-bureau"):
        restrict_source(nairobi_feeder.agency, "nominal", border_officer.agency, by=OPERATOR, now=NOW)


def test_a_source_cannot_restrict_itself(nairobi_feeder: Member) -> None:
    with pytest.raises(BadInput, match="restrict-another"):
        restrict_source(nairobi_feeder.agency, "nominal", nairobi_feeder.agency, by=OPERATOR, now=NOW)


def test_rights_and_restrictions_read_as_sentences(outsider: Member, house: House) -> None:
    entitlement = grant(outsider)
    restriction = restrict_source(house.bureau("KE"), "nominal", house.bureau("AU"), by=OPERATOR, now=NOW)

    assert str(entitlement) == "Lake District Patrol may check vehicles"
    assert str(restriction) == "NCB Nairobi keeps nominal from NCB Canberra"


def test_every_database_is_in_the_catalogue_of_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaison.access.catalogue._titles", declared_databases())

    declare_database("firearms", "Firearms")

    assert set(declared_databases()) >= {"nominal", "travel_documents", "vehicles", "vessels", "firearms"}
