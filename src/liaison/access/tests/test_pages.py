"""The register of rights, restrictions and the admission of bureaux, for every role."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liaison.access.actions import grant_entitlement, restrict_source
from liaison.access.models import Entitlement, SourceRestriction
from liaison.agencies.models import Agency, Officer
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from tests.cast import House, Member, a_person, browser_of, check, feed_accepted

ADMIT = {"name": "NCB Lima", "country": "Peru", "full_name": "Inés Quillay", "email": "ines@pe.example"}
PERSON = {"name": "Oksana Tverdokhlib"}


def today() -> str:
    return f"{timezone.now():%Y-%m-%d}"


def in_days(count: int) -> str:
    return f"{timezone.now() + timedelta(days=count):%Y-%m-%d}"


def a_grant(agency: Agency, **more: str) -> dict[str, str]:
    sent = {"action": "grant", "agency": str(agency.pk), "database": "vehicles", "operation": "check"}
    return sent | {"starts_on": today(), "ends_on": "", "reason": "Agreement 7", "highest_level": "confidential"} | more


# Admission


def test_a_bureau_is_admitted_with_its_rights_and_the_link_of_its_first_administrator(
    secretariat_admin: Member,
) -> None:
    answer = browser_of(secretariat_admin).post("/agencies/admit/", ADMIT)

    bureau = Agency.objects.get(name="NCB Lima")
    assert (bureau.kind, bureau.country) == ("bureau", "PE")
    assert Entitlement.objects.filter(agency=bureau, granted_by=secretariat_admin.officer).count() >= 12
    assert Officer.objects.get(email="ines@pe.example").duty == "administrator"
    assert "/accounts/invitation/" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("country", "Perru", "Did you mean"),
        ("country", "", "This field is required."),
        ("email", "secretariat.admin@liaison.example", "Somebody signs in with this address already."),
        ("name", "general secretariat", "An agency has this name already"),
    ],
)
def test_a_bureau_is_admitted_as_a_whole_or_not_at_all(
    secretariat_admin: Member, field: str, value: str, said: str
) -> None:
    entries = Entry.objects.count()

    answer = browser_of(secretariat_admin).post("/agencies/admit/", ADMIT | {field: value})

    assert said in answer.content.decode()
    assert f'<a href="#id_{field}">' in answer.content.decode()
    assert not Agency.objects.filter(name="NCB Lima").exists()
    assert not Officer.objects.filter(email="ines@pe.example").exists()
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("role", "status"),
    [("warsaw_admin", 404), ("border_admin", 404), ("warsaw_officer", 403), ("auditor", 403), ("outsider", 403)],
)
def test_nobody_else_admits_a_bureau(role: str, status: int, request: pytest.FixtureRequest, house: House) -> None:
    browser = browser_of(request.getfixturevalue(role))

    assert browser.get("/agencies/admit/").status_code == status
    assert browser.post("/agencies/admit/", ADMIT).status_code == status
    assert not Agency.objects.filter(name="NCB Lima").exists()


# The register of rights


def test_the_second_page_and_the_end_of_a_right_keep_the_search(
    warsaw_admin: Member, nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.access.pages.RIGHTS_PER_PAGE", 2)
    browser, search = browser_of(warsaw_admin), f"agency={warsaw_admin.agency.pk}&database=nominal"

    first, second = (browser.get(f"/access/?{search}{more}").content.decode() for more in ("", "&page=2"))
    right = Entitlement.objects.filter(agency=warsaw_admin.agency, database="nominal").first()
    ended = browser.post(f"/access/?{search}&page=2", {"action": "end", "id": right.pk if right else 0})

    assert f"?{search}&page=2".replace("&", "&amp;") in first
    assert second.count("data-confirm") == 1
    assert ended["Location"] == f"/access/?{search}&page=2"


@pytest.mark.parametrize(
    "role", ["warsaw_officer", "warsaw_admin", "border_admin", "secretariat_admin", "auditor", "outsider"]
)
def test_everybody_who_is_signed_in_consults_the_register_of_rights(
    role: str, request: pytest.FixtureRequest, house: House
) -> None:
    somebody = request.getfixturevalue(role)
    request.getfixturevalue("border_officer")

    html = browser_of(somebody).get("/access/?database=travel_documents").content.decode()

    assert '<bdi>Vistula Border Guard</bdi></a></th><td class="govuk-table__cell"' in html


def test_who_is_not_signed_in_consults_nothing() -> None:
    assert [Client().get(path).status_code for path in ("/access/", "/access/restrictions/")] == [302, 302]


@pytest.mark.parametrize("role", ["warsaw_officer", "auditor", "outsider", "border_admin", "secretariat_admin"])
def test_only_the_bureaus_own_administrator_is_offered_to_change_a_bureaus_rights(
    role: str, request: pytest.FixtureRequest, house: House
) -> None:
    warsaw = house.bureau("PL")
    browser = browser_of(request.getfixturevalue(role))
    before = Entitlement.objects.count()
    right = Entitlement.objects.filter(agency=warsaw).first()
    assert right is not None

    html = browser.get(f"/access/?agency={warsaw.pk}").content.decode()
    granted = browser.post("/access/", a_grant(warsaw, database="nominal", starts_on=in_days(9)))
    ended = browser.post("/access/", {"action": "end", "id": right.pk})

    assert 'value="end"' not in html
    assert granted.status_code in (200, 403)
    assert ended.status_code in (403, 404)
    assert Entitlement.objects.count() == before
    assert Entitlement.objects.get(pk=right.pk).ends_on is None


def test_a_bureau_grants_a_right_to_its_entity_and_ends_it_at_once(warsaw_admin: Member, outsider: Member) -> None:
    # given an entity of the bureau's own without rights, and one of another country
    entity = Agency.objects.create(
        kind="national_entity", name="Old Town City Police", country="PL", bureau=warsaw_admin.agency,
        admitted_at=timezone.now(),
    )  # fmt: skip
    browser = browser_of(warsaw_admin)

    # when
    browser.post("/access/", a_grant(entity))
    foreign = browser.post("/access/", a_grant(outsider.agency))
    right = Entitlement.objects.get(agency=entity)
    held = [(right.database, right.operation, right.reason, right.granted_by)]
    browser.post("/access/", {"action": "end", "id": right.pk})

    # then
    assert held == [("vehicles", "check", "Agreement 7", warsaw_admin.officer)]
    assert "Select a valid choice." in foreign.content.decode()
    assert not Entitlement.objects.filter(agency=outsider.agency).exists()
    assert Entitlement.objects.get(pk=right.pk).ends_on == timezone.now().date()
    assert browser.post("/access/", {"action": "end", "id": right.pk}).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("reason", "", "This field is required."),
        ("starts_on", "2020-01-01", "This day is over"),
        ("starts_on", "2026-02-30", "Enter a valid date."),
        ("ends_on", today(), "The end lies before the start"),
        ("database", "gossip", "Select a valid choice."),
        ("operation", "delete", "Select a valid choice."),
    ],
)
def test_what_is_wrong_with_a_grant_is_said_beside_its_field(
    warsaw_admin: Member, border_admin: Member, field: str, value: str, said: str
) -> None:
    answer = browser_of(warsaw_admin).post("/access/", a_grant(border_admin.agency, **{field: value}))

    html = answer.content.decode()
    assert html.count(said) == 2
    assert f'<a href="#grant_{field}' in html
    assert not Entitlement.objects.filter(agency=border_admin.agency).exists()


def test_a_right_is_not_granted_twice_for_the_same_days(warsaw_admin: Member, border_admin: Member) -> None:
    browser = browser_of(warsaw_admin)
    browser.post("/access/", a_grant(border_admin.agency, ends_on=in_days(5)))

    overlapping = browser.post("/access/", a_grant(border_admin.agency, starts_on=in_days(4)))
    following = browser.post("/access/", a_grant(border_admin.agency, starts_on=in_days(5)))

    assert "The agency has this right already in that time." in overlapping.content.decode()
    assert following.status_code == 302
    assert Entitlement.objects.filter(agency=border_admin.agency).count() == 2


def test_a_right_that_was_ended_can_be_granted_anew_on_the_same_day(warsaw_admin: Member, border_admin: Member) -> None:
    browser = browser_of(warsaw_admin)
    browser.post("/access/", a_grant(border_admin.agency))
    browser.post("/access/", {"action": "end", "id": Entitlement.objects.get(agency=border_admin.agency).pk})

    assert browser.post("/access/", a_grant(border_admin.agency)).status_code == 302


def test_the_register_says_which_rights_are_in_force_planned_and_ended(house: House, outsider: Member) -> None:
    day = datetime.now(UTC).date()
    for operation, begins, ends in (("check", -9, -2), ("read", 3, None), ("feed", -9, None)):
        grant_entitlement(
            outsider.agency, "vessels", operation, starts_on=day + timedelta(days=begins),  # type: ignore[arg-type]
            ends_on=day + timedelta(days=ends) if ends else None, reason="A test", granted_by=None, by=OPERATOR,
            now=timezone.now(),
        )  # fmt: skip
    browser = browser_of(outsider)

    every = browser.get(f"/access/?agency={outsider.agency.pk}").content.decode()
    today_only = browser.get(f"/access/?agency={outsider.agency.pk}&in_force=on").content.decode()

    assert re.findall(r"app-tag--(\w+)", every) == ["ended", "active", "planned"]
    assert re.findall(r"app-tag--(\w+)", today_only) == ["active"]


def test_an_expired_entitlement_opens_nothing(outsider: Member, nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(PERSON["name"]))
    day = timezone.now().date()
    grant_entitlement(
        outsider.agency, "nominal", "check", starts_on=day - timedelta(days=9), ends_on=day, reason="A test",
        granted_by=None, by=OPERATOR, now=timezone.now(),
    )  # fmt: skip

    assert check(outsider, person=PERSON).outcome == "refused"


def test_a_search_that_nothing_fits_finds_nothing(warsaw_officer: Member) -> None:
    browser = browser_of(warsaw_officer)

    answers = [browser.get(f"/access/?{query}") for query in ("agency=999999", "database=gossip", "page=x")]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "<tbody" not in answers[0].content.decode()
    assert "<tbody" not in answers[1].content.decode()


def test_the_register_of_rights_has_pages(warsaw_officer: Member, nairobi_feeder: Member, outsider: Member) -> None:
    browser = browser_of(warsaw_officer)

    first, second = (browser.get(f"/access/?page={number}").content.decode() for number in (1, 2))

    assert first.count('<th scope="row"') == 25
    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev" href="?page=1"' in second


# Restrictions


@pytest.mark.parametrize("role", ["warsaw_officer", "border_admin", "secretariat_admin", "auditor", "outsider"])
def test_restrictions_are_shown_to_nobody_but_their_owner(
    role: str, request: pytest.FixtureRequest, house: House
) -> None:
    browser = browser_of(request.getfixturevalue(role))

    assert browser.get("/access/restrictions/").status_code == 403
    assert browser.post("/access/restrictions/", {"action": "lift", "id": 1}).status_code == 403
    assert "/access/restrictions/" not in browser.get("/access/").content.decode()


def test_a_bureau_sees_no_restriction_of_another(warsaw_admin: Member, nairobi_feeder: Member) -> None:
    other = restrict_source(nairobi_feeder.agency, "nominal", warsaw_admin.agency, by=OPERATOR, now=timezone.now())
    browser = browser_of(warsaw_admin)

    html = browser.get("/access/restrictions/").content.decode()
    lifted = browser.post("/access/restrictions/", {"action": "lift", "id": other.pk})

    assert "<tbody" not in html
    assert lifted.status_code == 404
    assert SourceRestriction.objects.get(pk=other.pk).lifted_at is None


def test_a_restriction_holds_from_the_very_next_check_until_it_is_lifted(
    warsaw_admin: Member, warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    # given a record of Warsaw that Nairobi finds
    feed_accepted(warsaw_officer, "nominal", a_person(PERSON["name"]))
    browser = browser_of(warsaw_admin)
    found = [check(nairobi_feeder, person=PERSON).outcome]

    # when Warsaw restricts its data against Nairobi, and lifts that again
    sent = {"action": "restrict", "database": "nominal", "against": str(nairobi_feeder.agency.pk)}
    browser.post("/access/restrictions/", sent)
    found.append(check(nairobi_feeder, person=PERSON).outcome)
    shown = browser.get("/access/restrictions/").content.decode()
    browser.post("/access/restrictions/", {"action": "lift", "id": SourceRestriction.objects.get().pk})
    found.append(check(nairobi_feeder, person=PERSON).outcome)

    # then
    assert found == ["matches", "no_match", "matches"]
    assert "<bdi>NCB Nairobi</bdi></th>" in shown
    assert "<tbody" not in browser.get("/access/restrictions/").content.decode()


def test_a_restriction_is_against_another_bureau_and_never_an_entity_or_the_own(
    warsaw_admin: Member, outsider: Member, secretariat_admin: Member
) -> None:
    browser = browser_of(warsaw_admin)

    answers = [
        browser.post("/access/restrictions/", {"action": "restrict", "database": "nominal", "against": str(number)})
        for number in (outsider.agency.pk, warsaw_admin.agency.pk, secretariat_admin.agency.pk, 999_999)
    ]

    assert ["Select a valid choice." in answer.content.decode() for answer in answers] == [True] * 4
    assert not SourceRestriction.objects.exists()
