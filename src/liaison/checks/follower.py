"""Follow an indexer: start it beside this process, take over what it publishes, start it again when it ends.

The indexer ends when this process does, however that ends: it reads its standard
input, and that closes with us.
"""

import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import structlog

from liaison.engine.index import Index, IndexDamaged
from liaison.records.indexer import Told, ask_to_repair

COMMAND = (sys.executable, "-c", "from liaison.cli import main; main()", "index", "--follow")
# An indexer that says nothing for so long hangs: it speaks every second.
SILENCE_SECONDS = 15.0
_RESTART_SECONDS = 1.0
_TELL_SECONDS = 5.0

log = structlog.get_logger()


class Follower:
    """Keeps an index of this process as fresh as its indexer keeps the files."""

    def __init__(self, folder: Path, command: tuple[str, ...] = COMMAND) -> None:
        self._folder, self._command = folder, command
        self._index: Index | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._is_open, self._is_over = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._heard_at = self._logged_at = time.monotonic()
        self.failure = ""

    def start(self) -> Index:
        """Start the indexer; return the index when every version that is committed now is in it."""
        self._thread.start()
        self._is_open.wait()
        assert self._index is not None  # noqa: S101  the event says so
        return self._index

    def is_fresh(self) -> bool:
        """Say whether changes reach the index."""
        return not self.failure and time.monotonic() - self._heard_at < SILENCE_SECONDS

    def stop(self) -> None:
        """Let the indexer finish, and wait for it."""
        self._is_over.set()
        with self._lock:
            if self._process and self._process.stdin:
                self._process.stdin.close()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._is_over.is_set():
            self._follow()
            if not self._is_over.is_set():
                self._fail("the indexer ended")
                self._is_over.wait(_RESTART_SECONDS)

    def _follow(self) -> None:
        """Run one indexer to its end."""
        with self._lock:
            if self._is_over.is_set():
                return
            # A session of its own: Ctrl-C is for the service, which then lets the indexer finish.
            self._process = process = subprocess.Popen(  # noqa: S603  our own program, our own words
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        with process:
            for line in process.stdout or ():
                self._hear(line)

    def _hear(self, line: bytes) -> None:
        try:
            told = msgspec.json.decode(line, type=Told)
            if told.sequence >= 0:
                self._take_over()
                self.failure = ""
                self._logged_at = time.monotonic()
        except IndexDamaged as damage:
            ask_to_repair(self._folder, damage)
            told = Told(failure=type(damage).__name__)
        except Exception as error:  # A door: a file that cannot be opened is told, and looked at again.
            told = Told(failure=type(error).__name__)
        self._heard_at = time.monotonic()
        if told.failure:
            self._fail(told.failure)
        if told.goal and self._heard_at > self._logged_at + _TELL_SECONDS:
            self._logged_at = self._heard_at
            log.info("index.making", done=told.done, goal=told.goal)

    def _take_over(self) -> None:
        if self._index is None:
            self._index = Index(self._folder, as_published=True)
            self._is_open.set()
        else:
            self._index.refresh()

    def _fail(self, failure: str) -> None:
        if self.failure != failure:
            log.error("index.stale", reason=failure)
        self.failure = failure
