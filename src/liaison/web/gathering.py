"""Read a body before a thread is taken for it, so that no slow sender holds one.

Sixteen threads answer pages and most of the API.  A body that trickles in would keep one waiting; so the event
loop gathers it first, within a time.  A feed streams as long as it has rows and needs a thread all that while: half
of the threads at most are for feeds, and a feed that falls silent is ended.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

from liaison.errors import LiaisonError, Unavailable, problem_json

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

THREADS = 16
FEEDS_AT_ONCE = THREADS // 2
BODY_SECONDS = 30.0
SILENCE_SECONDS = 60.0
SEAT_SECONDS = 10.0
_FEEDS = ("/api/feed/", "/feed/upload/")


class TooSlow(LiaisonError):
    """The body did not arrive in time."""

    status = 408


class Gathering:
    """Stands in front of what answers in threads; made once for a process."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._seats = asyncio.Semaphore(FEEDS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gather the body and pass the request on, or answer why not."""
        try:
            if scope["path"].startswith(_FEEDS):
                await self._feed(scope, receive, send)
            else:
                await self._app(scope, await _gathered(scope, receive), send)
        except (TooSlow, SeatsTaken) as error:
            await _answer(send, error)

    async def _feed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a feed one of the threads for feeds; whoever shows neither key nor session sends nothing."""
        if not _shows_something(scope):
            await self._app(scope, _empty, send)
            return
        try:
            await asyncio.wait_for(self._seats.acquire(), SEAT_SECONDS)
        except TimeoutError:
            raise SeatsTaken("feeds-busy", "Too many feeds run at this moment: send it again in a minute.") from None
        try:
            await self._app(scope, _impatient(receive), send)
        finally:
            self._seats.release()


class SeatsTaken(Unavailable):
    """All threads for feeds are taken."""


async def _gathered(scope: Scope, receive: Receive) -> Receive:
    """Return what gives the whole body at once; one that is not small, or of no known length, is nobody's to read."""
    length = _length(scope)
    if not 0 < length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return receive
    chunks: list[bytes] = []
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Unavailable("gone", "The caller went away.")
                chunks.append(message.get("body", b""))
                if not message.get("more_body"):
                    break
    except TimeoutError:
        detail = f"What was sent did not arrive within {BODY_SECONDS:.0f} seconds: send it again."
        raise TooSlow("body-too-slow", detail) from None
    whole = [{"type": "http.request", "body": b"".join(chunks), "more_body": False}]

    async def give() -> MutableMapping[str, Any]:
        return whole.pop() if whole else await receive()

    return give


def _impatient(receive: Receive) -> Receive:
    async def receive_soon() -> MutableMapping[str, Any]:
        try:
            return await asyncio.wait_for(receive(), SILENCE_SECONDS)
        except TimeoutError:
            raise Unavailable("gone", "The caller fell silent.") from None

    return receive_soon


async def _empty() -> MutableMapping[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def _shows_something(scope: Scope) -> bool:
    session = f"{settings.SESSION_COOKIE_NAME}=".encode()
    return any(name == b"authorization" or (name == b"cookie" and session in value) for name, value in scope["headers"])


def _length(scope: Scope) -> int:
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(told) if told.isdigit() and len(told) < 16 else 0


async def _answer(send: Send, error: LiaisonError) -> None:
    body = problem_json(error)
    headers = [
        (b"content-type", b"application/problem+json"), (b"cache-control", b"no-store"), (b"connection", b"close"),
        (b"content-length", str(len(body)).encode()),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
