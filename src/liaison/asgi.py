"""The front door: the hot path goes to `checks.door`, also in others' words, everything else to Django in threads.

Django runs as WSGI behind a2wsgi; its own ASGI handler would start two
threads for each request (`docs/decisions/0001-two-doors-one-process.md`).
"""

import gc
import os
from collections.abc import MutableMapping
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils import timezone

from liaison.audit.register import register
from liaison.checks.door import Door, Receive, Scope, Send
from liaison.checks.live import close_live, serve_live
from liaison.checks.rehearsal import rehearse
from liaison.checks.searching import Searchers
from liaison.engine.index import warm_up
from liaison.errors import Unavailable
from liaison.exchange.door import Exchange, is_exchange
from liaison.standing.keeper import Keeper
from liaison.web.gathering import THREADS, Gathering
from liaison.web.probes import answer_probe, is_probe

# a2wsgi names the same protocols by types of its own.
_threads: Any = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=THREADS)
_pages = Gathering(_threads)
# Before the first question, not with it: the kernels are compiled once for a machine, and loaded once for a process.
warm_up()
rehearse(serve_live().index, timezone.now())
connections.close_all()
_keeper = Keeper()
_door = Door(Searchers(settings.LIAISON_SEARCH_PROCESSES) if settings.LIAISON_SEARCH_PROCESSES else None)
_exchange = Exchange(_door)
# A request makes some hundred objects and no cycles: looking every 700 objects would cost a tenth of its time.
_COLLECT_AFTER = 20_000


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, or take part in start-up and shutdown."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/api/check":
        await _door(scope, receive, send)
    elif scope["type"] == "http" and is_exchange(scope["path"]):
        await _exchange(scope, receive, send)
    elif scope["type"] == "http" and is_probe(scope["path"]):
        await answer_probe(scope, send)
    elif scope["type"] == "http":
        await _pages(scope, _whole(receive), send)


def _whole(receive: Receive) -> Receive:
    """Make a caller's going away an error: a feed that breaks off must not look as if it ended."""

    async def receive_or_fail() -> MutableMapping[str, Any]:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Unavailable("gone", "The caller went away.")
        return message

    return receive_or_fail


async def _live(receive: Receive, send: Send) -> None:
    """Follow the truth while the server runs; at the end, write what was acknowledged."""
    await receive()
    # What start-up made stays: the collector need not walk through it under load.
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    _keeper.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    _door.close()
    _keeper.stop()
    close_live()
    register().close()
    await send({"type": "lifespan.shutdown.complete"})
