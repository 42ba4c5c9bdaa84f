"""A session in which nobody does anything ends after half an hour, and not while somebody works."""

import pytest
from django.conf import settings
from django.test import Client

from liaison.agencies import idle
from tests.cast import Member, browser_of


class Clock:
    """A clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_800_000_000
        monkeypatch.setattr("liaison.agencies.idle.time", lambda: self.now)

    def after(self, minutes: float) -> None:
        self.now += int(60 * minutes)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def is_signed_in(browser: Client) -> bool:
    return browser.get("/check/").status_code == 200


def test_who_works_stays_signed_in_and_who_leaves_does_not(warsaw_officer: Member, clock: Clock) -> None:
    browser = browser_of(warsaw_officer)

    for _ in range(5):
        clock.after(29)
        assert is_signed_in(browser)
    clock.after(31)

    assert not is_signed_in(browser)
    assert "_auth_user_id" not in browser.session


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(warsaw_officer: Member, clock: Clock) -> None:
    browser = browser_of(warsaw_officer)
    assert is_signed_in(browser)

    for _ in range(30):
        clock.after(1.1)
        browser.get("/notifications/bell/", headers={"HX-Request": "true"})

    assert not is_signed_in(browser)


def test_what_was_typed_comes_back_to_whom_the_session_has_ended(warsaw_officer: Member, clock: Clock) -> None:
    browser = browser_of(warsaw_officer)
    assert is_signed_in(browser)
    clock.after(31)

    page = browser.post("/check/", {"q": "Oksana Tverdokhlib", "purpose": "border", "reference": "CASE-7"})

    assert page.status_code == 403
    assert "Oksana Tverdokhlib" in page.content.decode()


def test_few_requests_write(warsaw_officer: Member, clock: Clock) -> None:
    browser = browser_of(warsaw_officer)
    assert is_signed_in(browser)
    first = browser.session[idle.SEEN]

    clock.after(0.5)
    assert is_signed_in(browser)

    assert browser.session[idle.SEEN] == first
    assert settings.LIAISON_IDLE_MINUTES == 30
