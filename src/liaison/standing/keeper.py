"""Keep going beside a service what a time brings: standing checks, urgent requests, and once an hour what is over.

The process is started when the first standing check is set, and again when it
ends before; it ends with the service, because its standard input closes then.
"""

import subprocess
import sys
import threading
import time

import structlog
from django.db import Error as DatabaseFailure
from django.db import connections
from django.utils import timezone

from liaison.access.urgent import settle_urgent_requests
from liaison.audit import retention
from liaison.errors import Unavailable
from liaison.notifications.actions import erase_old
from liaison.standing.actions import end_what_is_over, erase_ended
from liaison.standing.queries import active

COMMAND = (sys.executable, "-c", "from liaison.cli import main; main()", "standing", "follow")
_LOOK_SECONDS = 1.0
_HOUR_SECONDS = 3600.0

log = structlog.get_logger()


class Keeper:
    """The thread of a service that looks after standing checks, urgent requests and notifications."""

    def __init__(self, command: tuple[str, ...] = COMMAND, look_seconds: float = _LOOK_SECONDS) -> None:
        self._command, self._look_seconds = command, look_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = threading.Event()
        self._swept_at = -_HOUR_SECONDS
        self._thread = threading.Thread(target=self._run, name="standing", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Let the process finish its step, and wait for it."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._is_over.is_set():
            try:
                self._look_after()
            except (DatabaseFailure, Unavailable) as error:
                log.error("standing.cannot_keep", reason=type(error).__name__)
                connections.close_all()
            self._is_over.wait(self._look_seconds)
        self._end_process()
        connections.close_all()

    def _end_process(self) -> None:
        """Close its standard input, which it waits for, and wait until it has finished."""
        if self._process:
            self._process.communicate()
        self._process = None

    def _look_after(self) -> None:
        now = timezone.now()
        if self._process and self._process.poll() is not None:
            log.error("standing.ended", code=self._process.returncode)
            self._end_process()
        if self._process is None and active(now.date()).exists():
            # A session of its own: Ctrl-C is for the service, which then lets the process finish.
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603
        settle_urgent_requests(now)
        if time.monotonic() - self._swept_at >= _HOUR_SECONDS:
            end_what_is_over(now)
            erase_ended(now)
            erase_old(now=now)
            retention.erase_old(now)
            self._swept_at = time.monotonic()
