"""Compare every new version with the standing checks, one step after the other, until stopped.

The work of one process beside the service, `liaison standing follow`: comparing
computes, and in the service an officer would wait for it.  Where several run, each
step is done by one of them.
"""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import connections

from liaison.standing.matching import Questions
from liaison.standing.telling import Overtaken, step

POLL_SECONDS = 0.25

log = structlog.get_logger()
Clock = Callable[[], datetime]


class Worker:
    """Goes from version to version, from the place where the last one stopped."""

    def __init__(self, clock: Clock, stop: threading.Event) -> None:
        self._clock, self._stop = clock, stop
        self._questions = Questions()

    def run(self) -> None:
        """Work until `stop` is set; whatever fails is told, and tried again."""
        try:
            while not self._stop.is_set():
                try:
                    self.catch_up()
                    self._stop.wait(POLL_SECONDS)
                except Exception as error:  # A door: whatever goes wrong is told, and tried again.
                    log.error("standing.cannot_follow", exc_info=error)
                    connections.close_all()
                    self._stop.wait(1)
        finally:
            connections.close_all()

    def catch_up(self) -> None:
        """Go on until nothing is left that is committed now."""
        while not self._stop.is_set() and self._step():
            pass

    def _step(self) -> bool:
        try:
            return step(self._questions, self._clock())
        except Overtaken:
            # Somebody else did the step, or a right changed: look again.
            return True
