"""Watch beside a service: the thread of the process that keeps the index, which steps back behind everything else."""

import threading
import time

import structlog
from django.db import connections
from django.utils import timezone

from liaison.oversight.actions import erase_old
from liaison.oversight.watching import Overtaken, draw, forget_old_habits, look_through

LOOK_SECONDS = 60.0
_HOUR_SECONDS = 3600.0

log = structlog.get_logger()


class Watcher:
    """The thread that looks through new checks, again and again, and draws once a day is over."""

    def __init__(self, stop: threading.Event, look_seconds: float = LOOK_SECONDS) -> None:
        self._stop, self._look_seconds = stop, look_seconds
        self._swept_at = -_HOUR_SECONDS
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait until it has finished its step."""
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._look()
                self._stop.wait(self._look_seconds)
        finally:
            connections.close_all()

    def _look(self) -> None:
        try:
            while not self._stop.is_set() and look_through(timezone.now()):
                pass
            if time.monotonic() - self._swept_at >= _HOUR_SECONDS:
                now = timezone.now()
                draw(now)
                erase_old(now)
                forget_old_habits(now)
                self._swept_at = time.monotonic()
        except Overtaken:
            pass
        except Exception as error:  # A door: whatever goes wrong is told, and tried again.
            log.error("oversight.cannot_watch", reason=type(error).__name__)
            connections.close_all()
