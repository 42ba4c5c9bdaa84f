"""The check as a border officer does it with a keyboard or a phone, in a real browser."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from liaison.audit.models import Entry
from tests.cast import Member, a_person, feed_accepted, sign_in

NAME = "Oksana Tverdokhlib"
PRESS_TWICE = """() => {
  const form = document.querySelector("#id_q").form;
  form.requestSubmit();
  return new Promise((done) => setTimeout(() => { form.requestSubmit(); setTimeout(done, 300); }, 300));
}"""


@pytest.fixture
def namesakes(nairobi_feeder: Member) -> None:
    """Five records of one name, with warnings and what to do."""
    rows = [
        a_person(NAME, f"P/{number}", warning_markers=["armed"], action_to_be_taken="Detain") for number in range(5)
    ]
    feed_accepted(nairobi_feeder, "nominal", *rows)


def open_check(page: Page, server: LiveServer, member: Member, language: str = "en") -> None:
    """Open the page of the check as a member who is signed in."""
    client = Client()
    sign_in(client, member.officer)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page.context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    page.goto(server.url + "/check/")


def fill(page: Page, text: str) -> None:
    page.locator("#id_q").fill(text)
    page.locator("#id_purpose").select_option("border")
    page.locator("#id_reference").fill("CASE-7")


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("en", 390), ("ar", 390)])
def test_an_answer_has_no_fault_and_fits(
    language: str, width: int, warsaw_officer: Member, namesakes: None, live_server: LiveServer,
    new_page: Callable[..., Page],
) -> None:  # fmt: skip
    page = new_page(locale=language, width=width)
    open_check(page, live_server, warsaw_officer, language)

    fill(page, NAME)
    page.locator("#id_q").press("Enter")
    expect(page.locator(".app-match")).to_have_count(5)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.browser
def test_the_focus_goes_from_the_empty_box_to_the_answer_whose_outline_holds_its_words(
    warsaw_officer: Member, namesakes: None, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=390)
    open_check(page, live_server, warsaw_officer)
    expect(page.locator("#id_q")).to_be_focused()

    fill(page, NAME)
    page.locator("#id_q").press("Enter")

    title = page.locator("#answer-title")
    expect(title).to_be_focused()
    assert title.evaluate("one => one.offsetWidth < one.parentElement.offsetWidth / 2")


@pytest.mark.browser
def test_what_must_be_known_first_is_seen_while_the_rest_of_the_fourth_match_is_folded(
    warsaw_officer: Member, namesakes: None, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=390)
    open_check(page, live_server, warsaw_officer)
    fill(page, NAME)
    page.locator("#id_q").press("Enter")

    fourth = page.locator(".app-match").nth(3)
    expect(fourth.get_by_text("Armed")).to_be_visible()
    expect(fourth.get_by_text("Detain")).to_be_visible()
    expect(fourth.locator("table")).to_be_hidden()

    fourth.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fourth.locator("table")).to_be_visible()


@pytest.mark.browser
def test_on_paper_nothing_is_folded(
    warsaw_officer: Member, namesakes: None, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    open_check(page, live_server, warsaw_officer)
    fill(page, NAME)
    page.locator("#id_q").press("Enter")
    expect(page.locator(".app-match details:not([open])")).to_have_count(2)

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    expect(page.locator(".app-match details:not([open])")).to_have_count(0)


@pytest.mark.browser
def test_pressing_twice_is_one_check(
    warsaw_officer: Member, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=390)
    open_check(page, live_server, warsaw_officer)
    fill(page, "Nobody Anywhere")

    # when the network is so slow that no answer comes, and Enter is pressed again
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.route("**/check/", lambda _: None)
    page.evaluate(PRESS_TWICE)

    # then one check has left
    assert sent == ["POST"]


@pytest.mark.browser
def test_after_the_end_of_a_session_one_signs_in_beside_and_sends_the_same_again(
    warsaw_officer: Member, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    # given an officer whose session ends while the text is typed
    page = new_page(width=390)
    open_check(page, live_server, warsaw_officer)
    fill(page, "Nobody Anywhere")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("#id_q").press("Enter")
    expect(page.get_by_text("You are signed out: nothing was checked")).to_be_visible()

    # when the officer has signed in in another tab and sends what came back
    client = Client()
    sign_in(client, warsaw_officer.officer)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    expect(page.locator("#id_q")).to_have_value("Nobody Anywhere")
    page.locator("#id_q").press("Enter")

    # then it is checked, once
    expect(page.get_by_role("heading", name="No record")).to_be_visible()
    assert Entry.objects.filter(event="checked").count() == 1
