"""Examine a home: is everything as it must be, and if not, what is to be done.

Reads and changes nothing: no entry, no record, no file of the index.
"""

import shutil
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

State = Literal["ok", "look", "wrong"]


class Finding(NamedTuple):
    """One thing that was looked at; `look` wants a person's judgement, `wrong` says what to do."""

    what: str
    state: State
    detail: str


Examination = Callable[[], Iterator[Finding]]


def examine() -> list[Finding]:
    """Look at everything; where the databases cannot be read, only at what does not need them."""
    from liaison.cli import doctor_databases, doctor_home

    findings = [finding for look in doctor_home.EXAMINATIONS for finding in look()]
    for look in doctor_databases.GROUND:
        found = list(guarded(look))
        findings += found
        if any(finding.state == "wrong" for finding in found):
            return findings
    return findings + [finding for look in doctor_databases.EXAMINATIONS for finding in guarded(look)]


def guarded(look: Examination) -> Iterator[Finding]:
    """Turn what a database says against being examined into a finding."""
    try:
        yield from look()
    except DatabaseError as error:
        first = str(error).strip().partition("\n")[0]
        yield Finding(look.__name__.replace("_", " "), "wrong", f"The database refuses ({first}). {_remedy()}")


def _remedy() -> str:
    """Say what to do about a database that refuses: on a full disk it may be sound."""
    from liaison.cli.doctor_home import EMPTY_BYTES

    if shutil.disk_usage(settings.LIAISON_HOME).free < EMPTY_BYTES:
        return "Make room on the disk first, and look again."
    return RESTORE


RESTORE = "Stop the service, move the home aside and restore the last backup into an empty home."


def databases() -> list[str]:
    """Return the aliases of the databases of this home."""
    return list(connections)


def is_sqlite() -> bool:
    """Say whether this home keeps its records in SQLite."""
    return connections["default"].vendor == "sqlite"


def value_of(sql: str, alias: str = "default") -> object:
    """Return the first value that a query answers."""
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


def number_of(sql: str, alias: str = "default") -> int:
    """Return the number that a query answers, 0 for none."""
    return int(str(value_of(sql, alias) or 0))


def register() -> str:
    """Return the alias of the database that holds the register."""
    return str(settings.REGISTER_ALIAS)


def now_us() -> int:
    """Return the moment as the databases count it: microseconds since 1970."""
    return int(timezone.now().timestamp() * 1_000_000)
