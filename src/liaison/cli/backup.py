"""Take a backup of a home that is in use, and bring one back into an empty home; both are verified.

A backup is a folder: the databases, the keys, and a manifest with counts and
hashes.  It appears under its name when it is complete, or not at all.  The
index is left out, because it is made again from the records, and so are
uploads that are under way and signed-in sessions.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone

from liaison.audit.actions import OPERATOR, write_entry
from liaison.audit.events import Event
from liaison.audit.sealed import FILE as REGISTER_KEY
from liaison.cli import backup_postgres, backup_sqlite
from liaison.cli.backup_manifest import (
    KEY,
    NAME,
    Manifest,
    TableSum,
    damaged,
    key_mark,
    manifest_bytes,
    new_manifest,
)
from liaison.errors import BadInput, Unavailable
from liaison.lib.files import sync

# What a home keeps beside its databases and its index; each is there or not.
KEPT = (KEY, REGISTER_KEY, "demo.key", "demo-accounts.txt")


def back_up(folder: Path) -> str:
    """Copy the home into a new folder and return a sentence about it; the service may go on meanwhile."""
    folder = folder.absolute()
    if folder.exists():
        raise BadInput("folder-exists", "Something has this name already: name a folder that does not exist yet.",
                       at=str(folder))  # fmt: skip
    if not folder.parent.is_dir():
        raise BadInput("no-such-folder", "There is no such folder to put the backup into: make it first.",
                       at=str(folder.parent))  # fmt: skip
    with _told(), _appearing(folder) as unfinished:
        manifest = _fill(unfinished)
        # Before the copy gets its name: without an entry there is no backup.
        _note(Event.BACKED_UP, manifest)
    counts = f"{rows_of(manifest, 'records_record')} records, {rows_of(manifest, 'audit_entry')} register entries"
    return f"Backed up and verified: {counts}, in {folder}."


def bring_back(folder: Path, manifest: Manifest) -> str:
    """Restore a sound backup into an empty home and return a sentence about it; a refused one leaves nothing there."""
    home = Path(settings.LIAISON_HOME)
    _require_engine(manifest)
    _require_key(manifest)
    with _told():
        _require_empty(home)
        with _made(home):
            _put_back(folder, home, manifest)
        for left_over in ("index", backup_sqlite.BESIDE):
            shutil.rmtree(home / left_over, ignore_errors=True)
    _note(Event.RESTORED, manifest)
    index = _make_index()
    counts = f"{rows_of(manifest, 'records_record')} records, {rows_of(manifest, 'audit_entry')} register entries"
    return f"Restored the backup of {manifest.taken_at} and verified it: {counts}, {index} records to be found."


def rows_of(manifest: Manifest, table: str) -> int:
    """Return the number of rows of a table, on either engine."""
    return sum(found.rows for name, found in manifest.tables.items() if name.rpartition(":")[2] == table)


def _note(event: Event, manifest: Manifest) -> None:
    """Write into the register of this home that all of it was copied, or came from a copy; `taken_at` tells which."""
    # Not how many entries: some are confidential, and whoever reads this could count them.
    detail = {"taken_at": manifest.taken_at, "records": rows_of(manifest, "records_record")}
    write_entry(event, by=OPERATOR, at=timezone.now(), detail=detail)


def _is_postgres() -> bool:
    return connections["default"].vendor == "postgresql"


def _fill(folder: Path) -> Manifest:
    """Write every file of the backup, the manifest last, and make all of it durable."""
    home, taken_at = Path(settings.LIAISON_HOME), f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"
    tables = _copy_databases(home, folder)
    for name in KEPT:
        if (home / name).exists():
            _copy_private(home / name, folder / name)
    engine = backup_postgres.ENGINE if _is_postgres() else backup_sqlite.ENGINE
    manifest = new_manifest(folder, engine, taken_at, settings.SECRET_KEY, tables)
    path = folder / NAME
    path.touch(mode=0o600)
    path.write_bytes(manifest_bytes(manifest))
    sync(path)
    sync(folder)
    return manifest


def _copy_databases(home: Path, folder: Path) -> dict[str, TableSum]:
    return backup_postgres.copy_database(folder) if _is_postgres() else backup_sqlite.copy_databases(home, folder)


def _copy_private(source: Path, target: Path) -> None:
    """Copy a small file that nobody else may read, for no moment."""
    beside = target.with_name(target.name + "~")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_bytes(source.read_bytes())
    sync(beside)
    beside.replace(target)


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """Give a folder to fill that gets its name at the end, and is removed when that is never reached."""
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}~", dir=folder.parent))
    try:
        yield unfinished
        unfinished.rename(folder)
        sync(folder.parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


@contextmanager
def _made(home: Path) -> Iterator[None]:
    """Make the folder of a home; take it away again when nothing came into it."""
    is_new = not home.exists()
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    try:
        yield
    except BaseException:
        if is_new:
            with suppress(OSError):
                home.rmdir()
        raise


@contextmanager
def _told() -> Iterator[None]:
    """Say in a sentence what the file system has against it: no space, no permission."""
    try:
        yield
    except OSError as error:
        raise Unavailable("disk-unusable", f"The disk refuses: {error.strerror}. Nothing was left half done.",
                          at=str(error.filename or "")) from None  # fmt: skip


def _require_engine(manifest: Manifest) -> None:
    engine = backup_postgres.ENGINE if _is_postgres() else backup_sqlite.ENGINE
    if manifest.engine != engine:
        raise BadInput("other-engine", f"The backup is of {manifest.engine} and this home uses {engine}: set "
                       "LIAISON_DATABASE_URL as it was.", at="LIAISON_DATABASE_URL")  # fmt: skip


def _require_key(manifest: Manifest) -> None:
    """Refuse when another key than the backup's would hold: references of records and links are made with it."""
    if key_mark(settings.SECRET_KEY) != manifest.key:
        raise BadInput("other-key", "The backup was taken with another LIAISON_SECRET_KEY: set that one.",
                       at="LIAISON_SECRET_KEY")  # fmt: skip


def _require_empty(home: Path) -> None:
    backup_sqlite.require_empty(home)
    if _is_postgres():
        backup_postgres.require_empty()


def _put_back(folder: Path, home: Path, manifest: Manifest) -> None:
    """Load and verify the databases, put the keys beside them, and only then call it a home."""

    def put_keys() -> None:
        for name in KEPT:
            if name in manifest.files:
                _copy_private(folder / name, home / name)

    connections.close_all()
    wanted = {backup_postgres.DUMP} if _is_postgres() else set(backup_sqlite.FILES)
    if not wanted <= manifest.files.keys():
        raise damaged(folder / NAME)
    if _is_postgres():
        backup_postgres.bring_back(folder, manifest.tables, put_keys)
    else:
        backup_sqlite.bring_back(folder, home, manifest.tables, put_keys)


def _make_index() -> int:
    """Make the index from the records that came back; return how many it holds."""
    from liaison.checks.live import close_live
    from liaison.cli.indexing import make_index

    close_live()
    return make_index().record_count
