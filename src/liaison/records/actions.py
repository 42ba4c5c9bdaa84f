"""What a source does with its own records, and how others report errors (RPD 46, 48, 129)."""

from datetime import datetime

from django.db import connection, transaction

from liaison.access.grants import Grant, grant
from liaison.access.rules import Asker
from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.errors import BadInput, Conflict, NotFound, Refused
from liaison.records.models import ErrorReport, State
from liaison.records.storage import Stored, database_of, read_reference
from liaison.records.writing import Author, Turn

_CHANGES = {
    "block": (State.ACTIVE, State.BLOCKED, "blocked", Event.RECORD_BLOCKED),
    "unblock": (State.BLOCKED, State.ACTIVE, "unblocked", Event.RECORD_UNBLOCKED),
    "withdraw": (None, State.WITHDRAWN, "withdrawn", Event.RECORD_WITHDRAWN),
}


def change_state(asker: Asker, reference: str, act: str, reason: str, now: datetime) -> None:
    """Block, unblock or withdraw ("block", "unblock", "withdraw") one of the asker's own records.

    Only the source does this (RPD 46): for anybody else the record is not there.
    """
    if not reason.strip():
        raise BadInput("missing-field", "Say why.", at="reason")
    before, after, change, event = _CHANGES[act]
    stored = own_record(asker, reference, now)
    if before is not None and stored.state != before:
        raise Conflict("wrong-state", f"The record is {stored.state}: it cannot be {change} now.")
    with transaction.atomic():
        turn = Turn(Author(stored.owner, asker.actor, "", now))
        payload = "" if after == State.WITHDRAWN else _payload(stored)
        if not turn.set_state(stored.number, stored.sequence, after, change, payload):
            raise Conflict("record-changed", "The record has changed meanwhile: look at it again, then decide.")
        turn.save()
        write_entry(
            event, by=Actor(asker.actor, asker.agency), at=now, database=stored.database, shown=[reference],
            detail={"reason": reason},
        )  # fmt: skip


def report_error(asker: Asker, reference: str, text: str, now: datetime) -> ErrorReport:
    """Tell the owner that a record may be wrong (RPD 48); the record itself does not change."""
    if not text.strip():
        raise BadInput("missing-field", "Say what is wrong with the record.", at="text")
    stored = readable_record(asker, reference, now)
    with transaction.atomic():
        report = ErrorReport.objects.create(
            record=stored.number, reported_by_id=asker.agency, actor=asker.actor, text=text[:5000], at=now
        )
        by = Actor(asker.actor, asker.agency)
        write_entry(Event.ERROR_REPORTED, by=by, at=now, database=stored.database, shown=[reference])
    return report


def readable_record(asker: Asker, reference: str, now: datetime) -> Stored:
    """Return a record that the asker may read; raise NotFound alike for no rights and no record."""
    stored = None
    if right := _read_grant(asker, reference):
        stored = read_reference(right, reference, now.date())
    if stored is None:
        raise NotFound("no-such-record", "There is no such record.")
    return stored


def own_record(asker: Asker, reference: str, now: datetime) -> Stored:
    """Return a record that the asker's own bureau feeds; raise NotFound alike for others' and none."""
    stored = readable_record(asker, reference, now)
    if stored.owner != asker.bureau or (stored.database, "feed") not in asker.entitlements:
        raise NotFound("no-such-record", "There is no such record.")
    return stored


def _read_grant(asker: Asker, reference: str) -> Grant | None:
    database = database_of(reference)
    try:
        return grant(asker, "read", database) if database else None
    except Refused:
        return None


def _payload(stored: Stored) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM records_version WHERE sequence = %s", [stored.sequence])
        return str(cursor.fetchone()[0])
