"""The hot door: `POST /api/check` as a plain ASGI callable, outside Django.

authorise -> read -> plan -> look up -> (search and verify in a thread) ->
register durably -> answer.  A question that nothing answers, which is nearly
every one, never leaves the event loop.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
import structlog
from django.db import Error as DatabaseFailure
from django.db import connections

from liaison.agencies.arrivals import NO_BOUNDS, arrival_of, require_arrival
from liaison.audit.register import register
from liaison.checks.actions import Answer, complete, entry_of, require_fresh
from liaison.checks.answer import Result, Searched, databases_for, look_up, refused
from liaison.checks.callers import Caller, Callers
from liaison.checks.metrics import DOOR_ERRORS, DOOR_SECONDS, count_results
from liaison.checks.plan import Plan, plan_request
from liaison.checks.request import MAX_BODY_BYTES, CheckRequest, read_request
from liaison.checks.searching import Searchers
from liaison.errors import BadInput, LiaisonError, NotSignedIn, TooLarge, Unavailable, problem_json
from liaison.records.indexing import day_number

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
# Leaves of the results what is to be shown.
Narrow = Callable[[tuple[Result, ...]], tuple[Result, ...]]

log = structlog.get_logger()
_encoder = msgspec.json.Encoder()
JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")
_NO_STORE = (b"cache-control", b"no-store")
_NO_SNIFF = (b"x-content-type-options", b"nosniff")
_NO_PAGE = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class Door:
    """The door of one process; made at start-up, outside the event loop."""

    def __init__(self, searchers: Searchers | None = None) -> None:
        """Make a door that searches in the given processes, or in threads."""
        self._callers = Callers()
        self._searchers = searchers
        self._loading: dict[tuple[int, bytes], asyncio.Future[Caller]] = {}

    def close(self) -> None:
        """Close what the door keeps open, at shutdown."""
        self._callers.close()
        if self._searchers:
            self._searchers.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        try:
            if scope["method"] != "POST":
                raise WrongMethod("use-post", "A check is a POST with a JSON body.")
            header, body = authorization_of(scope), await read_body(receive)
            caller, now = await self.caller(scope, header)
            answer = await self.check(read_request(body), caller, now)
        except LiaisonError as error:
            DOOR_ERRORS.labels(str(error.status)).inc()
            await send_answer(send, error.status, _PROBLEM, problem_json(error))
        except Exception as error:  # The door: a defect of ours must not show its inside, and must be seen.
            log.error("door.defect", reason=type(error).__name__, exc_info=error)
            DOOR_ERRORS.labels("500").inc()
            failed = LiaisonError("failed", "The check failed by a fault of the service. Nothing was answered.")
            await send_answer(send, 500, _PROBLEM, problem_json(failed))
        else:
            DOOR_SECONDS.add(time.perf_counter() - started)
            await send_answer(send, 200, JSON, _encoder.encode(answer))

    async def caller(self, scope: Scope, header: bytes) -> tuple[Caller, datetime]:
        """Return who stands behind an Authorization header, and the moment of the request.

        What is demanded with the key is demanded here: networks, certificate, rate, the officer's name.
        """
        clock = time.time()
        known = self._callers.known_in_turn(header, clock, asyncio.get_running_loop())
        caller = known or await self._load(header, clock)
        if caller.bounds is not NO_BOUNDS or _names_officer(scope):
            arrival = arrival_of((scope.get("client") or ("", 0))[0], scope["headers"])
            require_arrival(caller.bounds, caller.asker.key, arrival)
            caller = caller._replace(officer=arrival.officer)
        return caller, datetime.fromtimestamp(clock, tz=UTC)

    async def check(self, request: CheckRequest, caller: Caller, now: datetime, narrow: Narrow | None = None) -> Answer:
        """Answer a check, after its entry is durable; `narrow` leaves out what the caller does not want to be shown."""
        loop = asyncio.get_running_loop()
        caller = caller._replace(asker=caller.asker.for_purpose(request.purpose))
        plans = plan_request(request, now.date())
        current = require_fresh()
        found = look_up(plans, caller.table, caller.asker, current.index, day_number(now.date()))
        if _nothing_more_to_do(plans, found):
            results = _misses(plans, caller)
        elif self._searchers:
            results = await self._searchers.complete(request, caller.asker, now)
        else:
            results = await loop.run_in_executor(
                current.searchers, with_database, complete, plans, found, caller.table, caller.asker, now
            )
        if narrow:
            results = narrow(results)
        entry = await register().submit(entry_of(request, results, caller.asker, now, caller.officer), loop)
        count_results(results)
        return Answer(entry, request.reference, results)

    async def _load(self, header: bytes, clock: float) -> Caller:
        """Read a caller in a thread; requests of the same caller that come meanwhile wait for that one reading."""
        key = (self._callers.version, header)
        loading = self._loading.get(key)
        if loading is None:
            loop = asyncio.get_running_loop()
            loading = loop.run_in_executor(None, with_database, self._callers.load, header, clock)
            self._loading[key] = loading
            loading.add_done_callback(lambda _: self._loading.pop(key, None))
        # Who gives up waiting must not take the answer from the others.
        return await asyncio.shield(loading)


class WrongMethod(LiaisonError):
    """Another method than the one this path takes."""

    status = 405


def with_database(work: Callable[..., T], *arguments: Any) -> T:
    """Do some work in a thread; where the database fails, the next work there begins with a new connection."""
    try:
        return work(*arguments)
    except DatabaseFailure as error:
        log.error("door.database", reason=type(error).__name__)
        connections.close_all()
        raise Unavailable("database-away", "The database does not answer now: ask again in a moment.") from None


def _nothing_more_to_do(plans: Sequence[Plan], found: Sequence[Searched]) -> bool:
    for plan, seen in zip(plans, found, strict=True):  # noqa: SIM110  a generator costs three times as much here
        if seen.exact or plan.needs_search:
            return False
    return True


def _misses(plans: Sequence[Plan], caller: Caller) -> tuple[Result, ...]:
    return tuple(
        Result(plan.id, "no_match", notes=plan.notes) if databases_for(caller.asker, plan.kinds) else refused(plan)
        for plan in plans
    )


def _names_officer(scope: Scope) -> bool:
    for name, _ in scope["headers"]:  # noqa: SIM110  a generator costs three times as much here
        if name == b"liaison-officer":
            return True
    return False


def authorization_of(scope: Scope) -> bytes:
    """Return the header that names the key; refuse a body that is compressed."""
    found = b""
    for name, value in scope["headers"]:
        if name == b"authorization":
            found = value
        elif name == b"content-encoding":
            raise BadInput("compressed-body", "Send the check uncompressed.", at="Content-Encoding")
    if not found:
        raise NotSignedIn("no-key", "Send your key in the header `Authorization: Bearer KEY` (or `ApiKey KEY`).")
    return found


async def read_body(receive: Receive) -> bytes:
    """Return the body; refuse one that is larger than the limit, before it is all here."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Unavailable("gone", "The caller went away.")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY_BYTES:
            raise TooLarge("body-too-large", f"A check is at most {MAX_BODY_BYTES} bytes: send smaller batches.")
        if not message.get("more_body"):
            return b"".join(chunks)


async def send_answer(
    send: Send, status: int, kind: tuple[bytes, bytes], body: bytes, allowed: bytes = b"POST"
) -> None:
    """Send a whole answer that no cache keeps; `allowed` are the methods that the path takes."""
    headers = [kind, _NO_STORE, _NO_SNIFF, _NO_PAGE, (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if status == 405:
        headers.append((b"allow", allowed))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
