"""What machines ask about the service itself: is it well, and how much has it done."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from django.db import DatabaseError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from liaison.checks import metrics
from liaison.checks.live import live
from liaison.records.indexing import last_sequence

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# A service whose index lags further behind than this would answer with old news.
LARGEST_LAG = 100_000


def is_probe(path: str) -> bool:
    """Say whether this path is answered here."""
    return path in ("/healthz", "/metrics")


async def answer_probe(scope: Scope, send: Send) -> None:
    """Answer /healthz (200 or 503, JSON) or /metrics (Prometheus text)."""
    loop = asyncio.get_running_loop()
    if scope["path"] == "/metrics":
        status, kind, body = 200, CONTENT_TYPE_LATEST, await loop.run_in_executor(None, _metrics)
    else:
        status, body = await loop.run_in_executor(None, _health)
        kind = "application/json"
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _health() -> tuple[int, bytes]:
    try:
        lag = last_sequence() - live().index.sequence
    except DatabaseError:
        return 503, msgspec.json.encode({"status": "failed", "reason": "the database cannot be read"})
    is_well = live().is_fresh() and lag <= LARGEST_LAG
    return (200 if is_well else 503), msgspec.json.encode({"status": "ok" if is_well else "stale", "lag": lag})


def _metrics() -> bytes:
    metrics.INDEX_SEQUENCE.set(live().index.sequence)
    metrics.INDEX_RECORDS.set(live().index.record_count)
    try:
        metrics.TRUTH_SEQUENCE.set(last_sequence())
    except DatabaseError:
        metrics.TRUTH_SEQUENCE.set(float("nan"))
    return generate_latest()
