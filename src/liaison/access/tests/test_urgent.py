"""The urgent procedure: asked, answered or silent; and what nobody learns by it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.access.actions import restrict_source
from liaison.access.models import UrgentRequest
from liaison.access.urgent import answer_urgent, ask_urgently, hold_back_again, settle_urgent_requests
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.audit.series import agency_of
from liaison.errors import BadInput, Conflict
from liaison.notifications.models import Notification
from tests.cast import Member, a_person, browser_of, check, feed_accepted

NAME = "Oksana Tverdokhlib"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def held_back(nairobi_feeder: Member, warsaw_officer: Member) -> UrgentRequest:
    """Return a request for Warsaw, from which Nairobi holds a record back: by itself, and all of them."""
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, restricted_against=["PL"]))
    restrict_source(nairobi_feeder.agency, "nominal", warsaw_officer.agency, by=OPERATOR, now=timezone.now())
    return asked(nairobi_feeder, warsaw_officer)


def asked(owner: Member, bureau: Member) -> UrgentRequest:
    now = timezone.now()
    return ask_urgently(owner.agency, "nominal", bureau.agency, "A child is missing", now + DAY, by=OPERATOR, now=now)


def outcome(member: Member) -> str:
    return check(member, person={"name": NAME}).outcome


def test_until_the_source_answers_everything_is_as_before(held_back: UrgentRequest, warsaw_officer: Member) -> None:
    assert outcome(warsaw_officer) == "no_match"
    assert settle_urgent_requests(held_back.deadline - HOUR) == 0
    assert outcome(warsaw_officer) == "no_match"


def test_silence_at_the_deadline_lifts_what_is_held_back(held_back: UrgentRequest, warsaw_officer: Member) -> None:
    assert settle_urgent_requests(held_back.deadline) == 1

    assert outcome(warsaw_officer) == "matches"
    assert Notification.objects.filter(kind="urgent_request_silent", agency=held_back.owner).exists()


def test_who_answers_is_heard_and_silence_comes_too_late(held_back: UrgentRequest, warsaw_officer: Member) -> None:
    answer_urgent(held_back, "kept", "The witness lives there", by=OPERATOR, now=timezone.now())

    assert settle_urgent_requests(held_back.deadline + DAY) == 0
    assert outcome(warsaw_officer) == "no_match"


def test_what_is_lifted_is_lifted_for_that_bureau_only(
    held_back: UrgentRequest, warsaw_officer: Member, madrid_requester: Member, nairobi_feeder: Member
) -> None:
    restrict_source(nairobi_feeder.agency, "nominal", madrid_requester.agency, by=OPERATOR, now=timezone.now())

    answer_urgent(held_back, "lifted", "", by=OPERATOR, now=timezone.now())

    assert (outcome(warsaw_officer), outcome(madrid_requester)) == ("matches", "no_match")


def test_the_source_holds_back_again_when_it_likes(held_back: UrgentRequest, warsaw_officer: Member) -> None:
    settle_urgent_requests(held_back.deadline)

    hold_back_again(held_back, by=OPERATOR, now=held_back.deadline)

    assert outcome(warsaw_officer) == "no_match"
    with pytest.raises(Conflict):
        hold_back_again(held_back, by=OPERATOR, now=held_back.deadline)


def test_an_answer_after_the_deadline_is_none(held_back: UrgentRequest) -> None:
    with pytest.raises(Conflict, match="urgent-request-over"):
        answer_urgent(held_back, "kept", "Late", by=OPERATOR, now=held_back.deadline)


def test_to_keep_it_takes_a_reason(held_back: UrgentRequest) -> None:
    with pytest.raises(BadInput, match="missing-field"):
        answer_urgent(held_back, "kept", "  ", by=OPERATOR, now=timezone.now())


@pytest.mark.parametrize("ends_in", [timedelta(minutes=59), timedelta(days=15), -DAY])
def test_a_source_gets_time_to_answer_and_not_for_ever(
    nairobi_feeder: Member, warsaw_officer: Member, ends_in: timedelta
) -> None:
    owner, bureau, now = nairobi_feeder.agency, warsaw_officer.agency, timezone.now()

    with pytest.raises(BadInput, match="bad-deadline"):
        ask_urgently(owner, "nominal", bureau, "Why", now + ends_in, by=OPERATOR, now=now)


def test_the_secretariat_sees_the_same_whatever_the_source_does(
    held_back: UrgentRequest, secretariat_admin: Member, nairobi_feeder: Member, madrid_requester: Member
) -> None:
    nothing_there = asked(madrid_requester, nairobi_feeder)
    kept = asked(nairobi_feeder, madrid_requester)
    answer_urgent(kept, "kept", "The witness lives there", by=OPERATOR, now=timezone.now())
    settle_urgent_requests(held_back.deadline + DAY)

    page = browser_of(secretariat_admin).get("/access/urgent/").content.decode()

    answers = [UrgentRequest.objects.get(pk=one.pk).answer for one in (held_back, nothing_there, kept)]
    assert answers == ["silent", "silent", "kept"]
    assert page.count("Closed") == 3
    assert "witness" not in page
    assert "Nothing is held back from this bureau now" not in page


def test_the_answer_is_an_entry_that_only_the_source_reads(
    held_back: UrgentRequest, auditor: Member, secretariat_admin: Member
) -> None:
    answer_urgent(held_back, "kept", "The witness lives there", by=OPERATOR, now=timezone.now())

    assert agency_of(Entry.objects.get(event="urgent_request_answered").number) == held_back.owner_id
    assert "urgent_request_answered" not in browser_of(auditor).get("/register/").content.decode()


def test_asking_and_answering_on_the_page(
    secretariat_admin: Member, nairobi_admin: Member, nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, restricted_against=["PL"]))
    sent = {
        "owner": str(nairobi_admin.agency.pk), "database": "nominal", "bureau": str(warsaw_officer.agency.pk),
        "hours": "24", "reason": "A child is missing",
    }  # fmt: skip

    browser_of(secretariat_admin).post("/access/urgent/", sent)
    browser = browser_of(nairobi_admin)
    assert "A child is missing" in browser.get("/access/urgent/").content.decode()
    browser.post("/access/urgent/", {"action": "lifted", "id": str(UrgentRequest.objects.get().pk), "reason": ""})

    assert outcome(warsaw_officer) == "matches"


def test_no_other_bureau_answers(held_back: UrgentRequest, warsaw_admin: Member) -> None:
    answer = browser_of(warsaw_admin).post("/access/urgent/", {"action": "lifted", "id": str(held_back.pk)})

    assert answer.status_code == 404
    held_back.refresh_from_db()
    assert held_back.answer == "open"
