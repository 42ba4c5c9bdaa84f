"""An auditor asks about a check or concludes, whoever made it explains it, and every look is an entry."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from liaison.access.requests import acting_officer
from liaison.audit.models import Entry
from liaison.audit.sealed import erase_keys
from liaison.oversight.actions import ask, conclude, explain
from liaison.oversight.flags import Flag
from liaison.oversight.models import SpotCheck
from liaison.oversight.tests.looking import brought_up
from tests.cast import House, Member, browser_of

NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)
QUEUE = "/register/spot-checks/"


@pytest.fixture
def odd(warsaw_officer: Member) -> SpotCheck:
    """Return a spot check of an officer of Warsaw whose reference names no case."""
    return brought_up(warsaw_officer, NOON, Flag("odd_reference", "7", {}))


def address(found: SpotCheck) -> str:
    return reverse("spot_check", args=[found.pk])


def post(member: Member, path: str, **sent: str) -> Any:
    return browser_of(member).post(path, sent)


def events(*kinds: str) -> list[tuple[str, str, Any]]:
    found = Entry.objects.filter(event__startswith="spot_check").order_by("number")
    return [(one.event, one.actor, one.as_line()["detail"]) for one in found if not kinds or one.event in kinds]


def told(member: Member) -> Any:
    return browser_of(member).get("/notifications/")


def asked(found: SpotCheck, auditor: Member) -> SpotCheck:
    ask(found, "Which case was it?", by=acting_officer(auditor.officer), now=NOON)
    return found


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("auditor", {"warsaw", "border", "nairobi"}),
        ("warsaw_auditor", {"warsaw", "border"}),
        ("border_auditor", {"border"}),
    ],
)
def test_an_auditor_sees_the_checks_of_whom_the_own_agency_answers_for(
    role: str, sees: set[str], warsaw_officer: Member, border_officer: Member, nairobi_feeder: Member,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    members = {"warsaw": warsaw_officer, "border": border_officer, "nairobi": nairobi_feeder}
    made = {name: brought_up(member, NOON) for name, member in members.items()}
    browser = browser_of(request.getfixturevalue(role))

    html = browser.get(QUEUE).content.decode()

    assert {name for name, found in made.items() if address(found) in html} == sees
    assert {name for name, found in made.items() if browser.get(address(found)).status_code == 200} == sees


@pytest.mark.parametrize("role", ["warsaw_officer", "warsaw_admin", "secretariat_admin", "examiner", "outsider"])
def test_nobody_but_auditors_sees_the_queue(role: str, odd: SpotCheck, request: pytest.FixtureRequest) -> None:
    browser = browser_of(request.getfixturevalue(role))

    assert [browser.get(path).status_code for path in (QUEUE, address(odd))] == [403, 403]


def test_who_is_not_signed_in_sees_nothing(odd: SpotCheck) -> None:
    paths = (QUEUE, address(odd), reverse("explain", args=[odd.pk]))

    assert [Client().get(path).status_code for path in paths] == [302, 302, 302]


def test_the_queue_shows_who_and_why_and_not_whom_the_check_was_about(warsaw_auditor: Member, odd: SpotCheck) -> None:
    page = browser_of(warsaw_auditor).get(QUEUE)

    for text in ("Warsaw Officer", "NCB Warsaw", "No case named", "2026-06-20", "To look at"):
        assertContains(page, text)
    assertNotContains(page, "Tverdokhlib")
    assertNotContains(page, "PL-2026-18")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"open", "answered"}),
        ("?state=asked", {"asked"}),
        ("?state=closed", {"closed", "suspected"}),
        ("?state=misuse_suspected", {"suspected"}),
        ("?state=all", {"open", "asked", "answered", "closed", "suspected"}),
        ("?state=all&reason=own_name", {"asked"}),
        ("?reason=drawn", {"open", "answered"}),
    ],
)
def test_the_queue_is_chosen_by_state_and_by_reason(
    query: str, expected: set[str], warsaw_auditor: Member, warsaw_officer: Member
) -> None:
    by = acting_officer(warsaw_auditor.officer)
    made = {name: brought_up(warsaw_officer, NOON) for name in ("open", "answered", "closed", "suspected")}
    made["asked"] = asked(brought_up(warsaw_officer, NOON, Flag("own_name", "", {})), warsaw_auditor)
    explain(asked(made["answered"], warsaw_auditor), "It was.", by=by, now=NOON)
    conclude(made["closed"], "in_order", "Seen in the file.", by=by, now=NOON)
    conclude(made["suspected"], "misuse_suspected", "There is no file.", by=by, now=NOON)

    html = browser_of(warsaw_auditor).get(QUEUE + query).content.decode()

    assert {name for name, found in made.items() if address(found) in html} == expected


def test_the_secretariats_auditor_chooses_an_agency(
    auditor: Member, warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    own, other = brought_up(warsaw_officer, NOON), brought_up(nairobi_feeder, NOON)

    page = browser_of(auditor).get(f"{QUEUE}?agency={warsaw_officer.agency.pk}")

    assertContains(page, address(own))
    assertNotContains(page, address(other))


def test_a_choice_that_is_none_is_explained(warsaw_auditor: Member, odd: SpotCheck) -> None:
    assertContains(browser_of(warsaw_auditor).get(f"{QUEUE}?state=lost"), "There is a problem")


def test_every_look_at_the_queue_and_at_a_check_is_an_entry(warsaw_auditor: Member, odd: SpotCheck) -> None:
    browser, by = browser_of(warsaw_auditor), warsaw_auditor.officer.actor

    browser.get(f"{QUEUE}?state=all")
    browser.get(address(odd))

    about = {"spot_check": odd.pk, "entry": odd.entry}
    assert events() == [("spot_checks_read", by, None), ("spot_check_opened", by, about)]
    assert Entry.objects.get(event="spot_checks_read").searched_data == {"state": "all"}


def test_the_check_is_shown_with_why_it_was_picked_and_leads_to_its_entry(
    warsaw_auditor: Member, warsaw_officer: Member, odd: SpotCheck
) -> None:
    page = browser_of(warsaw_auditor).get(address(odd))

    for text in ("Person: Oksana Tverdokhlib", "PL-2026-18", "Border control", "The reference does not name a case"):
        assertContains(page, text)
    assertContains(page, f'href="/register/{odd.entry}/"')
    around = f"/register/by/{warsaw_officer.officer.actor}/?since=2026-06-13&amp;until=2026-06-27"
    assertContains(page, around)
    assert browser_of(warsaw_auditor).get(around.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        (Flag("own_name", "", {}), "the officer&#x27;s own"),
        (Flag("repeated", "1", {"days": 5, "references": 3}), "on 5 days within 30 days"),
        (Flag("same_reference", "1", {"days": 6, "questions": 40}), "for 40 different questions"),
        (Flag("off_hours", "1", {"hour": 3}), "03:00 (UTC)"),
        (Flag("off_hours", "1", {"weekday": 6}), "Sunday"),
        (Flag("off_hours", "1", {}), "Unusual time"),
        (Flag("drawn", "1", {}), "chance picks some"),
        (Flag("later_version", "1", {}), "later version"),
    ],
)
def test_each_reason_is_said_in_a_sentence(
    flag: Flag, said: str, warsaw_auditor: Member, warsaw_officer: Member
) -> None:
    found = brought_up(warsaw_officer, NOON, flag)

    assertContains(browser_of(warsaw_auditor).get(address(found)), said)


def test_a_colleague_is_named_to_the_auditor(warsaw_auditor: Member, warsaw_officer: Member) -> None:
    number = warsaw_auditor.officer.pk
    found = brought_up(warsaw_officer, NOON, Flag("colleague", str(number), {"officer": number}))

    assertContains(browser_of(warsaw_auditor).get(address(found)), "asked for: Warsaw Auditor.")


def test_how_often_it_was_found_is_said(warsaw_auditor: Member, odd: SpotCheck) -> None:
    odd.reasons.update(times=3)

    assertContains(browser_of(warsaw_auditor).get(address(odd)), "Found in 3 checks of that month.")
    assertContains(browser_of(warsaw_auditor).get(QUEUE), "(3 checks)")


def test_from_the_question_over_the_answer_to_the_conclusion(
    warsaw_auditor: Member, warsaw_officer: Member, odd: SpotCheck
) -> None:
    # given a question to the officer
    answer = post(warsaw_auditor, address(odd), action="ask", text="Which case was it?")
    assertRedirects(answer, address(odd), fetch_redirect_response=False)
    assertContains(told(warsaw_officer), "An auditor asks you to explain a check")

    # when the officer reads it and answers, and the auditor concludes
    path = reverse("explain", args=[odd.pk])
    page = browser_of(warsaw_officer).get(path)
    assertContains(page, "Which case was it?")
    assertContains(page, "Oksana Tverdokhlib")
    assertNotContains(page, "No case named")
    post(warsaw_officer, path, text="PL-2026-118, the number was cut off.")
    assertContains(told(warsaw_auditor), "A check that you asked about was explained")
    assertContains(browser_of(warsaw_auditor).get(address(odd)), "PL-2026-118, the number was cut off.")
    post(warsaw_auditor, address(odd), action="conclude", conclusion="badly_stated", note="The file is there.")

    # then all of it is in the register, and the conclusion stands
    auditor, officer = warsaw_auditor.officer.actor, warsaw_officer.officer.actor
    about = {"spot_check": odd.pk, "entry": odd.entry}
    assert events("spot_check_asked", "spot_check_answered", "spot_check_closed") == [
        ("spot_check_asked", auditor, about),
        ("spot_check_answered", officer, about),
        ("spot_check_closed", auditor, about | {"conclusion": "badly_stated"}),
    ]
    page = browser_of(warsaw_auditor).get(address(odd))
    assertContains(page, "The file is there.")
    assertNotContains(page, "<textarea")


def test_what_is_written_is_sealed(warsaw_auditor: Member, odd: SpotCheck) -> None:
    asked(odd, warsaw_auditor)

    assert "case" not in str(list(SpotCheck.objects.values_list()))
    assert SpotCheck.objects.get().written.question == "Which case was it?"


@pytest.mark.parametrize(
    "sent",
    [
        {"action": "ask", "text": " "},
        {"action": "conclude", "conclusion": "in_order", "note": ""},
        {"action": "conclude", "note": "Why"},
        {"action": "conclude", "conclusion": "guilty", "note": "Why"},
    ],
)
def test_an_incomplete_form_is_explained_and_changes_nothing(
    sent: dict[str, str], warsaw_auditor: Member, odd: SpotCheck
) -> None:
    assertContains(post(warsaw_auditor, address(odd), **sent), "There is a problem")
    assert SpotCheck.objects.get().state == "open"


def test_nobody_concludes_twice(warsaw_auditor: Member, auditor: Member, odd: SpotCheck) -> None:
    sent = {"action": "conclude", "conclusion": "in_order", "note": "Seen in the file."}

    answers = [post(member, address(odd), **sent).status_code for member in (warsaw_auditor, auditor)]

    assert answers == [302, 409]
    assert SpotCheck.objects.get().closed_by == warsaw_auditor.officer.actor


def test_two_who_read_the_same_state_do_not_overwrite_each_other(warsaw_auditor: Member, odd: SpotCheck) -> None:
    other = SpotCheck.objects.get(pk=odd.pk)
    asked(odd, warsaw_auditor)

    assert post(warsaw_auditor, address(other), action="ask", text="Once more?").status_code == 409
    assert SpotCheck.objects.get().written.question == "Which case was it?"


def test_before_anybody_asks_and_after_the_conclusion_there_is_nothing_to_answer(
    warsaw_auditor: Member, warsaw_officer: Member, odd: SpotCheck
) -> None:
    path, browser = reverse("explain", args=[odd.pk]), browser_of(warsaw_officer)
    assert browser.get(path).status_code == 404

    asked(odd, warsaw_auditor)
    conclude(odd, "unexplained", "No answer came.", by=acting_officer(warsaw_auditor.officer), now=NOON)

    assertContains(browser.get(path), "there is nothing more to answer")
    assertNotContains(browser.get(path), "No answer came.")
    assert browser.post(path, {"text": "It was PL-2026-118."}).status_code == 409


@pytest.mark.parametrize("role", ["examiner", "warsaw_admin", "warsaw_auditor", "outsider", "nairobi_feeder"])
def test_nobody_else_reads_or_answers_the_question_to_an_officer(
    role: str, odd: SpotCheck, warsaw_auditor: Member, request: pytest.FixtureRequest
) -> None:
    asked(odd, warsaw_auditor)
    browser, path = browser_of(request.getfixturevalue(role)), reverse("explain", args=[odd.pk])

    assert [browser.get(path).status_code, browser.post(path, {"text": "I did it."}).status_code] == [404, 404]


def test_for_a_system_its_administrators_are_asked(
    warsaw_auditor: Member, warsaw_admin: Member, nairobi_admin: Member, warsaw_officer: Member
) -> None:
    found = asked(brought_up(warsaw_officer, NOON, actor=warsaw_officer.system.actor), warsaw_auditor)
    path = reverse("explain", args=[found.pk])

    assertContains(told(warsaw_admin), "An auditor asks you to explain a check")
    assertNotContains(told(nairobi_admin), "An auditor asks you to explain a check")
    assert browser_of(nairobi_admin).get(path).status_code == 404
    assertRedirects(post(warsaw_admin, path, text="Gate 4, PL-2026-118."), path)
    assert SpotCheck.objects.get().answered_by == warsaw_admin.officer.actor


def test_a_notification_of_a_spot_check_that_was_erased_says_no_more(
    warsaw_auditor: Member, warsaw_officer: Member, odd: SpotCheck
) -> None:
    explain(asked(odd, warsaw_auditor), "It was.", by=acting_officer(warsaw_officer.officer), now=NOON)
    SpotCheck.objects.all().delete()

    assertNotContains(told(warsaw_officer), "Register entry")
    assertNotContains(told(warsaw_auditor), "Open the spot check")


def test_a_check_whose_month_was_erased_says_so_and_takes_no_conclusion(warsaw_auditor: Member, odd: SpotCheck) -> None:
    erase_keys(before=202607)

    page = browser_of(warsaw_auditor).get(address(odd))

    assertContains(page, "was erased: its time was over")
    assertNotContains(page, "<textarea")


def test_a_spot_check_that_cannot_be_read_says_so(warsaw_auditor: Member, odd: SpotCheck) -> None:
    SpotCheck.objects.update(sealed=b"x")

    assertContains(browser_of(warsaw_auditor).get(address(odd)), "cannot be read")


def test_an_empty_queue_says_when_there_will_be_something(house: House, warsaw_auditor: Member) -> None:
    assertContains(browser_of(warsaw_auditor).get(QUEUE), "There is no such spot check")


def test_the_home_page_of_an_auditor_counts_what_waits(
    warsaw_auditor: Member, warsaw_admin: Member, odd: SpotCheck
) -> None:
    assertContains(browser_of(warsaw_auditor).get("/"), '<p class="govuk-heading-m">1</p>')
    assertNotContains(browser_of(warsaw_admin).get("/"), "Spot checks")


@pytest.mark.parametrize("number", ["0", "999999"])
def test_a_spot_check_that_is_not_there_is_not_found(number: str, warsaw_auditor: Member) -> None:
    assert browser_of(warsaw_auditor).get(f"{QUEUE}{number}/").status_code == 404


def test_more_than_a_page_holds_goes_on_on_the_next(warsaw_auditor: Member, warsaw_officer: Member) -> None:
    for minute in range(26):
        brought_up(warsaw_officer, NOON + timedelta(minutes=minute))

    assertContains(browser_of(warsaw_auditor).get(QUEUE), 'href="?page=2"')
    assertContains(browser_of(warsaw_auditor).get(f"{QUEUE}?page=2"), "12:00")
