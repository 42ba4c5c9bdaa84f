"""Versions are visible in the order in which they count, without gaps, whoever writes at once."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import timezone

from liaison.access.queries import asker_of_key
from liaison.records.feed import feed_rows, open_batch
from liaison.records.formats import Row
from liaison.records.models import Record, RightsClass, Version
from tests import second_process
from tests.cast import Member, a_vehicle, feed, soon

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
THIS = "liaison.records.tests.test_writing"


def vehicle_rows(prefix: str, count: int) -> list[Row]:
    fields = [a_vehicle(f"WZZZZZ9ZZZ{prefix}{number:06}") for number in range(count)]
    return [Row(number, row, None, "") for number, row in enumerate(fields, 1)]


def feed_by_key(key: str, prefix: str, count: str) -> None:
    """Feed vehicles in chunks of five; runs in a second process too."""
    asker = asker_of_key(key, timezone.now())
    for start in range(0, int(count), 5):
        batch = open_batch(asker, "vehicles", "jsonl", "", {}, timezone.now())
        list(feed_rows(batch, vehicle_rows(prefix, int(count))[start : start + 5], asker, timezone.now))
    sys.stdout.write("fed")


class Watcher(threading.Thread):
    """Looks again and again whether a version is missing below the newest one."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.looks, self.gaps, self.is_over = 0, 0, threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            with connection.cursor() as cursor:
                cursor.execute("SELECT COALESCE(MAX(sequence), 0) - COUNT(*) FROM records_version")
                self.gaps += bool(cursor.fetchone()[0])
                self.looks += 1
        connection.close()


def test_two_processes_and_two_threads_write_without_a_gap_at_any_moment(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    # given somebody who watches, and writers of two bureaux in two processes
    watcher = Watcher()
    watcher.start()
    other = second_process.start(f"{THIS}:feed_by_key", nairobi_feeder.key, "A", "100")
    assert soon(Version.objects.exists)

    # when they write at once
    def write(prefix: str) -> None:
        feed_by_key(warsaw_officer.key, prefix, "100")
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, "BC"))
    assert (other.communicate(timeout=60)[0], other.returncode) == (b"fed", 0)
    watcher.is_over.set()
    watcher.join()

    # then no version was ever missing, and every number was given once
    assert (watcher.looks > 10, watcher.gaps) == (True, 0)
    assert list(Version.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 301))
    assert list(Record.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 301))


def test_a_row_fed_by_two_at_once_is_one_record(nairobi_feeder: Member) -> None:
    other = second_process.start(f"{THIS}:feed_by_key", nairobi_feeder.key, "A", "60")
    assert soon(Version.objects.exists)
    feed_by_key(nairobi_feeder.key, "A", "60")

    assert other.communicate(timeout=60)[0] == b"fed"
    assert (Record.objects.count(), Version.objects.count()) == (60, 60)


def test_records_that_rights_treat_alike_share_a_class(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(
        nairobi_feeder, "vehicles", a_vehicle("WZZZZZ9ZZZZ000001"), a_vehicle("WZZZZZ9ZZZZ000002"),
        a_vehicle("WZZZZZ9ZZZZ000003", restricted_against=["PL"]),
    )  # fmt: skip

    first, second, restricted = Record.objects.order_by("number").values_list("rights_class", flat=True)

    assert first == second != restricted
    named = str(RightsClass.objects.get(pk=restricted))
    assert named == f"vehicles of {nairobi_feeder.agency.pk} not for [{warsaw_officer.agency.pk}]"


@pytest.mark.parametrize("count", [499, 500, 501, 1100])
def test_what_is_known_is_looked_up_in_steps_and_none_is_missed(nairobi_feeder: Member, count: int) -> None:
    rows = [row.fields or {} for row in vehicle_rows("A", count)]
    feed(nairobi_feeder, "vehicles", *rows)

    receipts = feed(nairobi_feeder, "vehicles", *rows)

    assert {receipt.outcome for receipt in receipts} == {"unchanged"}
    assert len(receipts) == count
