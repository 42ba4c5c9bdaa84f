"""What strangers send is neither kept nor gathered, and a feed that may not go on is told so while it streams."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.cast import soon
from tests.door.service import Service

MEBIBYTE = 1 << 20
COOKIE = "liaison-csrf=" + "a" * 32
PATHS = ["/accounts/login/", "/feed/upload/", "/check/", "/api/batches", "/nowhere/", "/api/nowhere"]
FORM = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'


def pieces(count: int) -> Iterator[bytes]:
    """Yield the beginning of a form with a file, and then many pieces of the file."""
    yield FORM
    for _ in range(count):
        yield b"x" * MEBIBYTE


def arriving(service: Service) -> list[Path]:
    return list(service.home.rglob("*.upload*"))


def largest_memory_mib(service: Service) -> int:
    assert service.process is not None
    told = Path(f"/proc/{service.process.pid}/status").read_text(encoding="ascii")
    return int(told.partition("VmHWM:")[2].split()[0]) >> 10


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
def test_ten_gigabytes_are_refused_before_the_first_of_them_has_come(service: Service, path: str, kind: str) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {COOKIE}\r\nContent-Type: {kind}\r\n"
    )

    answer = service.raw(f"{head}Content-Length: {10 << 30}\r\n\r\n".encode())

    assert answer.split(b" ")[1] in {b"302", b"404", b"413"}
    assert arriving(service) == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("is_measured", [True, False])
def test_a_large_form_of_a_stranger_is_not_kept_and_takes_no_memory(
    service: Service, path: str, is_measured: bool
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Cookie": COOKIE}
    length = {"Content-Length": str(len(FORM) + 64 * MEBIBYTE)} if is_measured else {}
    before = largest_memory_mib(service)

    with service.client(None) as client:
        answer = client.post(path, content=pieces(64), headers=headers | length)

    assert answer.status_code in {302, 403, 404, 405, 413}
    assert arriving(service) == []
    assert largest_memory_mib(service) - before < 24


@pytest.mark.database
def test_a_feed_over_http_ends_when_its_key_is_taken_back_and_can_go_on(own_service: Service) -> None:
    # given a feed whose rows keep coming
    own_service.start()
    is_over = threading.Event()

    def slow_rows() -> Iterator[bytes]:
        number = 0
        while number < 500 or not is_over.wait(0.001):
            number += 1
            yield json.dumps({"source_reference": f"V/{number}", "purpose": ["locate"],
                              "vin": f"WZZZZZ9ZZZ{number:07}"}).encode() + b"\n"  # fmt: skip

    def feed() -> httpx.Response:
        with own_service.client("nairobi") as client:
            return client.post("/api/feed/vehicles", params={"format": "jsonl"}, content=slow_rows())

    with ThreadPoolExecutor(1) as feeder:
        feeding = feeder.submit(feed)
        assert soon(lambda: own_service.rows_on_the_way() > 0)

        # when its key is taken back
        assert own_service.command("key", "revoke", own_service.keys["nairobi"][:8]).wait(60) == 0
        is_stopped = soon(
            lambda: {one["state"] for one in own_service.world("count")["batches"].values()} == {"failed"}
        )
        is_over.set()
        answer = feeding.result()

    # then it was stopped in the middle, is told why, and nothing is lost
    assert is_stopped
    assert (answer.status_code, answer.json()["code"]) == (401, "no-valid-key")
    [batch] = own_service.world("count")["batches"].values()
    assert batch["receipts"] == list(range(1, batch["rows"] + 1)) != []


def test_senders_who_fall_silent_hold_up_nobody_elses_page(service: Service) -> None:
    head = (
        f"POST {{}} HTTP/1.1\r\nHost: localhost\r\nCookie: {COOKIE}\r\nOrigin: http://localhost:8000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"
    )

    paths = ["/feed/upload/", "/accounts/login/"] * 20
    silent = [service.begin(head.format(path).encode()) for path in paths]
    with service.client(None) as client:
        answer = client.get("/accounts/login/", timeout=10)
    for one in silent:
        one.close()

    assert answer.status_code == 200


def test_silent_feeds_with_a_session_that_is_none_hold_up_no_page(service: Service) -> None:
    head = (
        "POST /api/feed/nominal HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer lk_nobody\r\n"
        "Content-Length: 1000\r\n\r\n"
    )

    silent = [service.begin(head.encode()) for _ in range(30)]
    with service.client(None) as client:
        answer = client.get("/accounts/login/", timeout=10)
    for one in silent:
        one.close()

    assert answer.status_code == 200
