"""A real browser: choosing a passkey or an authenticator app, signing in with it, being locked out."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import CDPSession, Page, expect

from liaison.agencies.models import Officer
from liaison.demo.codes import unused_code
from tests.cast import Member, give_authenticator, sign_in_page

pytestmark = pytest.mark.browser
PASSWORD = "mild rivers carry slow barges"


@pytest.fixture
def address(live_server: object) -> str:
    """Return the address of a running service, by the name that passkeys are made for."""
    return str(live_server).replace("127.0.0.1", "localhost")


@pytest.fixture
def newcomer(warsaw_officer: Member) -> Officer:
    """Return an officer who has chosen a password and no second factor."""
    warsaw_officer.officer.set_password(PASSWORD)
    warsaw_officer.officer.save()
    return warsaw_officer.officer


@pytest.fixture
def device(page: Page) -> Iterator[CDPSession]:
    """Give the browser a device that keeps passkeys and recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield session
    session.detach()


def type_password(page: Page, address: str, officer: Officer) -> None:
    page.goto(f"{address}/check/")
    page.locator("input[name=login]").fill(officer.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def add_passkey(page: Page, *, alone: bool) -> None:
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Sign in with this passkey alone").set_checked(alone)
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("link", name="I have kept them").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))


@pytest.mark.usefixtures("device")
def test_a_passkey_chosen_at_the_first_sign_in_is_the_second_factor_from_then_on(
    page: Page, address: str, newcomer: Officer
) -> None:
    type_password(page, address, newcomer)
    expect(page.get_by_role("heading", name="Choose a second factor")).to_be_visible()
    add_passkey(page, alone=False)
    sign_out(page)

    type_password(page, address, newcomer)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.usefixtures("device")
def test_a_passkey_that_recognises_its_owner_signs_in_without_a_password(
    page: Page, address: str, newcomer: Officer
) -> None:
    type_password(page, address, newcomer)
    add_passkey(page, alone=True)
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(f"{address}/accounts/own/")
    expect(page.get_by_role("rowheader", name="Passkey 1")).to_be_visible()


@pytest.mark.usefixtures("device", "newcomer")
def test_a_device_without_a_passkey_is_told_on_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/accounts/login/")
    said = page.get_by_text("The device gave no passkey")
    expect(said).to_be_hidden()

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(said).to_be_visible()


def test_an_authenticator_app_is_added_and_used_with_the_keyboard_alone(
    page: Page, address: str, newcomer: Officer
) -> None:
    type_password(page, address, newcomer)
    page.get_by_role("button", name="Add an authenticator app").focus()
    page.keyboard.press("Enter")
    secret = page.locator("code.app-key").inner_text()
    page.get_by_label("Code that the app shows").focus()
    page.keyboard.type(format_hotp_value(hotp_value(secret, int(time.time()) // settings.MFA_TOTP_PERIOD)))
    page.keyboard.press("Enter")
    expect(page.locator(".app-codes li")).to_have_count(10)
    sign_out(page)

    type_password(page, address, newcomer)
    page.get_by_label("Code").fill(unused_code(newcomer))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Check", exact=True)).to_be_visible()


def test_after_five_wrong_passwords_the_right_one_does_not_help(page: Page, address: str, newcomer: Officer) -> None:
    give_authenticator(newcomer)
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill(newcomer.email)
    try_password(page, "a wrong phrase, five times", 5)

    try_password(page, PASSWORD, 1)

    expect(page.get_by_text("Too many failed login attempts").first).to_be_visible()
    expect(page.locator("input[name=code]")).to_have_count(0)


def try_password(page: Page, password: str, times: int) -> None:
    for _ in range(times):
        page.locator("input[name=password]").fill(password)
        with page.expect_navigation():
            page.keyboard.press("Enter")


PATHS = (
    "/accounts/own/", "/accounts/app/add/", "/accounts/passkey/add/", "/accounts/recovery-codes/new/",
    "/accounts/code/again/", "/accounts/login/",
)  # fmt: skip


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 390)])
def test_the_pages_of_the_account_are_accessible_and_fit(
    new_page: Callable[..., Page], address: str, warsaw_officer: Member, language: str, width: int
) -> None:
    page = new_page(locale=language, width=width)
    sign_in_page(page, address, warsaw_officer, language)

    found = {path: faults_of(page, f"{address}{path}") for path in PATHS}

    assert found == {path: ([], True) for path in PATHS}


def faults_of(page: Page, address: str) -> tuple[list[str], bool]:
    """Return the rules of axe that the page breaks, and whether it is as wide as the window."""
    page.goto(address)
    broken = [rule["id"] for rule in Axe().run(page).response["violations"]]
    return broken, bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
