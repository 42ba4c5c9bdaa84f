"""The doors for yente's clients from inside: batches, refusals, and what the register says was shown."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast

import httpx
import msgspec
import pytest
from django.db import connections
from django.utils import timezone

from liaison.agencies.actions import create_key
from liaison.agencies.rules import Terms
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.checks import actions
from liaison.checks.door import Door
from liaison.checks.live import catch_up_if_alone, live
from liaison.checks.request import MAX_BODY_BYTES
from liaison.exchange.door import Exchange, is_exchange
from tests.cast import House, Member, a_passport, a_person, feed

OKSANA = {"schema": "Person", "properties": {"name": ["Oksana Tverdokhlib"]}}
PASSPORT = {"schema": "Passport", "properties": {"number": "ZZ1", "country": "KE"}}
NOBODY = {"schema": "Person", "properties": {"name": "Xqwvz Kkjhgf"}}


def key_of(member: Member) -> str:
    terms = Terms("border", "Agreement 12")
    return create_key(member.agency, "S", timedelta(1), by=OPERATOR, now=timezone.now(), terms=terms)[1]


def knock(member: Member, *requests: dict[str, Any]) -> list[httpx.Response]:
    """Send requests one after the other to new doors; each is what `httpx` takes, a match unless it says."""
    catch_up_if_alone()
    door = Door()
    headers = {"Authorization": f"ApiKey {key_of(member)}"}

    async def send(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await client.request(**{"method": "POST", "url": "/match/default", **one}) for one in requests]

    answers = asyncio.run(_at(door, headers, send))
    door.close()
    return answers


async def _at(
    door: Door, headers: dict[str, str], send: Callable[[httpx.AsyncClient], Awaitable[list[httpx.Response]]]
) -> list[httpx.Response]:
    """Let one thread do all that the door gives to threads, and close what it opened."""
    loop, thread, app = asyncio.get_running_loop(), ThreadPoolExecutor(1), cast("Any", Exchange(door))
    loop.set_default_executor(thread)
    live().searchers = thread
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
        answers = await send(client)
    await loop.run_in_executor(None, connections.close_all)
    return answers


def about(**entities: Any) -> dict[str, Any]:
    return {"json": {"queries": entities}}


def newest_check() -> Entry:
    return Entry.objects.filter(event="checked").latest("number")


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [("/match/default", True), ("/match", True), ("/search", True), ("/searching", False), ("/", False)],
)  # fmt: skip
def test_the_doors_stand_at_the_paths_that_clients_know(path: str, is_ours: bool) -> None:
    assert is_exchange(path) == is_ours


def test_a_batch_is_one_check_and_each_entity_has_its_response(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))
    feed(nairobi_feeder, "travel_documents", a_passport("ZZ1", "KE"))

    [answer] = knock(warsaw_officer, about(a=OKSANA, b=PASSPORT, c=NOBODY))

    said = answer.json()
    assert {key: one["total"]["value"] for key, one in said["responses"].items()} == {"a": 1, "b": 1, "c": 0}
    assert {one["status"] for one in said["responses"].values()} == {200}
    assert said["responses"]["a"]["query"] == {"id": None, **OKSANA}
    entry = newest_check()
    assert (entry.number, entry.purpose, entry.reference) == (said["liaison"]["entry"], "border", "Agreement 12")
    assert [query["id"] for query in entry.searched_data] == ["a#0", "b#0", "c#0"]
    assert len(entry.shown_references) == 2


def test_a_record_that_two_names_find_counts_once(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", documents=[{"number": "ZZ7"}]))
    asked = {"name": ["Oksana Tverdokhlib", "Oxana Tverdokhlib"], "passportNumber": ["ZZ7"]}

    [answer] = knock(warsaw_officer, about(a={"schema": "Person", "properties": asked}))

    [result] = answer.json()["responses"]["a"]["results"]
    assert result["liaison"]["strength"] == "exact"


def test_the_register_says_what_was_shown_and_not_what_was_left_out(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "1"), a_person("Oksana Tverdokhlib", "2"))

    first, _ = knock(
        warsaw_officer, about(a=OKSANA) | {"params": {"limit": 1}}, about(a=OKSANA) | {"params": {"cutoff": 1}}
    )

    response = first.json()["responses"]["a"]
    checks = Entry.objects.filter(event="checked").order_by("number")
    assert (len(response["results"]), response["total"]["value"]) == (1, 2)
    assert [entry.shown_references for entry in checks] == [[response["results"][0]["id"]], []]


def test_records_and_schemas_are_left_out(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))
    [found] = knock(warsaw_officer, about(a=OKSANA))
    reference = found.json()["responses"]["a"]["results"][0]["id"]

    answers = knock(
        warsaw_officer,
        about(a=OKSANA) | {"params": {"exclude_entity_ids": reference}},
        about(a=OKSANA) | {"params": {"exclude_schema": "Person"}},
        about(a=OKSANA) | {"params": {"exclude_schema": "Company"}},
    )

    assert [answer.json()["responses"]["a"]["total"]["value"] for answer in answers] == [0, 0, 1]


def test_too_many_is_never_an_empty_list(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", *(a_person("Oksana Tverdokhlib", str(number)) for number in range(51)))

    alone, batch, search = knock(
        warsaw_officer, about(a=OKSANA), about(a=OKSANA, b=NOBODY),
        {"method": "GET", "url": "/search", "params": {"q": "Oksana Tverdokhlib"}},
    )  # fmt: skip

    assert [(one.status_code, one.json()["code"]) for one in (alone, search)] == [(400, "too-many-matches")] * 2
    assert alone.json()["detail"].startswith("queries.a: More than 50 records resemble this: add a date of birth")
    failed = batch.json()["responses"]["a"]
    assert (batch.status_code, failed["status"], "results" in failed) == (200, 400, False)
    assert newest_check().shown_references == []


def test_whoever_may_not_check_is_refused_and_the_refusal_is_registered(outsider: Member) -> None:
    alone, batch = knock(outsider, about(a=OKSANA), about(a=OKSANA, b=PASSPORT))

    assert (alone.status_code, alone.json()["code"]) == (403, "no-entitlement")
    assert [one["status"] for one in batch.json()["responses"].values()] == [403, 403]
    assert Entry.objects.filter(event="checked").count() == 2


def test_a_scope_is_not_searched_beyond(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", documents=[{"number": "ZZ1", "issuer": "KE"}]))
    both = {"schema": "Person", "properties": {"name": ["Oksana Tverdokhlib"], "passportNumber": ["ZZ1"]}}

    [answer] = knock(warsaw_officer, about(a=both) | {"url": "/match/travel_documents"})

    assert answer.json()["responses"]["a"]["results"] == []
    assert [list(query) for query in newest_check().searched_data] == [["id", "document"]]


def test_a_search_asks_what_the_caller_may_ask(house: House, nairobi_feeder: Member, outsider: Member) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))
    house.entitle(outsider.agency, "nominal", "check")

    [answer] = knock(outsider, {"method": "GET", "url": "/search/default", "params": {"q": "Oksana Tverdokhlib"}})

    assert [result["caption"] for result in answer.json()["results"]] == ["Oksana Tverdokhlib"]
    assert answer.json()["facets"] == {}


@pytest.mark.parametrize(
    ("params", "asked"),
    [
        ({"q": "Ola", "schema": "Person", "countries": "pl"}, [{"person": {"name": "Ola", "nationality": ["PL"]}}]),
        ({"q": "Ola", "schema": "Company", "countries": "pl"}, [{"organisation": {"name": "Ola", "country": "PL"}}]),
        ({"q": "Oksana", "schema": "Vessel", "countries": "pa"}, [{"vessel": {"name": "Oksana", "flag": "PA"}}]),
        ({"q": "Oksana", "schema": "Vessel", "countries": ["pa", "pl"]}, [{"vessel": {"name": "Oksana"}}]),
        ({"q": "ZZ0000017", "schema": "Passport", "countries": "pl"}, [{"document": {"number": "ZZ0000017"}}]),
    ],
)  # fmt: skip
def test_a_search_asks_for_the_schema_that_is_named(
    warsaw_officer: Member, params: dict[str, Any], asked: list[dict[str, Any]]
) -> None:
    [answer] = knock(warsaw_officer, {"method": "GET", "url": "/search", "params": params})

    assert answer.status_code == 200
    told = [{kind: said for kind, said in query.items() if kind != "id"} for query in newest_check().searched_data]
    assert told == asked


@pytest.mark.parametrize(
    ("request_", "status", "code", "said"),
    [
        ({"method": "GET"}, 405, "wrong-method", "Use POST here"),
        ({"method": "POST", "url": "/search"}, 405, "wrong-method", "Use GET here"),
        ({"url": "/match"}, 404, "no-such-page", "write /match/default"),
        ({"url": "/match/a/b"}, 404, "no-such-page", "write /match/default"),
        ({"url": "/match/persons"} | about(a=OKSANA), 404, "no-such-dataset", "There is no dataset 'persons'"),
        ({"headers": {"Authorization": "ApiKey lk_not"}}, 401, "no-valid-key", "known, not expired"),
        ({"headers": {"Authorization": ""}}, 401, "no-key", "ApiKey KEY"),
        ({"content": b"x" * (MAX_BODY_BYTES + 1)}, 413, "body-too-large", "send smaller batches"),
        ({"content": b"{"}, 400, "bad-json", ""),
        ({"content": b'{"queries": {"a": 1, "a": 2}}'}, 400, "duplicate-key", ""),
        ({"json": []}, 400, "missing-field", "Send queries"),
        (about(), 400, "missing-field", "Send queries"),
        (about(a=None), 400, "missing-field", "queries.a.schema: An entity has a schema"),
        (about(a={"schema": "Person"}), 400, "missing-field", "queries.a.properties: An entity has properties"),
        (about(a={"schema": "Person", "properties": {"name": [1]}}), 400, "wrong-type", "queries.a.properties.name"),
        (about(a={"schema": "Person", "properties": {"name": None}}), 400, "missing-field", "nothing to look for"),
        (about(a={"schema": "Person", "properties": {"name": "\u202eA"}}), 400, "hidden-character", "properties.name"),
        (about(a={"schema": "Person", "properties": {"name": "a" * 501}}), 400, "bad-value", "properties.name"),
        (about(a={"schema": "Cat", "properties": {}}), 400, "unsupported-kind", "queries.a.schema: There is no schema"),
        (about(**{"k" * 91: OKSANA}), 400, "bad-value", "1 to 90 characters"),
        (about(**{str(n): OKSANA for n in range(1001)}), 413, "too-many-questions", "These are 1001 questions"),
        ({"json": {"queries": {"a": OKSANA}, "weights": {"name": 1}}}, 400, "unknown-field", "leave 'weights' out"),
        ({"json": {"queries": {"a": OKSANA}, "limit": 1}}, 400, "unknown-field", "There is no field 'limit'"),
        ({"url": "/match/vehicles"} | about(a=OKSANA), 400, "unsupported-kind", "a question about a Person"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_registered(
    warsaw_officer: Member, request_: dict[str, Any], status: int, code: str, said: str
) -> None:
    [answer] = knock(warsaw_officer, request_)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert said in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert Entry.objects.filter(event="checked").count() == 0


@pytest.mark.parametrize(
    ("params", "code", "said"),
    [
        ({"q": "Anna 31.2.1984"}, "bad-value", "q: '31.2.1984' looks like a date of birth and is none"),
        ({"q": "Anna 1.2.1984 1.3.1984"}, "bad-value", "write one, the date of birth"),
        ({"q": "born 1984-02-03"}, "bad-value", "Write a name beside the date"),
        ({"q": "Anna", "schema": "Airplane"}, "unsupported-kind", "no database of 'Airplane'"),
        ({"q": "Anna", "schema": "Cat"}, "unsupported-kind", "no schema 'Cat'"),
        ({"q": "Anna", "schema": "Vehicle", "exclude_dataset": "vessels"}, "unsupported-kind", "a question about"),
        ({"q": "Anna Nowak Lis", "schema": "Passport"}, "bad-value", "cannot be a Passport"),
    ],
)
def test_a_search_that_cannot_be_asked_says_so(
    warsaw_officer: Member, params: dict[str, Any], code: str, said: str
) -> None:
    [answer] = knock(warsaw_officer, {"method": "GET", "url": "/search", "params": params})

    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    assert said in answer.json()["detail"]


def test_500_entities_are_one_check(warsaw_officer: Member) -> None:
    [answer] = knock(warsaw_officer, about(**{str(number): PASSPORT for number in range(500)}))

    assert (answer.status_code, len(answer.json()["responses"])) == (200, 500)
    assert Entry.objects.filter(event="checked").count() == 1


def test_a_stale_index_answers_nothing(warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(live()), "is_fresh", lambda _: False)

    [answer] = knock(warsaw_officer, about(a=OKSANA))

    assert (answer.status_code, answer.json()["code"]) == (503, "index-stale")


def test_a_defect_shows_nothing_of_its_inside(warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaison.exchange.door.match_answer", lambda *_: 1 / 0)

    [answer] = knock(warsaw_officer, about(a=OKSANA))

    assert answer.status_code == 500
    assert "division" not in answer.text
    assert answer.json()["detail"].startswith("The check failed by a fault of the service")


def test_the_check_that_showed_a_record_is_found_among_the_newest(
    nairobi_feeder: Member, warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))
    [found] = knock(warsaw_officer, about(a=OKSANA))
    reference = found.json()["responses"]["a"]["results"][0]["id"]
    asker = msgspec.structs.replace(warsaw_officer.asker, actor=newest_check().actor)

    seen = actions.check_that_showed(asker, reference)
    others = actions.check_that_showed(warsaw_officer.asker, reference)
    knock(warsaw_officer, about(a=NOBODY))
    monkeypatch.setattr(actions, "LOOKED_BACK", 1)

    assert (seen, others) == (found.json()["liaison"]["entry"], 0)
    assert actions.check_that_showed(asker, reference) == 0
