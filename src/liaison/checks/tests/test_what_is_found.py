"""What a check finds beside persons and numbers, what it leaves out, and that it says so."""

from datetime import UTC, datetime

import pytest

from liaison.checks.answer import CUT, MOST_MATCHES
from liaison.records.actions import change_state
from liaison.records.storage import OwnSearch, list_own
from tests.cast import Member, a_person, check, feed, feed_accepted

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
OKSANA = {"name": "Oksana Tverdokhlib"}


def test_an_organisation_is_found_by_its_name_and_not_as_a_person(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    row = a_person("Blue Lagoon Trading", kind="organisation", nationalities=["KE"])
    [reference] = feed_accepted(nairobi_feeder, "nominal", row)

    named = check(warsaw_officer, organisation={"name": "Blue Lagoon Trading Ltd", "country": "KE"})
    as_person = check(warsaw_officer, person={"name": "Blue Lagoon Trading"})

    assert [(match.record, match.strength) for match in named.matches] == [(reference, "strong")]
    assert as_person.outcome == "no_match"


def test_whoever_may_not_check_persons_may_not_check_organisations(outsider: Member) -> None:
    assert check(outsider, organisation={"name": "Blue Lagoon Trading"}).outcome == "refused"


def test_an_exact_match_beside_too_many_alike_says_that_some_are_not_shown(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    # given more namesakes than an answer holds, one of them under the number of her document
    namesakes = [a_person("Oksana Tverdokhlib", f"P/{number}", born=["1974-08-12"]) for number in range(MOST_MATCHES)]
    known = a_person("Oksana Tverdokhlib", "P/known", born=["1974-08-12"], documents=[{"number": "L898902C3"}])
    feed(nairobi_feeder, "nominal", *namesakes, known)
    zone = "P<UTOTVERDOKHLIB<<OKSANA<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"

    # when her passport is read, and asked by its number and by her name
    result = check(warsaw_officer, mrz=zone)

    # then hers comes first, and the answer says that it was cut
    assert (result.outcome, len(result.matches)) == ("matches", MOST_MATCHES)
    assert (result.matches[0].source_reference, result.matches[0].strength) == ("P/known", "exact")
    assert CUT in result.notes


def test_an_answer_that_holds_all_says_nothing_of_a_cut(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", *(a_person("Oksana Tverdokhlib", f"P/{number}") for number in range(MOST_MATCHES)))

    result = check(warsaw_officer, person=OKSANA)

    assert (len(result.matches), result.notes) == (MOST_MATCHES, ())


@pytest.mark.parametrize("asker", ["nairobi_feeder", "warsaw_officer"])
def test_a_blocked_record_is_found_by_no_check_and_stands_in_its_owners_list(
    nairobi_feeder: Member, warsaw_officer: Member, request: pytest.FixtureRequest, asker: str
) -> None:
    """A check makes people act; what its own source doubts must not (RPD 129)."""
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))
    change_state(nairobi_feeder.asker, reference, "block", "In doubt", NOW)

    result = check(request.getfixturevalue(asker), person=OKSANA)

    assert result.outcome == "no_match"
    from liaison.access.grants import grant

    listed = list_own(grant(nairobi_feeder.asker, "feed", "nominal"), OwnSearch(state="blocked"), NOW.date(), 10)
    assert [stored.reference for stored in listed] == [reference]
