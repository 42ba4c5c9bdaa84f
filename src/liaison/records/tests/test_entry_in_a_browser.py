"""Entry by hand in a real browser: no fault that axe knows, nothing beyond the edge, by keyboard alone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from liaison.records.models import Record
from tests.cast import Member, a_passport, feed_accepted, sign_in_page

PATHS = ("nominal", "travel_documents", "vehicles", "vessels")


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 390)])
@pytest.mark.parametrize("database", PATHS)
def test_a_form_has_no_fault_and_fits(
    database: str, language: str, width: int, nairobi_feeder: Member, live_server: LiveServer,
    new_page: Callable[..., Page],
) -> None:  # fmt: skip
    page = new_page(locale=language, width=width)
    sign_in_page(page, live_server.url, nairobi_feeder, language)

    page.goto(f"{live_server.url}/records/new/{database}/")
    page.locator("button[value=save]").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()

    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.browser
def test_a_document_is_entered_by_keyboard_alone_and_a_known_one_is_seen_before(
    nairobi_feeder: Member, live_server: LiveServer, page: Page
) -> None:
    # given a passport that the bureau knows
    feed_accepted(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))
    sign_in_page(page, live_server.url, nairobi_feeder)
    page.goto(f"{live_server.url}/records/new/travel_documents/")

    # when its number is typed, and then that of another one
    page.keyboard.type("9ZZL00001")
    expect(page.locator("#duplicates")).to_contain_text("1 record is similar:")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("9ZZL00002")
    expect(page.locator("#duplicates")).to_contain_text("No similar record.")
    page.keyboard.press("Tab")
    page.keyboard.type("Kenya")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Lost")
    page.locator("#id_purpose_7").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    # then Enter has recorded it
    expect(page.locator(".app-message")).to_contain_text("Recorded: Passport 9ZZL00002 (KE)")
    assert Record.objects.count() == 2


@pytest.mark.browser
def test_what_was_typed_comes_back_after_the_session_has_ended(
    nairobi_feeder: Member, live_server: LiveServer, page: Page
) -> None:
    # given a half-filled form whose session ends
    sign_in_page(page, live_server.url, nairobi_feeder)
    page.goto(f"{live_server.url}/records/new/vehicles/")
    page.context.clear_cookies(name="liaison-session")

    # when the officer goes on, sends it, signs in again and sends it again
    page.keyboard.type("1M8GDM9AXKP042788")
    expect(page.locator("#duplicates")).to_contain_text("You are signed out.")
    page.get_by_label("Locate").check()
    page.locator("button[value=save]").click()
    expect(page.locator(".app-answer")).to_contain_text("nothing was recorded yet")
    sign_in_page(page, live_server.url, nairobi_feeder)
    page.locator("button[value=save]").click()

    # then nothing had to be typed twice
    expect(page.locator(".app-message")).to_contain_text("Recorded: VIN 1M8GDM9AXKP042788")
