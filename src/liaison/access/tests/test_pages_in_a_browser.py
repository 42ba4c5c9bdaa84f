"""The administrator's and the auditor's pages in a real browser: no fault that axe knows, nothing beyond the edge."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from liaison.access.actions import restrict_source
from liaison.agencies.actions import create_key
from liaison.audit.actions import OPERATOR
from tests.cast import House, Member, sign_in_page

PAGES = {
    "/agencies/": "warsaw_admin",
    "/agencies/{warsaw}/": "warsaw_admin",
    "/agencies/admit/": "secretariat_admin",
    "/agencies/admit/organisation/": "secretariat_admin",
    "/access/": "warsaw_admin",
    "/access/agencies/{warsaw}/": "auditor",
    "/access/urgent/": "secretariat_admin",
    "/access/restrictions/": "warsaw_admin",
    "/register/?event=officer_invited": "auditor",
    "/register/1/": "auditor",
}


@pytest.fixture
def cast(house: House) -> dict[str, Member]:
    """Return a bureau with an entity, a key and a restriction, and who administers and audits."""
    secretariat, warsaw, nairobi = house.secretariat(), house.bureau("PL"), house.bureau("KE")
    house.entity("Vistula Border Guard", "PL")
    create_key(warsaw, "Gate 4", timedelta(days=30), by=OPERATOR, now=timezone.now())
    restrict_source(warsaw, "nominal", nairobi, by=OPERATOR, now=timezone.now())
    return {
        "warsaw_admin": house.member("warsaw_admin", warsaw, "administrator"),
        "secretariat_admin": house.member("secretariat_admin", secretariat, "administrator"),
        "auditor": house.member("auditor", secretariat, "auditor"),
    }


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 390)])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_fault_and_fits(
    path: str, language: str, width: int, cast: dict[str, Member], live_server: LiveServer,
    new_page: Callable[..., Page],
) -> None:  # fmt: skip
    page = new_page(locale=language, width=width)
    sign_in_page(page, live_server.url, cast[PAGES[path]], language)

    page.goto(live_server.url + path.format(warsaw=cast["warsaw_admin"].agency.pk))
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(page.locator("h1")).to_have_count(1)


@pytest.mark.browser
def test_an_administrator_invites_an_officer_who_chooses_a_password_and_is_closed(
    cast: dict[str, Member], live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    # given an administrator who invites an officer by hand
    admin, officer = new_page(), new_page(width=390)
    sign_in_page(admin, live_server.url, cast["warsaw_admin"], "en")
    admin.goto(f"{live_server.url}/agencies/{cast['warsaw_admin'].agency.pk}/")
    admin.get_by_text("Invite an officer").click()
    admin.get_by_label("Full name").fill("Zofia Lipowska")
    admin.get_by_label("E-mail address").fill("zofia@pl.example")
    admin.get_by_role("button", name="Make a one-time link").click()
    link = admin.locator("code.app-key").inner_text()

    # when the officer chooses a password and signs in
    officer.goto(re.sub(r"^https?://[^/]+", live_server.url, link))
    officer.locator("#id_new_password1").fill("mild rivers carry slow barges")
    officer.locator("#id_new_password2").fill("mild rivers carry slow barges")
    officer.locator("#id_new_password2").press("Enter")
    officer.locator("#id_login").fill("zofia@pl.example")
    officer.locator("#id_password").fill("mild rivers carry slow barges")
    officer.locator("#id_password").press("Enter")
    expect(officer.get_by_text("Zofia Lipowska")).to_be_visible()

    # then the administrator can close the account, and the session is over
    admin.goto(f"{live_server.url}/agencies/{cast['warsaw_admin'].agency.pk}/")
    admin.once("dialog", lambda dialog: dialog.accept())
    admin.get_by_role("button", name="Close Zofia Lipowska").click()
    expect(admin.get_by_text("The account of Zofia Lipowska is closed.")).to_be_visible()
    officer.goto(f"{live_server.url}/access/")
    expect(officer).to_have_url(re.compile("/accounts/login/"))
