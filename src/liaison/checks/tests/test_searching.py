"""Searching in processes beside the service (with a real service: tests/door): pieces, failures, new processes."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.db import OperationalError

from liaison.access.rules import Asker
from liaison.checks import searcher
from liaison.checks.answer import Result
from liaison.checks.request import CheckRequest, request_from
from liaison.checks.searching import PIECE, Searchers
from liaison.errors import Unavailable
from liaison.records.indexing import make_current
from tests.cast import Member, a_person, check, feed_accepted

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Pool:
    """Stands for the processes: does the work at once, or fails as the test wants."""

    def __init__(self, work: Callable[..., bytes]) -> None:
        self.work, self.asked, self.is_closed = work, list[int](), False

    def submit(self, _: object, asked: bytes = b"", *more: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        if not asked:
            return future
        self.asked.append(len(msgspec.json.decode(asked)["queries"]))
        try:
            future.set_result(self.work(asked, *more))
        except BrokenProcessPool as error:
            future.set_exception(error)
        return future

    def shutdown(self, **_: bool) -> None:
        self.is_closed = True


def misses(asked: bytes, *_: object) -> bytes:
    queries = msgspec.json.decode(asked)["queries"]
    return msgspec.json.encode({"results": [Result(query["id"], "no_match") for query in queries]})


def broken(*_: object) -> bytes:
    raise BrokenProcessPool


@pytest.fixture
def searchers(monkeypatch: pytest.MonkeyPatch) -> Searchers:
    monkeypatch.setattr("liaison.checks.searching.ProcessPoolExecutor", lambda *_, **__: Pool(misses))
    return Searchers(2)


def persons(count: int) -> CheckRequest:
    queries = [{"id": f"q{number}", "person": {"name": "Oksana Tverdokhlib"}} for number in range(count)]
    return request_from({"purpose": "border", "reference": "R/1", "queries": queries})


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def test_a_batch_is_searched_in_pieces_and_answered_in_order(searchers: Searchers, warsaw_officer: Member) -> None:
    results = run(searchers.complete(persons(2 * PIECE + 3), warsaw_officer.asker, NOW))

    assert [result.id for result in results] == [f"q{number}" for number in range(2 * PIECE + 3)]
    assert searchers._pool.asked == [PIECE, PIECE, 3]  # type: ignore[attr-defined]


def test_a_process_that_ends_is_told_and_replaced_once(
    searchers: Searchers, warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.checks.searching._REST_SECONDS", 0.0)
    pool = Pool(broken)
    searchers._pool = pool  # type: ignore[assignment]

    with pytest.raises(Unavailable, match="search-ended"):
        run(searchers.complete(persons(2 * PIECE), warsaw_officer.asker, NOW))
    replaced = searchers._pool
    results = run(searchers.complete(persons(1), warsaw_officer.asker, NOW))

    assert pool.is_closed
    assert searchers._pool is replaced
    assert len(results) == 1


def test_processes_that_end_as_soon_as_they_begin_are_not_started_again_and_again(
    searchers: Searchers, warsaw_officer: Member
) -> None:
    searchers._pool = pool = Pool(broken)  # type: ignore[assignment]

    with pytest.raises(Unavailable):
        run(searchers.complete(persons(1), warsaw_officer.asker, NOW))

    assert searchers._pool is pool  # type: ignore[comparison-overlap]


def test_closing_ends_the_processes(searchers: Searchers) -> None:
    searchers.close()

    assert searchers._pool.is_closed  # type: ignore[attr-defined]


def search(asker: Asker, count: int = 1) -> Any:
    return msgspec.json.decode(searcher.search(msgspec.json.encode(persons(count)), asker, NOW))


def test_a_process_answers_as_the_service_itself_would(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))
    make_current(settings.LIAISON_HOME / "index")

    found = search(warsaw_officer.asker)["results"]

    itself = check(warsaw_officer, person={"name": "Oksana Tverdokhlib"}, id="q0")
    assert msgspec.convert(found, list[Result]) == [itself]


def test_a_process_whose_database_is_away_says_so(warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("away")

    monkeypatch.setattr("liaison.records.rights.rights_table", away)

    assert search(warsaw_officer.asker)["problems"][0]["code"] == "database-away"


def test_a_process_ends_when_its_service_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []

    def end(code: int) -> None:
        ended.append(code)
        raise SystemExit

    monkeypatch.setattr(os, "_exit", end)
    with pytest.raises(SystemExit):
        searcher._end_with(os.getppid() + 1)

    assert ended == [0]
