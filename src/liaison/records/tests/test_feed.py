"""Feeding: every row has a receipt, the same row twice changes nothing, and a batch goes on after a crash."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from liaison.access.rules import Asker
from liaison.errors import BadInput, Conflict, NotFound, Problem, Refused
from liaison.records import feed as module
from liaison.records.feed import Receipt, feed_one, feed_rows, open_batch, receipts_of, resume_batch, try_rows
from liaison.records.formats import Row
from liaison.records.models import Batch, Record, Version
from liaison.records.writing import Turn
from tests.cast import House, Member, a_passport, a_person, a_vehicle, check, feed, feed_accepted

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
VIN = "WZZZZZ9ZZZZ000001"


def rows_of(*fields: dict[str, object]) -> list[Row]:
    return [Row(number, row, None, f"row {number}") for number, row in enumerate(fields, 1)]


def vehicles(count: int) -> list[Row]:
    return rows_of(*(a_vehicle(f"WZZZZZ9ZZZZ{number:06}") for number in range(1, count + 1)))


def begin(asker: Asker, database: str = "vehicles") -> Batch:
    return open_batch(asker, database, "jsonl", "a.jsonl", {}, NOW)


def go_on(batch: Batch, rows: Iterable[Row], asker: Asker) -> Iterator[Batch]:
    return feed_rows(batch, rows, asker, lambda: NOW)


def outcomes(receipts: Iterable[Receipt]) -> list[str]:
    return [receipt.outcome for receipt in receipts]


@pytest.fixture
def row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every chunk one row, so that a few rows have many chunks."""
    monkeypatch.setattr(module, "CHUNK_ROWS", 1)


def test_each_row_has_a_receipt_of_what_became_of_it(nairobi_feeder: Member) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN), a_vehicle("WZZZZZ9ZZZZ000002"))

    receipts = feed(
        nairobi_feeder, "vehicles", a_vehicle(VIN), a_vehicle("WZZZZZ9ZZZZ000002", colour="red"),
        a_vehicle("WZZZZZ9ZZZZ000003"), a_vehicle("WZZZZZ9ZZZZ000004", year=-1),
    )  # fmt: skip

    assert outcomes(receipts) == ["unchanged", "updated", "accepted", "refused"]
    assert [receipt.row for receipt in receipts] == [1, 2, 3, 4]
    assert [bool(receipt.reference) for receipt in receipts] == [True, True, True, False]


def test_a_refused_row_says_field_value_reason_and_remedy_and_carries_its_text(nairobi_feeder: Member) -> None:
    receipt = feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", born=["1984-02-30"]))[0]

    problem = receipt.problems[0]
    assert (problem.code, problem.at, problem.value) == ("impossible-date", "born[0]", "1984-02-30")
    assert "not in the calendar: write YYYY" in problem.detail
    assert "Oksana" in receipt.raw


def test_a_receipt_keeps_the_text_of_its_row_whatever_line_ends_stand_in_it(nairobi_feeder: Member) -> None:
    text = "one\u2028two\u0085three\nfour\x0bfive"
    batch = begin(nairobi_feeder.asker)

    list(go_on(batch, [Row(1, None, Problem("bad-json", "No."), text)], nairobi_feeder.asker))

    assert [receipt.raw for receipt in receipts_of(batch)] == [text]


@pytest.mark.parametrize(
    ("row", "code", "at"),
    [
        (a_vehicle(VIN, color_of_seats="red"), "unknown-field", "color_of_seats"),
        (a_vehicle(VIN, year="last"), "wrong-type", "year"),
        (a_vehicle(VIN, year=1800), "bad-value", "year"),
        (a_vehicle(VIN, stolen_on="2025-02-29"), "impossible-date", "stolen_on"),
        (a_vehicle(VIN, plate="W1", plate_country="POLLAND"), "unknown-country", "plate_country"),
        (a_vehicle("1M8GDM9A1KP042788"), "bad-check-digit", "vin"),
        (a_vehicle("", source_reference="V/1"), "missing-field", "vin"),
        (a_vehicle(VIN, purpose=["holiday"]), "unknown-value", "purpose[0]"),
        (a_vehicle(VIN, expires_on="2026-03-10"), "expired-already", "expires_on"),
        (a_vehicle(VIN, expires_on="2100-01-01"), "beyond-retention", "expires_on"),
        (a_vehicle(VIN, restricted_against=["KE"]), "restrict-another", "restricted_against[0]"),
        (a_vehicle(VIN, restricted_against=["VN"]), "unknown-bureau", "restricted_against[0]"),
        ({"vin": VIN, "purpose": ["locate"]}, "missing-field", "source_reference"),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_code_and_place(
    nairobi_feeder: Member, row: dict[str, object], code: str, at: str
) -> None:
    receipt = feed(nairobi_feeder, "vehicles", row, now=NOW)[0]

    assert receipt.outcome == "refused"
    assert [(problem.code, problem.at) for problem in receipt.problems] == [(code, at)]
    assert Record.objects.count() == 0


def test_the_same_batch_twice_changes_nothing(nairobi_feeder: Member) -> None:
    rows = [a_person("Oksana Tverdokhlib"), a_person("Juma Kiprotich")]
    first = feed(nairobi_feeder, "nominal", *rows)

    again = feed(nairobi_feeder, "nominal", *rows)

    assert outcomes(again) == ["unchanged", "unchanged"]
    assert [receipt.reference for receipt in again] == [receipt.reference for receipt in first]
    assert (Record.objects.count(), Version.objects.count()) == (2, 2)


def test_a_row_twice_in_one_batch_is_one_record_and_the_later_one_counts(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    receipts = feed(
        nairobi_feeder, "vehicles", a_vehicle(VIN), a_vehicle(VIN, colour="red"), a_vehicle(VIN, colour="red"),
        a_vehicle(VIN, colour="blue"),
    )  # fmt: skip

    assert outcomes(receipts) == ["accepted", "updated", "unchanged", "updated"]
    assert Record.objects.count() == 1
    assert check(warsaw_officer, vehicle={"vin": VIN}).matches[0].name.startswith("blue")


def test_an_update_is_found_and_what_it_replaced_is_not(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1"))

    feed(nairobi_feeder, "nominal", a_person("Zubaida Mwakasege", "P/1"))

    assert check(warsaw_officer, person={"name": "Zubaida Mwakasege"}).outcome == "matches"
    assert check(warsaw_officer, person={"name": "Oksana Tverdokhlib"}).outcome == "no_match"


def test_only_the_source_changes_its_record(nairobi_feeder: Member, madrid_requester: Member) -> None:
    """Another bureau that feeds the same reference makes a record of its own (RPD 46)."""
    [first] = feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1"))

    [second] = feed_accepted(madrid_requester, "nominal", a_person("Zubaida Mwakasege", "P/1"))

    assert first != second
    assert Version.objects.filter(record=Record.objects.get(reference=first).number).count() == 1


def test_an_entity_feeds_for_its_bureau(house: House, warsaw_officer: Member, border_officer: Member) -> None:
    [first] = feed_accepted(warsaw_officer, "vehicles", a_vehicle(VIN))
    house.entitle(border_officer.agency, "vehicles", "feed")

    receipts = feed(border_officer, "vehicles", a_vehicle(VIN, colour="red"))

    assert [(receipt.outcome, receipt.reference) for receipt in receipts] == [("updated", first)]
    assert Record.objects.get().owner == warsaw_officer.agency


def test_only_the_issuing_country_records_a_document(nairobi_feeder: Member) -> None:
    receipts = feed(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"), a_passport("9ZZL00002", "PL"))

    assert outcomes(receipts) == ["accepted", "refused"]
    assert receipts[1].problems[0].code == "not-the-issuer"


def test_a_row_without_rights_in_its_own_database_is_refused_alone(house: House, outsider: Member) -> None:
    """A format may send one row to another database than the batch's."""
    house.entitle(outsider.agency, "nominal", "feed")
    row = Row(1, {}, None, "", database="vessels")
    batch = begin(outsider.asker, "nominal")

    list(go_on(batch, [row, Row(2, a_person("Juma Kiprotich"), None, "")], outsider.asker))

    receipts = list(receipts_of(batch))
    assert outcomes(receipts) == ["refused", "accepted"]
    assert receipts[0].problems[0].code == "no-entitlement"


def test_a_row_that_its_format_refused_keeps_its_reason(nairobi_feeder: Member) -> None:
    refusal = Problem("bad-json", "This is not JSON.", "line 1")
    batch = begin(nairobi_feeder.asker)

    list(go_on(batch, [Row(1, None, refusal, "{"), Row(2, None, None, "")], nairobi_feeder.asker))

    assert [receipt.problems[0].code for receipt in receipts_of(batch)] == ["bad-json", "empty-row"]


def test_defaults_of_a_batch_hold_where_a_row_is_silent(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    silent = a_person("Oksana Tverdokhlib", "P/1", status="", purpose=None)

    receipts = feed(nairobi_feeder, "nominal", silent, status="suspect", purpose=["locate"], expires_on="2027-01-01")

    assert outcomes(receipts) == ["accepted"]
    assert str(Record.objects.get().expires_on) == "2027-01-01"


def test_a_batch_without_rights_is_not_opened(outsider: Member, warsaw_officer: Member) -> None:
    with pytest.raises(Refused, match="no-entitlement"):
        begin(outsider.asker)
    with pytest.raises(BadInput, match="unknown-database"):
        begin(warsaw_officer.asker, "vehicels")

    assert Batch.objects.count() == 0


def test_receipts_are_kept_in_row_order_and_the_refused_can_be_had_alone(
    nairobi_feeder: Member, row_by_row: None
) -> None:
    rows = rows_of(a_vehicle(VIN), a_vehicle("?"), a_vehicle("WZZZZZ9ZZZZ000002"), a_vehicle("!"))
    batch = begin(nairobi_feeder.asker)

    list(go_on(batch, rows, nairobi_feeder.asker))

    assert [receipt.row for receipt in receipts_of(batch)] == [1, 2, 3, 4]
    assert [receipt.row for receipt in receipts_of(batch, refused_only=True)] == [2, 4]
    assert (batch.state, batch.accepted, batch.refused, batch.rows_done) == ("closed", 2, 2, 4)


@pytest.mark.parametrize("crash_after", range(5))
def test_a_batch_resumes_after_a_crash_between_any_two_chunks(
    nairobi_feeder: Member, row_by_row: None, crash_after: int
) -> None:
    # given a feeder that dies after some chunks (the fifth row is still to come)
    batch = begin(nairobi_feeder.asker)
    feeding = go_on(batch, vehicles(5), nairobi_feeder.asker)
    [next(feeding) for _ in range(crash_after)]
    del feeding, batch

    # when the whole file is fed again as the same batch
    again = resume_batch(nairobi_feeder.asker, Batch.objects.get().id, NOW)
    list(go_on(again, vehicles(5), nairobi_feeder.asker))

    # then every row is there once, has one receipt and is counted once
    assert [receipt.row for receipt in receipts_of(again)] == [1, 2, 3, 4, 5]
    assert outcomes(receipts_of(again)) == ["accepted"] * 5
    assert (again.accepted, again.unchanged, again.state) == (5, 0, "closed")
    assert list(Version.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("part", ["put", "save"])
def test_a_crash_inside_a_chunk_leaves_nothing_of_it(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    # given a chunk that dies while it is written
    batch = begin(nairobi_feeder.asker)
    with monkeypatch.context() as broken:
        broken.setattr(Turn, part, lambda *_: (_ for _ in ()).throw(MemoryError))
        with pytest.raises(MemoryError):
            list(go_on(batch, vehicles(5), nairobi_feeder.asker))

    # then no row of it is there, and the batch can go on
    assert (Record.objects.count(), Version.objects.count(), len(list(receipts_of(batch)))) == (0, 0, 0)
    again = resume_batch(nairobi_feeder.asker, batch.id, NOW)
    list(go_on(again, vehicles(5), nairobi_feeder.asker))
    assert again.accepted == 5


def test_of_two_feeders_of_one_batch_one_goes_on_and_the_other_is_told(
    nairobi_feeder: Member, row_by_row: None
) -> None:
    # given two who feed the same batch
    first = begin(nairobi_feeder.asker)
    second = resume_batch(nairobi_feeder.asker, first.id, NOW)
    winner = go_on(first, vehicles(4), nairobi_feeder.asker)
    loser = go_on(second, vehicles(4), nairobi_feeder.asker)

    # when both have the same row to write
    next(winner)
    with pytest.raises(Conflict, match="batch-moved"):
        next(loser)

    # then the faster one ends it, with every row once
    assert Batch.objects.get().state == "open"
    list(winner)
    assert [receipt.row for receipt in receipts_of(first)] == [1, 2, 3, 4]
    assert Version.objects.count() == 4
    assert Batch.objects.get().state == "closed"


def test_a_file_that_breaks_off_closes_the_batch_as_failed_and_it_can_be_resumed(
    nairobi_feeder: Member, row_by_row: None
) -> None:
    # given a file that is cut off after two rows
    def cut_off() -> Iterator[Row]:
        yield from vehicles(2)
        raise BadInput("truncated-gzip", "The compressed file ends too early.")

    batch = begin(nairobi_feeder.asker)
    with pytest.raises(BadInput, match="truncated-gzip"):
        list(go_on(batch, cut_off(), nairobi_feeder.asker))
    assert (batch.state, batch.rows_done) == ("failed", 2)
    assert "truncated-gzip" in batch.failure

    # when it is sent whole
    again = resume_batch(nairobi_feeder.asker, batch.id, NOW)
    list(go_on(again, vehicles(3), nairobi_feeder.asker))

    # then only the rest is written
    assert (again.accepted, again.state) == (3, "closed")


def test_a_complete_batch_is_not_resumed(nairobi_feeder: Member) -> None:
    batch = begin(nairobi_feeder.asker)
    list(go_on(batch, vehicles(1), nairobi_feeder.asker))

    with pytest.raises(Conflict, match="batch-closed"):
        resume_batch(nairobi_feeder.asker, batch.id, NOW)


def test_a_batch_of_another_bureau_is_not_there(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    batch = begin(nairobi_feeder.asker)

    with pytest.raises(NotFound) as not_mine:
        resume_batch(warsaw_officer.asker, batch.id, NOW)
    with pytest.raises(NotFound) as not_there:
        resume_batch(warsaw_officer.asker, "20260310-000000000000", NOW)

    assert not_mine.value.problems == not_there.value.problems


def test_whoever_resumes_a_batch_is_the_author_of_what_follows(nairobi_feeder: Member, row_by_row: None) -> None:
    batch = begin(nairobi_feeder.asker)
    next(go_on(batch, vehicles(2), nairobi_feeder.asker))

    list(go_on(resume_batch(nairobi_feeder.system, batch.id, NOW), vehicles(2), nairobi_feeder.system))

    authors = list(Version.objects.order_by("sequence").values_list("actor", flat=True))
    assert authors == [nairobi_feeder.asker.actor, nairobi_feeder.system.actor]


def test_an_empty_batch_closes(nairobi_feeder: Member) -> None:
    batch = begin(nairobi_feeder.asker)

    last = list(go_on(batch, [], nairobi_feeder.asker))

    assert [one.state for one in last] == ["closed"]
    assert list(receipts_of(batch)) == []
    assert str(batch) == batch.id


def test_a_slow_source_is_written_before_its_chunk_is_full(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK_SECONDS", 0.0)
    batch = begin(nairobi_feeder.asker)

    chunks = list(go_on(batch, vehicles(3), nairobi_feeder.asker))

    assert len(chunks) == 4


def test_a_dry_run_judges_as_a_feed_does_and_writes_nothing(nairobi_feeder: Member, outsider: Member) -> None:
    rows = rows_of(a_vehicle(VIN), a_vehicle("?"))

    receipts = list(try_rows(rows, "vehicles", nairobi_feeder.asker, {}, lambda: NOW, format="jsonl"))

    assert outcomes(receipts) == ["acceptable", "refused"]
    assert (Record.objects.count(), Batch.objects.count()) == (0, 0)
    with pytest.raises(Refused):
        list(try_rows(rows, "vehicles", outsider.asker, {}, lambda: NOW, format="jsonl"))


def test_one_record_entered_by_hand_is_a_batch_of_one(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    now = timezone.now()

    receipt = feed_one(nairobi_feeder.asker, "vehicles", a_vehicle(VIN), now)

    assert receipt.outcome == "accepted"
    assert check(warsaw_officer, vehicle={"vin": VIN}).outcome == "matches"


def test_a_record_entered_by_hand_that_is_wrong_says_everything_that_is(nairobi_feeder: Member) -> None:
    wrong = a_vehicle("1M8GDM9A1KP042788", restricted_against=["KE"])

    with pytest.raises(BadInput) as refused:
        feed_one(nairobi_feeder.asker, "vehicles", wrong, timezone.now())

    assert {problem.code for problem in refused.value.problems} == {"bad-check-digit", "restrict-another"}


def test_a_second_restriction_of_a_record_holds_from_its_next_version(
    nairobi_feeder: Member, warsaw_officer: Member, madrid_requester: Member
) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN, restricted_against=["PL"]))
    before = [check(member, vehicle={"vin": VIN}).outcome for member in (warsaw_officer, madrid_requester)]

    feed(nairobi_feeder, "vehicles", a_vehicle(VIN, restricted_against=["ES"]))
    after = [check(member, vehicle={"vin": VIN}).outcome for member in (warsaw_officer, madrid_requester)]

    assert before == ["no_match", "matches"]
    assert after == ["matches", "no_match"]
