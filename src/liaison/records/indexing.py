"""Carry versions from the truth into the index, in commit order, and keep it fresh.

The index is derived: when it is damaged it is cleared and made again from the
first version.
"""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import structlog
from django.db import connection, connections

from liaison.engine.index import Index, IndexDamaged
from liaison.engine.types import Item, Removal
from liaison.lib.days import as_day
from liaison.records.databases import all_databases
from liaison.records.models import State

STEP = 2000
FLUSH_AT = 50_000
POLL_SECONDS = 0.02
_EPOCH = date(1970, 1, 1)

_CHANGES = (
    "SELECT v.sequence, r.number, r.database, r.state, r.rights_class, r.expires_on, v.payload "
    "FROM records_version v JOIN records_record r ON r.number = v.record "
    "WHERE v.sequence > %s AND v.sequence <= %s AND v.sequence = r.sequence ORDER BY v.sequence"
)

log = structlog.get_logger()
Progress = Callable[[int, int], None]


def day_number(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - _EPOCH).days


def last_sequence() -> int:
    """Return the sequence number of the newest committed version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(sequence), 0) FROM records_version")
        return int(cursor.fetchone()[0])


def changes(after: int, until: int) -> list[Item | Removal]:
    """Return what the index must learn of the versions after one sequence number, until another.

    A version that is no longer current is left out: the newer one follows.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [after, until])
        rows = cursor.fetchall()
    return [_change(*row) for row in rows]


def _change(
    sequence: int, number: int, database: str, state: str, rights: int, expires_on: object, payload: str
) -> Item | Removal:
    if state != State.ACTIVE or not payload:
        return Removal(number, sequence)
    declared = all_databases()[database]
    fields = msgspec.json.decode(payload, type=declared.record)
    keys = tuple(key.encoded() for key in declared.exact_keys(fields))
    return Item(number, sequence, rights, day_number(as_day(expires_on)), keys, declared.subject(fields))


def open_index(folder: Path) -> Index:
    """Open the index, or begin an empty one in its place when it is damaged (it is then made again)."""
    try:
        return Index(folder)
    except IndexDamaged as damage:
        log.error("index.damaged", damage=str(damage))
        return Index.emptied(folder)


def catch_up(index: Index, progress: Progress | None = None) -> int:
    """Bring the index to the newest version; return its sequence number.

    `progress` is told (done, goal) after every step.
    """
    index.refresh()
    goal = last_sequence()
    if goal < index.sequence:
        log.error("index.ahead", index=index.sequence, truth=goal)
        index.clear()
    while index.sequence < goal:
        until = min(index.sequence + STEP, goal)
        index.apply(changes(index.sequence, until), until)
        if index.delta_size >= FLUSH_AT:
            index.flush()
        if progress:
            progress(index.sequence, goal)
    return index.sequence


class Follower:
    """A thread that keeps an index fresh while the process lives."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._stop = threading.Event()
        self._nudge = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self.failure = ""

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def nudge(self) -> None:
        """Look now: this process has just committed something."""
        self._nudge.set()

    def stop(self) -> None:
        """Stop following and wait for the thread."""
        self._stop.set()
        self._nudge.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                catch_up(self._index)
                self.failure = ""
            except Exception as error:  # A door: whatever goes wrong is told, and tried again.
                self._tell(error)
                self._stop.wait(1)
            self._nudge.wait(POLL_SECONDS)
            self._nudge.clear()
        connections.close_all()

    def _tell(self, error: Exception) -> None:
        if self.failure != type(error).__name__:
            log.error("index.cannot_follow", exc_info=error)
        self.failure = type(error).__name__
        connections.close_all()
