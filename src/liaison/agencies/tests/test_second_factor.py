"""Nobody goes on with a password alone; a code counts once; what an administrator sends asks again after a while."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from pytest_django.asserts import assertContains, assertRedirects

from liaison.agencies.actions import renew_link
from liaison.agencies.models import Officer
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.demo.codes import unused_code
from liaison.errors import Unavailable
from tests.cast import Member, browser_of, give_authenticator, type_password_and_code

PASSWORD = "mild rivers carry slow barges"


@pytest.fixture
def newcomer(warsaw_officer: Member) -> Officer:
    """Return an officer who has chosen a password and no second factor."""
    warsaw_officer.officer.set_password(PASSWORD)
    warsaw_officer.officer.save()
    return warsaw_officer.officer


@pytest.fixture
def officer(newcomer: Officer) -> Officer:
    """Return an officer with a password and an authenticator app."""
    give_authenticator(newcomer)
    return newcomer


def after_password(officer: Officer) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": officer.email, "password": PASSWORD})
    return browser


def make_old(browser: Client) -> None:
    """Let the proof of who sits at this browser be an hour old."""
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()


def add_app(browser: Client) -> list[str]:
    """Add an authenticator app as a person would; return the recovery codes that are shown."""
    page = browser.get("/accounts/app/add/").content.decode()
    secret = re.findall(r'app-key" dir="ltr">(\w+)<', page)[0]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // settings.MFA_TOTP_PERIOD))
    codes = browser.post("/accounts/app/add/", {"code": code}, follow=True).content.decode()
    return re.findall(r"<li><code>(\d+)</code>", codes)


def test_without_a_second_factor_every_page_leads_to_choosing_one(newcomer: Officer) -> None:
    browser = after_password(newcomer)

    assertRedirects(browser.get("/check/"), "/accounts/own/")
    assertRedirects(browser.post("/check/", {"q": "X"}), "/accounts/own/")
    assertContains(browser.get("/accounts/own/"), "Choose a second factor")
    assert browser.get("/api/log/checkpoint").json()["code"] == "second-factor-missing"
    assert not Entry.objects.filter(event="checked").exists()


def test_whoever_adds_an_app_goes_on_and_is_given_recovery_codes_once(newcomer: Officer) -> None:
    browser = after_password(newcomer)

    codes = add_app(browser)

    assert len(set(codes)) == 10
    assert browser.get("/check/").status_code == 200
    assertContains(browser.get("/accounts/recovery-codes/"), "You have 10 codes left")
    assert Entry.objects.filter(event="factor_added", actor=newcomer.actor).count() == 1


def test_a_new_factor_ends_the_sessions_that_began_without_it(newcomer: Officer) -> None:
    elsewhere, browser = after_password(newcomer), after_password(newcomer)

    add_app(browser)

    assertRedirects(elsewhere.get("/check/"), "/accounts/login/?next=/check/")


def test_the_password_alone_signs_nobody_in(officer: Officer) -> None:
    browser = after_password(officer)

    assertRedirects(browser.get("/check/"), "/accounts/login/?next=/check/", fetch_redirect_response=False)
    assert not Entry.objects.filter(event="signed_in").exists()


def test_a_code_counts_once(officer: Officer) -> None:
    code = unused_code(officer)

    first = after_password(officer).post("/accounts/code/", {"code": code})
    again = after_password(officer).post("/accounts/code/", {"code": code})

    assert (first.status_code, again.status_code) == (302, 200)


def test_a_code_counts_once_also_after_half_a_minute(officer: Officer) -> None:
    code = unused_code(officer)
    after_password(officer).post("/accounts/code/", {"code": code})
    # What allauth remembers, it remembers for one period; the code is taken for three.
    cache.delete(f"allauth.mfa.totp.used?user={officer.pk}&code={code}")

    assert after_password(officer).post("/accounts/code/", {"code": code}).status_code == 200


def test_a_recovery_code_opens_the_account_once(newcomer: Officer) -> None:
    code = add_app(after_password(newcomer))[0]

    first = after_password(newcomer).post("/accounts/code/", {"code": code})
    again = after_password(newcomer).post("/accounts/code/", {"code": code})

    assert (first.status_code, again.status_code) == (302, 200)


def test_five_wrong_codes_lock_the_second_factor_for_a_while_and_are_noted(officer: Officer) -> None:
    browser = after_password(officer)
    for _ in range(5):
        browser.post("/accounts/code/", {"code": "000000"})

    late = browser.post("/accounts/code/", {"code": unused_code(officer)})

    assert late.status_code == 200
    assert not Entry.objects.filter(event="signed_in").exists()
    assertContains(late, "Too many")


def test_the_secret_lies_encrypted_in_the_database(officer: Officer) -> None:
    secret = Authenticator.objects.get(user=officer).data["secret"]

    assert not re.fullmatch("[A-Z2-7]{32}", secret)
    with override_settings(SECRET_KEY="another key"), pytest.raises(Unavailable, match="second-factor-unreadable"):
        unused_code(officer)


def test_the_only_factor_stays(officer: Officer) -> None:
    browser = Client()
    type_password_and_code(browser, officer.email, PASSWORD)

    page = browser.post("/accounts/app/remove/")

    assertContains(page, "your only second factor")
    assert Authenticator.objects.filter(user=officer).exists()


def test_a_new_link_leaves_the_second_factors(officer: Officer) -> None:
    renew_link(officer, by=OPERATOR, now=officer.invited_at)

    assert Authenticator.objects.filter(user=officer).exists()


def test_new_recovery_codes_replace_the_old_ones(newcomer: Officer) -> None:
    browser = after_password(newcomer)
    old = add_app(browser)

    new = re.findall(r"<code>(\d+)</code>", browser.post("/accounts/recovery-codes/new/", follow=True).content.decode())

    assert set(new).isdisjoint(old)
    assert after_password(newcomer).post("/accounts/code/", {"code": old[0]}).status_code == 200
    assert after_password(newcomer).post("/accounts/code/", {"code": new[0]}).status_code == 302


def test_an_hour_later_an_administrator_shows_again_who_it_is_and_what_was_sent_is_done(warsaw_admin: Member) -> None:
    give_authenticator(warsaw_admin.officer)
    browser, path = browser_of(warsaw_admin), f"/agencies/{warsaw_admin.agency.pk}/"
    make_old(browser)
    sent = {"action": "invite", "full_name": "Nadia Kessem", "email": "nadia@pl.example", "duty": "officer"}

    asked = browser.post(path, sent)
    assert asked["Location"] == f"/accounts/code/again/?next={path.replace('/', '%2F')}"
    assert not Officer.objects.filter(email="nadia@pl.example").exists()
    done = browser.post(asked["Location"], {"code": unused_code(warsaw_admin.officer), "next": path})

    assertContains(done, "One-time link for")
    assert Officer.objects.filter(email="nadia@pl.example").exists()


def test_what_waits_for_a_proof_is_not_done_without_it(warsaw_admin: Member) -> None:
    give_authenticator(warsaw_admin.officer)
    browser, path = browser_of(warsaw_admin), f"/agencies/{warsaw_admin.agency.pk}/"
    make_old(browser)
    sent = {"action": "invite", "full_name": "Nadia Kessem", "email": "nadia@pl.example", "duty": "officer"}
    asked = browser.post(path, sent)

    refused = browser.post(asked["Location"], {"code": "000000", "next": path})

    assert refused.status_code == 200
    assert not Officer.objects.filter(email="nadia@pl.example").exists()


def test_looking_asks_for_nothing_again(warsaw_admin: Member) -> None:
    browser = browser_of(warsaw_admin)
    make_old(browser)

    assert browser.get(f"/agencies/{warsaw_admin.agency.pk}/").status_code == 200


def test_an_officer_sees_where_the_account_is_signed_in_and_ends_the_others(officer: Officer) -> None:
    browser, elsewhere = Client(headers={"User-Agent": "This browser"}), Client(headers={"User-Agent": "A telephone"})
    type_password_and_code(browser, officer.email, PASSWORD)
    type_password_and_code(elsewhere, officer.email, PASSWORD)

    page = browser.get("/accounts/own/")
    assertContains(page, "This browser")
    assertContains(page, "A telephone")
    browser.post("/accounts/own/", {"action": "end_others"})

    assert browser.get("/check/").status_code == 200
    assertRedirects(elsewhere.get("/check/"), "/accounts/login/?next=/check/")
    assert Entry.objects.get(event="sessions_ended").actor == officer.actor


def test_nobody_ends_the_session_of_somebody_else(officer: Officer, nairobi_feeder: Member) -> None:
    browser = Client()
    type_password_and_code(browser, officer.email, PASSWORD)
    number = UserSession.objects.get(user=officer).pk

    refused = browser_of(nairobi_feeder).post("/accounts/own/", {"action": "end_session", "id": str(number)})

    assert refused.status_code == 404
    assert browser.get("/check/").status_code == 200
