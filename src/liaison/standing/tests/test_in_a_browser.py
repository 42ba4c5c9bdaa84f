"""Standing checks and notifications as an officer uses them, in a real browser and by keyboard."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from liaison.standing.models import StandingCheck
from liaison.standing.tests.asking import compare_all, standing_check
from tests.cast import Member, a_person, feed_accepted, sign_in_page

NAME = "Oksana Tverdokhlib"
SCREENS = [("en", 1280), ("en", 390), ("ar", 390)]


def open_page(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok


def require_no_fault(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_the_pages_have_no_fault_and_fit(
    language: str, width: int, warsaw_officer: Member, nairobi_feeder: Member, live_server: LiveServer,
    new_page: Callable[..., Page],
) -> None:  # fmt: skip
    created = standing_check(warsaw_officer.asker)
    row = a_person(NAME, born=["1984-02-29"], warning_markers=["armed"], action_to_be_taken="Detain and tell us")
    feed_accepted(nairobi_feeder, "nominal", row)
    compare_all()
    page = new_page(locale=language, width=width)
    sign_in_page(page, live_server.url, warsaw_officer, language)

    for address in ("/standing/", f"/standing/{created.standing_check.id}/", "/standing/new/", "/notifications/"):
        open_page(page, live_server.url + address)
        require_no_fault(page)


@pytest.mark.browser
@pytest.mark.parametrize(("role", "language", "width"), [("warsaw_auditor", "en", 390), ("warsaw_admin", "ar", 1280)])
def test_the_pages_of_control_have_no_fault_and_fit(
    role: str, language: str, width: int, warsaw_officer: Member, live_server: LiveServer,
    new_page: Callable[..., Page], request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    standing_check(warsaw_officer.asker)
    page = new_page(locale=language, width=width)
    sign_in_page(page, live_server.url, request.getfixturevalue(role), language)

    open_page(page, live_server.url + "/standing/")

    require_no_fault(page)


@pytest.mark.browser
def test_from_a_check_to_being_told_by_keyboard_alone(
    warsaw_officer: Member, nairobi_feeder: Member, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    # given a check that found nobody
    page = new_page()
    sign_in_page(page, live_server.url, warsaw_officer)
    page.goto(live_server.url + "/check/")
    page.keyboard.type(NAME)
    page.locator("#id_purpose").focus()
    page.keyboard.type("Locate")
    page.locator("#id_reference").focus()
    page.keyboard.type("CASE-7")
    page.keyboard.press("Enter")

    # when the officer asks to be told
    page.get_by_role("button", name="Tell me when this is fed").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_reference")).to_have_value("CASE-7")
    require_no_fault(page)
    page.get_by_label("Person: Oksana Tverdokhlib").focus()
    page.keyboard.press("Space")
    page.locator("#id_reason").focus()
    page.keyboard.type("The family looks for her")
    page.get_by_role("button", name="Set the standing check").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The standing check is set")).to_be_visible()
    require_no_fault(page)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME))
    compare_all()

    # then the bell says so, and the record is opened from the list
    page.goto(live_server.url + "/")
    expect(page.locator("#bell-count")).to_contain_text("1 unread")
    page.locator("#bell a").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Open the full record").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.locator("#bell-count")).to_be_hidden()
    assert StandingCheck.objects.get().reason == "The family looks for her"


@pytest.mark.browser
def test_the_number_at_the_bell_follows_without_loading_the_page(
    warsaw_officer: Member, nairobi_feeder: Member, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    standing_check(warsaw_officer.asker)
    page = new_page()
    sign_in_page(page, live_server.url, warsaw_officer)
    open_page(page, live_server.url + "/standing/")
    expect(page.locator("#bell-count")).to_be_hidden()
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, born=["1984-02-29"]))
    compare_all()

    page.evaluate("htmx.ajax('GET', '/notifications/bell/', {source: '#bell', target: '#bell-count'})")

    expect(page.locator("#bell-count")).to_contain_text("1 unread")


@pytest.mark.browser
def test_the_bell_of_who_is_signed_out_meanwhile_asks_no_more(
    warsaw_officer: Member, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    sign_in_page(page, live_server.url, warsaw_officer)
    open_page(page, live_server.url + "/standing/")
    page.context.clear_cookies()

    with page.expect_response("**/notifications/bell/") as answer:
        page.evaluate("htmx.ajax('GET', '/notifications/bell/', {source: '#bell', target: '#bell-count'})")

    assert answer.value.status == 286
    expect(page.locator("form[action='/accounts/login/']")).to_have_count(0)
