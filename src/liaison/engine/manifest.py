"""Which segments make up the index on disk, and up to which place in the commit order.

One small JSON file, replaced as a whole; only the process that holds the folder's
lock writes it.
"""

import fcntl
import json
import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from liaison.engine.segment import FORMAT, SegmentDamaged, sync_folder

NAME = "manifest.json"
LOCK = "lock"
SEGMENT_SUFFIX = ".segment"


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


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, None when there is none.

    Raises SegmentDamaged when it cannot be trusted.
    """
    path = folder / NAME
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
    """Replace the manifest of a folder; on disk when this returns."""
    temporary = folder / "manifest.tmp"
    with temporary.open("wb") as file:
        file.write(msgspec.json.encode(_Sealed(manifest, _checksum(manifest))))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / NAME)
    sync_folder(folder)


def _checksum(manifest: Manifest) -> int:
    return zlib.crc32(json.dumps(msgspec.to_builtins(manifest), sort_keys=True).encode())


def remove_unnamed(folder: Path, manifest: Manifest) -> None:
    """Remove what a crash or a merge left behind: files that the manifest does not name."""
    kept = {NAME, LOCK, *manifest.segments}
    for path in folder.iterdir():
        if path.name not in kept and path.suffix in (SEGMENT_SUFFIX, ".tmp"):
            path.unlink(missing_ok=True)


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the right to write the folder; other processes wait."""
    with (folder / LOCK).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
