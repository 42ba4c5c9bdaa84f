"""Files of a feed: kept before their batch is open, and gone when nobody can go on with them."""

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from liaison.access.rules import Asker
from liaison.audit.models import Entry
from liaison.errors import Refused, Unavailable
from liaison.records import uploads
from liaison.records.feed import open_batch
from liaison.records.models import Batch
from tests.cast import Member, sign_in

LATER = timezone.now() + uploads.KEEP_TRIALS * 2


@pytest.fixture(autouse=True)
def no_folders(nairobi_feeder: Member) -> None:
    """Begin without what other tests left in the home."""
    uploads.forget_left_overs(LATER)


def a_file(content: bytes = b"source_reference,purpose,vin\nF/1,locate,WZZZZZ9ZZZF000001\n") -> SimpleUploadedFile:
    return SimpleUploadedFile("cars.csv", content)


def folders() -> list[str]:
    return sorted(os.listdir(settings.LIAISON_HOME / "uploads"))


def begin(asker: Asker) -> Batch:
    return uploads.open_kept_batch(asker, "vehicles", "csv", "cars.csv", {}, {"file": a_file()}, timezone.now())


def send(member: Member) -> object:
    client = Client()
    sign_in(client, member.officer)
    return client.post("/feed/upload/", {"file": a_file(), "database": "vehicles"})


def refuse(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_the_files_of_a_batch_are_there_when_it_is_open(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash at any moment leaves no open batch that cannot go on."""
    kept: list[bool] = []

    def opening(*given: object, batch_id: str) -> Batch:
        kept.append(uploads.has_files(batch_id))
        return open_batch(*given, batch_id=batch_id)  # type: ignore[arg-type]

    monkeypatch.setattr(uploads, "open_batch", opening)

    batch = begin(nairobi_feeder.asker)

    assert (kept, Batch.objects.get(), folders()) == ([True], batch, [batch.id])


def test_a_disk_that_refuses_the_file_leaves_no_batch_and_says_so(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.records.uploads.os.fsync", refuse)

    answer = send(nairobi_feeder)

    assertContains(answer, "No space left on device", status_code=503)  # type: ignore[arg-type]
    assert (Batch.objects.count(), folders()) == (0, [])
    assert not Entry.objects.filter(event="feed_opened").exists()


def test_a_batch_that_is_not_opened_leaves_no_files(nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Unavailable("register-unwritable", "The register cannot be written.")

    monkeypatch.setattr(uploads, "open_batch", fail)

    with pytest.raises(Unavailable):
        begin(nairobi_feeder.asker)

    assert folders() == []


def test_no_file_is_kept_for_whom_may_not_feed(outsider: Member) -> None:
    with pytest.raises(Refused):
        begin(outsider.asker)

    assert folders() == []


def test_what_a_crash_left_is_forgotten_after_a_day_and_not_before(nairobi_feeder: Member) -> None:
    # given files whose process ended before their batch was open, and one that was arriving
    uploads.keep_files("20260101-CRASHED", {"file": a_file()})
    arriving = Path(settings.LIAISON_HOME / f"tmpcrashed{uploads.ARRIVING}")
    arriving.write_bytes(b"half")

    # when it is tidied soon, and a day later
    uploads.forget_left_overs(timezone.now())
    soon = (folders(), arriving.exists())
    uploads.forget_left_overs(timezone.now() + uploads.KEEP_TRIALS + timedelta(minutes=1))

    # then they are there first, and then not
    assert (soon, folders(), arriving.exists()) == ((["20260101-CRASHED"], True), [], False)


def test_the_files_of_a_batch_that_can_go_on_are_never_forgotten(nairobi_feeder: Member) -> None:
    batch = begin(nairobi_feeder.asker)

    uploads.forget_left_overs(LATER)

    assert uploads.has_files(batch.id)


def test_the_files_of_a_batch_that_ended_elsewhere_are_forgotten(nairobi_feeder: Member) -> None:
    batch = begin(nairobi_feeder.asker)
    Batch.objects.update(state=Batch.State.CLOSED)

    uploads.forget_left_overs(LATER)

    assert not uploads.has_files(batch.id)


def test_what_another_tidies_at_the_same_moment_is_no_fault(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads.keep_files("20260101-CRASHED", {"file": a_file()})
    gone = settings.LIAISON_HOME / "uploads" / "20260101-GONE"
    monkeypatch.setattr(Path, "glob", lambda *_: iter([gone]))

    uploads.forget_left_overs(LATER)

    assert folders() == ["20260101-CRASHED"]
