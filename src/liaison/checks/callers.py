"""Who stands at the door: a key becomes an asker, from memory while nothing has changed.

Every turn of the event loop looks at the count of changes of rights, so a
revoked key is refused at once, also when another process revoked it.
"""

import asyncio
import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connections

from liaison.access.queries import asker_of_key, facts_of_key
from liaison.access.rules import Asker
from liaison.agencies.arrivals import NO_BOUNDS, Bounds
from liaison.agencies.queries import rights_version
from liaison.agencies.rules import NO_TERMS, Terms
from liaison.errors import NotSignedIn
from liaison.records.rights import RightsTable, rights_table

_LARGEST_CACHE = 10_000
_VERSION = "SELECT number FROM agencies_rightsversion WHERE id = 1"
# An asker is read anew at least this often, because a key or a right may have run out meanwhile.
_KEEP_SECONDS = 5.0


class Caller(NamedTuple):
    """An asker and the rights table of the same moment; `version` of the rights was read before both.

    `terms` are those of the asker's key, for doors whose requests say neither purpose nor reference; `bounds` is what
    is demanded of each request with that key, and `officer` for whom this one asks.
    """

    asker: Asker
    table: RightsTable
    until: float
    version: int
    terms: Terms = NO_TERMS
    bounds: Bounds = NO_BOUNDS
    officer: str = ""


class Callers:
    """The askers that this process knows, valid for one version of the rights (`version`, as last noticed)."""

    def __init__(self) -> None:
        self._connection: Any = _own_connection()
        self.version = -1
        self._has_looked = False
        self._known: dict[bytes, Caller] = {}

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def known_in_turn(self, header: bytes, now: float, loop: asyncio.AbstractEventLoop) -> Caller | None:
        """Return the caller behind an Authorization header if memory still holds true.

        All requests of one turn of the event loop share one look at the database.
        """
        if not self._has_looked:
            if not self._notice_changes():
                return None
            self._has_looked = True
            loop.call_soon(self._end_turn)
        return self._remembered(header, now)

    def _end_turn(self) -> None:
        self._has_looked = False

    def _notice_changes(self) -> bool:
        """Forget everybody when a right changed; say whether the database could be asked."""
        if self._connection is None:
            return False
        try:
            row = self._connection.execute(_VERSION).fetchone()
        except Exception:  # Of the driver, which has no common tree: the connection is lost, `load` makes another.
            self._connection = None
            return False
        version = row[0] if row else 0
        if version != self.version:
            self._known.clear()
            self.version = version
        return True

    def _remembered(self, header: bytes, now: float) -> Caller | None:
        caller = self._known.get(hashlib.sha256(header).digest())
        # A thread may have put it there after the others were forgotten, so its own version counts.
        return caller if caller and caller.version == self.version and caller.until > now else None

    def load(self, header: bytes, now: float) -> Caller:
        """Read the caller from the database; raise NotSignedIn when there is none. Runs in a thread."""
        if self._connection is None:
            self._connection = _own_connection()
        moment = datetime.fromtimestamp(now, tz=UTC)
        # Read first: whatever changes from here on, the caller is of this version and not of the one after.
        version = rights_version()
        key = key_text(header)
        asker = asker_of_key(key, moment)
        facts = facts_of_key(key)
        caller = Caller(asker, rights_table(), _until(now, facts.expires_at), version, facts.terms, facts.bounds)
        if len(self._known) >= _LARGEST_CACHE:
            self._known.clear()
        if version == caller.table.version:
            self._known[hashlib.sha256(header).digest()] = caller
        return caller


def _own_connection() -> Any:
    """Open a connection that is driven below Django, whose cursor refuses to work beside an event loop.

    One indexed read on it costs less than handing it to a thread.
    """
    own = connections["default"].copy()
    own.connect()
    return own.connection


def key_text(header: bytes) -> str:
    """Return the key in "Bearer KEY" or "ApiKey KEY"; raise NotSignedIn that says which header is wanted."""
    scheme, _, key = header.decode("latin-1").strip().partition(" ")
    if scheme.lower() not in ("bearer", "apikey") or not key.strip():
        raise NotSignedIn("no-key", "Send your key in the header `Authorization: Bearer KEY` (or `ApiKey KEY`).")
    return key.strip()


def _until(now: float, expires_at: datetime) -> float:
    """Return when to look again: soon, and in any case when the day ends or the key runs out."""
    return min(now + _KEEP_SECONDS, (now // 86_400 + 1) * 86_400, expires_at.timestamp())
