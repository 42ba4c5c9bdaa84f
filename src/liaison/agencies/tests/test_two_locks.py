"""Nobody alone opens both locks of an account, so that nobody signs in as somebody else."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from liaison.agencies.actions import choose_password, end_factors, renew_link
from liaison.agencies.models import Officer
from liaison.audit.actions import OPERATOR, Actor
from liaison.audit.models import Entry
from liaison.errors import Conflict
from tests.cast import House, Member, browser_of, give_authenticator, type_password_and_code

PASSWORD = "mild rivers carry slow barges"
NEW = "heavy clouds cross the plain"


@pytest.fixture
def officer(warsaw_officer: Member) -> Officer:
    """Return an officer with a password and an authenticator app."""
    warsaw_officer.officer.set_password(PASSWORD)
    warsaw_officer.officer.save()
    give_authenticator(warsaw_officer.officer)
    return warsaw_officer.officer


def press(member: Member, action: str, officer: Officer) -> int:
    path = f"/agencies/{officer.agency_id}/"
    return browser_of(member).post(path, {"action": action, "id": str(officer.pk)}).status_code


def test_who_made_the_new_link_cannot_end_the_factors(officer: Officer, warsaw_admin: Member) -> None:
    press(warsaw_admin, "new_link", officer)

    assert press(warsaw_admin, "end_factors", officer) == 409

    assert Authenticator.objects.filter(user=officer).exists()


def test_who_ended_the_factors_cannot_make_a_link_once_there_are_new_ones(
    officer: Officer, warsaw_admin: Member
) -> None:
    press(warsaw_admin, "end_factors", officer)
    give_authenticator(officer)

    assert press(warsaw_admin, "new_link", officer) == 409

    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_two_administrators_open_an_account_of_which_everything_is_lost(
    officer: Officer, warsaw_admin: Member, house: House
) -> None:
    second = house.member("warsaw_second_admin", warsaw_admin.agency, "administrator")

    statuses = (press(warsaw_admin, "new_link", officer), press(second, "end_factors", officer))

    assert statuses == (200, 302)
    assert not Authenticator.objects.filter(user=officer).exists()
    assert Entry.objects.get(event="factors_ended").actor == second.officer.actor


def test_the_password_of_a_new_link_alone_signs_nobody_in(officer: Officer, warsaw_admin: Member) -> None:
    press(warsaw_admin, "new_link", officer)
    officer.refresh_from_db()
    choose_password(officer, NEW, now=officer.invited_at)
    browser = Client()

    browser.post("/accounts/login/", {"login": officer.email, "password": NEW})

    assert browser.get("/check/").status_code == 302
    assert not Entry.objects.filter(event="signed_in").exists()


def test_whoever_signs_in_with_both_closes_the_question(officer: Officer, warsaw_admin: Member) -> None:
    press(warsaw_admin, "new_link", officer)
    officer.refresh_from_db()
    choose_password(officer, NEW, now=officer.invited_at)

    type_password_and_code(Client(), officer.email, NEW)

    assert press(warsaw_admin, "end_factors", officer) == 302


def test_the_operator_opens_both_and_is_named(officer: Officer) -> None:
    renew_link(officer, by=OPERATOR, now=officer.invited_at)
    end_factors(officer, by=OPERATOR, now=officer.invited_at)

    assert set(Entry.objects.filter(event__in=["link_renewed", "factors_ended"]).values_list("actor", flat=True)) == {
        "operator"
    }


def test_a_link_for_an_account_without_factors_needs_nobody_else(warsaw_officer: Member) -> None:
    by = Actor("officer:7", warsaw_officer.agency.pk)
    end_factors(warsaw_officer.officer, by=by, now=warsaw_officer.officer.invited_at)

    renew_link(warsaw_officer.officer, by=by, now=warsaw_officer.officer.invited_at)

    with pytest.raises(Conflict, match="same-administrator"):
        end_factors(warsaw_officer.officer, by=by, now=warsaw_officer.officer.invited_at)
