"""The list of notifications, whatever tells: inboxes, numbers, reading, the bell, the API, erasure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from liaison.audit.models import Entry
from liaison.notifications import catalogue
from liaison.notifications.actions import News, erase_old, mark_all_read, mark_read, tell
from liaison.notifications.catalogue import Line, Shown, declare_kind
from liaison.notifications.models import Notification
from liaison.notifications.queries import count_unread, describe, notifications_of
from liaison.notifications.rules import Reader, inbox_of_agency
from tests.cast import Member, browser_of


def say(reader: Reader, about: Sequence[Mapping[str, Any]], now: datetime) -> list[Shown]:
    return [
        Shown(title=f"Case {one['case']}", lines=(Line("Number", one["case"]),), link=f"/about/?case={one['case']}",
              link_text="Open the case", data={"case": one["case"]})
        for one in about
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_kinds", dict(catalogue._kinds))
    declare_kind("case", say)


def reader_of(member: Member) -> Reader:
    return Reader(member.officer.actor, member.agency.pk, member.officer.duty)


def tell_cases(member: Member, *cases: str, inbox: str = "", now: datetime | None = None) -> None:
    news = [News(inbox or member.officer.actor, member.agency.pk, "case", {"case": case}) for case in cases]
    tell(news, now=now or timezone.now())


def cases_of(member: Member) -> list[str]:
    return [one.about["case"] for one in notifications_of(reader_of(member)).order_by("number")]


def test_numbers_grow_within_an_inbox_and_tell_nothing_of_others(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    now = timezone.now()
    tell_cases(nairobi_feeder, *map(str, range(5)), now=now)
    tell_cases(warsaw_officer, "A", "B", now=now)
    tell_cases(warsaw_officer, "C", now=now - timedelta(minutes=1))

    first, second, third = (one.number for one in notifications_of(reader_of(warsaw_officer)).order_by("number"))

    assert (second - first, third - second) == (1, 1)
    assert first == notifications_of(reader_of(nairobi_feeder)).order_by("number")[0].number


def test_everybody_reads_the_own_inbox_and_that_of_the_agency_for_the_own_duty(
    warsaw_officer: Member, warsaw_admin: Member, nairobi_feeder: Member
) -> None:
    agency = warsaw_officer.agency.pk
    tell_cases(warsaw_officer, "own")
    tell_cases(warsaw_officer, "officers", inbox=inbox_of_agency(agency, "officer"))
    tell_cases(warsaw_officer, "administrators", inbox=inbox_of_agency(agency, "administrator"))

    assert cases_of(warsaw_officer) == ["own", "officers"]
    assert cases_of(warsaw_admin) == ["administrators"]
    assert cases_of(nairobi_feeder) == []


def test_what_one_has_read_in_the_tray_of_the_agency_the_others_need_not(
    warsaw_officer: Member, warsaw_admin: Member
) -> None:
    tell_cases(warsaw_admin, "tray", inbox=inbox_of_agency(warsaw_admin.agency.pk, "officer"))
    one = Notification.objects.get()

    assert mark_read(reader_of(warsaw_admin), [one.place], now=timezone.now()) == 0
    assert mark_read(reader_of(warsaw_officer), [one.place], now=timezone.now()) == 1

    one.refresh_from_db()
    assert one.read_by == warsaw_officer.officer.actor
    assert Entry.objects.get(event="notifications_read").actor == warsaw_officer.officer.actor


def test_marking_all_leaves_what_came_later_and_what_is_of_others(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    tell_cases(warsaw_officer, "A", "B")
    tell_cases(nairobi_feeder, "C")
    until = notifications_of(reader_of(warsaw_officer)).order_by("-number")[0].number
    tell_cases(warsaw_officer, "later")

    assert mark_all_read(reader_of(warsaw_officer), until, now=timezone.now()) == 2

    assert count_unread(reader_of(warsaw_officer)) == 1
    assert count_unread(reader_of(nairobi_feeder)) == 1


def test_what_no_part_of_the_house_can_say_is_told_as_that(warsaw_officer: Member) -> None:
    tell([News(warsaw_officer.officer.actor, warsaw_officer.agency.pk, "later-kind", {})], now=timezone.now())

    found = list(notifications_of(reader_of(warsaw_officer)))

    assert "does not know" in describe(reader_of(warsaw_officer), found, timezone.now())[0].title


def test_old_ones_are_erased_read_or_not_with_an_entry(warsaw_officer: Member) -> None:
    now = timezone.now()
    tell_cases(warsaw_officer, "old", now=now - timedelta(days=91))
    tell_cases(warsaw_officer, "young", now=now - timedelta(days=89))

    assert (erase_old(now=now), erase_old(now=now)) == (1, 0)

    assert cases_of(warsaw_officer) == ["young"]
    assert Entry.objects.get(event="notifications_erased").actor == "service"


def test_the_list_shows_the_unread_first_and_the_bell_how_many(warsaw_officer: Member) -> None:
    tell_cases(warsaw_officer, "first", "second")
    browser = browser_of(warsaw_officer)
    second = notifications_of(reader_of(warsaw_officer)).order_by("-number")[0]

    browser.post("/notifications/", {"action": "read", "place": second.place})
    page = browser.get("/notifications/")

    text = page.content.decode()
    assert text.index("Case first") < text.index("Case second")
    assertContains(page, "1 unread")
    assertContains(browser.get("/notifications/bell/"), "1 unread")


def test_there_is_a_second_page_and_one_without_anything(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    tell_cases(warsaw_officer, *(f"number {number}" for number in range(51)))

    assertContains(browser_of(warsaw_officer).get("/notifications/"), "?page=2")
    assertContains(browser_of(warsaw_officer).get("/notifications/?page=2"), "Case number 0")
    assertContains(browser_of(nairobi_feeder).get("/notifications/"), "There is nothing to tell you")


def test_more_than_99_are_said_as_99_plus(warsaw_officer: Member) -> None:
    tell_cases(warsaw_officer, *map(str, range(120)))

    assertContains(browser_of(warsaw_officer).get("/"), "99+")


def test_opening_one_reads_it_and_leads_on_and_that_of_others_is_not_there(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    tell_cases(warsaw_officer, "A")
    place = Notification.objects.get().place

    stranger = browser_of(nairobi_feeder).post("/notifications/", {"action": "open", "place": place})
    answer = browser_of(warsaw_officer).post("/notifications/", {"action": "open", "place": place})

    assertRedirects(stranger, "/notifications/", fetch_redirect_response=False)
    assertRedirects(answer, "/about/?case=A", fetch_redirect_response=False)
    assert Notification.objects.get().read_by == warsaw_officer.officer.actor


@pytest.mark.parametrize("place", ["", "nowhere", "officer:1.x", "officer:1.99999999999999999999"])
def test_a_place_that_there_is_not_changes_nothing(place: str, warsaw_officer: Member) -> None:
    answer = browser_of(warsaw_officer).post("/notifications/", {"action": "open", "place": place})

    assert answer.status_code == 302


def test_all_are_read_at_once(warsaw_officer: Member) -> None:
    tell_cases(warsaw_officer, "A", "B")
    browser = browser_of(warsaw_officer)
    until = browser.get("/notifications/").context["until"]

    browser.post("/notifications/", {"action": "read_all", "until": until})

    assertNotContains(browser.get("/notifications/"), "Mark all as read")


def authorised(member: Member) -> dict[str, Any]:
    return {"HTTP_AUTHORIZATION": f"Bearer {member.key}"}


def test_a_system_reads_on_from_number_to_number(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    headers = authorised(warsaw_officer)
    tell_cases(warsaw_officer, *map(str, range(101)), inbox=warsaw_officer.system.actor)
    tell_cases(warsaw_officer, "tray", inbox=inbox_of_agency(warsaw_officer.agency.pk, "officer"))
    client = browser_of(nairobi_feeder)

    first = client.get("/api/notifications", **headers).json()
    second = client.get(f"/api/notifications?after={first['next']}", **headers).json()
    end = client.get(f"/api/notifications?after={second['next']}", **headers).json()

    assert [len(page["notifications"]) for page in (first, second, end)] == [100, 1, 0]
    assert second["next"] == end["next"]
    assert (second["notifications"][0]["case"], second["notifications"][0]["text"]) == ("100", "Case 100")


def test_a_system_marks_as_read_up_to_a_number(warsaw_officer: Member) -> None:
    headers = authorised(warsaw_officer)
    tell_cases(warsaw_officer, "A", "B", inbox=warsaw_officer.system.actor)
    client = browser_of(warsaw_officer)
    first = client.get("/api/notifications", **headers).json()["notifications"][0]["number"]

    answer = client.post("/api/notifications/read", {"until": first}, content_type="application/json", **headers)

    assert answer.json() == {"read": 1}
    left = client.get("/api/notifications?unread=yes", **headers).json()["notifications"]
    assert [one["case"] for one in left] == ["B"]


@pytest.mark.parametrize(
    ("method", "address", "body", "code"),
    [
        ("GET", "/api/notifications?after=x", "", "bad-value"),
        ("GET", "/api/notifications?unread=no", "", "unknown-value"),
        ("POST", "/api/notifications/read", "{}", "missing-field"),
        ("POST", "/api/notifications/read", '{"until": 0}', "bad-value"),
        ("POST", "/api/notifications/read", '{"until": 1, "all": true}', "unknown-field"),
        ("POST", "/api/notifications/read", '{"until": 1', "bad-json"),
        ("POST", "/api/notifications/read", " " * 70_000, "body-too-large"),
    ],
)
def test_what_a_system_says_wrong_is_refused(
    method: str, address: str, body: str, code: str, warsaw_officer: Member
) -> None:
    answer = browser_of(warsaw_officer).generic(method, address, body, "application/json", **authorised(warsaw_officer))

    assert answer.json()["code"] == code
