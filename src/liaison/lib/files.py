"""Write files that only their owner may read, and that are still there after a power cut."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600, replacing what was there, never readable by others for a moment."""
    beside = path.with_name(path.name + "~")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)


def write_once(path: Path, text: str) -> None:
    """Write a private file, whole and on disk; of several processes that do so at once the first one's stays."""
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A link, because it is there as a whole or not at all, and never replaces what another process has put there.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
    sync(path.parent)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let nobody else work in a folder who asks in the same way; wait for whoever does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sync(path: Path) -> None:
    """Make a file, or the new and removed names of a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path, *, is_lasting: bool) -> Iterator[BinaryIO]:
    """Write a file that is complete when the block ends, or as it was before; on disk by then if it is to last."""
    beside = path.with_name(f"{path.name}.tmp")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            if is_lasting:
                os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        # On a full disk above all, half a file must not keep its room.
        beside.unlink(missing_ok=True)
        raise
    if is_lasting:
        sync(path.parent)
