"""Dump the PostgreSQL database as of one moment, and load a dump into an empty one.

`pg_dump` and `pg_restore` do the work; the sums are read in the very snapshot
that was dumped.  The password reaches them in their environment, never as an
argument that other users of the machine could read.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.utils import DatabaseError

from liaison.cli.backup_manifest import TableSum, require_same_tables, rows_sum
from liaison.cli.backup_sqlite import LEFT_OUT
from liaison.errors import BadInput, Unavailable
from liaison.lib.files import sync

ENGINE = "postgresql"
DUMP = "liaison.dump"
_DEBIAN = Path("/usr/lib/postgresql")
_FETCH = 2000


def copy_database(folder: Path) -> dict[str, TableSum]:
    """Dump the database of the service; return the sums of what was dumped."""
    program = _program("pg_dump")
    with _snapshot() as (cursor, snapshot):
        without = [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
        _run([program, "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", *without,
              f"--file={folder / DUMP}"])  # fmt: skip
        found = _sums(cursor)
    (folder / DUMP).chmod(0o600)
    sync(folder / DUMP)
    return found


def require_empty() -> None:
    """Raise BadInput when the database has tables already."""
    with connections["default"].cursor() as cursor:
        tables = _tables(cursor)
    if tables:
        raise BadInput("home-not-empty", f"The database of LIAISON_DATABASE_URL is in use: it has the table "
                       f"{tables[0]}. Create an empty database, name it there, and restore again.")  # fmt: skip


def bring_back(folder: Path, expected: Mapping[str, TableSum], put_keys: Callable[[], None]) -> None:
    """Load the dump in one transaction, verify what came of it, then put the keys into the home."""
    _run([_program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
          f"--dbname={connections['default'].settings_dict['NAME']}", str(folder / DUMP)])  # fmt: skip
    with _snapshot() as (cursor, _):
        remedy = "serve nothing from this database. Drop it, create it anew, and use another backup"
        require_same_tables(expected, _sums(cursor), remedy)
    put_keys()


@contextmanager
def _snapshot() -> Iterator[tuple[Any, str]]:
    """Open a transaction that sees one moment, and give the name under which `pg_dump` sees the same."""
    own = connections["default"].copy()
    try:
        own.connect()
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor, str(cursor.fetchone()[0])
    except DatabaseError as error:
        raise Unavailable("database-unreadable", f"PostgreSQL refuses ({error}): look at it with `liaison doctor`.") from None  # fmt: skip  # noqa: E501
    finally:
        own.close()


def _sums(cursor: Any) -> dict[str, TableSum]:
    return {table: rows_sum(_rows(cursor, table)) for table in _tables(cursor)}


def _rows(cursor: Any, table: str) -> Iterator[Any]:
    """Yield the rows in the order of the key; texts byte by byte, since two servers may sort them differently."""
    if table in LEFT_OUT:
        return
    order = ", ".join(_key(cursor, table)) or "ctid"
    cursor.execute(f'DECLARE rows_of_table CURSOR FOR SELECT * FROM "{table}" ORDER BY {order}')  # noqa: S608
    while rows := _fetch(cursor):
        yield from rows
    cursor.execute("CLOSE rows_of_table")


def _fetch(cursor: Any) -> list[Any]:
    cursor.execute(f"FETCH {_FETCH} FROM rows_of_table")
    return list(cursor.fetchall())


def _key(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT a.attname, a.attcollation <> 0 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
        "AND a.attnum = ANY(i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary "
        "ORDER BY array_position(i.indkey, a.attnum)",
        [f'public."{table}"'],
    )
    return [f'"{name}" COLLATE "C"' if is_text else f'"{name}"' for name, is_text in cursor.fetchall()]


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


def _program(name: str) -> str:
    """Return the newest client program there is: it reads every older server, and no newer one."""
    installed = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise Unavailable("missing-program", f"{name} is not on this machine: install the PostgreSQL client programs "
                          "(Debian: apt-get install postgresql-client).", at=name)  # fmt: skip
    return found


def _run(command: list[str]) -> None:
    database = connections["default"].settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    known = {variable: str(database[setting]) for variable, setting in named.items() if database[setting]}
    done = subprocess.run(command, env=os.environ | known, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise Unavailable("database-unreadable", f"{Path(command[0]).name} failed, and nothing was put in place: "
                          f"{lines[0]}")  # fmt: skip
