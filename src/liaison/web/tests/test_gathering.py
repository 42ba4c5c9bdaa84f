"""A body is gathered before a thread is taken; feeds have half of the threads and may not fall silent."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest

from liaison.errors import Unavailable
from liaison.web import gathering
from liaison.web.gathering import FEEDS_AT_ONCE, Gathering

Message = MutableMapping[str, Any]
KEY = (b"authorization", b"Bearer lk_x")


def scope_of(path: str, length: int, *headers: tuple[bytes, bytes]) -> Message:
    return {"path": path, "headers": [(b"content-length", str(length).encode()), *headers]}


def sender(*pieces: bytes, then_silent: bool = False) -> Callable[[], Awaitable[Message]]:
    left = list(pieces)

    async def receive() -> Message:
        if not left and then_silent:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or then_silent}

    return receive


class App:
    """What stands behind: it remembers what it was given, and waits where it is told to."""

    def __init__(self, wait: float = 0) -> None:
        self.bodies: list[bytes] = []
        self.at_once = self.most_at_once = 0
        self._wait = wait

    async def __call__(self, _scope: Message, receive: Any, send: Any) -> None:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            self.bodies.append((await receive())["body"])
            await asyncio.sleep(self._wait)
            await send({"type": "http.response.start", "status": 200, "headers": []})
        finally:
            self.at_once -= 1


def statuses(app: App, *requests: tuple[Message, Any]) -> list[int]:
    async def ask() -> list[int]:
        front, sent = Gathering(app), list[Message]()

        async def send(message: Message) -> None:
            sent.append(message)

        await asyncio.gather(*(front(scope, receive, send) for scope, receive in requests))
        return [message["status"] for message in sent if "status" in message]

    return asyncio.run(ask())


def test_a_body_in_pieces_comes_whole() -> None:
    app = App()

    assert statuses(app, (scope_of("/check/", 6), sender(b"ab", b"cd", b"ef"))) == [200]
    assert app.bodies == [b"abcdef"]


def test_a_body_that_trickles_is_refused_and_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BODY_SECONDS", 0.05)
    app = App()

    assert statuses(app, (scope_of("/accounts/login/", 1000), sender(b"login=", then_silent=True))) == [408]
    assert app.bodies == []


def test_a_feed_comes_as_it_is_sent() -> None:
    app = App()

    assert statuses(app, (scope_of("/api/feed/nominal", 4, KEY), sender(b"ab", b"cd"))) == [200]
    assert app.bodies == [b"ab"]


def test_more_feeds_than_seats_wait_for_one() -> None:
    app = App(wait=0.02)
    feeds = [(scope_of("/api/feed/nominal", 1, KEY), sender(b"a")) for _ in range(FEEDS_AT_ONCE * 2)]

    assert statuses(app, *feeds) == [200] * len(feeds)
    assert app.most_at_once == FEEDS_AT_ONCE


def test_a_feed_that_finds_no_seat_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "SEAT_SECONDS", 0.02)
    app = App(wait=0.2)
    feeds = [(scope_of("/feed/upload/", 1, KEY), sender(b"a")) for _ in range(FEEDS_AT_ONCE + 1)]

    assert sorted(statuses(app, *feeds)) == [200] * FEEDS_AT_ONCE + [503]


def test_a_feed_that_falls_silent_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "SILENCE_SECONDS", 0.05)

    with pytest.raises(Unavailable, match="gone"):
        statuses(App(), (scope_of("/api/feed/nominal", 9, KEY), sender(then_silent=True)))


def test_a_stranger_takes_no_seat_and_sends_nothing() -> None:
    app = App()

    assert statuses(app, (scope_of("/feed/upload/", 1000), sender(then_silent=True))) == [200]
    assert app.bodies == [b""]
