"""What a request may bring: a small form anywhere, a file on the page that feeds from somebody who may feed."""

import errno
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from pytest_django.asserts import assertContains
from pytest_django.fixtures import Settings

from liaison.errors import Unavailable
from liaison.records import uploads
from liaison.records.models import Batch
from liaison.web.bodies import NoFiles
from tests.cast import House, Member, sign_in

LIMIT = 2_621_440
FORM = "application/x-www-form-urlencoded"
ROW = b"source_reference,purpose,vin\nF/1,locate,WZZZZZ9ZZZF000001\n"
ELSEWHERE = ["/accounts/login/", "/check/", "/feed/", "/api/batches", "/api/schemas/vehicles", "/language/"]


class Unread(BytesIO):
    """A body that may not be read; `taken` says how much of it was."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        self.taken += max(size or 1, 1)
        return b"x" * max(size or 1, 1)


class BrokenOff(BytesIO):
    """A form with a file whose sender goes away in the middle of it."""

    def __init__(self) -> None:
        super().__init__(encode_multipart(BOUNDARY, {"file": csv_file(ROW * 10_000)})[:200_000])

    def read(self, size: int | None = -1) -> bytes:
        if piece := super().read(size):
            return piece
        raise Unavailable("gone", "The caller went away.")


def browser_of(member: Member, **options: Any) -> Client:
    client = Client(**options)
    sign_in(client, member.officer)
    return client


def csv_file(content: bytes = ROW, name: str = "cars.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(client: Client, path: str, body: Any, length: int, kind: str = MULTIPART_CONTENT, **more: Any) -> Any:
    """Send a body that claims a length; 0 for none."""
    told: dict[str, Any] = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length or ""), "wsgi.input": body}
    return client.generic("POST", path, **told, **more)


def arriving() -> list[Path]:
    return list(settings.LIAISON_HOME.glob("*.upload*"))


@pytest.mark.parametrize("kind", [MULTIPART_CONTENT, FORM, "application/json"])
@pytest.mark.parametrize("path", ELSEWHERE)
def test_a_large_body_is_refused_unread_wherever_no_file_is_fed(house: House, path: str, kind: str) -> None:
    body = Unread()

    answer = send(Client(), path, body, 10 << 30, kind)

    assert (answer.status_code, body.taken) == (413, 0)


def test_the_api_says_it_as_a_problem_and_a_page_in_words(house: House) -> None:
    machine = send(Client(), "/api/batches", Unread(), LIMIT + 1)
    person = send(Client(), "/accounts/login/", Unread(), LIMIT + 1)

    assert (machine["Content-Type"], machine.json()["code"]) == ("application/problem+json", "body-too-large")
    assertContains(person, "at most 2621440 bytes", status_code=413)


@pytest.mark.parametrize("path", ["/nowhere/", "/api/nowhere"])
def test_a_large_form_to_no_page_is_not_read_either(house: House, path: str) -> None:
    """The page that says so looks for a token, too."""
    body = Unread()
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")

    answer = send(client, path, body, 10 << 30)

    assert (answer.status_code, body.taken, arriving()) == (404, 0, [])


def test_a_large_form_to_another_host_is_not_read_either(house: House) -> None:
    body = Unread()
    client = Client(enforce_csrf_checks=True, headers={"Host": "elsewhere.example"})
    client.cookies["liaison-csrf"] = "a" * 32

    answer = send(client, "/feed/upload/", body, 10 << 30)

    assert (answer.status_code, body.taken, arriving()) == (400, 0, [])


@pytest.mark.parametrize("path", ELSEWHERE)
def test_a_small_file_is_refused_where_none_is_fed(house: House, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(TemporaryUploadedFile, "__init__", lambda *_: pytest.fail("A file was written."))

    answer = Client().post(path, {"login": "a@b.example", "file": csv_file()})

    assert answer.status_code == 403
    assert "no-files-here" in answer.content.decode() or "leave the file out" in answer.content.decode()


def test_a_form_in_parts_without_a_file_goes_on_to_its_page(warsaw_officer: Member) -> None:
    answer = browser_of(warsaw_officer).post("/language/", {"language": "pl"})

    assert answer.status_code == 302


def test_files_are_passed_over_where_nobody_has_decided(settings: Settings) -> None:
    handler = NoFiles(HttpRequest())

    assert settings.FILE_UPLOAD_HANDLERS == ["liaison.web.bodies.NoFiles"]
    assert handler.handle_raw_input(csv_file(), {}, LIMIT, "b") is None
    assert handler.handle_raw_input(csv_file(), {}, LIMIT + 1, "b") is not None


def test_nobody_sends_a_file_without_signing_in(house: House) -> None:
    body = Unread()

    answer = send(Client(), "/feed/upload/", body, 10 << 30)

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/feed/upload/")
    assert (body.taken, arriving()) == (0, [])


def test_a_key_sends_no_file_to_a_page(nairobi_feeder: Member) -> None:
    body = Unread()
    client = Client(headers={"Authorization": f"Bearer {nairobi_feeder.key}"})

    assert (send(client, "/feed/upload/", body, 1000).status_code, body.taken) == (302, 0)


def test_whoever_may_not_feed_sends_no_file(outsider: Member, auditor: Member, border_officer: Member) -> None:
    body = Unread()

    answers = [send(browser_of(who), "/feed/upload/", body, 10 << 30) for who in (outsider, auditor, border_officer)]

    assert ([answer.status_code for answer in answers], body.taken) == ([403, 403, 403], 0)


def test_a_file_beyond_the_limit_of_feeds_is_refused_unread(nairobi_feeder: Member, settings: Settings) -> None:
    settings.LIAISON_MAX_FEED_BYTES, body = 1 << 30, Unread()
    client = browser_of(nairobi_feeder)

    answer = send(client, "/feed/upload/", body, (1 << 30) + LIMIT + 1)

    assertContains(answer, "at most 1073741824 bytes", status_code=413)
    assert body.taken == 0


@pytest.mark.parametrize("name", ["cars.csv", "c" * 150 + ".csv", "cars." + "é" * 150, "../../cars.csv"])
def test_a_file_of_a_feeder_arrives_in_the_home_and_leaves_nothing_behind(nairobi_feeder: Member, name: str) -> None:
    client = browser_of(nairobi_feeder)

    sent = client.post("/feed/upload/", {"file": csv_file(name=name), "database": "vehicles", "format": "csv"})
    uploads.wait_for(sent["Location"].split("/")[2])

    assert (Batch.objects.get().accepted, Batch.objects.get().file_name) == (1, name.rpartition("/")[2])
    assert arriving() == []


def test_a_file_without_the_token_of_its_form_is_not_kept(nairobi_feeder: Member) -> None:
    client = browser_of(nairobi_feeder, enforce_csrf_checks=True)
    client.get("/feed/upload/")

    answer = client.post("/feed/upload/", {"file": csv_file(), "database": "vehicles"})

    assert (answer.status_code, arriving(), Batch.objects.count()) == (403, [], 0)


def test_a_sender_who_goes_away_leaves_no_file(nairobi_feeder: Member) -> None:
    """At once, and not only when the collector of garbage comes by: it is a file of police data."""
    answer = send(browser_of(nairobi_feeder), "/feed/upload/", BrokenOff(), 500_000)

    assert (answer.status_code, arriving()) == (503, [])


def test_a_form_that_nobody_can_read_leaves_no_file(nairobi_feeder: Member) -> None:
    body = encode_multipart(BOUNDARY, {"file": csv_file()}).replace(
        b"text/plain", b"text/plain\r\nContent-Transfer-Encoding: base64"
    )

    answer = browser_of(nairobi_feeder).generic("POST", "/feed/upload/", body, MULTIPART_CONTENT)

    assert (answer.status_code, arriving()) == (400, [])


def test_a_full_disk_is_said_and_leaves_no_file(nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("liaison.web.bodies.ArrivingFiles.receive_data_chunk", refuse)

    answer = browser_of(nairobi_feeder).post("/feed/upload/", {"file": csv_file(), "database": "vehicles"})

    assertContains(answer, "No space left on device", status_code=503)
    assert (arriving(), Batch.objects.count()) == ([], 0)


def test_a_body_of_unknown_length_is_no_form(nairobi_feeder: Member) -> None:
    """Django reads nothing of it, so it is a form without its file."""
    body = Unread()

    answer = send(browser_of(nairobi_feeder), "/feed/upload/", body, 0, HTTP_TRANSFER_ENCODING="chunked")

    assert (answer.status_code, body.taken, Batch.objects.count()) == (200, 0, 0)
