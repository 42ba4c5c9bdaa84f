"""How a log lies in a folder: tiles of 256 hashes, bundles of 256 entries (c2sp.org/tlog-tiles).

    tile/0/x001/x234/067          the hashes of entries 1234067 * 256 and the 255 after it
    tile/1/000.p/17               the first 17 hashes of a tile of level 1 that is not full yet
    tile/entries/...              the entries themselves, each behind its size, two bytes
    checkpoint                    the signed note that says how many there are

A tile is written once; beside a full one the parts that it had before are removed.
"""

import shutil
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from liaison.lib.files import replacing, sync
from liaison.lib.tlog.merkle import NotProved, leaf_hash, node_hash, root

WIDTH = 256
CHECKPOINT = "checkpoint"
_HEIGHT = 8
_HASH_BYTES = 32
_ENTRIES = "entries"
_MAX_ENTRY = 0xFFFF


class MissingTile(NotProved):
    """A tile is not there, or is not what its name says."""


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Return where a tile lies; `level` is a number, or "entries".

    >>> tile_path(0, 1234067), tile_path("entries", 0, 17)
    ('tile/0/x001/x234/067', 'tile/entries/000.p/17')
    """
    path = f"{number % 1000:03d}"
    while number := number // 1000:
        path = f"x{number % 1000:03d}/{path}"
    return f"tile/{level}/{path}" + (f".p/{width}" if width < WIDTH else "")


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """Return a bundle of entries."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unpack_entries(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle; raise MissingTile where it is cut."""
    entries, place = [], 0
    while place < len(bundle):
        end = place + 2 + int.from_bytes(bundle[place : place + 2])
        if end > len(bundle):
            raise MissingTile("A bundle of entries is cut short.")
        entries.append(bundle[place + 2 : end])
        place = end
    return entries


class Tiles:
    """A log of `size` entries in a folder, to be read."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size = folder, size
        self._tile = lru_cache(maxsize=4096)(self._read_tile)

    def root(self) -> bytes:
        """Return the root of the tree."""
        return root(self.size, self.subtree)

    def subtree(self, height: int, place: int) -> bytes:
        """Return the hash of the complete subtree over 2**height entries, the `place`-th of these."""
        level, within = divmod(height, _HEIGHT)
        number, start = divmod(place << within, WIDTH)
        tile = self._tile(level, number)
        hashes = [tile[at * _HASH_BYTES : (at + 1) * _HASH_BYTES] for at in range(start, start + (1 << within))]
        if not hashes[-1]:
            raise MissingTile(f"{tile_path(level, number)} has fewer hashes than a log of {self.size} entries.")
        while len(hashes) > 1:
            hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
        return hashes[0]

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the entries from index `start` before `end`, each of which is seen to belong to its hash."""
        for number in range(start // WIDTH, -(-end // WIDTH)):
            first = number * WIDTH
            bundle = unpack_entries(self._bytes(_ENTRIES, number, self.size))
            if len(bundle) not in (WIDTH, self.size - first):
                raise MissingTile(f"{tile_path(_ENTRIES, number)} does not hold as many entries as it should.")
            for index in range(max(start, first), min(end, first + len(bundle))):
                entry = bundle[index - first]
                if leaf_hash(entry) != self.subtree(0, index):
                    raise NotProved(f"Entry {index} does not belong to its hash in the tree.")
                yield entry

    def _read_tile(self, level: int, number: int) -> bytes:
        content = self._bytes(level, number, self.size >> _HEIGHT * level)
        if len(content) % _HASH_BYTES:
            raise MissingTile(f"{tile_path(level, number)} does not hold whole hashes.")
        return content

    def _bytes(self, level: int | str, number: int, count: int) -> bytes:
        """Return the content of a tile of a level that has so many in all; a full one stands for any part of it."""
        width = min(count - number * WIDTH, WIDTH)
        wanted = [tile_path(level, number)] + ([tile_path(level, number, width)] if 0 < width < WIDTH else [])
        for path in reversed(wanted):
            try:
                return (self.folder / path).read_bytes()
            except FileNotFoundError:
                continue
        raise MissingTile(f"{wanted[-1]} is missing.")


class TileWriter:
    """The one writer of a folder of tiles: takes entries, and puts on disk what is new."""

    def __init__(self, folder: Path, size: int) -> None:
        """Go on behind the first `size` entries, which must be there."""
        self.folder, self.size = folder, size
        old = Tiles(folder, size)
        self._levels: list[list[bytes]] = []
        level = 0
        while size >> _HEIGHT * level:
            count = (size >> _HEIGHT * level) % WIDTH
            first = (size >> _HEIGHT * level) - count
            self._levels.append([old.subtree(_HEIGHT * level, first + at) for at in range(count)])
            level += 1
        self._entries = list(old.entries(size - size % WIDTH, size))
        self._full: list[Path] = []

    def append(self, entries: Iterable[bytes]) -> None:
        """Take entries in; full tiles are written at once, the others by `flush`."""
        for entry in entries:
            if len(entry) > _MAX_ENTRY:
                raise ValueError(f"An entry of a log has at most {_MAX_ENTRY} bytes.")
            self._entries.append(entry)
            self._push(0, leaf_hash(entry))
            self.size += 1
            if self.size % WIDTH == 0:
                self._write_full(_ENTRIES, self.size // WIDTH - 1, pack_entries(self._entries))
                self._entries = []

    def root(self) -> bytes:
        """Return the root of the tree as it is on disk after `flush`."""
        return Tiles(self.folder, self.size).root()

    def _push(self, level: int, hash_: bytes) -> None:
        if level == len(self._levels):
            self._levels.append([])
        tile = self._levels[level]
        tile.append(hash_)
        if len(tile) == WIDTH:
            # This hash is the last of the tile, so the entries before and it fill whole tiles of this level.
            self._write_full(level, ((self.size + 1) >> _HEIGHT * (level + 1)) - 1, b"".join(tile))
            self._levels[level] = []
            while len(tile) > 1:
                tile = [node_hash(left, right) for left, right in zip(tile[::2], tile[1::2], strict=True)]
            self._push(level + 1, tile[0])

    def flush(self) -> None:
        """Put the tiles that are not full on disk; where one has become full, its parts are removed."""
        parts = [(level, tile) for level, tile in enumerate(self._levels) if tile]
        for level, tile in parts:
            number = self.size >> _HEIGHT * (level + 1)
            self._write(tile_path(level, number, len(tile)), b"".join(tile))
        if self._entries:
            path = tile_path(_ENTRIES, self.size // WIDTH, len(self._entries))
            self._write(path, pack_entries(self._entries))
        for full in self._full:
            shutil.rmtree(f"{full}.p", ignore_errors=True)
        self._full = []

    def _write_full(self, level: int | str, number: int, content: bytes) -> None:
        self._full.append(self._write(tile_path(level, number), content))

    def _write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        _make_folder(path.parent, self.folder)
        with replacing(path, is_lasting=True) as file:
            file.write(content)
        return path


def _make_folder(folder: Path, within: Path) -> None:
    """Make a folder that survives a power cut."""
    if not folder.is_dir():
        if folder != within:
            _make_folder(folder.parent, within)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)
