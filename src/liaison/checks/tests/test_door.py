"""The hot door from inside: what it answers when something goes wrong (over the network: tests/door)."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import httpx
import pytest
from django.db import OperationalError, connections

from liaison.audit.models import Entry
from liaison.checks import door as module
from liaison.checks.actions import complete
from liaison.checks.door import Door
from liaison.checks.live import catch_up_if_alone, live
from liaison.checks.request import MAX_BODY_BYTES
from tests.cast import Member, a_person, a_vehicle, feed

VIN = "WZZZZZ9ZZZZ000001"
ABOUT_VEHICLE = {"purpose": "border", "reference": "R/1", "queries": [{"id": "q1", "vehicle": {"vin": VIN}}]}
ABOUT_PERSON = ABOUT_VEHICLE | {"queries": [{"id": "q1", "person": {"name": "Oksana Tverdokhlib"}}]}


def knock(member: Member, *requests: dict[str, Any]) -> list[httpx.Response]:
    """Send requests one after the other to a new door; each is what `httpx` takes."""
    catch_up_if_alone()
    door = Door()
    headers = {"Authorization": f"ApiKey {member.key}"}

    async def send(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await client.request(**{"method": "POST", "url": "/api/check", **one}) for one in requests]

    answers = asyncio.run(_at(door, headers, send))
    door.close()
    return answers


async def _at(
    door: Door, headers: dict[str, str], send: Callable[[httpx.AsyncClient], Awaitable[list[httpx.Response]]]
) -> list[httpx.Response]:
    """Let one thread do all that the door gives to threads, and close what it opened."""
    loop, thread, app = asyncio.get_running_loop(), ThreadPoolExecutor(1), cast("Any", door)
    loop.set_default_executor(thread)
    live().searchers = thread
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://localhost", headers=headers
    ) as client:
        answers = await send(client)
    await loop.run_in_executor(None, connections.close_all)
    return answers


def test_a_miss_and_a_match_are_answered_alike_in_shape(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))

    miss, match = knock(warsaw_officer, {"json": ABOUT_VEHICLE}, {"json": ABOUT_PERSON})

    assert (miss.status_code, match.status_code) == (200, 200)
    assert miss.json()["results"] == [{"id": "q1", "outcome": "no_match"}]
    assert [result["outcome"] for result in match.json()["results"]] == ["matches"]
    assert match.headers["cache-control"] == "no-store"
    assert match.json()["entry"] == miss.json()["entry"] + 1


def test_an_exact_match_is_verified_and_shown(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))

    [answer] = knock(warsaw_officer, {"json": ABOUT_VEHICLE})

    assert answer.json()["results"][0]["matches"][0]["strength"] == "exact"


def test_whoever_has_no_rights_gets_the_same_bytes_as_where_nothing_is(
    nairobi_feeder: Member, outsider: Member
) -> None:
    before = [answer.json()["results"] for answer in knock(outsider, {"json": ABOUT_VEHICLE}, {"json": ABOUT_PERSON})]
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))

    after = [answer.json()["results"] for answer in knock(outsider, {"json": ABOUT_VEHICLE}, {"json": ABOUT_PERSON})]

    assert before == after
    assert {result["outcome"] for results in after for result in results} == {"refused"}


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"method": "GET"}, 405, "use-post"),
        ({"headers": {"Authorization": ""}}, 401, "no-key"),
        ({"headers": {"Authorization": "Bearer nobody"}, "json": ABOUT_VEHICLE}, 401, "no-valid-key"),
        ({"headers": {"Content-Encoding": "gzip"}}, 400, "compressed-body"),
        ({"content": b" " * (MAX_BODY_BYTES + 1)}, 413, "body-too-large"),
        ({"content": b"{}"}, 400, "missing-field"),
    ],
)
def test_what_the_door_does_not_take_is_a_problem(
    warsaw_officer: Member, request_: dict[str, Any], status: int, code: str
) -> None:
    before = Entry.objects.filter(event="checked").count()

    [answer] = knock(warsaw_officer, request_)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("allow") == {405: "POST"}.get(status)
    assert answer.headers.get("www-authenticate") == {401: "Bearer"}.get(status)
    assert Entry.objects.filter(event="checked").count() == before


def test_a_request_without_the_header_is_told_which_one(warsaw_officer: Member) -> None:
    catch_up_if_alone()
    door = Door()

    async def send(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await client.post("/api/check", json=ABOUT_VEHICLE)]

    [answer] = asyncio.run(_at(door, {}, send))
    door.close()

    assert answer.json()["code"] == "no-key"


def test_a_database_that_is_away_is_a_503_and_the_next_request_is_answered(
    warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = complete, list[int]()

    def away_at_first(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return real(*arguments)

    monkeypatch.setattr(module, "complete", away_at_first)

    first, second = knock(warsaw_officer, {"json": ABOUT_PERSON}, {"json": ABOUT_PERSON})

    assert (first.status_code, first.json()["code"]) == (503, "database-away")
    assert second.status_code == 200


def test_a_defect_of_ours_shows_nothing_of_its_inside(
    warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "plan_request", lambda *_: dict[str, int]()["inside"])

    [answer] = knock(warsaw_officer, {"json": ABOUT_VEHICLE})

    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert "inside" not in answer.text


def test_a_caller_that_goes_away_while_sending_gets_nothing_and_leaves_no_entry(warsaw_officer: Member) -> None:
    sent: list[Any] = []
    headers = [(b"authorization", f"Bearer {warsaw_officer.key}".encode())]
    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])
    before = Entry.objects.count()

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    door = Door()
    asyncio.run(door({"type": "http", "method": "POST", "headers": headers}, receive, send))
    door.close()

    assert sent[0]["status"] == 503
    assert Entry.objects.count() == before
