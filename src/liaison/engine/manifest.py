"""Which segments make up the index on disk, and up to which place in the commit order.

Two small JSON files, each replaced as a whole; only the process that holds the
folder's lock writes them:

    manifest.json    what survives a power cut: segments that are on disk for certain
    live.json        what readers open: those segments and the newest shards, which
                     need not survive, because they are made again from the records
"""

import fcntl
import secrets
import zlib
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from liaison.engine.segment import FORMAT, OtherFormat, SegmentDamaged
from liaison.lib.files import replacing

NAME = "manifest.json"
LIVE = "live.json"
LOCK = "lock"
PROGRESS = "progress"
SEGMENT_SUFFIX = ".segment"
FRESH_SUFFIX = ".fresh"
_OURS = (SEGMENT_SUFFIX, FRESH_SUFFIX, ".tmp")


class Manifest(msgspec.Struct, frozen=True):
    """Segments from old to new; everything up to `sequence` is in them.

    `epoch` changes when everything is forgotten.  `coming` names segments that will
    take the place of others soon, so that readers open them before they need them.
    """

    format: int
    epoch: str
    sequence: int
    segments: tuple[str, ...]
    coming: tuple[str, ...] = ()


class _Sealed(msgspec.Struct):
    """A manifest with the name of its file, so that no other file passes for it, and a checksum of both."""

    manifest: msgspec.Raw
    file: str
    crc32: int


class _OfFormat(msgspec.Struct):
    """What every version of the format has."""

    format: int


def empty_manifest() -> Manifest:
    """Return the manifest of an index that knows nothing yet."""
    # Only has to differ from every earlier epoch of the folder; nothing is derived from it.
    return Manifest(FORMAT, secrets.token_hex(4), 0, ())


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


def read_live(folder: Path) -> Manifest:
    """Return what the writer has published and nothing less; raise SegmentDamaged where that is not to be had.

    For those who cannot make up what is missing from the records.
    """
    live = read_manifest(folder, LIVE)
    if live is None:
        raise SegmentDamaged(folder / LIVE, "is not there")
    return live


def read_manifest(folder: Path, name: str = NAME) -> Manifest | None:
    """Return a manifest of a folder, None when there is none.

    Raises SegmentDamaged when it cannot be trusted.
    """
    path = folder / name
    try:
        sealed = msgspec.json.decode(path.read_bytes(), type=_Sealed)
        found = msgspec.json.decode(sealed.manifest, type=_OfFormat).format
        if found != FORMAT:
            raise OtherFormat(path, f"has format {found}, this program reads {FORMAT}")
        if sealed.file != name or sealed.crc32 != _checksum(sealed.manifest, name):
            raise SegmentDamaged(path, "has a wrong checksum")
        return msgspec.json.decode(sealed.manifest, type=Manifest)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
        raise SegmentDamaged(path, f"cannot be read ({error})") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the lasting manifest of a folder; on disk when this returns."""
    _replace(folder, NAME, manifest, is_lasting=True)


def write_live(folder: Path, manifest: Manifest) -> None:
    """Replace the live manifest of a folder."""
    _replace(folder, LIVE, manifest, is_lasting=False)


def _replace(folder: Path, name: str, manifest: Manifest, *, is_lasting: bool) -> None:
    with replacing(folder / name, is_lasting=is_lasting) as file:
        file.write(_sealed(manifest, name))


def _sealed(manifest: Manifest, name: str) -> bytes:
    encoded = msgspec.Raw(msgspec.json.encode(manifest))
    return msgspec.json.encode(_Sealed(encoded, name, _checksum(encoded, name)))


def _checksum(encoded: msgspec.Raw, name: str) -> int:
    return zlib.crc32(bytes(encoded), zlib.crc32(name.encode()))


def is_published(folder: Path, manifest: Manifest) -> bool:
    """Say whether this is what the live manifest says, to the last byte."""
    try:
        return (folder / LIVE).read_bytes() == _sealed(manifest, LIVE)
    except OSError:
        return False


def write_progress(folder: Path, done: int, goal: int) -> None:
    """Say how far the index is that is being made: for people, nothing depends on it."""
    with suppress(OSError), replacing(folder / PROGRESS, is_lasting=False) as file:
        file.write(msgspec.json.encode((done, goal)))


def end_progress(folder: Path) -> None:
    """Say that nothing is being made."""
    (folder / PROGRESS).unlink(missing_ok=True)


def read_progress(folder: Path) -> tuple[int, int] | None:
    """Return (done, goal) while an index is being made."""
    try:
        return msgspec.json.decode((folder / PROGRESS).read_bytes(), type=tuple[int, int])
    except (OSError, msgspec.DecodeError):
        return None


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
