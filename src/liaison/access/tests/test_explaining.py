"""Why: what an agency may do, who may see a record; and everybody is told when rights change."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from liaison.access.actions import end_entitlement, grant_entitlement, restrict_source
from liaison.access.models import Entitlement
from liaison.agencies.models import Agency
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.audit.series import agency_of
from liaison.notifications.models import Notification
from tests.cast import House, Member, a_person, browser_of, feed_accepted

NAME = "Oksana Tverdokhlib"


def let(agency: Agency, database: str = "vehicles") -> Entitlement:
    now = timezone.now()
    return grant_entitlement(
        agency, database, "check", starts_on=now.date(), ends_on=None, reason="Agreement 7", granted_by=None,
        by=OPERATOR, now=now, purposes=("border",), highest_level="restricted",
    )  # fmt: skip


def test_an_agencys_rights_are_explained_with_the_chain_of_reasons(outsider: Member, warsaw_officer: Member) -> None:
    let(outsider.agency)

    page = browser_of(warsaw_officer).get(f"/access/agencies/{outsider.agency.pk}/").content.decode()

    assert "Agreement 7" in page
    assert "Its bureau, NCB Canberra, has the right itself." in page
    assert "Only for: Border control." in page
    assert "No confidential records." in page
    assert "Lake District Patrol has no right to this." in page


def test_a_right_that_the_bureau_lost_is_explained(outsider: Member, warsaw_officer: Member) -> None:
    let(outsider.agency)
    of_bureau = Entitlement.objects.get(agency=outsider.agency.bureau, database="vehicles", operation="check")

    end_entitlement(of_bureau, by=OPERATOR, now=timezone.now())

    page = browser_of(warsaw_officer).get(f"/access/agencies/{outsider.agency.pk}/")
    assertContains(page, "has no right to this itself, so that the entity has none")


def test_of_an_agency_that_there_is_not_nothing_is_explained(warsaw_officer: Member) -> None:
    assert browser_of(warsaw_officer).get("/access/agencies/999999/").status_code == 404


def test_the_explanation_of_an_agency_tells_no_restriction(
    warsaw_officer: Member, nairobi_feeder: Member, house: House
) -> None:
    before = browser_of(warsaw_officer).get(f"/access/agencies/{warsaw_officer.agency.pk}/").content
    restrict_source(nairobi_feeder.agency, "nominal", warsaw_officer.agency, by=OPERATOR, now=timezone.now())

    after = browser_of(warsaw_officer).get(f"/access/agencies/{warsaw_officer.agency.pk}/").content

    assert without_tokens(after) == without_tokens(before)


def without_tokens(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line]


def row_of(page: str, agency: str) -> str:
    return next(row for row in page.split("<tr ")[1:] if f"<bdi>{agency}</bdi>" in row)


def test_a_source_sees_who_may_see_its_record_and_why(
    nairobi_feeder: Member, warsaw_officer: Member, border_officer: Member, outsider: Member
) -> None:
    record = feed_accepted(nairobi_feeder, "nominal", a_person(NAME, restricted_against=["PL"]))[0]

    page = browser_of(nairobi_feeder).get(f"/records/own/{record}/access/").content.decode()

    assert "They have the right, and nothing is held back" in row_of(page, "NCB Canberra")
    assert "You hold it back from their bureau." in row_of(page, "NCB Warsaw")
    assert "You hold it back from their bureau." in row_of(page, "Vistula Border Guard")
    assert "They have no right to this database." in row_of(page, "Lake District Patrol")
    assert "It is a record of their own bureau." in row_of(page, "NCB Nairobi")
    assert agency_of(Entry.objects.get(event="record_access_read").number) == nairobi_feeder.agency.pk


def test_nobody_else_sees_who_may_see_a_record(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    record = feed_accepted(nairobi_feeder, "nominal", a_person(NAME))[0]

    assert browser_of(warsaw_officer).get(f"/records/own/{record}/access/").status_code == 404
    assert not Entry.objects.filter(event="record_access_read").exists()


def test_the_register_of_rights_is_answered_to_machines_page_by_page(
    warsaw_officer: Member, outsider: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    let(outsider.agency)
    monkeypatch.setattr("liaison.access.explaining_pages.RIGHTS_AT_ONCE", 3)
    client = Client(headers={"Authorization": f"Bearer {warsaw_officer.key}"})

    first = client.get("/api/rights").json()
    second = client.get(f"/api/rights?after={first['next']}").json()
    theirs = client.get(f"/api/rights?agency={outsider.agency.pk}").json()

    assert len(first["rights"]) == len(second["rights"]) == 3
    assert not {one["right"] for one in first["rights"]} & {one["right"] for one in second["rights"]}
    [right] = theirs["rights"]
    assert (right["agency_name"], right["purposes"], right["highest_level"]) == (
        "Lake District Patrol", ["border"], "restricted",
    )  # fmt: skip
    assert theirs["next"] is None


def test_the_register_of_rights_wants_a_key_or_a_session(outsider: Member) -> None:
    assert Client().get("/api/rights").status_code == 401
    assert browser_of(outsider).get("/api/rights").status_code == 200
    assert browser_of(outsider).get("/api/rights?agency=x").json()["code"] == "bad-value"


def test_the_secretariat_and_all_bureaux_are_told_of_a_grant_and_of_its_end(
    outsider: Member, warsaw_admin: Member, secretariat_admin: Member
) -> None:
    right = let(outsider.agency)
    end_entitlement(right, by=OPERATOR, now=timezone.now())

    told = Notification.objects.filter(kind__in=["entitlement_granted", "entitlement_ended"])
    bureaux = Agency.objects.filter(kind__in=["bureau", "general_secretariat"])
    assert told.count() == 2 * bureaux.count()
    for member in (warsaw_admin, secretariat_admin):
        page = browser_of(member).get("/notifications/")
        assertContains(page, "A right was granted")
        assertContains(page, "Lake District Patrol")
    assertNotContains(browser_of(outsider).get("/notifications/"), "A right was granted")


def test_an_organisation_is_admitted_without_rights_and_granted_by_the_secretariat_only(
    secretariat_admin: Member, warsaw_admin: Member, house: House
) -> None:
    sent = {"name": "Lake Health Organisation", "full_name": "Ada Nwosu", "email": "ada@lho.example"}
    browser = browser_of(secretariat_admin)

    answer = browser.post("/agencies/admit/organisation/", sent)
    organisation = Agency.objects.get(kind="international_entity")
    granted = {
        "action": "grant", "agency": str(organisation.pk), "database": "nominal", "operation": "check",
        "starts_on": f"{timezone.now():%Y-%m-%d}", "ends_on": "", "reason": "Agreement 9",
        "highest_level": "official_use",
    }  # fmt: skip
    browser_of(warsaw_admin).post("/access/", granted)
    assert not Entitlement.objects.filter(agency=organisation).exists()
    own = house.member("organisation_admin", organisation, "administrator")
    browser_of(own).post("/access/", granted)
    assert not Entitlement.objects.filter(agency=organisation).exists()
    browser.post("/access/", granted)

    assertContains(answer, "One-time link for")
    assert Entitlement.objects.get(agency=organisation).operation == "check"
