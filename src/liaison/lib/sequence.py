"""Give numbers that become visible in the order in which they count, on SQLite and on PostgreSQL.

A PostgreSQL sequence alone is not enough: a transaction that took a lower
number may commit after one that took a higher.  So the writers of one order
take turns: SQLite's write transaction is a turn already, PostgreSQL takes an
advisory lock that it keeps until the commit is visible.
"""

import zlib
from typing import Any


def lock_order(cursor: Any, name: str) -> None:
    """Wait for the turn to write in the named order; the turn ends with the transaction."""
    if cursor.db.vendor == "postgresql":
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
