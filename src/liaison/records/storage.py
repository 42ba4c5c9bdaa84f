"""Read records: the only door, and it opens with a Grant.

A record past its expiry, withdrawn, blocked for others, or not for the asker
comes out of no function here, whatever jobs have run.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import msgspec
from django.db import connection

from liaison.access.grants import Grant
from liaison.access.rules import Facts
from liaison.lib.days import as_day
from liaison.records.databases import RecordFields, database_named
from liaison.records.models import State
from liaison.records.rights import rights_table

_COLUMNS = (
    "r.number, r.reference, r.database, r.owner_id, r.source_reference, r.sequence, r.state, r.rights_class, "
    "r.expires_on, r.recorded_on, v.payload"
)
# SQLite takes 32,766 values in one statement.
_ASKED_AT_ONCE = 500
_FROM = "FROM records_record r JOIN records_version v ON v.sequence = r.sequence"


class Stored(msgspec.Struct, frozen=True):
    """A record as it stands, and the facts its rights depend on."""

    number: int
    reference: str
    database: str
    owner: int
    source_reference: str
    sequence: int
    state: str
    expires_on: date
    recorded_on: date
    fields: RecordFields
    facts: Facts


def read_numbers(grant: Grant, numbers: Sequence[int], today: date) -> dict[int, Stored]:
    """Return those of the numbered records that the grant covers today."""
    if not numbers:
        return {}
    marks = ",".join(["%s"] * len(numbers))
    found = _select(f"SELECT {_COLUMNS} {_FROM} WHERE r.number IN ({marks})", numbers)
    return {stored.number: stored for stored in _covered(grant, found, today)}


def read_reference(grant: Grant, reference: str, today: date) -> Stored | None:
    """Return the record with this reference if the grant covers it today, else None."""
    found = _select(f"SELECT {_COLUMNS} {_FROM} WHERE r.reference = %s", [reference])
    return next(iter(_covered(grant, found, today)), None)


def owners_of(references: Sequence[str]) -> dict[str, int]:
    """Return whose records these are, in whatever state; for the register, which tells each source of its own.

    No Grant opens this, because nothing of a record comes out but to whom it belongs.
    """
    owners: dict[str, int] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(references), _ASKED_AT_ONCE):
            some = references[start : start + _ASKED_AT_ONCE]
            marks = ",".join(["%s"] * len(some))
            cursor.execute(f"SELECT reference, owner_id FROM records_record WHERE reference IN ({marks})", some)  # noqa: S608
            owners |= dict(cursor.fetchall())
    return owners


class VersionLine(msgspec.Struct, frozen=True):
    """One step in the life of a record: what was done, by whom, when."""

    sequence: int
    change: str
    actor: str
    at: datetime


class OwnSearch(msgspec.Struct, frozen=True):
    """Which of the bureau's own records are wanted; an empty field is not asked.

    `begins` is the beginning of a source reference; `after` and `before` are
    source references too: the page behind one, or the page in front of one.
    """

    begins: str = ""
    state: str = ""
    after: str = ""
    before: str = ""


def list_own(grant: Grant, wanted: OwnSearch, today: date, limit: int) -> list[Stored]:
    """Return at most `limit` records of the asker's own bureau, by source reference, as the index holds them.

    The grant must be one to feed: only who answers for records may list them.
    """
    if grant.operation != "feed":
        raise ValueError("Own records are listed with a grant to feed.")
    clauses = ["r.owner_id = %s", "r.database = %s", "r.expires_on > %s", "r.state <> %s"]
    values: list[str | int] = [grant.asker.bureau, grant.database, str(today), str(State.WITHDRAWN)]
    for clause, value in (
        ("r.source_reference > %s", wanted.after),
        ("r.source_reference < %s", wanted.before),
        ("r.state = %s", wanted.state),
        ("r.source_reference >= %s", wanted.begins),
    ):
        if value:
            clauses.append(clause)
            values.append(value)
    if wanted.begins:
        # The lower bound finds the place in the index; this holds in every collation.
        clauses.append("SUBSTR(r.source_reference, 1, %s) = %s")
        values += [len(wanted.begins), wanted.begins]
        if connection.vendor == "sqlite":
            clauses.append("r.source_reference < %s")
            values.append(wanted.begins + "\U0010ffff")
    order = "DESC" if wanted.before else "ASC"
    sql = f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(clauses)} ORDER BY r.source_reference {order} LIMIT %s"
    found = _covered(grant, _select(sql, [*values, limit]), today)
    return found[::-1] if wanted.before else found


def is_own_reference(grant: Grant, source_reference: str) -> bool:
    """Say whether the asker's own bureau has a record under this reference in the grant's database, in any state."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM records_record WHERE owner_id = %s AND database = %s AND source_reference = %s",
            [grant.asker.bureau, grant.database, source_reference],
        )
        return cursor.fetchone() is not None


def versions_of(grant: Grant, stored: Stored) -> list[VersionLine]:
    """Return the life of a record that the grant covers, the newest version first; without what it said."""
    if not grant.decide(stored.facts).is_allowed:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence, change, actor, at_us FROM records_version WHERE record = %s ORDER BY sequence DESC",
            [stored.number],
        )
        rows = cursor.fetchall()
    return [VersionLine(n, change, actor, datetime.fromtimestamp(at / 1e6, tz=UTC)) for n, change, actor, at in rows]


def database_of(reference: str) -> str | None:
    """Return the code of the database that holds this reference, to ask for the right grant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT database FROM records_record WHERE reference = %s", [reference])
        row = cursor.fetchone()
    return row[0] if row else None


def _covered(grant: Grant, found: Iterable[Stored], today: date) -> list[Stored]:
    return [
        stored
        for stored in found
        if stored.expires_on > today and stored.state != State.WITHDRAWN and grant.decide(stored.facts).is_allowed
    ]


def _select(sql: str, arguments: Sequence[int | str]) -> list[Stored]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        rows = cursor.fetchall()
    if not rows:
        return []
    classes = rights_table().classes
    # The version that withdraws or erases a record holds no payload: there is nothing to read.
    return [_stored(row, classes[row[7]]) for row in rows if row[10]]


def _stored(row: Sequence[object], facts: Facts) -> Stored:
    number, reference, database, owner, source_reference, sequence, state, _, expires_on, recorded_on, payload = row
    fields = msgspec.json.decode(str(payload), type=database_named(str(database)).record)
    if state == State.BLOCKED:
        facts = msgspec.structs.replace(facts, is_blocked=True)
    return Stored(
        int(str(number)), str(reference), str(database), int(str(owner)), str(source_reference), int(str(sequence)),
        str(state), as_day(expires_on), as_day(recorded_on), fields, facts,
    )  # fmt: skip
