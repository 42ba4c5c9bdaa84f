"""What a process that searches beside the service does (`searching.py`), from its beginning to its end.

It is imported before Django is ready, so nothing that has models is imported here
but inside functions.
"""

import gc
import os
import signal
import threading
import time
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import structlog

from liaison.errors import LiaisonError, Problem

if TYPE_CHECKING:
    from liaison.access.rules import Asker
    from liaison.checks.answer import Result

_ORPHAN_LOOKS_SECONDS = 1.0
_LOOK_SECONDS = 0.1
_TROUBLE = Problem("database-away", "The database does not answer now: ask again in a moment.")

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode


def begin(service: int) -> None:
    """Make a new process ready to search; it ends with the process that has this number."""
    # The service says when to end: by closing the pool, or by ending itself, however that happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(service,), daemon=True).start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")
    import django

    django.setup()

    from liaison.engine.index import warm_up
    from liaison.lib.logs import configure_logs

    configure_logs()
    warm_up()
    _make_ready()
    gc.freeze()
    threading.Thread(target=_follow_on, daemon=True).start()


def _make_ready() -> None:
    """Open the index and rehearse; where it cannot be opened now, every question tries again."""
    from django.utils import timezone

    from liaison.checks.live import follow_files
    from liaison.checks.rehearsal import rehearse

    try:
        rehearse(follow_files().index, timezone.now())
    except LiaisonError as error:
        log.error("search.not_ready", reason=error.problems[0].code)


def _follow_on() -> None:
    """Take over what is published while nobody asks, so that the next question need not."""
    from liaison.checks.live import follow_files

    while True:
        time.sleep(_LOOK_SECONDS)
        with suppress(LiaisonError):
            follow_files()


def _end_with(service: int) -> None:
    while os.getppid() == service:
        time.sleep(_ORPHAN_LOOKS_SECONDS)
    os._exit(0)


def do_nothing() -> None:
    """Do nothing: the pool starts a process for the first pieces of work."""


def search(asked: bytes, asker: "Asker", now: datetime) -> bytes:
    """Answer a piece of a check; return what `searching` decodes, as JSON."""
    try:
        return _encode({"results": _results(asked, asker, now)})
    except LiaisonError as error:
        return _encode({"problems": error.problems})
    except Exception as error:  # A door: what goes wrong here is told there, not lost with the process.
        log.error("search.failed", reason=type(error).__name__, exc_info=error)
        return _encode({"problems": [_TROUBLE]})


def _results(asked: bytes, asker: "Asker", now: datetime) -> "tuple[Result, ...]":
    from django.db import Error as DatabaseFailure
    from django.db import connections

    from liaison.checks.actions import complete
    from liaison.checks.answer import look_up
    from liaison.checks.live import follow_files
    from liaison.checks.plan import plan_request
    from liaison.checks.request import CheckRequest
    from liaison.records.indexing import day_number
    from liaison.records.rights import rights_table

    try:
        table, index = rights_table(), follow_files().index
        plans = plan_request(msgspec.json.decode(asked, type=CheckRequest), now.date())
        found = look_up(plans, table, asker, index, day_number(now.date()))
        return complete(plans, found, table, asker, now)
    except DatabaseFailure:
        connections.close_all()
        raise
