"""Which segments make up the index on disk, and up to which place in the commit order.

Two small JSON files, each replaced as a whole; only the process that holds the
folder's lock writes them:

    manifest.json    what survives a power cut: segments that are on disk for certain
    live.json        what readers open: those segments and the newest shards, which
                     need not survive, because they are made again from the records
"""

import fcntl
import json
import os
import secrets
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

import msgspec

from liaison.engine.segment import FORMAT, SegmentDamaged
from liaison.lib.files import sync

NAME = "manifest.json"
LIVE = "live.json"
LOCK = "lock"
SEGMENT_SUFFIX = ".segment"
FRESH_SUFFIX = ".fresh"
_OURS = (SEGMENT_SUFFIX, FRESH_SUFFIX, ".tmp")


class Manifest(msgspec.Struct, frozen=True):
    """`epoch` changes when everything is forgotten; `written` counts segments of the epoch, for their names."""

    format: int
    epoch: str
    sequence: int
    written: int
    segments: tuple[str, ...]


class _Sealed(msgspec.Struct):
    manifest: Manifest
    crc32: int


def empty_manifest() -> Manifest:
    """Return the manifest of an index that knows nothing yet."""
    # Only has to differ from every earlier epoch of the folder; nothing is derived from it.
    return Manifest(FORMAT, secrets.token_hex(4), 0, 0, ())


def read_published(folder: Path) -> Manifest | None:
    """Return what readers are to open, None when there is nothing.

    A live manifest that cannot be trusted is as good as none: it need not survive.
    Raises SegmentDamaged when the lasting one cannot be trusted.
    """
    try:
        return read_manifest(folder, LIVE) or read_manifest(folder)
    except SegmentDamaged as damage:
        if damage.path.name != LIVE:
            raise
        return read_manifest(folder)


def read_manifest(folder: Path, name: str = NAME) -> Manifest | None:
    """Return a manifest of a folder, None when there is none.

    Raises SegmentDamaged when it cannot be trusted.
    """
    path = folder / name
    try:
        sealed = msgspec.json.decode(path.read_bytes(), type=_Sealed)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, OSError) as error:
        raise SegmentDamaged(path, f"cannot be read ({error})") from error
    if sealed.crc32 != _checksum(sealed.manifest):
        raise SegmentDamaged(path, "has a wrong checksum")
    if sealed.manifest.format != FORMAT:
        raise SegmentDamaged(path, f"has format {sealed.manifest.format}, this program reads {FORMAT}")
    return sealed.manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the lasting manifest of a folder; on disk when this returns."""
    _replace(folder, NAME, manifest, is_lasting=True)


def write_live(folder: Path, manifest: Manifest) -> None:
    """Replace the live manifest of a folder."""
    _replace(folder, LIVE, manifest, is_lasting=False)


def _replace(folder: Path, name: str, manifest: Manifest, *, is_lasting: bool) -> None:
    temporary = folder / f"{name}.tmp"
    with temporary.open("wb") as file:
        file.write(msgspec.json.encode(_Sealed(manifest, _checksum(manifest))))
        file.flush()
        if is_lasting:
            os.fsync(file.fileno())
    temporary.replace(folder / name)
    if is_lasting:
        sync(folder)


def _checksum(manifest: Manifest) -> int:
    return zlib.crc32(json.dumps(msgspec.to_builtins(manifest), sort_keys=True).encode())


def remove_unnamed(folder: Path, named: Collection[str]) -> None:
    """Remove what a crash or a merge left behind: segments and shards that no manifest names."""
    for path in folder.iterdir():
        if path.name not in named and path.suffix in _OURS:
            path.unlink(missing_ok=True)


def take_lock(folder: Path) -> BinaryIO | None:
    """Take the right to write the folder, which lasts until the file is closed; None when another has it."""
    file = (folder / LOCK).open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
