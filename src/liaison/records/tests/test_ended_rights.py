"""Whoever may feed no more stops in the middle of a feed: at the next chunk, whatever it was that ended."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from liaison.access.actions import end_entitlement
from liaison.access.models import Entitlement
from liaison.access.rules import Asker
from liaison.agencies.actions import close_agency, close_officer, create_key, revoke_key
from liaison.agencies.models import Key
from liaison.audit.actions import OPERATOR
from liaison.errors import LiaisonError
from liaison.records import feed as module
from liaison.records import uploads
from liaison.records.feed import feed_rows, open_batch, resume_batch, try_rows
from liaison.records.formats import Row
from liaison.records.models import Batch, Record
from tests.cast import House, Member, a_person, a_vehicle

Rows = Iterator[Row]


@pytest.fixture(autouse=True)
def row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every chunk one row, so that something can end between two rows."""
    monkeypatch.setattr(module, "CHUNK_ROWS", 1)


def rows_around(end: Callable[[], object], row: Callable[[str], dict[str, object]] = a_vehicle) -> Rows:
    """Yield two rows, let something end, and yield two more."""
    for number in range(1, 5):
        if number == 3:
            end()
        yield Row(number, row(f"WZZZZZ9ZZZZ{number:06}"), None, "")


def revoke(member: Member) -> None:
    revoke_key(Key.objects.get(system__agency=member.agency), by=OPERATOR, now=timezone.now())


def expire(member: Member) -> None:
    Key.objects.filter(system__agency=member.agency).update(expires_at=timezone.now() - timedelta(seconds=1))


def close_house_of(member: Member) -> None:
    close_agency(member.agency, by=OPERATOR, now=timezone.now())


def close_account_of(member: Member) -> None:
    close_officer(member.officer, by=OPERATOR, now=timezone.now())


def end_right_of(member: Member) -> None:
    right = Entitlement.objects.get(agency=member.agency, database="vehicles", operation="feed")
    end_entitlement(right, by=OPERATOR, now=timezone.now())


ENDINGS = [
    ("system", revoke, "no-valid-key"),
    ("system", expire, "no-valid-key"),
    ("system", close_house_of, "no-valid-key"),
    ("system", end_right_of, "no-entitlement"),
    ("asker", close_account_of, "account-closed"),
    ("asker", close_house_of, "account-closed"),
    ("asker", end_right_of, "no-entitlement"),
]


@pytest.mark.parametrize(("who", "end", "code"), ENDINGS)
def test_a_feed_ends_at_the_chunk_after_its_right_and_says_what_ended(
    nairobi_feeder: Member, who: str, end: Callable[[Member], None], code: str
) -> None:
    asker: Asker = getattr(nairobi_feeder, who)
    batch = open_batch(asker, "vehicles", "jsonl", "", {}, timezone.now())

    with pytest.raises(LiaisonError, match=code):
        list(feed_rows(batch, rows_around(lambda: end(nairobi_feeder)), asker, timezone.now))

    assert Record.objects.count() == 2
    stored = Batch.objects.get()
    assert (stored.state, stored.rows_done, stored.failure.partition(":")[0]) == ("failed", 2, code)


@pytest.mark.parametrize(("who", "end", "code"), ENDINGS)
def test_a_dry_run_ends_so_too(nairobi_feeder: Member, who: str, end: Callable[[Member], None], code: str) -> None:
    asker: Asker = getattr(nairobi_feeder, who)
    rows = rows_around(lambda: end(nairobi_feeder))

    judged = try_rows(rows, "vehicles", asker, {}, timezone.now, format="jsonl")

    assert [next(judged).row, next(judged).row] == [1, 2]
    with pytest.raises(LiaisonError, match=code):
        next(judged)


def test_the_bureau_that_answers_for_an_entity_takes_its_feed_with_it(
    house: House, warsaw_officer: Member, border_officer: Member
) -> None:
    house.entitle(border_officer.agency, "vehicles", "feed")
    asker = border_officer.system
    batch = open_batch(asker, "vehicles", "jsonl", "", {}, timezone.now())

    with pytest.raises(LiaisonError, match="no-valid-key"):
        list(feed_rows(batch, rows_around(lambda: close_house_of(warsaw_officer)), asker, timezone.now))

    assert Record.objects.count() == 2


def test_a_key_ends_only_what_was_begun_with_it(nairobi_feeder: Member) -> None:
    other = create_key(nairobi_feeder.agency, "Other", timedelta(days=1), by=OPERATOR, now=timezone.now())[0]
    batch = open_batch(nairobi_feeder.system, "vehicles", "jsonl", "", {}, timezone.now())
    rows = rows_around(lambda: revoke_key(other, by=OPERATOR, now=timezone.now()))

    list(feed_rows(batch, rows, nairobi_feeder.system, timezone.now))

    assert batch.state == "closed"


def test_a_row_for_another_database_is_refused_from_the_chunk_after_that_right(
    house: House, nairobi_feeder: Member
) -> None:
    """A format may send rows to another database than the batch's; their right is looked at as often."""

    def persons_and_vehicles() -> Rows:
        yield Row(1, a_vehicle("WZZZZZ9ZZZZ000001"), None, "", database="vehicles")
        end_right_of(nairobi_feeder)
        yield Row(2, a_vehicle("WZZZZZ9ZZZZ000002"), None, "", database="vehicles")
        yield Row(3, a_person("Juma Kiprotich"), None, "")

    batch = open_batch(nairobi_feeder.asker, "nominal", "jsonl", "", {}, timezone.now())
    list(feed_rows(batch, persons_and_vehicles(), nairobi_feeder.asker, timezone.now))

    assert (batch.state, batch.accepted, batch.refused) == ("closed", 2, 1)


def test_what_was_stopped_goes_on_with_a_new_key(nairobi_feeder: Member) -> None:
    # given a feed whose key was taken back after two rows
    batch = open_batch(nairobi_feeder.system, "vehicles", "jsonl", "", {}, timezone.now())
    with pytest.raises(LiaisonError, match="no-valid-key"):
        list(feed_rows(batch, rows_around(lambda: revoke(nairobi_feeder)), nairobi_feeder.system, timezone.now))

    # when somebody else of the bureau takes it up
    again = resume_batch(nairobi_feeder.asker, batch.id, timezone.now())
    list(feed_rows(again, rows_around(lambda: None), nairobi_feeder.asker, timezone.now))

    # then every row is there once
    assert (again.state, again.accepted, Record.objects.count()) == ("closed", 4, 4)


def test_a_key_is_good_until_its_last_second_and_no_longer(nairobi_feeder: Member) -> None:
    end = datetime(2026, 3, 10, 12, tzinfo=UTC)
    asker = nairobi_feeder.system
    Key.objects.update(expires_at=end)
    moments = iter([end - timedelta(seconds=2), end - timedelta(seconds=1), end, end, end])
    batch = open_batch(asker, "vehicles", "jsonl", "", {}, end)

    with pytest.raises(LiaisonError, match="no-valid-key"):
        list(feed_rows(batch, rows_around(lambda: None), asker, lambda: next(moments)))

    assert batch.rows_done == 2


def test_the_feed_of_an_uploaded_file_ends_with_the_account_of_who_sent_it(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given an uploaded file that is being fed
    now = timezone.now()
    batch = open_batch(nairobi_feeder.asker, "vehicles", "jsonl", "a.jsonl", {}, now)
    rows = rows_around(lambda: close_account_of(nairobi_feeder))
    monkeypatch.setattr(uploads, "_rows", lambda *_: rows)

    # when the account is closed meanwhile
    uploads.start_feeding(batch, nairobi_feeder.asker)
    uploads.wait_for(batch.id)

    # then the batch ended there, and its page says why
    stored = Batch.objects.get()
    assert (stored.state, stored.rows_done, Record.objects.count()) == ("failed", 2, 2)
    assert stored.failure.startswith("account-closed")
