"""How do named arrays lie in a file, so that damage is never read as data.

A segment is written once and never changed:

    magic (8 bytes) | header size, uint32 | crc32 of the header | header, JSON | arrays, each at a multiple of 64

The header names the format, the file itself, and for each array its dtype, shape,
place and crc32.  Opening verifies all of it: a file in the place of another is damage too.
"""

import json
import mmap
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from liaison.lib.files import replacing

Arrays = Mapping[str, NDArray[Any]]

# Raise when the arrays, the folding, the sounds or the rarities change: older segments are then rebuilt.
FORMAT = 6
_MAGIC = b"LIAISEG\n"
_ALIGNMENT = 64
_HEAD = struct.Struct("<8sII")


class SegmentDamaged(Exception):
    """A file of the index is not what was written: rebuild it from the records."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path.name}: {what}; the index must be rebuilt from the records")
        self.path = path
        self.what = what

    def __reduce__(self) -> tuple[type[Self], tuple[Path, str]]:
        """Let it pass from one process to another."""
        return type(self), (self.path, self.what)


class OtherFormat(SegmentDamaged):
    """A file of the index was written by another version of Liaison."""


def write_segment(path: Path, arrays: Arrays, *, is_lasting: bool = True) -> None:
    """Write arrays to a new file that is complete when this returns, or not there; on disk if it is to last."""
    with replacing(path, is_lasting=is_lasting) as file:
        header = _header(path.name, arrays)
        file.write(_HEAD.pack(_MAGIC, len(header), zlib.crc32(header)) + header)
        for array in arrays.values():
            flat = np.ascontiguousarray(array)
            file.write(_bytes_of(flat))
            file.write(_padding(flat.nbytes))


def _header(file: str, arrays: Arrays) -> bytes:
    """Describe the arrays; places count from the end of the header, padded to the alignment."""
    described: list[dict[str, object]] = []
    place = 0
    for name, array in arrays.items():
        flat = np.ascontiguousarray(array)
        described.append(
            {"name": name, "dtype": flat.dtype.str, "shape": flat.shape, "at": place, "crc32": _checksum(flat)}
        )
        place += _padded(flat.nbytes)
    header = json.dumps({"format": FORMAT, "file": file, "size": place, "arrays": described}).encode()
    # Spaces up to the alignment, so that the first array begins on it.
    return header + b" " * (-(len(header) + _HEAD.size) % _ALIGNMENT)


def _bytes_of(array: NDArray[Any]) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def _padded(size: int) -> int:
    return size + -size % _ALIGNMENT


def _padding(size: int) -> bytes:
    return bytes(_padded(size) - size)


def _checksum(array: NDArray[Any]) -> int:
    """Return the crc32 of an array and of the zeros that follow it in the file."""
    return zlib.crc32(_padding(array.nbytes), zlib.crc32(_bytes_of(array)))


def open_segment(path: Path) -> dict[str, NDArray[Any]]:
    """Map a segment into memory, read-only, and verify every byte of it.

    Raises SegmentDamaged naming the file and what is wrong.
    """
    try:
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise SegmentDamaged(path, f"cannot be read ({error})") from error
    header, start = _read_header(path, content)
    try:
        return {entry["name"]: _read_array(path, content, start, entry) for entry in header["arrays"]}
    except (KeyError, TypeError, ValueError) as error:
        raise SegmentDamaged(path, f"its header does not describe it ({error})") from error


def _read_header(path: Path, content: mmap.mmap) -> tuple[dict[str, Any], int]:
    if len(content) < _HEAD.size:
        raise SegmentDamaged(path, "is cut short")
    magic, size, checksum = _HEAD.unpack_from(content)
    if magic != _MAGIC:
        raise SegmentDamaged(path, "is no segment")
    text = content[_HEAD.size : _HEAD.size + size]
    if zlib.crc32(text) != checksum:
        raise SegmentDamaged(path, "its header has a wrong checksum")
    header: dict[str, Any] = json.loads(text)
    if header["format"] != FORMAT:
        raise OtherFormat(path, f"has format {header['format']}, this program reads {FORMAT}")
    if header.get("file") != path.name:
        raise SegmentDamaged(path, f"was written as {header.get('file')}")
    start = _HEAD.size + size
    if header["size"] != len(content) - start:
        raise SegmentDamaged(path, "has a wrong length")
    return header, start


def _read_array(path: Path, content: mmap.mmap, start: int, entry: dict[str, Any]) -> NDArray[Any]:
    dtype = np.dtype(entry["dtype"])
    count = int(np.prod(entry["shape"], dtype=np.int64))
    first = start + entry["at"]
    if zlib.crc32(memoryview(content)[first : first + _padded(count * dtype.itemsize)]) != entry["crc32"]:
        raise SegmentDamaged(path, f"array {entry['name']} has a wrong checksum")
    array: NDArray[Any] = np.frombuffer(content, dtype, count, first).reshape(entry["shape"])
    return array
