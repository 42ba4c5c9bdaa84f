"""A disk that keeps what it was told to keep, and of the rest whatever it likes.

It is told every change in its order, and what was made certain (`fsync`).  At a power cut,
of what was not made certain each part may be there or not:

- of what was written into a file: each sector of 512 bytes by itself;
- of a file's length: as it was, or as it became;
- of names made, moved or removed in a folder: each by itself, though a move is one thing.  A file that was made
  certain has no name for that: its folder must be made certain as well.

File systems of Linux keep more; POSIX permits as much.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from random import Random

SECTOR = 512


class Loss(StrEnum):
    """What a power cut leaves of what was not certain."""

    ALL = "nothing stays"
    HALF = "half stays, anyhow"
    LITTLE = "nine tenths stay, anyhow"
    LATE = "what came first stays, in order"


class _File:
    def __init__(self, content: bytes = b"") -> None:
        self.live, self.certain = bytearray(content), bytearray(content)
        # Each with its place in the order: bytes at a place in the file, or the length that it was cut or grown to.
        self.uncertain: list[tuple[int, int, bytes | None]] = []
        self._forgotten: set[int] = set()

    def change(self, order: int, at: int, content: bytes | None) -> None:
        _apply(self.live, at, content)
        self.uncertain.append((order, at, content))

    def sync(self, before: int) -> None:
        for order, at, content in self.uncertain:
            if order < before and order not in self._forgotten:
                _apply(self.certain, at, content)
        self.uncertain = [change for change in self.uncertain if change[0] >= before]

    def fail_to_sync(self) -> None:
        self._forgotten.update(order for order, _, _ in self.uncertain)

    def left(self, stays: Callable[[int], bool]) -> bytes:
        """Return what a power cut leaves."""
        content = bytearray(self.certain)
        for order, at, written in self.uncertain:
            if written is None:
                if stays(order):
                    _apply(content, at, None)
                continue
            for start, end in _sectors(at, len(written)):
                if stays(order):
                    _apply(content, start, written[start - at : end - at])
        return bytes(content)


class _Move:
    """Names that change together."""

    def __init__(self, order: int, changes: "list[tuple[_Folder, str, _Node | None]]") -> None:
        self.order, self.changes, self.is_certain = order, changes, False
        for folder, name, node in changes:
            folder.live.pop(name, None)
            if node is not None:
                folder.live[name] = node
            if self not in folder.uncertain:
                folder.uncertain.append(self)


class _Folder:
    def __init__(self) -> None:
        self.live: dict[str, _Node] = {}
        self.certain: dict[str, _Node] = {}
        self.uncertain: list[_Move] = []

    def sync(self, before: int) -> None:
        for move in [one for one in self.uncertain if one.order < before]:
            for folder, name, node in move.changes:
                _rename(folder.certain, name, node)
                folder.uncertain = [one for one in folder.uncertain if one is not move]

    def left(self, stays: "Callable[[_Move], bool]") -> "dict[str, _Node]":
        names = dict(self.certain)
        for move in self.uncertain:
            if stays(move):
                for folder, name, node in move.changes:
                    if folder is self:
                        _rename(names, name, node)
        return names


_Node = _File | _Folder


class Disk:
    """A folder on such a disk; all that is there at the beginning is certain."""

    def __init__(self, folder: Path) -> None:
        self._root = _read(folder)
        self._order = 0

    def create(self, path: str) -> None:
        """Make an empty file, where there is none."""
        folder, name = self._place(path)
        if name not in folder.live:
            _Move(self._next(), [(folder, name, _File())])

    def make_folder(self, path: str) -> None:
        """Make a folder."""
        folder, name = self._place(path)
        _Move(self._next(), [(folder, name, _Folder())])

    def write(self, path: str, at: int, content: bytes) -> None:
        """Write into a file."""
        self._file(path).change(self._next(), at, content)

    def set_length(self, path: str, length: int) -> None:
        """Cut or lengthen a file."""
        self._file(path).change(self._next(), length, None)

    def rename(self, old: str, new: str) -> None:
        """Give a file or folder another name, in the place of what has it."""
        (before, name), (after, new_name) = self._place(old), self._place(new)
        _Move(self._next(), [(before, name, None), (after, new_name, before.live[name])])

    def link(self, old: str, new: str) -> None:
        """Give a file one more name."""
        (folder, name), (after, new_name) = self._place(old), self._place(new)
        _Move(self._next(), [(after, new_name, folder.live[name])])

    def remove(self, path: str) -> None:
        """Take a name away."""
        folder, name = self._place(path)
        _Move(self._next(), [(folder, name, None)])

    def now(self) -> int:
        """Return the place in the order, to be given to `sync`: what comes later is not made certain by it."""
        return self._order

    def sync(self, path: str, before: int) -> None:
        """Make certain what a file holds, or which names a folder has, as it was at a place in the order."""
        self._node(path).sync(before)

    def fail_to_sync(self, path: str) -> None:
        """Fail to make a file certain: what was written until then becomes so by no later `sync` either.

        Linux takes what it could not write for written, and tells of it once.
        """
        node = self._node(path)
        if isinstance(node, _File):
            node.fail_to_sync()

    def length(self, path: str) -> int:
        """Return the length of a file."""
        return len(self._file(path).live)

    def whole(self) -> dict[str, bytes]:
        """Return every file as it is without a power cut."""
        return dict(_files(self._root, "", lambda folder: folder.live, lambda file: bytes(file.live)))

    def cut(self, loss: Loss, dice: Random) -> dict[str, bytes]:
        """Return every file as a power cut leaves it now."""
        late = dice.randrange(self._order + 1)
        share = {Loss.ALL: 0.0, Loss.HALF: 0.5, Loss.LITTLE: 0.9}

        def stays(order: int) -> bool:
            return order < late if loss == Loss.LATE else dice.random() < share[loss]

        decided: dict[int, bool] = {}

        def move_stays(move: _Move) -> bool:
            return decided.setdefault(move.order, stays(move.order))

        return dict(_files(self._root, "", lambda folder: folder.left(move_stays), lambda file: file.left(stays)))

    def _next(self) -> int:
        self._order += 1
        return self._order - 1

    def _place(self, path: str) -> tuple[_Folder, str]:
        above, _, name = path.rpartition("/")
        folder = self._node(above)
        assert isinstance(folder, _Folder), path
        return folder, name

    def _file(self, path: str) -> _File:
        file = self._node(path)
        assert isinstance(file, _File), path
        return file

    def _node(self, path: str) -> _Node:
        node: _Node = self._root
        for name in filter(None, path.split("/")):
            assert isinstance(node, _Folder), path
            node = node.live[name]
        return node


def _read(path: Path) -> _Folder:
    folder = _Folder()
    for one in path.iterdir():
        folder.live[one.name] = _read(one) if one.is_dir() else _File(one.read_bytes())
    folder.certain = dict(folder.live)
    return folder


def _apply(content: bytearray, at: int, written: bytes | None) -> None:
    end = at + len(written or b"")
    if written is None:
        del content[at:]
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if written:
        content[at:end] = written


def _rename(names: dict[str, _Node], name: str, node: _Node | None) -> None:
    names.pop(name, None)
    if node is not None:
        names[name] = node


def _sectors(at: int, length: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a stretch of bytes that lie in one sector each."""
    start, stop = at, at + length
    while start < stop:
        end = min(start - start % SECTOR + SECTOR, stop)
        yield start, end
        start = end


def _files(
    folder: _Folder, above: str, names: Callable[[_Folder], dict[str, _Node]], content: Callable[[_File], bytes]
) -> Iterator[tuple[str, bytes]]:
    """Yield the files below a folder; of an empty folder its name with a stroke behind."""
    there = names(folder)
    if above and not there:
        yield above, b""
    for name, node in there.items():
        if isinstance(node, _Folder):
            yield from _files(node, f"{above}{name}/", names, content)
        else:
            yield above + name, content(node)
