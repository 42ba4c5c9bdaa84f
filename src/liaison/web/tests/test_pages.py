"""Where people start, what everybody may read, and in which language."""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from liaison.audit.models import Entry
from tests.cast import House, Member, browser_of, give_authenticator, type_password_and_code

PASSWORD = "a long enough phrase"


def with_password(member: Member, language: str = "en") -> Member:
    member.officer.set_password(PASSWORD)
    member.officer.language = language
    member.officer.save()
    give_authenticator(member.officer)
    return member


def sign_in(member: Member, password: str = PASSWORD) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    type_password_and_code(client, member.officer.email, password)
    return client


def test_who_is_not_signed_in_starts_at_sign_in(house: House) -> None:
    assertRedirects(Client().get("/"), "/accounts/login/?next=/", fetch_redirect_response=False)


def test_an_officer_starts_with_the_box_and_what_the_bureau_does(nairobi_feeder: Member) -> None:
    page = browser_of(nairobi_feeder).get("/")

    assertContains(page, 'action="/check/#answer-title"')
    assertContains(page, "/records/new/")
    assertContains(page, "/feed/upload/")
    assertNotContains(page, "/register/")
    assert not Entry.objects.filter(actor=nairobi_feeder.officer.actor).exists()


def test_an_officer_who_may_not_feed_is_offered_no_feeding(border_officer: Member) -> None:
    page = browser_of(border_officer).get("/")

    assertContains(page, 'action="/check/#answer-title"')
    assertNotContains(page, "/feed/upload/")


def test_an_outsider_is_offered_nothing_but_the_own_rights(outsider: Member) -> None:
    page = browser_of(outsider).get("/")

    assertNotContains(page, 'action="/check/#answer-title"')
    assertNotContains(page, "/feed/upload/")
    assertContains(page, "/access/")


def places_of(member: Member) -> list[str]:
    html = browser_of(member).get("/").content.decode()
    return re.findall(r'app-navigation__link" href="([^"]*)"', html)


@pytest.mark.parametrize(
    ("role", "places"),
    [
        ("outsider", ["/access/"]),
        ("border_officer", ["/check/", "/standing/", "/access/"]),
        ("warsaw_officer", ["/check/", "/standing/", "/feed/", "/records/own/", "/access/"]),
        ("warsaw_admin", ["/agencies/", "/access/", "/standing/", "/register/"]),
        ("auditor", ["/access/", "/standing/", "/register/"]),
    ],
)
def test_the_navigation_leads_to_no_refusal(
    role: str, places: list[str], request: pytest.FixtureRequest, house: House
) -> None:
    somebody = request.getfixturevalue(role)

    assert places_of(somebody) == places
    assert {browser_of(somebody).get(place).status_code for place in places} == {200}


def test_who_may_do_nothing_yet_is_told_whom_to_ask(outsider: Member, border_officer: Member) -> None:
    assertContains(browser_of(outsider).get("/"), "ask whoever manages accounts and rights at <bdi>NCB Canberra</bdi>")
    assertNotContains(browser_of(border_officer).get("/"), "ask whoever manages")


def test_an_auditor_starts_with_the_register(auditor: Member) -> None:
    page = browser_of(auditor).get("/")

    assertNotContains(page, 'action="/check/#answer-title"')
    assertContains(page, "/register/")
    assertNotContains(page, "/agencies/")


def test_an_administrator_starts_with_accounts_and_rights(house: House) -> None:
    administrator = house.member("administrator", house.bureau("PL"), "administrator")

    page = browser_of(administrator).get("/")

    assertContains(page, "/agencies/")
    assertNotContains(page, 'action="/check/#answer-title"')


def test_the_disclaimer_is_for_everybody(house: House) -> None:
    assertContains(Client().get("/about/"), "It is not a service of any international organisation")


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/"])
def test_nobody_signs_up_or_asks_for_a_mail(house: House, path: str) -> None:
    assertContains(Client().get(path), "Accounts come from your bureau")
    assert Client().post(path, {"email": "somebody@liaison.example"}).status_code == 405


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/password/set/",
                                  "/accounts/login/code/confirm/", "/accounts/3rdparty/", "/accounts/"])  # fmt: skip
def test_other_pages_of_accounts_do_not_exist(warsaw_officer: Member, path: str) -> None:
    assert browser_of(warsaw_officer).get(path).status_code == 404


@pytest.mark.parametrize("name", ["account_email", "account_set_password", "account_confirm_email"])
def test_they_have_no_name_either(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_an_officer_signs_in_and_out(warsaw_officer: Member) -> None:
    client = sign_in(with_password(warsaw_officer))
    assertContains(client.get("/"), "Warsaw Officer")

    assert client.get("/accounts/logout/").status_code == 200
    assertContains(client.get("/"), "Warsaw Officer")
    client.post("/accounts/logout/")

    assert client.get("/").status_code == 302


def test_a_wrong_password_opens_nothing(warsaw_officer: Member) -> None:
    assert sign_in(with_password(warsaw_officer), "another phrase").get("/").status_code == 302


def test_a_closed_account_opens_nothing(warsaw_officer: Member) -> None:
    client = sign_in(with_password(warsaw_officer))
    warsaw_officer.officer.is_active = False
    warsaw_officer.officer.save()

    assert client.get("/").status_code == 302
    assert sign_in(warsaw_officer).get("/").status_code == 302


def test_the_password_is_changed_by_who_knows_it(warsaw_officer: Member) -> None:
    client = sign_in(with_password(warsaw_officer))
    new = "another phrase that is long"

    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    warsaw_officer.officer.refresh_from_db()
    assert warsaw_officer.officer.check_password(new)


def test_after_sign_in_the_language_of_the_account_counts(warsaw_officer: Member) -> None:
    client = sign_in(with_password(warsaw_officer, "ar"))

    assertContains(client.get("/"), '<html lang="ar" dir="rtl"')


def test_a_language_chosen_on_the_page_counts_more(warsaw_officer: Member) -> None:
    client = sign_in(with_password(warsaw_officer, "ar"))

    answer = client.post("/language/", {"language": "pl", "next": "/check/"})

    assertRedirects(answer, "/check/", fetch_redirect_response=False)
    assertContains(client.get("/"), '<html lang="pl" dir="ltr"')


def test_the_language_is_not_changed_by_a_link(house: House) -> None:
    client = Client(headers={"Accept-Language": "en"})

    client.get("/language/?language=ar")

    assertContains(client.get("/about/"), '<html lang="en"')


def test_the_language_switch_leads_to_no_other_site(house: House) -> None:
    answer = Client().post("/language/", {"language": "pl", "next": "https://elsewhere.example/"})

    assert answer["Location"] == "/"


def test_a_language_that_is_not_offered_is_passed_over(warsaw_officer: Member) -> None:
    assertContains(sign_in(with_password(warsaw_officer, "xx")).get("/"), '<html lang="en"')
