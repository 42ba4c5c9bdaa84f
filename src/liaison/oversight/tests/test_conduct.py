"""What one officer did is summed up on one page for those who control the agency."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.oversight import conduct
from liaison.oversight.conduct import Amount, Often, Span, most_often, totals
from tests.cast import House, Member, browser_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SPAN = "?since=2026-11-16&until=2026-11-22"


def act(member: Member, at: datetime = NOON, event: Event = Event.CHECKED, name: str = "Oksana", **more: str) -> int:
    by = Actor(member.officer.actor, member.agency.pk)
    shown = more.pop("shown", "").split()
    facts = {"purpose": "border", "reference": "CASE/1"} | more
    return write_entry(event, by=by, at=at, searched=[{"id": "1", "person": {"name": name}}], shown=shown, **facts)


def span_of(member: Member) -> Span:
    return Span(member.officer.actor, NOON - timedelta(days=4), NOON + timedelta(days=2), (member.agency.pk,))


def page_of(member: Member, of: Member, query: str = SPAN) -> str:
    answer = browser_of(member).get(f"/register/by/{of.officer.actor}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_amount_is_counted_in_all_by_day_and_by_purpose(warsaw_officer: Member) -> None:
    act(warsaw_officer, shown="AAAA-1 BBBB-2")
    act(warsaw_officer, purpose="locate")
    act(warsaw_officer, NOON + timedelta(days=1), Event.RECORD_READ, shown="AAAA-1")
    act(warsaw_officer, NOON + timedelta(days=1), Event.SIGNED_IN)
    act(warsaw_officer, NOON + timedelta(days=9))

    found = totals(span_of(warsaw_officer))

    assert found.amount == Amount(checks=2, shown=2, read=1, other=1)
    assert found.days == {date(2026, 11, 21): Amount(read=1, other=1), date(2026, 11, 20): Amount(checks=2, shown=2)}
    assert found.purposes == {"border": 1, "locate": 1}
    assert not found.is_cut


def test_more_than_can_be_counted_is_said(warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conduct, "MOST_COUNTED", 2)
    for minute in range(4):
        act(warsaw_officer, NOON + timedelta(minutes=minute))

    found = totals(span_of(warsaw_officer))

    assert (found.amount.checks, found.is_cut) == (2, True)


def test_what_was_asked_more_than_once_comes_most_often_first(warsaw_officer: Member) -> None:
    for day, name in ((0, "Oksana"), (0, "Oksana"), (1, "Oksana"), (1, "Zofia"), (1, "Once")):
        act(warsaw_officer, NOON + timedelta(days=day), name=name, reference=f"CASE/{name}")
    act(warsaw_officer, name="Zofia", reference="CASE/Zofia")

    references, questions, over = most_often(span_of(warsaw_officer))

    assert references == [Often("CASE/Oksana", 3, 2), Often("CASE/Zofia", 2, 2)]
    assert questions == [Often("Person: Oksana", 3, 2), Often("Person: Zofia", 2, 2)]
    assert over == 6


def test_the_page_shows_each_act_with_the_way_to_its_entry(warsaw_auditor: Member, warsaw_officer: Member) -> None:
    entry = act(warsaw_officer)

    html = page_of(warsaw_auditor, warsaw_officer)

    assert f'href="/register/{entry}/"' in html
    assert "Person: Oksana" in html
    assert "Warsaw Officer" in html


def test_the_register_leads_to_the_page(warsaw_auditor: Member, warsaw_officer: Member) -> None:
    entry, browser = act(warsaw_officer), browser_of(warsaw_auditor)
    way = f'href="/register/by/{warsaw_officer.officer.actor}/"'

    assertContains(browser.get("/register/?event=checked"), way)
    assertContains(browser.get(f"/register/{entry}/"), way)


def test_at_first_it_shows_the_last_week(warsaw_auditor: Member, warsaw_officer: Member) -> None:
    now = datetime.now(UTC)
    recent, old = act(warsaw_officer, now), act(warsaw_officer, now - timedelta(days=8))

    html = page_of(warsaw_auditor, warsaw_officer, "")

    assert f'href="/register/{recent}/"' in html
    assert f'href="/register/{old}/"' not in html


def test_the_look_is_an_entry_and_going_on_is_not(warsaw_auditor: Member, warsaw_officer: Member) -> None:
    entries = [act(warsaw_officer) for _ in range(27)]
    first = page_of(warsaw_auditor, warsaw_officer)
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None

    second = page_of(warsaw_auditor, warsaw_officer, older[1].replace("&amp;", "&"))

    assert [int(n) for n in re.findall(r'href="/register/(\d+)/"', first + second)] == entries[::-1]
    noted = Entry.objects.get(event="register_read")
    assert noted.searched_data["what_they_did"] == warsaw_officer.officer.actor
    assert "In all" not in second


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?since=2026-11-22&until=2026-11-16", "The end lies before the start"),
        ("?since=2026-01-01&until=2026-11-16", "92 days at most"),
        ("?since=soon", "Enter a valid date."),
    ],
)
def test_a_wrong_time_is_explained(query: str, said: str, warsaw_auditor: Member, warsaw_officer: Member) -> None:
    before = Entry.objects.count()

    assert said in page_of(warsaw_auditor, warsaw_officer, query)
    assert Entry.objects.count() == before


def test_a_system_has_such_a_page_too(warsaw_auditor: Member, warsaw_officer: Member) -> None:
    actor = warsaw_officer.system.actor

    assertContains(browser_of(warsaw_auditor).get(f"/register/by/{actor}/"), "System of warsaw_officer")


@pytest.mark.parametrize("actor", ["operator", "officer:999999", "officer:", "officer:x", "system:1x", "agency:1"])
def test_who_is_nobody_of_the_agency_is_not_there(actor: str, warsaw_auditor: Member) -> None:
    assert browser_of(warsaw_auditor).get(f"/register/by/{actor}/").status_code == 404


def test_an_officer_of_others_is_not_there_and_to_the_secretariat_is(
    warsaw_auditor: Member, auditor: Member, nairobi_feeder: Member
) -> None:
    address = f"/register/by/{nairobi_feeder.officer.actor}/"

    assert [browser_of(one).get(address).status_code for one in (warsaw_auditor, auditor)] == [404, 200]


@pytest.mark.parametrize("role", ["outsider", "examiner", "warsaw_officer"])
def test_officers_do_not_look_back_at_each_other(role: str, house: House, request: pytest.FixtureRequest) -> None:
    member = request.getfixturevalue(role)

    assert browser_of(member).get(f"/register/by/{member.officer.actor}/").status_code == 403


def test_entries_of_a_time_at_another_agency_are_not_shown(
    warsaw_auditor: Member, warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    write_entry(Event.CHECKED, by=Actor(warsaw_officer.officer.actor, nairobi_feeder.agency.pk), at=NOON)

    assertNotContains(browser_of(warsaw_auditor).get(f"/register/by/{warsaw_officer.officer.actor}/{SPAN}"), "Checked")
