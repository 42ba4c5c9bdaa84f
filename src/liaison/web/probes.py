"""What machines ask about the service itself: is it well, and how much has it done.

Everybody learns whether it is well; figures are for the machine itself.  A
reverse proxy on this machine says in X-Forwarded-For for whom it asks, and one
address there that is not of this machine makes the asker a stranger: what a
stranger writes into that header can only take away.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import IPv6Address, ip_address
from typing import Any

import msgspec
from django.db import DatabaseError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from liaison.checks import metrics
from liaison.checks.live import live
from liaison.errors import NotFound, problem_json
from liaison.records.indexing import last_sequence
from liaison.standing.queries import compared_until

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# A service whose index lags further behind than this would answer with old news.
LARGEST_LAG = 100_000
_ASKED_FOR = b"x-forwarded-for"
# A proxy that says one of these and not for whom it asks may ask for anybody.
_OF_PROXIES = (b"forwarded", b"via", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip")


def is_probe(path: str) -> bool:
    """Say whether this path is answered here."""
    return path in ("/healthz", "/readyz", "/metrics")


async def answer_probe(scope: Scope, send: Send) -> None:
    """Answer /healthz or /readyz (200 or 503, JSON) or /metrics (Prometheus text, and 404 for strangers)."""
    loop, is_near = asyncio.get_running_loop(), asked_from_this_machine(scope)
    if scope["path"] != "/metrics":
        status, body = await loop.run_in_executor(None, _health, is_near)
        kind = "application/json"
    elif is_near:
        status, kind, body = 200, CONTENT_TYPE_LATEST, await loop.run_in_executor(None, _metrics)
    else:
        nothing = NotFound("no-such-page", "There is no such page.")
        status, kind, body = nothing.status, "application/problem+json", problem_json(nothing)
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    headers.append((b"cache-control", b"no-store"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def asked_from_this_machine(scope: Scope) -> bool:
    """Say whether the peer is this machine, and if it is a proxy, everybody for whom it asks too."""
    asked_for = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == _ASKED_FOR)
    if not asked_for and any(name in _OF_PROXIES for name, _ in scope["headers"]):
        return False
    peer = scope["client"][0] if scope.get("client") else ""
    return all(_is_loopback(address.strip()) for address in [peer, *filter(None, asked_for.split(","))])


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    inside = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (inside or found).is_loopback


def _health(is_near: bool) -> tuple[int, bytes]:
    """Return the status, and as much about it as the asker may know."""
    status, found = _state()
    told = found if is_near else {"status": "ok" if status == 200 else "failed"}
    return status, msgspec.json.encode(told)


def _state() -> tuple[int, dict[str, object]]:
    try:
        lag = last_sequence() - live().index.sequence
    except DatabaseError:
        return 503, {"status": "failed", "reason": "the database cannot be read"}
    is_well = live().is_fresh() and lag <= LARGEST_LAG
    return (200 if is_well else 503), {"status": "ok" if is_well else "stale", "lag": lag}


def _metrics() -> bytes:
    metrics.INDEX_SEQUENCE.set(live().index.sequence)
    metrics.INDEX_RECORDS.set(live().index.record_count)
    try:
        metrics.TRUTH_SEQUENCE.set(last_sequence())
        metrics.STANDING_SEQUENCE.set(compared_until())
    except DatabaseError:
        metrics.TRUTH_SEQUENCE.set(float("nan"))
    return generate_latest()
