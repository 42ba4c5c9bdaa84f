"""The ticket without which no record is read: only `access` can make one."""

from typing import Final

from liaison.access.rules import Asker, Decision, Facts, Operation, decide, decide_database
from liaison.errors import Refused

_SEAL: Final = object()


class Grant:
    """The right of one asker to one operation in one database, decided here and now."""

    __slots__ = ("asker", "database", "operation")

    def __init__(self, asker: Asker, operation: Operation, database: str, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("A Grant is made by access.grants.grant() only.")
        self.asker, self.operation, self.database = asker, operation, database

    def decide(self, facts: Facts) -> Decision:
        """Decide about one record; a record of another database is never covered."""
        if facts.database != self.database:
            return Decision(False, "other-database")
        return decide(self.asker, self.operation, facts)


def grant(asker: Asker, operation: Operation, database: str) -> Grant:
    """Return the ticket for this operation in this database; raise Refused when the asker has no right to it."""
    decision = decide_database(asker, operation, database)
    if not decision.is_allowed:
        raise Refused(decision.reason, f"You may not {operation} in the database {database}: ask your bureau.")
    return Grant(asker, operation, database, _SEAL)
