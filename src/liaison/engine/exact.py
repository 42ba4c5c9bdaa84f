"""Which rows have this exact key.

A sorted table of hashes, and for the first bits of a hash the place where those that
begin so start.  Two keys may share a hash: the caller verifies an answer against the
record itself.  Arrays of `n` keys and `2**b` beginnings, at most 13 bytes a key:

    key_hash    uint64[n]   sorted, each below 2**63 (`hashing.py`)
    key_row     uint32[n]   the row of each
    key_start   uint32[2**b + 1]   the first place of each beginning; the last is n
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numba import carray  # type: ignore[attr-defined]
from numpy.typing import NDArray

from liaison.engine.compiling import as_int, compiled, making_arrays
from liaison.engine.hashing import BITS
from liaison.engine.pointers import addresses_of, as_pointer
from liaison.engine.segment import Arrays

# A beginning has from four to eight keys, about one line of the processor's cache, and costs a byte a key at most.
_KEYS_OF_A_BEGINNING = 4
# As many keys of one beginning as are sorted in place: more are of one hash, or of few.
_SORTED_IN_PLACE = 64
# So many keys are looked up at a time, so that the memory is asked for many of them at once.
_AT_ONCE = 64
# A little table is a dictionary of Python's: one look-up there costs a tenth, and a delta has many little ones.
_LITTLE = 2048
_NONE: tuple[int, ...] = ()
Piece = tuple[NDArray[np.uint64], NDArray[np.uint32]]


def beginning_bits(count: int) -> int:
    """Return how many first bits of a hash have a place of their own in a table of so many keys."""
    return max((count // _KEYS_OF_A_BEGINNING).bit_length() - 1, 0)


def build_exact(hashes: NDArray[np.uint64], rows: NDArray[np.uint32]) -> dict[str, NDArray[Any]]:
    """Sort hashes below 2**63: uint64[n] with the row of each: uint32[n]; a hash may have several rows."""
    return build_in_pieces(lambda: [(hashes, rows)], len(hashes))


def build_in_pieces(pieces: Callable[[], Iterable[Piece]], count: int) -> dict[str, NDArray[Any]]:
    """Build the table of so many keys that come in pieces, (hashes, rows); they are asked for twice.

    Needs no more memory than the table and one piece.
    """
    bits = beginning_bits(count)
    starts = np.zeros((1 << bits) + 1, dtype=np.uint32)
    sorted_hashes, sorted_rows = np.empty(count, dtype=np.uint64), np.empty(count, dtype=np.uint32)
    for hashes, _ in pieces():
        _count_beginnings(hashes, BITS - bits, starts)
    starts[:] = np.append(0, np.cumsum(starts[:-1], dtype=np.int64))
    for hashes, rows in pieces():
        _distribute(hashes, rows, BITS - bits, starts, sorted_hashes, sorted_rows)
    # Each now says where its keys end, which is where those of the next start.
    starts[1:] = starts[:-1].copy()
    starts[0] = 0
    _sort_beginnings(starts, sorted_hashes, sorted_rows)
    return {"key_hash": sorted_hashes, "key_row": sorted_rows, "key_start": starts}


@compiled
def _count_beginnings(hashes: NDArray[np.uint64], shift: int, counts: NDArray[np.uint32]) -> None:
    down = np.uint64(shift)
    for place in range(len(hashes)):
        counts[np.int64(hashes[place] >> down)] += np.uint32(1)


@compiled
def _distribute(
    hashes: NDArray[np.uint64],
    rows: NDArray[np.uint32],
    shift: int,
    starts: NDArray[np.uint32],
    to_hashes: NDArray[np.uint64],
    to_rows: NDArray[np.uint32],
) -> None:
    """Put each key where the next of its beginning belongs, in the order in which they come."""
    down = np.uint64(shift)
    for place in range(len(hashes)):
        beginning = as_int(hashes[place] >> down)
        to = as_int(starts[beginning])
        to_hashes[to] = hashes[place]
        to_rows[to] = rows[place]
        starts[beginning] += np.uint32(1)


@making_arrays
def _sort_beginnings(starts: NDArray[np.uint32], hashes: NDArray[np.uint64], rows: NDArray[np.uint32]) -> None:
    for beginning in range(len(starts) - 1):
        first, end = np.int64(starts[beginning]), np.int64(starts[beginning + 1])
        if end - first > _SORTED_IN_PLACE:
            order = np.argsort(hashes[first:end], kind="mergesort")
            hashes[first:end] = hashes[first:end][order]
            rows[first:end] = rows[first:end][order]
            continue
        for place in range(first + 1, end):
            own, row, to = hashes[place], rows[place], place
            while to > first and hashes[to - 1] > own:
                hashes[to], rows[to] = hashes[to - 1], rows[to - 1]
                to -= 1
            hashes[to], rows[to] = own, row


@compiled
def _first_place(own: Any, down: Any, starts: NDArray[np.uint32], hashes: NDArray[np.uint64]) -> int:
    """Return the first place of a hash, -1 for none."""
    beginning = np.int64(own >> down)
    place: int = as_int(starts[beginning])
    end: int = as_int(starts[beginning + 1])
    while end - place > _SORTED_IN_PLACE:
        middle = (place + end) // 2
        if hashes[middle] < own:
            place = middle + 1
        else:
            end = middle + 1
    while place < end and hashes[place] < own:
        place += 1
    return place if place < end and hashes[place] == own else -1


@making_arrays
def _row_at(key_hash: int, address: int) -> int:
    """Return the row of a hash in the table at an address; -1 for none; -2 - the first place for several."""
    head = carray(as_pointer(address), (7,), np.int64)
    starts = carray(as_pointer(head[0]), (head[1],), np.uint32)
    hashes = carray(as_pointer(head[2]), (head[3],), np.uint64)
    own = np.uint64(key_hash)
    place = _first_place(own, np.uint64(head[6]), starts, hashes)
    if place == -1:
        return -1
    if place + 1 < head[3] and hashes[place + 1] == own:
        return -2 - place
    row: int = as_int(carray(as_pointer(head[4]), (head[5],), np.uint32)[place])
    return row


@compiled
def _places_of(
    wanted: NDArray[np.uint64], shift: int, starts: NDArray[np.uint32], hashes: NDArray[np.uint64],
    found: NDArray[np.int64],
) -> Any:  # fmt: skip
    """Write the first place of each hash, -1 for none: found int64[n]; what it returns means nothing."""
    down, last_hash, touched = np.uint64(shift), len(hashes) - 1, np.uint64(0)
    for first in range(0, len(wanted), _AT_ONCE):
        last = min(first + _AT_ONCE, len(wanted))
        # None of these wait for each other, so the memory fetches many lines at once; the answers find them at hand.
        for number in range(first, last):
            found[number] = np.int64(starts[np.int64(wanted[number] >> down)])
        for number in range(first, last):
            touched |= hashes[min(found[number], last_hash)]
        for number in range(first, last):
            found[number] = _first_place(wanted[number], down, starts, hashes)
    return touched


class ExactTable:
    """The look-up side of `build_exact`."""

    def __init__(self, arrays: Arrays) -> None:
        self._hashes: NDArray[np.uint64] = arrays["key_hash"]
        self._rows: NDArray[np.uint32] = arrays["key_row"]
        self._starts: NDArray[np.uint32] = arrays["key_start"]
        self._shift = BITS - beginning_bits(len(self._hashes))
        self._is_little = len(self._hashes) <= _LITTLE
        self._head = np.append(addresses_of(self._starts, self._hashes, self._rows), self._shift)
        self._address = self._head.ctypes.data

    def __len__(self) -> int:
        return len(self._hashes)

    @cached_property
    def _little(self) -> dict[int, list[int]]:
        """The rows of every hash of a little table."""
        rows: dict[int, list[int]] = {}
        for key_hash, row in zip(self._hashes.tolist(), self._rows.tolist(), strict=True):
            rows.setdefault(key_hash, []).append(row)
        return rows

    def rows_of(self, key_hash: int) -> Sequence[int]:
        """Return the rows filed under one hash."""
        if self._is_little:
            return self._little.get(key_hash, _NONE)
        row = _row_at(key_hash, self._address)
        if row >= 0:
            return (row,)
        return _NONE if row == -1 else self._rows_from(-2 - row, key_hash)

    def _rows_from(self, place: int, key_hash: int) -> Sequence[int]:
        """Return the rows of a hash whose first place is known."""
        end = int(np.searchsorted(self._hashes[place:], np.uint64(key_hash), side="right"))
        rows: list[int] = self._rows[place : place + end].tolist()
        return rows

    def places_of(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return for each hash the first place in the table, -1 where there is none: int64[n]."""
        found = np.full(len(hashes), -1, dtype=np.int64)
        if len(self):
            _places_of(hashes, self._shift, self._starts, self._hashes, found)
        return found

    def rows_of_all(self, hashes: NDArray[np.uint64]) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield (place in `hashes`, rows) of those that have any."""
        found = self.places_of(hashes)
        for place in np.flatnonzero(found >= 0).tolist():
            yield place, self._rows_from(int(found[place]), int(hashes[place]))


def load_kernels() -> None:
    """Compile the kernels, or load them compiled, for tables that nobody can write, as all in an index are."""
    hashes = np.arange(_LITTLE + 1, dtype=np.uint64)
    arrays = build_exact(hashes, hashes.astype(np.uint32))
    for array in arrays.values():
        array.setflags(write=False)
    table = ExactTable(arrays)
    table.rows_of(1)
    table.places_of(hashes)
