"""Who stands at the door: a key becomes an asker, from memory while nothing has changed.

Every request looks at the count of changes of rights, so a revoked key is
refused at once, also when another process revoked it.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connections

from liaison.access.queries import asker_of_key
from liaison.access.rules import Asker
from liaison.agencies.queries import rights_version
from liaison.errors import NotSignedIn
from liaison.records.rights import RightsTable, rights_table

_LARGEST_CACHE = 10_000
_VERSION = "SELECT number FROM agencies_rightsversion WHERE id = 1"
# An asker is read anew at least this often, because a key or a right may have run out meanwhile.
_KEEP_SECONDS = 5.0


class Caller(NamedTuple):
    """An asker and the rights table of the same moment."""

    asker: Asker
    table: RightsTable
    until: float


class Callers:
    """The askers that this process knows, valid for one version of the rights."""

    def __init__(self) -> None:
        self._connection: Any = _own_connection()
        self._version = -1
        self._known: dict[bytes, Caller] = {}

    def known(self, header: bytes, now: float) -> Caller | None:
        """Return the caller behind an Authorization header if memory still holds true."""
        try:
            row = self._connection.execute(_VERSION).fetchone()
        except Exception:  # Of the driver, which has no common tree: the connection is lost, `load` makes another.
            self._connection = None
            return None
        version = row[0] if row else 0
        if version != self._version:
            self._known.clear()
            self._version = version
        caller = self._known.get(hashlib.sha256(header).digest())
        return caller if caller and caller.until > now else None

    def load(self, header: bytes, now: float) -> Caller:
        """Read the caller from the database; raise NotSignedIn when there is none. Runs in a thread."""
        if self._connection is None:
            self._connection = _own_connection()
        moment = datetime.fromtimestamp(now, tz=UTC)
        # Read first: a change between here and the end must not be remembered as if it were known.
        version = rights_version()
        caller = Caller(asker_of_key(key_text(header), moment), rights_table(), _until(now))
        if len(self._known) >= _LARGEST_CACHE:
            self._known.clear()
        if version == caller.table.version == self._version:
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


def _until(now: float) -> float:
    """Return when to look again: soon, and in any case when the day ends."""
    return min(now + _KEEP_SECONDS, (now // 86_400 + 1) * 86_400)
