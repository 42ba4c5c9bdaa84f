"""What administrators do on the pages of agencies, and what everybody else gets there."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liaison.access.queries import asker_of_key
from liaison.agencies.actions import close_agency, close_officer
from liaison.agencies.models import Agency, Key, Officer
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.errors import NotSignedIn
from tests.cast import House, Member, browser_of, check, sign_in

INVITE = {"action": "invite", "full_name": "Zofia Lipowska", "email": "zofia@pl.example", "duty": "officer"}


def page_of(agency: Agency) -> str:
    return f"/agencies/{agency.pk}/"


def without_changes_of_each_load(html: str) -> str:
    """Leave out what differs between two loads of the same page: the token of its forms, and its own address."""
    return re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", html)


@pytest.fixture
def nairobi(house: House) -> Agency:
    return house.bureau("KE")


def test_whoever_is_not_signed_in_is_sent_to_sign_in(nairobi: Agency) -> None:
    assert Client().get("/agencies/")["Location"] == "/accounts/login/?next=/agencies/"
    assert Client().get(page_of(nairobi))["Location"] == f"/accounts/login/?next={page_of(nairobi)}"


@pytest.mark.parametrize("role", ["warsaw_officer", "auditor", "outsider"])
def test_who_administers_nothing_is_refused_on_every_page(
    role: str, request: pytest.FixtureRequest, house: House
) -> None:
    somebody: Member = request.getfixturevalue(role)
    browser = browser_of(somebody)

    assert browser.get("/agencies/").status_code == 403
    assert browser.get(page_of(somebody.agency)).status_code == 403
    assert browser.post(page_of(somebody.agency), INVITE).status_code == 403
    assert not Officer.objects.filter(email=INVITE["email"]).exists()


def test_the_secretariat_sees_every_agency_and_admits(secretariat_admin: Member, border_admin: Member) -> None:
    html = browser_of(secretariat_admin).get("/agencies/").content.decode()

    assert "NCB Warsaw" in html
    assert "Vistula Border Guard" in html
    assert 'href="/agencies/admit/"' in html


def test_a_long_list_of_agencies_goes_on_on_a_second_page(
    secretariat_admin: Member, border_admin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.agencies.pages.AGENCIES_PER_PAGE", 2)
    browser = browser_of(secretariat_admin)

    first, second = (browser.get(f"/agencies/?page={number}").content.decode() for number in (1, 2))

    assert "NCB Warsaw" in first
    assert 'href="?page=2"' in first
    assert "Vistula Border Guard" not in first
    assert "Vistula Border Guard" in second


def test_a_bureau_sees_itself_and_its_entities_only(
    warsaw_admin: Member, border_admin: Member, nairobi: Agency
) -> None:
    html = browser_of(warsaw_admin).get("/agencies/").content.decode()

    assert "Vistula Border Guard" in html
    assert nairobi.name not in html
    assert "/agencies/admit/" not in html


def test_an_entity_sees_itself_only(border_admin: Member, house: House) -> None:
    house.entity("Old Town City Police", "PL")

    html = browser_of(border_admin).get("/agencies/").content.decode()

    assert html.count("/agencies/") == 2 + html.count('value="/agencies/"')
    assert "Old Town City Police" not in html


def test_an_agency_of_others_is_answered_as_one_that_is_not_there(warsaw_admin: Member, nairobi: Agency) -> None:
    browser = browser_of(warsaw_admin)

    others, none, far = (browser.get(path) for path in (page_of(nairobi), "/agencies/9999/", f"/agencies/{10**30}/"))

    assert (others.status_code, none.status_code, far.status_code) == (404, 404, 404)
    assert without_changes_of_each_load(others.content.decode()) == without_changes_of_each_load(none.content.decode())


def test_an_act_on_an_agency_of_others_does_nothing(warsaw_admin: Member, nairobi: Agency) -> None:
    browser = browser_of(warsaw_admin)

    answers = [browser.post(page_of(nairobi), sent).status_code for sent in (INVITE, {"action": "close_agency"})]

    assert answers == [404, 404]
    assert not Officer.objects.filter(agency=nairobi).exists()


def test_a_form_that_another_site_sends_is_refused(warsaw_admin: Member) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, warsaw_admin.officer)

    assert browser.post(page_of(warsaw_admin.agency), INVITE).status_code == 403
    assert not Officer.objects.filter(email=INVITE["email"]).exists()


def test_reading_the_pages_changes_nothing(warsaw_admin: Member) -> None:
    browser, before = browser_of(warsaw_admin), Entry.objects.count()

    browser.get("/agencies/")
    browser.get(page_of(warsaw_admin.agency), INVITE)

    assert Entry.objects.count() == before
    assert not Officer.objects.filter(email=INVITE["email"]).exists()


def test_an_invited_officers_link_is_shown_once_and_kept_by_no_cache(warsaw_admin: Member) -> None:
    browser = browser_of(warsaw_admin)

    first = browser.post(page_of(warsaw_admin.agency), INVITE)
    second = browser.get(page_of(warsaw_admin.agency))

    assert "/accounts/invitation/" in first.content.decode()
    assert first["Cache-Control"] == "no-store"
    assert "/accounts/invitation/" not in second.content.decode()
    assert INVITE["email"] in second.content.decode()
    assert Entry.objects.get(event="officer_invited", actor=warsaw_admin.officer.actor).agency == warsaw_admin.agency.pk


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("full_name", "", "This field is required."),
        ("full_name", "Zofia\u202eaksw", "a character that cannot be seen"),
        ("email", "warsaw.admin@liaison.example", "Somebody signs in with this address already."),
        ("email", "no address", "Enter a valid email address."),
        ("duty", "emperor", "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_in_the_summary(
    warsaw_admin: Member, field: str, value: str, said: str
) -> None:
    answer = browser_of(warsaw_admin).post(page_of(warsaw_admin.agency), INVITE | {field: value})

    html = answer.content.decode()
    assert html.count(said) == 2
    assert f'<a href="#invite_{field}' in html
    assert "<title>Error:" in html
    assert not Officer.objects.filter(email=INVITE["email"]).exists()


def test_an_officer_whose_account_is_closed_is_nobody_from_the_next_request_on(
    warsaw_admin: Member, warsaw_officer: Member
) -> None:
    # given an officer who is signed in
    officers_browser = browser_of(warsaw_officer)
    assert officers_browser.get("/access/").status_code == 200

    # when the administrator closes the account
    sent = {"action": "close_officer", "id": warsaw_officer.officer.pk}
    answer = browser_of(warsaw_admin).post(page_of(warsaw_admin.agency), sent, follow=True)

    # then
    assert "The account of Warsaw Officer is closed." in answer.content.decode()
    assert officers_browser.get("/access/")["Location"] == "/accounts/login/?next=/access/"


def test_the_officers_of_a_closed_agency_are_nobody_and_those_of_its_entities_too(
    house: House, warsaw_officer: Member, border_officer: Member, secretariat_admin: Member
) -> None:
    browsers = [browser_of(warsaw_officer), browser_of(border_officer)]

    browser_of(secretariat_admin).post(page_of(warsaw_officer.agency), {"action": "close_agency"})

    assert [browser.get("/access/").status_code for browser in browsers] == [302, 302]
    assert browsers[0].get("/accounts/login/").status_code == 200


def test_an_officer_of_a_closed_agency_does_not_sign_in(warsaw_officer: Member) -> None:
    warsaw_officer.officer.set_password("mild rivers carry slow barges")
    warsaw_officer.officer.save()
    close_agency(warsaw_officer.agency, by=OPERATOR, now=timezone.now())
    browser = Client()

    browser.post(
        "/accounts/login/", {"login": warsaw_officer.officer.email, "password": "mild rivers carry slow barges"}
    )

    assert browser.get("/access/").status_code == 302


def test_nobody_closes_the_own_account(warsaw_admin: Member) -> None:
    sent = {"action": "close_officer", "id": warsaw_admin.officer.pk}

    assert browser_of(warsaw_admin).post(page_of(warsaw_admin.agency), sent).status_code == 404
    assert Officer.objects.get(pk=warsaw_admin.officer.pk).is_active


@pytest.mark.parametrize("identity", ["", "x", "-1", "9" * 40, "²"])
def test_a_button_that_names_nothing_does_nothing(warsaw_admin: Member, identity: str) -> None:
    browser = browser_of(warsaw_admin)

    for_each = [
        browser.post(page_of(warsaw_admin.agency), {"action": action, "id": identity}).status_code
        for action in ("close_officer", "new_link", "close_entity", "create_key", "revoke_key")
    ]

    assert for_each == [404] * 5


def test_a_button_that_the_page_does_not_have_is_refused(warsaw_admin: Member) -> None:
    assert browser_of(warsaw_admin).post(page_of(warsaw_admin.agency), {"action": "explode"}).status_code == 400


def test_a_page_takes_no_other_method(warsaw_admin: Member) -> None:
    assert browser_of(warsaw_admin).delete(page_of(warsaw_admin.agency)).status_code == 405


def test_the_secretariat_neither_sees_nor_manages_a_members_people(
    secretariat_admin: Member, warsaw_admin: Member, warsaw_officer: Member
) -> None:
    Officer.objects.filter(pk=warsaw_admin.officer.pk).update(password="chosen")
    browser, page = browser_of(secretariat_admin), page_of(warsaw_officer.agency)

    html = browser.get(page).content.decode()
    acts = [
        browser.post(page, INVITE).status_code,
        browser.post(page, {"action": "close_officer", "id": warsaw_officer.officer.pk}).status_code,
        browser.post(page, {"action": "new_link", "id": warsaw_officer.officer.pk}).status_code,
        browser.post(page, {"action": "create_system", "name": "Gate", "days": "9"}).status_code,
        browser.post(page, {"action": "authorise", "name": "Palace Guard"}).status_code,
    ]

    assert warsaw_officer.officer.email not in html
    assert acts == [404] * 5
    assert Officer.objects.get(pk=warsaw_officer.officer.pk).is_active


def test_the_secretariat_may_correct_the_first_invitation_of_a_bureau_until_it_is_taken_up(
    secretariat_admin: Member, warsaw_admin: Member
) -> None:
    # given a first administrator who has chosen no password yet
    browser, page = browser_of(secretariat_admin), page_of(warsaw_admin.agency)

    # when
    again = browser.post(page, {"action": "new_link", "id": warsaw_admin.officer.pk})
    another = browser.post(page, {"action": "invite", "full_name": "Zofia Lipowska", "email": "zofia@pl.example"})

    # then
    assert "/accounts/invitation/" in again.content.decode()
    assert "/accounts/invitation/" in another.content.decode()
    assert Officer.objects.get(email="zofia@pl.example").duty == "administrator"


def test_a_bureau_authorises_an_entity_and_ends_it(warsaw_admin: Member) -> None:
    browser, page = browser_of(warsaw_admin), page_of(warsaw_admin.agency)

    browser.post(page, {"action": "authorise", "name": "Old Town City Police"})
    entity = Agency.objects.get(name="Old Town City Police")
    named_twice = browser.post(page, {"action": "authorise", "name": "old town city police"})
    browser.post(page, {"action": "close_entity", "id": entity.pk})

    entity.refresh_from_db()
    assert (entity.bureau_id, entity.country) == (warsaw_admin.agency.pk, "PL")
    assert "An agency has this name already" in named_twice.content.decode()
    assert entity.is_closed


def test_a_closed_entity_is_shown_and_offers_nothing(warsaw_admin: Member, border_admin: Member) -> None:
    close_officer(border_admin.officer, by=OPERATOR, now=timezone.now())
    close_agency(border_admin.agency, by=OPERATOR, now=timezone.now())

    html = browser_of(warsaw_admin).get(page_of(border_admin.agency)).content.decode()

    assert border_admin.officer.email in html
    assert 'name="action"' not in html


def test_an_entitys_administrator_manages_its_own_people_and_keys_and_no_more(
    border_admin: Member, house: House
) -> None:
    browser, page = browser_of(border_admin), page_of(border_admin.agency)

    invited = browser.post(page, INVITE)
    keyed = browser.post(page, {"action": "create_system", "name": "Gate 4", "days": "30"})
    authorised = browser.post(page, {"action": "authorise", "name": "Sub-entity"})
    closed = browser.post(page, {"action": "close_agency"})

    assert (invited.status_code, keyed.status_code, authorised.status_code, closed.status_code) == (200, 200, 404, 404)
    assert browser.get(page_of(house.bureau("PL"))).status_code == 404


def shown_key(html: str) -> str:
    found = re.search(r'<code class="app-key" dir="ltr">(lk_[\w-]+)</code>', html)
    assert found is not None
    return found[1]


def test_a_key_is_shown_once_and_works_until_it_is_revoked_and_then_not_on_the_very_next_check(
    warsaw_admin: Member,
) -> None:
    # given a key that the page showed, in an answer that nothing keeps
    browser, page = browser_of(warsaw_admin), page_of(warsaw_admin.agency)
    made = browser.post(page, {"action": "create_system", "name": "Gate 4", "days": "30"})
    text = shown_key(made.content.decode())
    assert made["Cache-Control"] == "no-store"
    assert text not in browser.get(page).content.decode()
    assert asker_of_key(text, timezone.now()).agency == warsaw_admin.agency.pk

    # when it is revoked
    browser.post(page, {"action": "revoke_key", "id": Key.objects.get().pk})

    # then
    with pytest.raises(NotSignedIn):
        asker_of_key(text, timezone.now())
    assert browser.post(page, {"action": "revoke_key", "id": Key.objects.get().pk}).status_code == 404


def test_a_system_gets_a_second_key_beside_its_first(warsaw_admin: Member) -> None:
    browser, page = browser_of(warsaw_admin), page_of(warsaw_admin.agency)
    browser.post(page, {"action": "create_system", "name": "Gate 4", "days": "30"})
    system = Key.objects.get().system

    browser.post(page, {"action": "create_key", "id": system.pk, "days": "400"})
    refused = browser.post(page, {"action": "create_key", "id": system.pk, "days": "401"})

    assert system.keys.count() == 2
    assert f'<a href="#key_{system.pk}_days">' in refused.content.decode()


def test_a_key_is_given_the_terms_of_checks_by_clients_of_other_services(warsaw_admin: Member) -> None:
    browser, page = browser_of(warsaw_admin), page_of(warsaw_admin.agency)
    sent = {"action": "create_system", "name": "Screening", "days": "30", "purpose": "border"}

    refused = browser.post(page, sent)
    made = browser.post(page, sent | {"reference": "Agreement 12"})

    assert '<a href="#system_reference">' in refused.content.decode()
    assert "Agreement 12" in made.content.decode()
    assert (Key.objects.get().purpose, Key.objects.get().reference) == ("border", "Agreement 12")
    assert "Border control, <bdi>Agreement 12</bdi>" in browser.get(page).content.decode()


def test_a_key_that_ran_out_says_so(warsaw_admin: Member) -> None:
    assert warsaw_admin.key
    Key.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    html = browser_of(warsaw_admin).get(page_of(warsaw_admin.agency)).content.decode()

    assert "app-tag--expired" in html
    assert 'value="revoke_key"' not in html


def test_a_new_link_ends_the_old_password_and_the_sessions(warsaw_admin: Member, warsaw_officer: Member) -> None:
    officers_browser = browser_of(warsaw_officer)
    sent = {"action": "new_link", "id": warsaw_officer.officer.pk}

    answer = browser_of(warsaw_admin).post(page_of(warsaw_admin.agency), sent)

    assert "/accounts/invitation/" in answer.content.decode()
    assert officers_browser.get("/access/").status_code == 302
    assert Entry.objects.filter(event="link_renewed").count() == 1


def test_a_closed_officer_checks_nothing(warsaw_officer: Member) -> None:
    close_officer(warsaw_officer.officer, by=OPERATOR, now=timezone.now())

    with pytest.raises(NotSignedIn):
        check(warsaw_officer, person={"name": "Nobody Whatever"})
