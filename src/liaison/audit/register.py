"""Append entries to the register of processing, durably, before any answer leaves.

One writer thread per process commits everything that waits as one group, so
that a hundred callers share one fsync.  If the group cannot be written, every
caller in it gets `Unavailable`, and so nobody gets an answer.

This module is the only door to the writer: `append` waits, `submit` does not.
The form of storage can change behind it.
"""

import sqlite3
import threading
import time
from asyncio import AbstractEventLoop
from asyncio import Future as AsyncFuture
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper

from liaison.audit.events import Event
from liaison.audit.models import Words
from liaison.audit.sealed import forget, mark, marks, seal
from liaison.audit.series import series
from liaison.audit.showings import owner_mark, owners_of
from liaison.audit.signer import log_name, signed_size
from liaison.errors import LiaisonError, Unavailable
from liaison.lib.sequence import lock_order

_LARGEST_GROUP = 2000
# Answers to one group leave together, and their callers ask again together: without a pause the first of them would be
# committed alone, and half of all commits would be for one entry.  Fewer callers than this are never kept waiting.
_GATHER_FROM = 8
_GATHER_SECONDS = 0.0005
_ORDER = "audit_entry"
# A group goes in as few statements: each costs the writer one wait for the interpreter's lock, and beside a busy event
# loop a row at a time would cost milliseconds each.  SQLite takes 32,766 values in one.
_ROWS_AT_ONCE = 256


class _Table(NamedTuple):
    """Where rows go: the table, its columns in their order, and for PostgreSQL the same out of a JSON array `v`."""

    name: str
    columns: str
    from_json: str


_ENTRIES = _Table(
    "audit_entry",
    "number, at_us, event, agency, actor, database, purpose, sealed, reference_mark, shown_marks",
    "(v->>0)::bigint, (v->>1)::bigint, v->>2, (v->>3)::bigint, v->>4, v->>5, v->>6, decode(v->>7, 'base64'), v->>8, "
    "v->>9",
)
_SHOWINGS = _Table(
    "audit_showing", "number, at_us, owner_mark, record_mark", "(v->>0)::bigint, (v->>1)::bigint, v->>2, v->>3"
)
Row = tuple[int | str | bytes, ...]

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode
_decode_shown = msgspec.json.Decoder(list[str]).decode


class NewEntry(NamedTuple):
    """An entry before it has its number; `searched`, `shown` and `detail` are JSON text.

    `confidential_to` is the agency whose people alone read it; 0 for an ordinary entry.
    """

    at_us: int
    event: Event
    agency: int
    actor: str
    database: str = ""
    purpose: str = ""
    reference: str = ""
    searched: str = ""
    shown: str = "[]"
    detail: str = ""
    confidential_to: int = 0


class _Waiting(NamedTuple):
    entry: NewEntry
    thread_future: Future[int] | None
    loop: AbstractEventLoop | None
    loop_future: AsyncFuture[int] | None


class Register:
    """The writer of this process: a queue, a thread, group commit."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._lock = threading.Lock()
        self._wake = threading.Condition(self._lock)
        self._is_idle = False
        self._thread: threading.Thread | None = None
        self._is_closed = False
        # The sizes of the last two groups: as many entries are likely to come again.
        self._lately = (0, 0)

    def append(self, entry: NewEntry) -> int:
        """Write one entry and return its number once it is durable; raise Unavailable if it cannot be."""
        future: Future[int] = Future()
        self._put(_Waiting(entry, future, None, None))
        return future.result()

    def append_all(self, entries: Sequence[NewEntry]) -> list[int]:
        """Write several entries, as one group where they fit; return their numbers once all are durable."""
        futures: list[Future[int]] = [Future() for _ in entries]
        for entry, future in zip(entries, futures, strict=True):
            self._put(_Waiting(entry, future, None, None))
        return [future.result() for future in futures]

    def note(self, entry: NewEntry) -> None:
        """Queue one entry and wait for nothing: for what happened whether or not it can be written."""
        self._put(_Waiting(entry, Future(), None, None))

    def submit(self, entry: NewEntry, loop: AbstractEventLoop) -> AsyncFuture[int]:
        """Queue one entry from an event loop; the future gives its number once it is durable."""
        future: AsyncFuture[int] = loop.create_future()
        self._put(_Waiting(entry, None, loop, future))
        return future

    def close(self) -> None:
        """Write what waits and stop the thread; later entries are refused."""
        with self._wake:
            self._is_closed = True
            self._wake.notify()
        if self._thread:
            self._thread.join()

    def _put(self, waiting: _Waiting) -> None:
        with self._lock:
            if self._is_closed:
                raise Unavailable("register-closed", "The service is stopping: ask again in a moment.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="register", daemon=True)
                self._thread.start()
            self._waiting.append(waiting)
            if self._is_idle:
                self._wake.notify()

    def _run(self) -> None:
        while group := self._next_group():
            _write_and_tell(group)
        connections.close_all()

    def _next_group(self) -> list[_Waiting]:
        with self._lock:
            self._is_idle = True
            while not self._waiting and not self._is_closed:
                self._wake.wait()
            self._is_idle = False
        self._gather()
        with self._lock:
            group, self._waiting = self._waiting[:_LARGEST_GROUP], self._waiting[_LARGEST_GROUP:]
        self._lately = (self._lately[1], len(group))
        return group

    def _gather(self) -> None:
        """Wait a moment, once, when more entries are likely to come than are here."""
        expected = max(self._lately)
        if expected >= _GATHER_FROM and len(self._waiting) < expected and not self._is_closed:
            time.sleep(_GATHER_SECONDS)


def _write_and_tell(group: Sequence[_Waiting]) -> None:
    """Write a group and tell every caller; where the words of one entry are at fault, the others are still written."""
    try:
        _resolve(group, _write([waiting.entry for waiting in group]))
    except Exception as error:  # A door: nobody may wait for ever, and the thread may not end, whatever went wrong.
        # What was begun was undone, and a new key with it.
        forget()
        log.error("register.unwritable", reason=_reason_of(error), entries=len(group))
        connections[settings.REGISTER_ALIAS].close()
        if len(group) == 1 or isinstance(error, OperationalError | InterfaceError):
            _resolve(group, [None] * len(group))
        else:
            for waiting in group:
                _write_and_tell([waiting])


def _reason_of(error: Exception) -> str:
    # The words of other exceptions may quote an entry.
    return error.problems[0].code if isinstance(error, LiaisonError) else type(error).__name__


def _write(entries: Sequence[NewEntry]) -> list[int]:
    """Commit the entries in one transaction; return their numbers."""
    alias = settings.REGISTER_ALIAS
    shown = [_decode_shown(entry.shown) if entry.shown != "[]" else [] for entry in entries]
    # Before the lock, since it asks another database; nearly no check shows a record.
    owners = owners_of(chain.from_iterable(shown)) if any(shown) else {}
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        lock_order(cursor, _ORDER)
        numbers = _numbers(cursor, entries)
        _insert(cursor, [_row(*one) for one in zip(numbers, entries, shown, strict=True)], _ENTRIES)
        if owners:
            _insert(cursor, [*_showings(numbers, entries, shown, owners)], _SHOWINGS)
    return numbers


def _numbers(cursor: CursorWrapper, entries: Sequence[NewEntry]) -> list[int]:
    """Return the next number for each entry, in the series where it belongs."""
    following: dict[int, int] = {}
    numbers = []
    for entry in entries:
        number = following.get(entry.confidential_to) or _next_number(cursor, entry.confidential_to)
        following[entry.confidential_to] = number + 1
        numbers.append(number)
    return numbers


def _next_number(cursor: CursorWrapper, confidential_to: int) -> int:
    among = series(confidential_to)
    cursor.execute(
        "SELECT number FROM audit_entry WHERE number >= %s AND number < %s ORDER BY number DESC LIMIT 1",
        (among.start, among.stop),
    )
    last = cursor.fetchone()
    number = int(last[0]) + 1 if last else among.start
    if number < _least_number(confidential_to):
        detail = (
            "The register holds fewer entries than were signed: an older copy was put in its place. "
            "Bring back the newest, or begin a new log with `liaison log renew`."
        )
        raise Unavailable("register-older", detail)
    return number


@cache
def _least_number(confidential_to: int) -> int:
    """Return the number that a new entry has at least, by what was signed when this process began to write."""
    signed = signed_size(Path(settings.LIAISON_HOME), log_name(confidential_to))
    return series(confidential_to).start + signed


def _row(number: int, entry: NewEntry, shown: Sequence[str]) -> Row:
    """Return an entry as it is stored, in the order of _ENTRIES."""
    words = Words(entry.reference, entry.searched, entry.shown, entry.detail)
    sealed = seal(_encode(words), entry.at_us, entry.agency)
    return (number, *entry[:6], sealed, mark(entry.reference), marks(shown))


def _showings(
    numbers: Sequence[int], entries: Sequence[NewEntry], shown: Sequence[Sequence[str]], owners: Mapping[str, int]
) -> Iterator[Row]:
    """Yield which records the entries showed and whose they are, in the order of _SHOWINGS."""
    for number, entry, references in zip(numbers, entries, shown, strict=True):
        for reference in dict.fromkeys(references):
            yield number, entry.at_us, owner_mark(owners[reference]), mark(reference)


def _insert(cursor: CursorWrapper, rows: Sequence[Row], table: _Table) -> None:
    connection = connections[settings.REGISTER_ALIAS]
    if connection.vendor == "sqlite":
        with connection.wrap_database_errors:
            _insert_sqlite(connection.connection, rows, table)
    else:
        cursor.execute(
            f"INSERT INTO {table.name} ({table.columns}) SELECT {table.from_json} "  # noqa: S608  our own names only
            "FROM jsonb_array_elements(%s::jsonb) AS v",
            [msgspec.json.encode(rows).decode()],
        )


def _insert_sqlite(driver: sqlite3.Connection, rows: Sequence[Row], table: _Table) -> None:
    """Insert below Django, whose cursor would look through the statement for marks each time."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        driver.execute(_insert_of(len(some), table), list(chain.from_iterable(some)))


@cache
def _insert_of(rows: int, table: _Table) -> str:
    row = f"({', '.join('?' * (table.columns.count(',') + 1))})"
    return f"INSERT INTO {table.name} ({table.columns}) VALUES {', '.join([row] * rows)}"  # noqa: S608  marks only


def _resolve(group: Sequence[_Waiting], numbers: Sequence[int | None]) -> None:
    """Tell every caller its number, or None where nothing was written; event loops are woken once each."""
    by_loop: dict[AbstractEventLoop, list[tuple[AsyncFuture[int], int | None]]] = {}
    for waiting, number in zip(group, numbers, strict=True):
        if waiting.thread_future is not None:
            _settle(waiting.thread_future, number)
        elif waiting.loop is not None and waiting.loop_future is not None:
            by_loop.setdefault(waiting.loop, []).append((waiting.loop_future, number))
    for loop, settled in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, settled)


def _settle_all(settled: list[tuple[AsyncFuture[int], int | None]]) -> None:
    for future, number in settled:
        if not future.cancelled():
            _settle(future, number)


def _settle(future: "Future[int] | AsyncFuture[int]", number: int | None) -> None:
    if number is None:
        future.set_exception(
            Unavailable("register-unwritable", "The register of processing cannot be written, so nothing was answered.")
        )
    else:
        future.set_result(number)


_register = Register()


def register() -> Register:
    """Return the writer of this process."""
    return _register


def reopen() -> None:
    """Close the writer and begin a new one (after a restore, and between tests)."""
    global _register  # noqa: PLW0603  the one writer of the process
    _register.close()
    _register = Register()
    forget()
    _least_number.cache_clear()
