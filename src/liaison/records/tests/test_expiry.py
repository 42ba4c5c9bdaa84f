"""A record past its expiry is found by no path from that instant, whatever jobs have run."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from liaison.access.grants import grant
from liaison.checks.actions import read_after_check
from liaison.errors import NotFound
from liaison.records.actions import change_state, own_record, readable_record, report_error
from liaison.records.models import Record
from liaison.records.storage import OwnSearch, list_own, read_numbers, read_reference
from tests.cast import Member, a_passport, a_person, ask, check, feed, feed_accepted

FED = datetime(2026, 1, 5, 9, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
LAST_MOMENT = MIDNIGHT - timedelta(microseconds=1)
EXPIRES = {"expires_on": "2026-03-01"}
DOCUMENTS = [{"number": "9ZZL00001", "issuer": "KE"}]


@pytest.fixture
def reference(nairobi_feeder: Member) -> str:
    """The reference of a record of Nairobi that is kept until the last day of February."""
    person = a_person("Oksana Tverdokhlib", "P/1", documents=DOCUMENTS, **EXPIRES)
    return feed_accepted(nairobi_feeder, "nominal", person, now=FED)[0]


def is_found(read: Callable[[], object]) -> bool:
    try:
        return bool(read())
    except NotFound:
        return False


Path = Callable[[Member, str, datetime], object]
PATHS: dict[str, Path] = {
    "check by name": lambda who, _, now: check(who, person={"name": "Oksana Tverdokhlib"}, now=now).matches,
    "check by document": lambda who, _, now: check(who, document={"number": "9ZZL00001"}, now=now).matches,
    "read": lambda who, reference, now: readable_record(who.asker, reference, now),
    "read as owner": lambda who, reference, now: own_record(who.asker, reference, now),
    "storage by number": lambda who, _, now: read_numbers(
        grant(who.asker, "read", "nominal"), [Record.objects.get().number], now.date()
    ),
    "storage by reference": lambda who, reference, now: read_reference(
        grant(who.asker, "check", "nominal"), reference, now.date()
    ),
    "list": lambda who, _, now: list_own(grant(who.asker, "feed", "nominal"), OwnSearch(), now.date(), 10),
    "report": lambda who, reference, now: report_error(who.asker, reference, "Wrong", now),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_record_is_found_until_the_last_moment_and_from_midnight_utc_by_no_path(
    nairobi_feeder: Member, reference: str, path: str
) -> None:
    in_time = is_found(lambda: PATHS[path](nairobi_feeder, reference, LAST_MOMENT))
    too_late = is_found(lambda: PATHS[path](nairobi_feeder, reference, MIDNIGHT))

    assert (in_time, too_late) == (True, False)


def test_a_record_that_a_check_showed_yesterday_is_not_read_today(nairobi_feeder: Member, reference: str) -> None:
    answer = ask(nairobi_feeder, {"document": {"number": "9ZZL00001"}}, now=LAST_MOMENT)
    shown = [match.record for match in answer.results[0].matches]

    in_time = read_after_check(nairobi_feeder.asker, reference, answer.entry, LAST_MOMENT)
    too_late = is_found(lambda: read_after_check(nairobi_feeder.asker, reference, answer.entry, MIDNIGHT))

    assert (shown, in_time.reference, too_late) == ([reference], reference, False)


def test_an_expired_record_does_not_count_towards_too_many(nairobi_feeder: Member) -> None:
    many = [a_person("Oksana Tverdokhlib", f"P/{number}", **EXPIRES) for number in range(60)]
    feed(nairobi_feeder, "nominal", *many, now=FED)

    outcomes = [check(nairobi_feeder, person={"name": "Oksana Tverdokhlib"}, now=now).outcome
                for now in (LAST_MOMENT, MIDNIGHT)]  # fmt: skip

    assert outcomes == ["too_many", "no_match"]


def test_an_expired_record_cannot_be_changed(nairobi_feeder: Member, reference: str) -> None:
    with pytest.raises(NotFound):
        change_state(nairobi_feeder.asker, reference, "block", "In doubt", MIDNIGHT)


def test_a_row_that_names_no_day_is_kept_as_long_as_its_database_keeps(nairobi_feeder: Member) -> None:
    feed(nairobi_feeder, "travel_documents", a_passport("9ZZL00002", "KE"), now=FED)

    assert Record.objects.get().expires_on == FED.date() + timedelta(days=3653)


def test_an_update_that_names_no_day_does_not_prolong(nairobi_feeder: Member, reference: str) -> None:
    later = FED + timedelta(days=20)

    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1", sex="F"), now=later)

    assert Record.objects.get().expires_on == date(2026, 3, 1)


@pytest.mark.parametrize("more", [{"documents": DOCUMENTS}, {"sex": "F"}])
def test_an_expired_record_that_is_fed_again_is_recorded_anew(
    nairobi_feeder: Member, warsaw_officer: Member, more: dict[str, object]
) -> None:
    # given a record without a day of its own, whose retention is over
    first = feed_accepted(
        nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1", documents=DOCUMENTS), now=FED
    )
    later = FED + timedelta(days=1826)
    assert check(warsaw_officer, person={"name": "Oksana Tverdokhlib"}, now=later).outcome == "no_match"

    # when its source feeds it again, as it was or changed
    receipt = feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1", **more), now=later)[0]

    # then it is there again, from that day on
    record = Record.objects.get()
    assert ([receipt.reference], receipt.outcome) == (first, "updated")
    assert (record.recorded_on, record.expires_on) == (later.date(), later.date() + timedelta(days=1826))
    assert check(warsaw_officer, person={"name": "Oksana Tverdokhlib"}, now=later).outcome == "matches"


def test_a_source_cannot_move_the_last_day_beyond_the_retention_from_recording(nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1"), now=FED)
    beyond = str(FED.date() + timedelta(days=1827))

    changed = a_person("Oksana Tverdokhlib", "P/1", expires_on=beyond)
    receipt = feed(nairobi_feeder, "nominal", changed, now=FED + timedelta(days=10))[0]

    assert (receipt.outcome, receipt.problems[0].code) == ("refused", "beyond-retention")
    assert Record.objects.get().expires_on == FED.date() + timedelta(days=1826)
