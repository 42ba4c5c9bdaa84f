"""Write versions of records: one turn, one transaction, in commit order, at bulk speed.

Plain SQL, because a bulk feed writes tens of thousands of rows a second.  The
numbers of records and versions are taken inside the turn, so that a version
is visible to everybody before any later one is.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from liaison.agencies.models import RightsVersion
from liaison.audit.actions import microseconds
from liaison.errors import BadInput
from liaison.lib.days import as_day
from liaison.lib.ids import keyed_reference
from liaison.lib.sequence import lock_order
from liaison.records.models import RightsClass, State
from liaison.records.parsing import Parsed

ORDER = "records_version"
# SQLite takes 32,766 values in one statement; a chunk stays far below.
_LOOKUP_SIZE = 500

_INSERT_RECORD = (
    "INSERT INTO records_record (number, reference, database, owner_id, source_reference, sequence, state, "
    "rights_class, expires_on, recorded_on, digest) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_UPDATE_RECORD = (
    "UPDATE records_record SET sequence = %s, state = %s, rights_class = %s, expires_on = %s, recorded_on = %s, "
    "digest = %s WHERE number = %s"
)
_INSERT_VERSION = (
    "INSERT INTO records_version (sequence, record, change, payload, batch, actor, at_us) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


class Author(NamedTuple):
    """Who writes, for which bureau, in which batch ("" for none), when."""

    owner: int
    actor: str
    batch: str
    at: datetime


class Written(NamedTuple):
    """What became of a row: "accepted", "updated" or "unchanged", and the record's reference."""

    outcome: str
    reference: str


class _Known(NamedTuple):
    """What the database holds for a key before the row is written."""

    number: int
    reference: str
    digest: str
    state: str
    expires_on: date
    recorded_on: date


class Turn:
    """The writer's turn: open it inside a transaction, put records, then `save`."""

    def __init__(self, author: Author) -> None:
        self._author = author
        self._cursor: Any = connection.cursor()
        lock_order(self._cursor, ORDER)
        self._sequence = self._highest("records_version", "sequence")
        self._number = self._highest("records_record", "number")
        self._known: dict[tuple[str, str], _Known] = {}
        self._inserted: list[tuple[object, ...]] = []
        self._updated: list[tuple[object, ...]] = []
        self._versions: list[tuple[object, ...]] = []
        # Kept for this turn only: a class that was rolled back must not be remembered.
        self._classes: dict[tuple[str, str, str], int] = {}

    def look_up(self, rows: Sequence[Parsed]) -> None:
        """Read what is known of the rows' keys, so that `put` can tell new from changed."""
        by_database: dict[str, list[str]] = {}
        for row in rows:
            by_database.setdefault(row.database.code, []).append(row.source_reference)
        for database, references in by_database.items():
            for start in range(0, len(references), _LOOKUP_SIZE):
                self._look_up(database, references[start : start + _LOOKUP_SIZE])

    def would_change(self, row: Parsed) -> bool:
        """Say whether the row's reference is in use for another content, or was: for what is withdrawn or expired."""
        known = self._known.get((row.database.code, row.source_reference))
        if known is None:
            return False
        is_over = known.state == State.WITHDRAWN or str(known.expires_on) <= str(self._author.at.date())
        return is_over or known.digest != row.digest

    def put(self, row: Parsed) -> Written:
        """Queue a row as a new record, a new version, or nothing when it says what is known already.

        Raises BadInput for an expiry beyond the retention, which runs from the recording (RPD 49).
        """
        key = (row.database.code, row.source_reference)
        known = self._known.get(key)
        if known is None:
            return self._create(key, row)
        # SQLite hands out days as text; as text they compare alike everywhere.
        is_expired = str(known.expires_on) <= str(self._author.at.date())
        if known.digest == row.digest and known.state != State.WITHDRAWN and not is_expired:
            return Written("unchanged", known.reference)
        if is_expired:
            # It was found no more; fed again it is recorded anew, and its retention begins anew (RPD 49).
            known = known._replace(expires_on=self._last_day(row), recorded_on=self._author.at.date())
        state = State.ACTIVE if known.state == State.WITHDRAWN else known.state
        expires_on = _expiry(row, known)
        rights = self._class_of(row)
        sequence = self._version(known.number, "updated", row.payload)
        self._updated.append((sequence, state, rights, expires_on, known.recorded_on, row.digest, known.number))
        self._known[key] = known._replace(digest=row.digest, state=state, expires_on=expires_on)
        return Written("updated", known.reference)

    def set_state(self, record: int, seen: int, state: State, change: str, payload: str) -> bool:
        """Queue a version that changes nothing but the state of a record; return False if it is not as `seen` now.

        `seen` is the sequence number of the version that the caller decided on.
        """
        sequence = self._version(record, change, payload)
        self._cursor.execute(
            "UPDATE records_record SET sequence = %s, state = %s WHERE number = %s AND sequence = %s",
            [sequence, state, record, seen],
        )
        return bool(self._cursor.rowcount)

    def save(self) -> int:
        """Write what is queued; return the sequence number of the last version."""
        for sql, rows in (
            (_INSERT_RECORD, self._inserted),
            (_INSERT_VERSION, self._versions),
            # Last, so that a record made and changed in one turn is there to be changed.
            (_UPDATE_RECORD, self._updated),
        ):
            if rows:
                self._cursor.executemany(sql, rows)
        return self._sequence

    def _create(self, key: tuple[str, str], row: Parsed) -> Written:
        self._number += 1
        database = row.database
        reference = keyed_reference(_secret(), str(self._author.owner), *key)
        today = self._author.at.date()
        expires_on = row.expires_on or self._last_day(row)
        sequence = self._version(self._number, "created", row.payload)
        rights = self._class_of(row)
        self._inserted.append(
            (self._number, reference, database.code, self._author.owner, row.source_reference, sequence,
             str(State.ACTIVE), rights, expires_on, today, row.digest)
        )  # fmt: skip
        self._known[key] = _Known(self._number, reference, row.digest, State.ACTIVE, expires_on, today)
        return Written("accepted", reference)

    def _last_day(self, row: Parsed) -> date:
        return self._author.at.date() + timedelta(days=row.database.retention_days)

    def _version(self, record: int, change: str, payload: str) -> int:
        self._sequence += 1
        author = self._author
        self._versions.append(
            (self._sequence, record, change, payload, author.batch, author.actor, microseconds(author.at))
        )
        return self._sequence

    def _look_up(self, database: str, references: Sequence[str]) -> None:
        marks = ",".join(["%s"] * len(references))
        self._cursor.execute(
            "SELECT source_reference, number, reference, digest, state, expires_on, recorded_on FROM records_record "  # noqa: S608
            f"WHERE owner_id = %s AND database = %s AND source_reference IN ({marks})",
            [self._author.owner, database, *references],
        )
        for source_reference, *known in self._cursor.fetchall():
            self._known[(database, source_reference)] = _Known(*known)

    def _class_of(self, row: Parsed) -> int:
        key = (row.database.code, row.restricted_against, row.level)
        if key not in self._classes:
            found, is_new = RightsClass.objects.get_or_create(
                database=row.database.code, owner_id=self._author.owner, restricted_against=row.restricted_against,
                level=row.level,
            )  # fmt: skip
            if is_new:
                RightsVersion.bump()
            self._classes[key] = found.pk
        return self._classes[key]

    def _highest(self, table: str, column: str) -> int:
        self._cursor.execute(f"SELECT COALESCE(MAX({column}), 0) FROM {table}")  # noqa: S608  constants only
        return int(self._cursor.fetchone()[0])


def _expiry(row: Parsed, known: _Known) -> date:
    """Return the day from which the changed record is not found; retention runs from the recording (RPD 49)."""
    expires_on = as_day(row.expires_on or known.expires_on)
    latest = as_day(known.recorded_on) + timedelta(days=row.database.retention_days)
    if expires_on > latest:
        detail = f"{row.database.code} keeps a record of {known.recorded_on} until {latest} at the latest."
        raise BadInput("beyond-retention", detail, at="expires_on", value=str(expires_on))
    return expires_on


def _secret() -> bytes:
    return str(settings.SECRET_KEY).encode()[:64]
