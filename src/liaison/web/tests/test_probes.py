"""What strangers learn of the service, and what only its own machine is told."""

import asyncio
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connections

from liaison.web import probes
from liaison.web.probes import Send, answer_probe, is_probe
from tests.cast import House

STRANGER = "203.0.113.9"


def ask(path: str, peer: str | None = "127.0.0.1", **headers: str) -> tuple[int, bytes]:
    """Return status and body of an answer to a peer with these headers."""
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"path": path, "client": (peer, 4711) if peer else None, "headers": named}
    asyncio.run(_answered(scope, send))
    return sent[0]["status"], sent[1]["body"]


async def _answered(scope: MutableMapping[str, Any], send: Send) -> None:
    """Answer with one thread, which closes what it opened."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    await answer_probe(scope, send)
    await loop.run_in_executor(None, connections.close_all)


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.4.2", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("headers", [{}, {"x_forwarded_for": "127.0.0.1"}, {"x_forwarded_for": "::1, 127.0.0.1"}])
def test_the_machine_itself_reads_the_figures(house: House, peer: str, headers: dict[str, str]) -> None:
    status, body = ask("/metrics", peer, **headers)

    assert status == 200
    assert b"liaison_index_records" in body
    assert msgspec.json.decode(ask("/healthz", peer, **headers)[1]) == {"status": "ok", "lag": 0}


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        (STRANGER, {}),
        ("10.0.0.7", {}),
        ("::ffff:203.0.113.9", {}),
        ("", {}),
        (None, {}),
        ("localhost", {}),
        # What a proxy on this machine says of whom it asks for; strangers can write the first of several addresses.
        ("127.0.0.1", {"x_forwarded_for": STRANGER}),
        ("127.0.0.1", {"x_forwarded_for": f"127.0.0.1, {STRANGER}"}),
        ("127.0.0.1", {"x_forwarded_for": "unknown"}),
        ("127.0.0.1", {"x_forwarded_proto": "https"}),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}),
        # What a stranger claims of itself opens nothing.
        (STRANGER, {"x_forwarded_for": "127.0.0.1"}),
    ],
)
def test_strangers_find_no_figures_and_no_details(house: House, peer: str | None, headers: dict[str, str]) -> None:
    status, body = ask("/metrics", peer, **headers)

    assert (status, msgspec.json.decode(body)["code"]) == (404, "no-such-page")
    assert ask("/healthz", peer, **headers) == ask("/readyz", peer, **headers) == (200, b'{"status":"ok"}')


@pytest.mark.parametrize(("peer", "status"), [("127.0.0.1", "stale"), (STRANGER, "failed")])
def test_an_index_that_lags_too_far_behind_is_not_well(
    house: House, monkeypatch: pytest.MonkeyPatch, peer: str, status: str
) -> None:
    monkeypatch.setattr(probes, "last_sequence", lambda: probes.LARGEST_LAG + 1)

    code, body = ask("/healthz", peer)

    assert (code, msgspec.json.decode(body)["status"]) == (503, status)


@pytest.mark.parametrize(("peer", "told"), [("127.0.0.1", {"status", "reason"}), (STRANGER, {"status"})])
def test_a_database_that_cannot_be_read_is_not_well(
    house: House, monkeypatch: pytest.MonkeyPatch, peer: str, told: set[str]
) -> None:
    def fail() -> int:
        raise DatabaseError

    monkeypatch.setattr(probes, "last_sequence", fail)

    code, body = ask("/healthz", peer)

    assert (code, set(msgspec.json.decode(body))) == (503, told)


def test_figures_are_given_while_the_database_cannot_be_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise DatabaseError

    monkeypatch.setattr(probes, "last_sequence", fail)

    assert b"liaison_truth_sequence NaN" in ask("/metrics")[1]


def test_only_these_two_paths_are_answered_here() -> None:
    probes = ["/healthz", "/readyz", "/metrics"]

    assert [path for path in (*probes, "/metrics/", "/") if is_probe(path)] == probes
