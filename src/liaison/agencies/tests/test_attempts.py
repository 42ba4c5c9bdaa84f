"""Wrong attempts are counted by account, nobody removes the count, and no stranger shuts out a known browser."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from liaison.agencies.attempts import MOST, count_wrong, is_closed
from liaison.agencies.models import Officer
from liaison.demo.codes import unused_code
from tests.cast import Member, give_authenticator, type_password_and_code

PASSWORD = "mild rivers carry slow barges"


@pytest.fixture
def officer(warsaw_officer: Member) -> Officer:
    """Return an officer with a password and an authenticator app."""
    warsaw_officer.officer.set_password(PASSWORD)
    warsaw_officer.officer.save()
    give_authenticator(warsaw_officer.officer)
    return warsaw_officer.officer


def guess(email: str, times: int, **headers: str) -> None:
    for number in range(times):
        named = {name: value.format(number) for name, value in headers.items()}
        Client(headers=named).post("/accounts/login/", {"login": email, "password": "a wrong phrase of words"})


def signs_in(browser: Client, officer: Officer) -> bool:
    return type_password_and_code(browser, officer.email, PASSWORD) == 302


def test_another_name_of_the_host_begins_no_new_count(officer: Officer) -> None:
    guess(officer.email, MOST, host="localhost:{}")

    assert not signs_in(Client(), officer)


def test_attempts_on_others_do_not_push_out_the_count(officer: Officer) -> None:
    guess(officer.email, MOST)
    cache.set_many({f"of-others:{number}": 1 for number in range(2000)}, timeout=900)

    assert not signs_in(Client(), officer)


def test_a_stranger_who_guesses_does_not_shut_out_a_browser_that_knows_the_officer(officer: Officer) -> None:
    own = Client()
    assert signs_in(own, officer)
    own.post("/accounts/logout/")

    guess(officer.email, MOST + 3)

    assert not signs_in(Client(), officer)
    assert signs_in(own, officer)


def test_a_known_browser_is_closed_by_its_own_wrong_attempts(officer: Officer) -> None:
    own = Client()
    signs_in(own, officer)
    own.post("/accounts/logout/")
    for _ in range(MOST):
        own.post("/accounts/login/", {"login": officer.email, "password": "a wrong phrase of words"})

    assert not signs_in(own, officer)
    assert signs_in(Client(), officer)


@pytest.mark.parametrize("cookie", ["x", "eyJhIjoxfQ:1abc:nonsense", ""])
def test_a_cookie_that_nobody_signed_counts_for_nothing(officer: Officer, cookie: str) -> None:
    guess(officer.email, MOST)
    liar = Client()
    liar.cookies[settings.LIAISON_KNOWN_COOKIE] = cookie

    assert not signs_in(liar, officer)


def test_a_browser_known_for_one_account_is_not_known_for_another(officer: Officer, nairobi_feeder: Member) -> None:
    nairobi_feeder.officer.set_password(PASSWORD)
    nairobi_feeder.officer.save()
    give_authenticator(nairobi_feeder.officer)
    browser = Client()
    signs_in(browser, officer)
    browser.post("/accounts/logout/")

    guess(nairobi_feeder.officer.email, MOST)

    assert not signs_in(browser, nairobi_feeder.officer)


def test_the_right_password_begins_the_count_anew(officer: Officer) -> None:
    guess(officer.email, MOST - 1)
    signs_in(Client(), officer)
    guess(officer.email, MOST - 1)

    assert signs_in(Client(), officer)


def test_wrong_codes_are_counted_whatever_the_host_is_called(officer: Officer) -> None:
    for number in range(MOST):
        browser = Client(headers={"host": f"localhost:{number}"})
        browser.post("/accounts/login/", {"login": officer.email, "password": PASSWORD})
        browser.post("/accounts/code/", {"code": "000000"})

    late = Client()
    late.post("/accounts/login/", {"login": officer.email, "password": PASSWORD})
    assert late.post("/accounts/code/", {"code": unused_code(officer)}).status_code == 200


def test_counts_of_a_counter_add_up(officer: Officer) -> None:
    for _ in range(MOST - 1):
        count_wrong("attempts:x")
    assert not is_closed("attempts:x")

    count_wrong("attempts:x")

    assert is_closed("attempts:x")
