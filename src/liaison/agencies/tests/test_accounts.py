"""Signing in and out, and changing a password: what the register says of it, and what it does not."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.asserts import assertRedirects

from liaison.agencies.actions import change_password, renew_link
from liaison.agencies.models import Agency, Officer
from liaison.audit import register as writer
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.errors import Conflict, Unavailable
from tests.cast import House, Member, give_authenticator, soon, type_password_and_code

PASSWORD = "mild rivers carry slow barges"
NEW = "heavy clouds cross the plain"


@pytest.fixture
def officer(warsaw_officer: Member) -> Officer:
    """Return an officer who has chosen a password and has an authenticator app."""
    warsaw_officer.officer.set_password(PASSWORD)
    warsaw_officer.officer.save()
    give_authenticator(warsaw_officer.officer)
    return warsaw_officer.officer


def try_to_sign_in(browser: Client, email: str, password: str = PASSWORD) -> int:
    return type_password_and_code(browser, email, password)


def try_too_often(email: str) -> None:
    for _ in range(8):
        try_to_sign_in(Client(), email, "a wrong phrase")


def signed_in(officer: Officer) -> Client:
    browser = Client()
    assert try_to_sign_in(browser, officer.email) == 302
    return browser


def change(browser: Client, old: str = PASSWORD, new: str = NEW) -> int:
    sent = {"oldpassword": old, "password1": new, "password2": new}
    return browser.post("/accounts/password/change/", sent).status_code


def entries_of(officer: Officer) -> list[tuple[str, int]]:
    """Return what the officer did and for which agency, the oldest first."""
    return list(Entry.objects.filter(actor=officer.actor).order_by("number").values_list("event", "agency"))


@pytest.fixture
def without_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the register refuse every entry."""

    def refuse(_self: object, _entry: object) -> int:
        raise Unavailable("register-unwritable", "The register of processing cannot be written.")

    monkeypatch.setattr(writer.Register, "append", refuse)


def test_signing_in_changing_the_password_and_signing_out_are_entries(officer: Officer) -> None:
    browser = signed_in(officer)
    change(browser)
    browser.post("/accounts/logout/")

    events = ("signed_in", "password_changed", "signed_out")
    assert entries_of(officer) == [(event, officer.agency_id) for event in events]
    assert PASSWORD not in str(list(Entry.objects.values()))
    assert NEW not in str(list(Entry.objects.values()))


def test_after_a_change_the_new_password_counts_and_other_sessions_end(officer: Officer) -> None:
    browser, elsewhere = signed_in(officer), signed_in(officer)

    change(browser)

    assert browser.get("/access/").status_code == 200
    assert elsewhere.get("/access/").status_code == 302
    assert try_to_sign_in(Client(), officer.email, PASSWORD) == 200
    assert try_to_sign_in(Client(), officer.email, NEW) == 302


def test_a_change_without_the_old_password_is_none(officer: Officer) -> None:
    change(signed_in(officer), old="another phrase altogether")

    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    assert [event for event, _ in entries_of(officer)] == ["signed_in"]


def test_a_password_that_cannot_be_registered_is_not_changed(officer: Officer, request: pytest.FixtureRequest) -> None:
    browser = signed_in(officer)
    request.getfixturevalue("without_register")

    assert change(browser) == 503

    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_of_two_changes_at_the_same_moment_one_counts(officer: Officer, house: House) -> None:
    first, second = (Officer.objects.get(pk=officer.pk) for _ in range(2))
    change_password(first, NEW, now=officer.invited_at)

    with pytest.raises(Conflict, match="password-ended"):
        change_password(second, "a third phrase that is long", now=officer.invited_at)

    officer.refresh_from_db()
    assert officer.check_password(NEW)


def test_a_change_does_not_bring_back_a_password_that_an_administrator_has_ended(officer: Officer) -> None:
    late = Officer.objects.get(pk=officer.pk)
    renew_link(officer, by=OPERATOR, now=officer.invited_at)

    with pytest.raises(Conflict):
        change_password(late, NEW, now=officer.invited_at)

    officer.refresh_from_db()
    assert not officer.has_usable_password()


def test_nobody_signs_in_while_the_register_cannot_be_written(officer: Officer, request: pytest.FixtureRequest) -> None:
    browser = Client()
    request.getfixturevalue("without_register")

    assert try_to_sign_in(browser, officer.email) == 503

    assert browser.get("/access/").status_code == 302
    officer.refresh_from_db()
    assert officer.last_login is None


def test_signing_out_works_while_the_register_cannot_be_written(
    officer: Officer, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(officer)
    request.getfixturevalue("without_register")

    browser.post("/accounts/logout/")

    assert browser.get("/access/").status_code == 302


@pytest.mark.parametrize("closed", ["account", "agency"])
def test_whoever_is_closed_is_told_so_with_the_right_password_and_gets_no_session(
    officer: Officer, closed: str
) -> None:
    Officer.objects.filter(pk=officer.pk).update(is_active=closed != "account")
    Agency.objects.filter(pk=officer.agency_id).update(closed_at=officer.invited_at if closed == "agency" else None)
    browser = Client()

    answer = browser.post("/accounts/login/", {"login": officer.email, "password": PASSWORD})

    assertRedirects(answer, "/accounts/inactive/")
    assert browser.get("/access/").status_code == 302
    assert entries_of(officer) == []


def refusals() -> list[tuple[str, str]]:
    return [(entry.actor, entry.detail) for entry in Entry.objects.filter(event="sign_in_refused")]


def test_too_many_wrong_passwords_are_one_entry_of_the_account(officer: Officer) -> None:
    try_too_often(officer.email)

    # The right password does not help now, and nothing tells that it is right.
    assert try_to_sign_in(Client(), officer.email.upper()) == 200
    assert soon(lambda: bool(refusals()))
    assert refusals() == [("unknown", f'{{"officer":{officer.pk}}}')]
    assert Entry.objects.get(event="sign_in_refused").agency == officer.agency_id


def test_attempts_on_an_address_without_account_leave_no_entry(officer: Officer) -> None:
    try_too_often("nobody@liaison.example")

    # The writer takes entries in order: when this one is there, an earlier one would be too.
    cache.clear()
    signed_in(officer)
    assert refusals() == []


def test_a_wrong_password_alone_is_no_entry(officer: Officer) -> None:
    try_to_sign_in(Client(), officer.email, "a wrong phrase")

    signed_in(officer)
    assert [event for event, _ in entries_of(officer)] == ["signed_in"]
    assert refusals() == []
