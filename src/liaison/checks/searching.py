"""Search for subjects in processes beside the service, so that no exact check waits for the interpreter.

A search computes for a millisecond or two, and its matches are read and compared
again; in a thread of the service each of these would hold up the event loop.  The
processes map the same published index, read the same database, and write nothing.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from itertools import chain
from multiprocessing import get_context

import msgspec
import structlog

from liaison.access.rules import Asker
from liaison.checks import searcher
from liaison.checks.answer import Result
from liaison.checks.request import CheckRequest, Query
from liaison.errors import Problem, Unavailable

# A batch is searched in pieces, so that a single check does not wait for a screening of thousands.
PIECE = 8
# Processes that end as soon as they begin are not started again and again.
_REST_SECONDS = 2.0

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode


class _Answered(msgspec.Struct, frozen=True):
    """What a process sends back (`searcher.py`): results, or why there are none."""

    results: tuple[Result, ...] = ()
    problems: tuple[Problem, ...] = ()


_decode = msgspec.json.Decoder(_Answered).decode


class Searchers:
    """The processes that search, from the first question to `close`."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        self._started_at = time.monotonic()
        # Not by fork: this process has threads.
        pool = ProcessPoolExecutor(
            self._count, mp_context=get_context("spawn"), initializer=searcher.begin, initargs=(os.getpid(),)
        )
        for _ in range(self._count):
            pool.submit(searcher.do_nothing)
        return pool

    def close(self) -> None:
        """End the processes when they have answered what they were asked."""
        self._pool.shutdown(wait=True)

    async def complete(self, request: CheckRequest, asker: Asker, now: datetime) -> tuple[Result, ...]:
        """Return what `checks.actions.complete` returns; raise Unavailable where a process could not answer."""
        pieces = [request.queries[first : first + PIECE] for first in range(0, len(request.queries), PIECE)]
        results: list[Result] = []
        for first in range(0, len(pieces), self._count):
            some = pieces[first : first + self._count]
            answered = await asyncio.gather(*(self._ask(request, piece, asker, now) for piece in some))
            results += chain.from_iterable(answered)
        return tuple(results)

    async def _ask(
        self, request: CheckRequest, queries: Sequence[Query], asker: Asker, now: datetime
    ) -> tuple[Result, ...]:
        asked = _encode(msgspec.structs.replace(request, queries=list(queries)))
        pool = self._pool
        try:
            answered = await asyncio.get_running_loop().run_in_executor(pool, searcher.search, asked, asker, now)
        except BrokenProcessPool:
            self._begin_again(pool)
            detail = "A process of the service ended while it searched, so nothing was answered: ask again in a moment."
            raise Unavailable("search-ended", detail) from None
        answer = _decode(answered)
        if answer.problems:
            raise Unavailable.of(answer.problems)
        return answer.results

    def _begin_again(self, broken: ProcessPoolExecutor) -> None:
        """Start new processes in place of those of a pool, once, though many find it broken."""
        if self._pool is broken and time.monotonic() > self._started_at + _REST_SECONDS:
            log.error("search.ended")
            broken.shutdown(wait=False)
            self._pool = self._new_pool()
