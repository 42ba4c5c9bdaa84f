"""The pages and the API of standing checks, and what the list of notifications says of them."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from liaison.access.actions import end_entitlement, restrict_source
from liaison.access.models import Entitlement
from liaison.access.requests import acting
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.records.actions import change_state
from liaison.standing.models import StandingCheck
from liaison.standing.tests.asking import OKSANA, compare_all, shown, standing_check, told
from tests.cast import Member, a_person, browser_of, feed_accepted

NAME = "Oksana Tverdokhlib"
ROW = a_person(NAME, born=["1984-02-29"], warning_markers=["armed"])


def sent(**more: Any) -> dict[str, Any]:
    last = str((timezone.now() + timedelta(days=30)).date())
    question = json.dumps(OKSANA)
    said = {"action": "create", "question": [question], "query": question, "purpose": "locate", "reference": "CASE-7"}
    return said | {"reason": "Missing", "ends_on": last} | more


def test_below_an_answer_is_the_button_with_every_meaning_of_the_question(warsaw_officer: Member) -> None:
    asked = {"q": NAME, "purpose": "locate", "reference": "CASE-7"}

    page = browser_of(warsaw_officer).post("/check/", asked)
    questions = re.findall(r'name="question" value="([^"]*)"', page.content.decode())
    form = browser_of(warsaw_officer).post(
        "/standing/new/", {"action": "prepare", "purpose": "locate", "reference": "CASE-7",
                           "question": [one.replace("&quot;", '"') for one in questions]}
    )  # fmt: skip

    assert len(questions) == 3
    assertContains(form, f"Person: {NAME}")
    assertContains(form, f"Vessel: {NAME}")
    assertContains(form, 'value="CASE-7"')
    assert not StandingCheck.objects.exists()


def test_an_answer_that_found_too_many_or_nothing_to_ask_has_no_button(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    feed_accepted(nairobi_feeder, "nominal", *(a_person(NAME, f"P/{number}") for number in range(51)))

    page = browser_of(warsaw_officer).post("/check/", {"name": NAME, "purpose": "locate", "reference": "CASE-7"})

    assertContains(page, "Too many possible matches")
    assertNotContains(page, "Tell me when this is fed")


def test_it_is_set_and_says_what_is_recorded_already(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", ROW)

    page = browser_of(warsaw_officer).post("/standing/new/", sent())

    assertContains(page, "The standing check is set")
    assertContains(page, "Possible match: verify with")
    assertContains(browser_of(warsaw_officer).get("/standing/"), NAME)


def test_what_is_refused_comes_back_with_what_was_typed(warsaw_officer: Member) -> None:
    standing_check(warsaw_officer.asker)

    again = browser_of(warsaw_officer).post("/standing/new/", sent())
    far = browser_of(warsaw_officer).post("/standing/new/", sent(ends_on="2099-01-01", reference="CASE-8"))
    empty = browser_of(warsaw_officer).post("/standing/new/", sent(reason=""))

    assertContains(again, "You have this standing check already")
    assertContains(far, "A standing check ends today at the earliest")
    assertContains(empty, 'value="CASE-7"')
    assert StandingCheck.objects.count() == 1


@pytest.mark.parametrize("question", ["{", '{"person": {}}', "[1]", '{"person": {"name": "!"}}'])
def test_a_question_that_is_none_is_passed_over(question: str, warsaw_officer: Member) -> None:
    page = browser_of(warsaw_officer).post("/standing/new/", {"action": "prepare", "question": question})

    assertContains(page, "A standing check begins with a check")


def test_one_is_extended_and_ended_on_its_page(warsaw_officer: Member) -> None:
    number = standing_check(warsaw_officer.asker).standing_check.id
    browser, address = browser_of(warsaw_officer), f"/standing/{number}/"

    browser.post(address, {"action": "extend", "ends_on": str(timezone.now().date()), "reason": "Nearly done"})
    wrong = browser.post(address, {"action": "extend", "ends_on": "2099-01-01", "reason": "x"})
    assertContains(wrong, "A standing check ends today at the earliest")
    assert StandingCheck.objects.get().ends_on == timezone.now().date()

    browser.post(address, {"action": "end"})
    assertContains(browser.get(address), "Ended by hand")
    assertContains(browser.get("/standing/"), "You have no standing check")
    assertContains(browser.get("/standing/?state=ended"), NAME)


def test_there_is_a_second_page(warsaw_officer: Member) -> None:
    numbers = range(26)
    assert len([standing_check(warsaw_officer.asker, reference=f"CASE-{number}") for number in numbers]) == 26

    assertContains(browser_of(warsaw_officer).get("/standing/"), "?page=2")
    assertContains(browser_of(warsaw_officer).get("/standing/?page=2"), "CASE-0")


def test_an_administrator_sees_how_many_and_nothing_of_what_they_ask(
    warsaw_officer: Member, border_officer: Member, nairobi_feeder: Member, warsaw_admin: Member
) -> None:
    standing_check(warsaw_officer.asker)
    standing_check(border_officer.system)
    standing_check(nairobi_feeder.asker)

    page = browser_of(warsaw_admin).get("/standing/")

    assert page.context["counts"] == [
        {"agency": "NCB Warsaw", "officers": 1, "systems": 0},
        {"agency": "Vistula Border Guard", "officers": 0, "systems": 1},
    ]
    assertNotContains(page, NAME)
    assertNotContains(page, "The family looks for her")


def test_an_auditor_sees_who_and_why_of_the_own_agencies_and_not_what_is_asked(
    warsaw_officer: Member, nairobi_feeder: Member, warsaw_auditor: Member, auditor: Member
) -> None:
    standing_check(warsaw_officer.asker)
    standing_check(nairobi_feeder.asker, reason="Another reason")

    own, whole = (browser_of(one).get("/standing/") for one in (warsaw_auditor, auditor))

    assertContains(own, "The family looks for her")
    assertContains(own, "Warsaw Officer")
    assertNotContains(own, "Another reason")
    assertContains(whole, "Another reason")
    assertNotContains(whole, NAME)
    assert Entry.objects.filter(event="standing_checks_read").count() == 2


def test_the_list_shows_a_record_as_it_is_now_and_opens_it_under_the_telling(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    standing_check(warsaw_officer.asker)
    (record,) = feed_accepted(nairobi_feeder, "nominal", ROW)
    compare_all()
    browser, (one,) = browser_of(warsaw_officer), told(warsaw_officer)

    page = browser.get("/notifications/")
    answer = browser.post("/notifications/", {"action": "open", "place": one.place})

    assertContains(page, NAME)
    assertContains(page, "Armed")
    assert answer["Location"] == f"/records/{record}/?check={one.about['entry']}"
    assertContains(browser.get(answer["Location"]), "CASE-7")
    assert Entry.objects.get(event="record_read").reference == "CASE-7"


def test_a_record_that_may_no_longer_be_seen_and_one_that_is_gone_are_one_answer(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    standing_check(warsaw_officer.asker)
    first, second = feed_accepted(nairobi_feeder, "nominal", ROW, ROW | {"source_reference": "P/2"})
    compare_all()
    now = timezone.now()
    change_state(nairobi_feeder.asker, first, "withdraw", "An error", now)
    withdrawn = shown(warsaw_officer)[0]

    by = acting(nairobi_feeder.asker)
    restrict_source(nairobi_feeder.agency, "nominal", warsaw_officer.agency, by=by, now=now)
    restricted = shown(warsaw_officer)[1]
    page = browser_of(warsaw_officer).get("/notifications/")

    assert withdrawn == restricted
    assert (restricted.headline, restricted.link) == ("", "")
    assertContains(page, "You were told of a record at this time; you cannot see it now")
    assertNotContains(page, first)
    assertNotContains(page, second)
    assertNotContains(page, "Armed")


def test_a_blocked_and_an_expired_record_is_not_shown(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    now = timezone.now()
    standing_check(warsaw_officer.asker, days=60)
    soon = ROW | {"source_reference": "P/2", "expires_on": str((now + timedelta(days=3)).date())}
    blocked, _expiring = feed_accepted(nairobi_feeder, "nominal", ROW, soon)
    compare_all()
    change_state(nairobi_feeder.asker, blocked, "block", "In doubt", now)

    assert [bool(one.headline) for one in shown(warsaw_officer)] == [False, True]
    assert [bool(one.headline) for one in shown(warsaw_officer, now + timedelta(days=4))] == [False, False]


def test_who_may_check_and_not_read_sees_the_match_and_no_link(border_officer: Member, nairobi_feeder: Member) -> None:
    standing_check(border_officer.asker)
    feed_accepted(nairobi_feeder, "nominal", ROW)
    compare_all()
    for right in Entitlement.objects.filter(agency=border_officer.agency, database="nominal", operation="read"):
        end_entitlement(right, by=OPERATOR, now=timezone.now())

    (one,) = shown(border_officer)

    assert (one.headline, one.link) == (NAME, "")


def call(member: Member, method: str, address: str, body: object = None) -> Any:
    return browser_of(member).generic(
        method, address, json.dumps(body), "application/json", HTTP_AUTHORIZATION=f"Bearer {member.key}"
    )


def test_a_system_sets_lists_extends_and_ends_its_own(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    last = str((timezone.now() + timedelta(days=30)).date())
    body = {"purpose": "locate", "reference": "CASE-7", "reason": "Missing", "ends_on": last, "query": OKSANA}

    made = call(warsaw_officer, "POST", "/api/standing", body).json()
    number = made["standing_check"]["id"]

    assert made["now"]["results"][0]["outcome"] == "no_match"
    assert call(warsaw_officer, "GET", "/api/standing").json()["standing_checks"] == [made["standing_check"]]
    assert call(nairobi_feeder, "GET", "/api/standing").json() == {"standing_checks": []}
    assert call(nairobi_feeder, "POST", f"/api/standing/{number}/end").status_code == 404
    extended = call(warsaw_officer, "POST", f"/api/standing/{number}/extend", {"ends_on": last, "reason": "Still"})
    assert extended.json()["ends_on"] == last
    assert call(warsaw_officer, "POST", f"/api/standing/{number}/end").json()["ended_by"] == "by_hand"
    assert call(warsaw_officer, "POST", f"/api/standing/{number}/end").json()["code"] == "standing-check-ended"
    assert len(call(warsaw_officer, "GET", "/api/standing?state=ended").json()["standing_checks"]) == 1
    assert call(warsaw_officer, "GET", "/api/standing?state=all").json()["code"] == "unknown-value"


def test_a_system_is_told_and_opens_the_record(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    standing_check(warsaw_officer.system)
    (record,) = feed_accepted(nairobi_feeder, "nominal", ROW)
    compare_all()

    (one,) = call(warsaw_officer, "GET", "/api/notifications").json()["notifications"]

    assert (one["kind"], one["record"], one["name"]) == ("standing_check_match", record, NAME)
    answer = call(warsaw_officer, "GET", f"/api/records/{record}?check={one['check']}")
    assert answer.json()["record"] == record


def test_the_list_of_a_system_goes_on_page_by_page(warsaw_officer: Member) -> None:
    made = [standing_check(warsaw_officer.system, reference=f"CASE-{number}") for number in range(101)]

    first = call(warsaw_officer, "GET", "/api/standing").json()
    second = call(warsaw_officer, "GET", f"/api/standing?before={first['next']}").json()

    seen = [one["id"] for page in (first, second) for one in page["standing_checks"]]
    assert sorted(seen) == sorted(one.standing_check.id for one in made)
    assert "next" not in second
