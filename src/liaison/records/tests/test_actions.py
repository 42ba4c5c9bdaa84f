"""What a source does with its own records: block, unblock, withdraw; and how others report errors."""

from datetime import UTC, datetime

import pytest

from liaison.audit.models import Entry
from liaison.errors import BadInput, Conflict, LiaisonError, NotFound
from liaison.records import actions
from liaison.records.actions import change_state, own_record, readable_record, report_error
from liaison.records.models import ErrorReport, Record, Version
from tests.cast import House, Member, a_person, check, feed, feed_accepted

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PERSON = {"name": "Oksana Tverdokhlib"}


@pytest.fixture
def reference(nairobi_feeder: Member) -> str:
    """The reference of a record of Nairobi."""
    return feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1"), now=NOW)[0]


def found_by(*members: Member) -> list[str]:
    return [check(member, person=PERSON, now=NOW).outcome for member in members]


def may_read(member: Member, reference: str) -> bool:
    try:
        readable_record(member.asker, reference, NOW)
    except NotFound:
        return False
    return True


def test_a_withdrawn_record_is_found_no_more_by_anybody(
    nairobi_feeder: Member, warsaw_officer: Member, reference: str
) -> None:
    change_state(nairobi_feeder.asker, reference, "withdraw", "Arrested", NOW)

    assert found_by(nairobi_feeder, warsaw_officer) == ["no_match", "no_match"]
    assert [may_read(member, reference) for member in (nairobi_feeder, warsaw_officer)] == [False, False]


def test_what_a_withdrawn_record_said_is_not_in_its_last_version(nairobi_feeder: Member, reference: str) -> None:
    change_state(nairobi_feeder.asker, reference, "withdraw", "Arrested", NOW)

    assert Version.objects.get(sequence=Record.objects.get().sequence).payload == ""


def test_a_withdrawn_record_that_is_fed_again_is_back_under_its_reference(
    nairobi_feeder: Member, warsaw_officer: Member, reference: str
) -> None:
    change_state(nairobi_feeder.asker, reference, "withdraw", "Arrested", NOW)

    receipt = feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1"), now=NOW)[0]

    assert (receipt.outcome, receipt.reference) == ("updated", reference)
    assert found_by(warsaw_officer) == ["matches"]


def test_a_blocked_record_is_read_by_its_owner_only_and_matches_nobody_elses_check(
    nairobi_feeder: Member, warsaw_officer: Member, reference: str
) -> None:
    change_state(nairobi_feeder.asker, reference, "block", "In doubt", NOW)

    assert found_by(warsaw_officer) == ["no_match"]
    assert may_read(nairobi_feeder, reference)
    assert not may_read(warsaw_officer, reference)


def test_a_blocked_record_that_is_fed_again_stays_blocked(
    nairobi_feeder: Member, warsaw_officer: Member, reference: str
) -> None:
    change_state(nairobi_feeder.asker, reference, "block", "In doubt", NOW)

    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1", sex="F"), now=NOW)

    assert found_by(warsaw_officer) == ["no_match"]
    assert Record.objects.get().state == "blocked"


def test_an_unblocked_record_is_found_again_as_it_was(
    nairobi_feeder: Member, warsaw_officer: Member, reference: str
) -> None:
    before = readable_record(warsaw_officer.asker, reference, NOW).fields
    change_state(nairobi_feeder.asker, reference, "block", "In doubt", NOW)

    change_state(nairobi_feeder.asker, reference, "unblock", "The doubt is gone", NOW)

    assert found_by(warsaw_officer) == ["matches"]
    assert readable_record(warsaw_officer.asker, reference, NOW).fields == before


@pytest.mark.parametrize("act", ["block", "unblock", "withdraw"])
def test_for_anybody_but_the_source_the_record_to_be_changed_is_not_there(
    warsaw_officer: Member, reference: str, act: str
) -> None:
    with pytest.raises(NotFound) as not_mine:
        change_state(warsaw_officer.asker, reference, act, "Because", NOW)
    with pytest.raises(NotFound) as not_there:
        change_state(warsaw_officer.asker, "0000-0000-0000-0000", act, "Because", NOW)

    assert not_mine.value.problems == not_there.value.problems
    assert Version.objects.count() == 1


def test_an_entity_that_may_not_feed_changes_nothing_of_its_bureau(
    house: House, warsaw_officer: Member, border_officer: Member
) -> None:
    [reference] = feed_accepted(warsaw_officer, "nominal", a_person("Oksana Tverdokhlib"), now=NOW)

    with pytest.raises(NotFound):
        own_record(border_officer.asker, reference, NOW)

    assert may_read(border_officer, reference)


@pytest.mark.parametrize(("act", "state"), [("unblock", "active"), ("block", "blocked")])
def test_a_change_that_the_state_does_not_allow_says_the_state(
    nairobi_feeder: Member, reference: str, act: str, state: str
) -> None:
    Record.objects.update(state=state)

    with pytest.raises(Conflict, match=f"The record is {state}"):
        change_state(nairobi_feeder.asker, reference, act, "Because", NOW)


@pytest.mark.parametrize("act", ["block", "unblock", "withdraw"])
def test_no_state_changes_without_a_reason(nairobi_feeder: Member, reference: str, act: str) -> None:
    with pytest.raises(BadInput, match="missing-field"):
        change_state(nairobi_feeder.asker, reference, act, " ", NOW)


def test_who_decides_on_what_has_changed_meanwhile_is_told(
    nairobi_feeder: Member, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given two who look at the same record, of whom one withdraws it
    seen = readable_record(nairobi_feeder.asker, reference, NOW)
    change_state(nairobi_feeder.asker, reference, "withdraw", "Arrested", NOW)

    # when the other blocks what it saw
    monkeypatch.setattr(actions, "own_record", lambda *_: seen)
    with pytest.raises(Conflict, match="record-changed"):
        change_state(nairobi_feeder.asker, reference, "block", "In doubt", NOW)

    # then it stays withdrawn
    assert Record.objects.get().state == "withdrawn"
    assert Version.objects.count() == 2


def test_a_change_of_state_is_an_entry_with_its_reason(nairobi_feeder: Member, reference: str) -> None:
    change_state(nairobi_feeder.asker, reference, "block", "In doubt", NOW)

    entry = Entry.objects.order_by("-number")[0]
    assert (entry.event, entry.shown_references, entry.database) == ("record_blocked", [reference], "nominal")
    assert entry.as_line()["detail"] == {"reason": "In doubt"}


def test_any_bureau_that_may_read_a_record_can_report_an_error_and_the_record_stays_as_it_is(
    warsaw_officer: Member, reference: str
) -> None:
    report = report_error(warsaw_officer.asker, reference, "She was born in 1985.", NOW)

    assert ErrorReport.objects.get() == report
    assert (report.reported_by, report.text) == (warsaw_officer.agency, "She was born in 1985.")
    assert str(report) == f"report on {Record.objects.get().number}"
    assert Version.objects.count() == 1
    assert Entry.objects.order_by("-number")[0].event == "error_reported"


def test_an_error_report_says_something(warsaw_officer: Member, reference: str) -> None:
    with pytest.raises(BadInput, match="missing-field"):
        report_error(warsaw_officer.asker, reference, "\n", NOW)


@pytest.mark.parametrize("asked", ["restricted", "no record", "no rights", "no reference"])
def test_no_rights_and_no_record_are_the_same_answer(
    nairobi_feeder: Member, warsaw_officer: Member, outsider: Member, reference: str, asked: str
) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1", restricted_against=["PL"]), now=NOW)
    member, named = {
        "restricted": (warsaw_officer, reference),
        "no record": (warsaw_officer, "0000-0000-0000-0000"),
        "no rights": (outsider, reference),
        "no reference": (nairobi_feeder, "' OR 1=1 --"),
    }[asked]

    with pytest.raises(LiaisonError) as refused:
        report_error(member.asker, named, "Wrong", NOW)

    assert str(refused.value) == "no-such-record: There is no such record."
    assert not may_read(member, named)


def test_records_versions_and_classes_read_as_sentences(nairobi_feeder: Member, reference: str) -> None:
    record = Record.objects.get()

    assert str(record) == reference
    assert str(Version.objects.get()) == f"{record.number} at {record.sequence}"
