"""Write one entry for one act."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from liaison.audit.events import Event
from liaison.audit.register import NewEntry, register


class Actor(NamedTuple):
    """Who acts: `name` is "officer:12", "system:3" or "operator" (somebody at the machine itself)."""

    name: str
    agency: int


OPERATOR = Actor("operator", 0)
# What Liaison does by itself, because a day has come.
SERVICE = Actor("service", 0)
# Somebody at the door of whom nothing is known.
UNKNOWN = "unknown"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970-01-01 UTC."""
    # In whole numbers: a float would lose a microsecond now and then.
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(at_us: int) -> datetime:
    """Return the moment that is so many microseconds after 1970-01-01 UTC."""
    return _EPOCH + at_us * _MICROSECOND


def write_entry(
    event: Event, *, by: Actor, at: datetime, database: str = "", purpose: str = "", reference: str = "",
    shown: list[str] | None = None, searched: Any = None, detail: Any = None,
) -> int:  # fmt: skip
    """Write one entry, wait until it is durable, return its number.

    Call it last inside the transaction that makes the change: if the entry
    cannot be written, the change is rolled back.
    """
    return register().append(
        NewEntry(
            microseconds(at), event, by.agency, by.name, database, purpose, reference,
            _json(searched), _json(shown or []), _json(detail),
        )
    )  # fmt: skip


def write_entries(event: Event, details: Sequence[tuple[str, Any]], *, by: Actor, at: datetime) -> None:
    """Write one entry for each database and detail, as `write_entry` does, and wait for all of them at once."""
    moment = microseconds(at)
    register().append_all(
        [NewEntry(moment, event, by.agency, by.name, database, detail=_json(detail)) for database, detail in details]
    )


def write_confidential_entry(
    event: Event, agency: int, *, by: Actor, at: datetime, database: str = "", searched: Any = None, detail: Any = None,
) -> int:  # fmt: skip
    """Do the same with an entry of which only this agency's people learn that it is there (RPD 58)."""
    return register().append(
        NewEntry(
            microseconds(at), event, by.agency, by.name, database, searched=_json(searched), detail=_json(detail),
            confidential_to=agency,
        )
    )  # fmt: skip


def _json(value: Any) -> str:
    return "" if value is None else msgspec.json.encode(value).decode()
