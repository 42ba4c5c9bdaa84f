"""Copy the two SQLite files of a home while it is in use, and put copies back."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from liaison.cli.backup_manifest import TableSum, require_same_tables, rows_sum
from liaison.errors import BadInput, Unavailable
from liaison.lib.files import sync

ENGINE = "sqlite"
# In this order: a record that was copied has its entry in the register that is copied after it.
FILES = ("liaison.sqlite3", "register.sqlite3")
# Sessions and counts of failed log-ins: after a restore everybody signs in again.
LEFT_OUT = ("django_session", "web_cache")
# Where copies wait in an empty home until they are verified.
BESIDE = "restoring~"
_JOURNALS = ("-wal", "-shm", "-journal")


def copy_databases(home: Path, folder: Path) -> dict[str, TableSum]:
    """Copy both files as of one moment each; return the sums of the copies' tables."""
    for name in FILES:
        if not (home / name).exists():
            raise Unavailable("not-migrated", "This home has no databases yet: run `liaison migrate` first.")
        with _told():
            _copy(home / name, folder / name)
            _leave_out(folder / name)
    return sums(folder)


def require_empty(home: Path) -> None:
    """Raise BadInput when the home holds a database, or what is left of one."""
    found = [name + end for name in FILES for end in ("", *_JOURNALS) if (home / (name + end)).exists()]
    if found:
        raise BadInput("home-not-empty", f"This home is in use: it holds {found[0]}. Stop the service, move the home "
                       "aside, and restore into an empty one (LIAISON_HOME).", at=str(home))  # fmt: skip


def bring_back(folder: Path, home: Path, expected: Mapping[str, TableSum], put_keys: Callable[[], None]) -> None:
    """Put the copies into an empty home: beside their place until they are verified, then with the keys at once."""
    beside = home / BESIDE
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    try:
        for name in FILES:
            shutil.copyfile(folder / name, beside / name)
            (beside / name).chmod(0o600)
            sync(beside / name)
        with _told():
            require_same_tables(expected, sums(beside), "nothing was put in place. Use another backup")
        put_keys()
        # The register first: a home without its main file is seen as not restored, and no record lacks its entry.
        for name in reversed(FILES):
            (beside / name).replace(home / name)
        sync(home)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def sums(folder: Path) -> dict[str, TableSum]:
    """Return the sums of every table of the files in a folder that nobody else uses."""
    return {f"{name}:{table}": found for name in FILES for table, found in _sums_of(folder / name)}


def _copy(source: Path, target: Path) -> None:
    """Copy in one step: one read transaction, beside which the service goes on writing."""
    target.touch(mode=0o600)
    with closing(_open(source, "ro")) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def _leave_out(path: Path) -> None:
    """Empty the tables that are not backed up, and make the copy one file that needs no other beside it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA secure_delete=ON")
        for table in set(LEFT_OUT) & set(_tables(copy)):
            copy.execute(f"DELETE FROM {table}")  # noqa: S608  constants only
    sync(path)


def _sums_of(path: Path) -> Iterator[tuple[str, TableSum]]:
    # Immutable: a copy is only read, and nothing may come to lie beside it.
    with closing(_open(path, "ro&immutable=1")) as connection:
        for table in _tables(connection):
            columns = connection.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", [table])
            order = ", ".join(f'"{name}"' for (name,) in columns) or "rowid"
            yield table, rows_sum(connection.execute(f'SELECT * FROM "{table}" ORDER BY {order}'))  # noqa: S608


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return sorted(name for (name,) in found)


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=30)


@contextmanager
def _told() -> Iterator[None]:
    """Say in a sentence what SQLite has against it."""
    try:
        yield
    except sqlite3.Error as error:
        raise Unavailable("database-unreadable", f"SQLite cannot copy the home ({error}): look at it with `liaison "
                          "doctor`, and at the free space of both disks.") from None  # fmt: skip
