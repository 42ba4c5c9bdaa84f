"""Take a backup of a home that is in use, and bring one back into an empty home; both are verified.

A backup is a folder: the databases, the keys, and a manifest with counts and
hashes.  It appears under its name when it is complete, or not at all.  The
index is left out, because it is made again from the records, and so are
uploads that are under way and signed-in sessions.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone

from liaison.cli import backup_postgres, backup_sqlite
from liaison.cli.backup_manifest import (
    NAME,
    Manifest,
    TableSum,
    damaged,
    key_mark,
    manifest_bytes,
    new_manifest,
    read_manifest,
    require_sound,
)
from liaison.errors import BadInput, Unavailable

# What a home keeps beside its databases and its index; each is there or not.
KEPT = ("secret.key", "demo.key", "demo-accounts.txt")


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
    counts = f"{rows_of(manifest, 'records_record')} records, {rows_of(manifest, 'audit_entry')} register entries"
    return f"Backed up and verified: {counts}, in {folder}."


def bring_back(folder: Path) -> str:
    """Restore a backup into an empty home and return a sentence about it; refuse one that is damaged."""
    folder, home = folder.absolute(), Path(settings.LIAISON_HOME)
    manifest = read_manifest(folder)
    _require_engine(manifest)
    require_sound(folder, manifest)
    _require_key(folder, manifest)
    with _told():
        _require_empty(home)
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        _put_back(folder, home, manifest)
        for left_over in ("index", backup_sqlite.BESIDE):
            shutil.rmtree(home / left_over, ignore_errors=True)
    index = _make_index()
    counts = f"{rows_of(manifest, 'records_record')} records, {rows_of(manifest, 'audit_entry')} register entries"
    return f"Restored the backup of {manifest.taken_at} and verified it: {counts}, {index} records to be found."


def rows_of(manifest: Manifest, table: str) -> int:
    """Return the number of rows of a table, on either engine."""
    return sum(found.rows for name, found in manifest.tables.items() if name.rpartition(":")[2] == table)


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
    backup_sqlite.sync(path)
    backup_sqlite.sync(folder)
    return manifest


def _copy_databases(home: Path, folder: Path) -> dict[str, TableSum]:
    return backup_postgres.copy_database(folder) if _is_postgres() else backup_sqlite.copy_databases(home, folder)


def _copy_private(source: Path, target: Path) -> None:
    """Copy a small file that nobody else may read, for no moment."""
    beside = target.with_name(target.name + "~")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_bytes(source.read_bytes())
    backup_sqlite.sync(beside)
    beside.replace(target)


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """Give a folder to fill that gets its name at the end, and is removed when that is never reached."""
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}~", dir=folder.parent))
    try:
        yield unfinished
        unfinished.rename(folder)
        backup_sqlite.sync(folder.parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
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


def _require_key(folder: Path, manifest: Manifest) -> None:
    """Refuse when another key than the backup's would hold: references of records and links are made with it."""
    key = settings.ENVIRONMENT["LIAISON_SECRET_KEY"]
    if not key and "secret.key" in manifest.files:
        key = (folder / "secret.key").read_text(encoding="ascii").strip()
    if key_mark(key or settings.SECRET_KEY) != manifest.key:
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
