"""Keep the index on disk fresh: the work of one process beside the service, `liaison index --follow`.

Indexing is hours of computing in a big feed.  In the process that answers checks
it would hold the interpreter while an officer waits; here it only takes a processor.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog
from django.db import connections

from liaison.engine.index import IndexDamaged
from liaison.engine.manifest import FRESH_SUFFIX, SEGMENT_SUFFIX, end_progress, write_progress
from liaison.engine.writer import IndexInUse, IndexWriter
from liaison.records.indexing import catch_up_or_begin_again, last_sequence, open_writer

POLL_SECONDS = 0.008
HEARTBEAT_SECONDS = 1.0
_REBUILD = "rebuild"

log = structlog.get_logger()


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the indexer says, a JSON line each: what is published, how far it is, or why it cannot go on."""

    sequence: int = -1
    done: int = 0
    goal: int = 0
    failure: str = ""


Tell = Callable[[Told], None]


def ask_to_rebuild(folder: Path) -> None:
    """Ask the process that writes the folder to make everything again."""
    (folder / _REBUILD).touch()


def ask_to_repair(folder: Path, damage: IndexDamaged) -> None:
    """Ask the process that writes the folder to make everything again if a file of arrays is damaged.

    It maps the files and need not have noticed.  A damaged manifest it writes again by itself.
    """
    log.error("index.damaged", damage=str(damage))
    if damage.path.suffix in (SEGMENT_SUFFIX, FRESH_SUFFIX):
        ask_to_rebuild(folder)


class Indexer:
    """Carries every new version into what readers open, until it is stopped."""

    def __init__(self, folder: Path, tell: Tell, stop: threading.Event) -> None:
        self._folder, self._tell, self._stop = folder, tell, stop
        self._told_at = 0.0
        self._trouble: BaseException | None = None

    def run(self) -> None:
        """Work until `stop` is set; whatever fails is told, and tried again."""
        while not self._stop.is_set():
            try:
                with open_writer(self._folder) as writer:
                    self._keep(writer)
            except IndexInUse:
                self._stop.wait(0.1)
            except Exception as error:  # A door: whatever goes wrong is told, and tried again.
                log.error("index.cannot_follow", exc_info=error)
                self._say(Told(failure=type(error).__name__))
                self._stop.wait(1)
            finally:
                connections.close_all()

    def _keep(self, writer: IndexWriter) -> None:
        # Not before everything is in: who reads what is published must not miss a record.
        catch_up_or_begin_again(writer, self._progress)
        self._told_at = 0.0
        self._publish(writer)
        while not self._stop.wait(POLL_SECONDS):
            self._step(writer)
        writer.flush()
        writer.publish()

    def _step(self, writer: IndexWriter) -> None:
        request = self._folder / _REBUILD
        if request.exists():
            writer.begin_again()
            catch_up_or_begin_again(writer, self._progress)
            # Now, and not before: whoever asked meanwhile, because of the same damage, is served too.
            request.unlink(missing_ok=True)
        elif last_sequence() != writer.sequence:
            catch_up_or_begin_again(writer, lambda *_: self._publish(writer))
        writer.merge_in_time()
        if writer.trouble is not self._trouble:
            # Nothing is lost and everything is found, but it is not on disk for certain, and in too many files.
            self._trouble = writer.trouble
            log.error("index.cannot_merge", exc_info=self._trouble) if self._trouble else log.info("index.merges_again")
        self._publish(writer)

    def _publish(self, writer: IndexWriter) -> None:
        """Publish if there is anything new; tell it, and now and then that there is nothing."""
        if not writer.publish():
            if time.monotonic() < self._told_at + HEARTBEAT_SECONDS:
                return
            # Whoever damaged it: a new reader opens it, or a search process that was started again.
            writer.publish_again()
        end_progress(self._folder)
        self._say(Told(sequence=writer.sequence))

    def _progress(self, done: int, goal: int) -> None:
        self._say(Told(done=done, goal=goal))
        write_progress(self._folder, done, goal)

    def _say(self, told: Told) -> None:
        self._told_at = time.monotonic()
        self._tell(told)
