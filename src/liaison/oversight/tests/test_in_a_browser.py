"""The pages of control in a real browser: no fault that axe knows, nothing beyond the edge, all of it by keyboard."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from liaison.access.requests import acting_officer
from liaison.audit.actions import microseconds
from liaison.audit.log import RegisterLog
from liaison.audit.register import reopen
from liaison.audit.sealed import FILE
from liaison.oversight.actions import Finding, ask, bring_up, conclude, explain
from liaison.oversight.flags import Flag
from liaison.oversight.models import SpotCheck
from liaison.oversight.tests.looking import brought_up, checked
from tests.cast import House, a_person, feed_accepted, sign_in_page
from tests.cast import ask as asked_for

NAME = "Oksana Tverdokhlib"
SCREENS = [("en", 1280), ("en", 390), ("ar", 1280), ("ar", 390)]


class Cast:
    """Who looks and who is looked at, with checks, spot checks in every state, and a record that was shown."""

    def __init__(self, house: House) -> None:
        now = datetime.now(UTC) - timedelta(hours=1)
        self.auditor = house.member("warsaw_auditor", house.bureau("PL"), "auditor")
        self.officer = house.member("warsaw_officer", house.bureau("PL"))
        nairobi = house.member("nairobi_feeder", house.bureau("KE"))
        feed_accepted(self.officer, "nominal", a_person(NAME), now=now - timedelta(days=1))
        for _ in range(3):
            asked_for(nairobi, {"person": {"name": NAME}})
            checked(self.officer, now, name="منذر قيس الشيبراني", reference="PL-2026-118")
        by = acting_officer(self.auditor.officer)
        self.open = self._open(now)
        self.answered = brought_up(self.officer, now, Flag("off_hours", "1", {"hour": 3}))
        explain(self._asked(self.answered, now), "It was PL-2026-118.", by=by, now=now)
        self.asked = self._asked(brought_up(self.officer, now), now)
        self.closed = brought_up(self.officer, now, Flag("repeated", "1", {"days": 5, "references": 3}))
        conclude(self.closed, "in_order", "Seen in the file.", by=by, now=now)

    def _open(self, now: datetime) -> SpotCheck:
        """Return one with several reasons, one of which was found more than once."""
        number, actor = checked(self.officer, now, reference="test"), self.officer.officer.actor
        flags = (Flag("odd_reference", "7", {}), Flag("colleague", "1", {"officer": self.auditor.officer.pk}))
        bring_up([Finding(number, microseconds(now), self.officer.agency.pk, actor, flags)])
        found = SpotCheck.objects.get(entry=number)
        found.reasons.filter(code="odd_reference").update(times=4)
        return found

    def _asked(self, found: SpotCheck, now: datetime) -> SpotCheck:
        ask(found, "Which case was it?", by=acting_officer(self.auditor.officer), now=now)
        return found

    @property
    def pages(self) -> list[str]:
        """The pages of the auditor."""
        today = datetime.now(UTC).date()
        return [
            f"/register/ours/?since={today - timedelta(days=9)}&until={today}",
            f"/register/by/{self.officer.officer.actor}/",
            "/register/spot-checks/?state=all",
            *(f"/register/spot-checks/{one.pk}/" for one in (self.open, self.asked, self.answered, self.closed)),
            "/register/export/",
            "/register/?event=checked",
        ]


@pytest.fixture
def signed(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RegisterLog]:
    """Return the log of a home of the test's own."""
    house.secretariat()
    shutil.copy(Path(settings.LIAISON_HOME) / FILE, tmp_path / FILE)
    monkeypatch.setattr(settings, "LIAISON_HOME", tmp_path)
    reopen()
    yield RegisterLog(tmp_path)
    monkeypatch.undo()
    reopen()


@pytest.fixture
def cast(house: House, signed: RegisterLog) -> Cast:
    everybody = Cast(house)
    signed.sign_new()
    return everybody


def require_no_fault(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(page.locator("h1")).to_have_count(1)


def open_page(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_the_pages_have_no_fault_and_fit(
    language: str, width: int, cast: Cast, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    page = new_page(locale=language, width=width)
    sign_in_page(page, live_server.url, cast.auditor, language)

    for address in cast.pages:
        open_page(page, live_server.url + address)
        require_no_fault(page)


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_the_page_to_explain_a_check_has_no_fault_and_fits(
    language: str, width: int, cast: Cast, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    page = new_page(locale=language, width=width)
    sign_in_page(page, live_server.url, cast.officer, language)

    for address in (f"/spot-checks/{cast.asked.pk}/", f"/spot-checks/{cast.answered.pk}/", "/notifications/"):
        open_page(page, live_server.url + address)
        require_no_fault(page)


@pytest.mark.browser
def test_from_the_queue_to_the_conclusion_by_keyboard_alone_and_without_a_script(
    cast: Cast, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    # given an auditor whose browser runs no scripts
    page = new_page(width=390)
    page.route("**/*.js", lambda route: route.abort())
    sign_in_page(page, live_server.url, cast.auditor)
    open_page(page, live_server.url + "/register/")
    page.get_by_role("link", name="Spot checks").focus()
    page.keyboard.press("Enter")
    page.locator(f"a[href='/register/spot-checks/{cast.open.pk}/']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Warsaw Auditor.", exact=False).first).to_be_visible()

    # when the conclusion is sent without its reason, and then with it
    page.get_by_label("Misuse suspected").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Keep the conclusion").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    require_no_fault(page)
    page.get_by_label("How you came to it").focus()
    page.keyboard.type("There is no such case.")
    page.get_by_role("button", name="Keep the conclusion").focus()
    page.keyboard.press("Enter")

    # then it is kept
    expect(page.get_by_text("The conclusion is kept.")).to_be_visible()
    kept = SpotCheck.objects.get(pk=cast.open.pk)
    assert (kept.conclusion, kept.written.note) == ("misuse_suspected", "There is no such case.")


@pytest.mark.browser
def test_the_export_is_a_file_that_is_saved(
    cast: Cast, live_server: LiveServer, new_page: Callable[..., Page], signed: RegisterLog
) -> None:
    page = new_page()
    sign_in_page(page, live_server.url, cast.auditor)
    open_page(page, live_server.url + "/register/export/")
    today = str(datetime.now(UTC).date())
    page.get_by_label("From").fill(today)
    page.get_by_label("Until, this day included").fill(today)
    page.get_by_label("For whom").fill("Data protection authority, DP-118/26")

    with page.expect_download() as saved:
        page.get_by_role("button", name="Make the file").click()

    assert saved.value.suggested_filename == f"register-{today}-{today}.jsonl"
    assert b'"proof":' in Path(saved.value.path()).read_bytes()
