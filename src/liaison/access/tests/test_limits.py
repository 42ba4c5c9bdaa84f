"""Purposes and confidentiality of rights: what is outside them is not there, on every path."""

import pytest
from django.utils import timezone

from liaison.access.actions import end_entitlement, grant_entitlement
from liaison.access.models import Entitlement
from liaison.access.rules import Limit, narrowed
from liaison.agencies.models import Agency
from liaison.audit.actions import OPERATOR
from liaison.checks.actions import check as answer_check
from liaison.checks.actions import read_after_check
from liaison.checks.answer import Result
from liaison.checks.live import catch_up_if_alone
from liaison.checks.request import request_from
from liaison.errors import BadInput, NotFound
from tests.cast import House, Member, a_person, browser_of, feed_accepted

NAME = "Oksana Tverdokhlib"
SECRET = {"confidentiality_level": "confidential"}


@pytest.fixture
def patrol(house: House) -> Member:
    """Return an officer of an entity of Warsaw's that has no rights yet."""
    return house.member("patrol", house.entity("Lake Patrol", "PL"))


def let(agency: Agency, operation: str = "check", purposes: tuple[str, ...] = (), level: str = "official_use") -> None:
    now = timezone.now()
    grant_entitlement(
        agency, "nominal", operation, starts_on=now.date(), ends_on=None, reason="Agreement 7", granted_by=None,  # type: ignore[arg-type]
        by=OPERATOR, now=now, purposes=purposes, highest_level=level,
    )  # fmt: skip


def ask_for(member: Member, purpose: str) -> tuple[int, Result]:
    catch_up_if_alone()
    query = {"id": "q", "person": {"name": NAME}}
    request = request_from({"purpose": purpose, "reference": "TEST/1", "queries": [query]})
    answer = answer_check(request, member.asker, timezone.now())
    return answer.entry, answer.results[0]


def test_a_record_more_confidential_than_the_right_is_not_there(nairobi_feeder: Member, patrol: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **SECRET))
    let(patrol.agency, level="restricted")

    assert ask_for(patrol, "border")[1].outcome == "no_match"


def test_a_record_within_the_level_is_found(nairobi_feeder: Member, patrol: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, confidentiality_level="restricted"))
    let(patrol.agency, level="restricted")

    assert ask_for(patrol, "border")[1].outcome == "matches"


def test_a_record_that_becomes_confidential_is_gone_for_them(nairobi_feeder: Member, patrol: Member) -> None:
    let(patrol.agency)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, "P/1"))
    assert ask_for(patrol, "border")[1].outcome == "matches"

    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, "P/1", **SECRET))

    assert ask_for(patrol, "border")[1].outcome == "no_match"


def test_a_bureau_still_finds_what_its_entity_does_not(
    nairobi_feeder: Member, warsaw_officer: Member, patrol: Member
) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **SECRET))
    let(patrol.agency)

    assert ask_for(warsaw_officer, "border")[1].outcome == "matches"
    assert ask_for(patrol, "border")[1].outcome == "no_match"


def test_a_bureau_limits_its_entity_in_its_own_records_too(warsaw_officer: Member, patrol: Member) -> None:
    feed_accepted(warsaw_officer, "nominal", a_person(NAME, **SECRET))
    let(patrol.agency)

    assert ask_for(patrol, "border")[1].outcome == "no_match"
    assert ask_for(warsaw_officer, "border")[1].outcome == "matches"


def test_a_right_for_one_purpose_answers_no_other(nairobi_feeder: Member, patrol: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME))
    let(patrol.agency, purposes=("border", "identify"))

    outcomes = [ask_for(patrol, purpose)[1].outcome for purpose in ("border", "identify", "arrest")]

    assert outcomes == ["matches", "matches", "refused"]


def test_the_record_is_read_under_the_purpose_of_its_check(nairobi_feeder: Member, patrol: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME))
    let(patrol.agency)
    let(patrol.agency, "read", purposes=("arrest",))
    entry, result = ask_for(patrol, "border")

    with pytest.raises(NotFound):
        read_after_check(patrol.asker, result.matches[0].record, entry, timezone.now())


def test_an_entity_has_no_right_that_its_bureau_has_not(nairobi_feeder: Member, patrol: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME))
    let(patrol.agency)
    of_bureau = Entitlement.objects.get(agency=patrol.agency.bureau, database="nominal", operation="check")

    end_entitlement(of_bureau, by=OPERATOR, now=timezone.now())

    assert ask_for(patrol, "border")[1].outcome == "refused"


def right(purposes: frozenset[str] = frozenset(), level: str = "confidential") -> Limit:
    return Limit("nominal", "check", purposes, level)


@pytest.mark.parametrize(
    ("own", "above", "both"),
    [
        (right(), right(), right()),
        (right(level="restricted"), right(), right(level="restricted")),
        (right(), right(level="official_use"), right(level="official_use")),
        (right(frozenset({"border"})), right(), right(frozenset({"border"}))),
        (right(), right(frozenset({"border"})), right(frozenset({"border"}))),
        (right(frozenset({"border", "warn"})), right(frozenset({"border"})), right(frozenset({"border"}))),
    ],
)
def test_a_right_below_another_is_what_both_have(own: Limit, above: Limit, both: Limit) -> None:
    assert narrowed([own], [above]) == (both,)


def test_two_rights_for_different_purposes_are_none() -> None:
    assert narrowed([right(frozenset({"border"}))], [right(frozenset({"warn"}))]) == ()


@pytest.mark.parametrize(
    ("purposes", "level", "at"), [(("bordr",), "restricted", "purposes"), ((), "secret", "highest_level")]
)
def test_a_limit_that_there_is_not_is_refused(patrol: Member, purposes: tuple[str, ...], level: str, at: str) -> None:
    with pytest.raises(BadInput) as caught:
        let(patrol.agency, purposes=purposes, level=level)

    assert caught.value.problems[0].at == at


def test_an_administrator_grants_for_purposes_and_to_a_level_on_the_page(warsaw_admin: Member, patrol: Member) -> None:
    sent = {
        "action": "grant", "agency": str(patrol.agency.pk), "database": "nominal", "operation": "check",
        "starts_on": f"{timezone.now():%Y-%m-%d}", "ends_on": "", "reason": "Agreement 7",
        "purposes": ["border", "warn"], "highest_level": "restricted",
    }  # fmt: skip

    browser_of(warsaw_admin).post("/access/", sent)

    granted = Entitlement.objects.get(agency=patrol.agency)
    assert granted.limit == Limit("nominal", "check", frozenset({"border", "warn"}), "restricted")
    assert "Border control, Warn" in browser_of(patrol).get(f"/access/?agency={patrol.agency.pk}").content.decode()
