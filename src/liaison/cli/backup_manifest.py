"""What a backup says about itself: which files, which tables, how many rows, and the hashes that prove them.

Knows no database: rows come in as an iterable.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from liaison import __version__
from liaison.errors import BadInput

NAME = "manifest.json"
KEY = "secret.key"
_FORMAT = 1


class TableSum(msgspec.Struct, frozen=True):
    """The number of rows of a table, and the BLAKE2b of its rows in the order of its key."""

    rows: int
    blake2b: str


class Manifest(msgspec.Struct, frozen=True):
    """The contents of a backup; `key` tells keys of the service apart and reveals nothing of them."""

    format: int
    version: str
    engine: str
    taken_at: str
    key: str
    files: Mapping[str, str]
    tables: Mapping[str, TableSum]


class _Sealed(msgspec.Struct):
    manifest: Manifest
    blake2b: str


def new_manifest(
    folder: Path, engine: str, taken_at: str, secret_key: str, tables: Mapping[str, TableSum]
) -> Manifest:  # fmt: skip
    """Return the manifest of a folder as it stands."""
    files = {path.name: file_sum(path) for path in sorted(folder.iterdir())}
    return Manifest(_FORMAT, __version__, engine, taken_at, key_mark(secret_key), files, tables)


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as JSON that is sealed with its own hash."""
    return msgspec.json.format(msgspec.json.encode(_Sealed(manifest, _seal(manifest)))) + b"\n"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup; raise BadInput when it is damaged or of another version."""
    try:
        sealed = msgspec.json.decode((folder / NAME).read_bytes(), type=_Sealed)
    except OSError:
        raise BadInput("no-backup", "There is no backup here that is complete: name the folder that `liaison backup` "
                       "made.", at=str(folder)) from None  # fmt: skip
    except msgspec.DecodeError:
        raise damaged(folder / NAME) from None
    manifest = sealed.manifest
    if sealed.blake2b != _seal(manifest):
        raise damaged(folder / NAME)
    if manifest.format != _FORMAT or manifest.version != __version__:
        detail = f"The backup is of version {manifest.version} and this program is {__version__}: restore it with "
        raise BadInput("other-version", f"{detail}version {manifest.version}, then upgrade.", at=str(folder / NAME))
    return manifest


def read_sound_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup of which every file is there as it was written; raise BadInput otherwise."""
    manifest = read_manifest(folder)
    require_sound(folder, manifest)
    return manifest


def key_of(folder: Path, manifest: Manifest) -> str:
    """Return the key of the service that lies in a backup; empty when the settings held it."""
    return (folder / KEY).read_text(encoding="ascii").strip() if KEY in manifest.files else ""


def require_sound(folder: Path, manifest: Manifest) -> None:
    """Raise BadInput unless every file of the backup is there as it was written."""
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file() or file_sum(path) != expected:
            raise damaged(path)


def require_same_tables(expected: Mapping[str, TableSum], found: Mapping[str, TableSum], remedy: str) -> None:
    """Raise BadInput with this remedy unless both name the same tables with the same rows."""
    for table in sorted(expected.keys() | found.keys()):
        if expected.get(table) != found.get(table):
            raise BadInput("restore-differs", f"After the restore {table} is not what the backup says: {remedy}.",
                           at=table)  # fmt: skip


def damaged(path: Path) -> BadInput:
    """Return the error for a part of a backup that is missing or changed."""
    return BadInput(
        "damaged-backup", "This part of the backup is missing or damaged, so nothing was touched: use another backup.",
        at=str(path),
    )  # fmt: skip


def file_sum(path: Path) -> str:
    """Return the BLAKE2b of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()


def rows_sum(rows: Iterable[Any]) -> TableSum:
    """Return the number of rows and their hash, one row after the other."""
    running, count = hashlib.blake2b(digest_size=32), 0
    for row in rows:
        running.update(msgspec.json.encode(row) + b"\n")
        count += 1
    return TableSum(count, running.hexdigest())


def key_mark(secret_key: str) -> str:
    """Return what tells one key of the service from another."""
    return hashlib.blake2b(secret_key.encode(), digest_size=8, person=b"liaison-backup").hexdigest()


def _seal(manifest: Manifest) -> str:
    return hashlib.blake2b(msgspec.json.encode(manifest), digest_size=32).hexdigest()
