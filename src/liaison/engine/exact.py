"""Which rows have this exact key.

A sorted table of 64-bit hashes.  Two keys may share a hash: the caller verifies
an answer against the record itself.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liaison.engine.segment import Arrays

_SEVERAL = 8


def hash_key(key: bytes) -> int:
    """Return the 64-bit hash under which a key is filed: the first 8 bytes of BLAKE2b."""
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "little")


def build_exact(hashes: NDArray[np.uint64], rows: NDArray[np.uint32]) -> dict[str, NDArray[Any]]:
    """Sort hashes: uint64[n] with the row of each: uint32[n]; a hash may have several rows."""
    order = np.argsort(hashes, kind="stable")
    return {"key_hash": hashes[order], "key_row": rows[order]}


class ExactTable:
    """The look-up side of `build_exact`."""

    def __init__(self, arrays: Arrays) -> None:
        self._hashes: NDArray[np.uint64] = arrays["key_hash"]
        self._rows: NDArray[np.uint32] = arrays["key_row"]
        # Views for Python's own bisection: several times faster than an array for one key.
        self._view = self._hashes.data
        # Hashes are spread evenly: their first bits lead to the one or two among which to look.
        bits = max(len(self._hashes).bit_length() - 1, 1)
        self._shift = 64 - bits
        edges = np.arange(1 << bits, dtype=np.uint64) << np.uint64(self._shift)
        self._starts = np.append(np.searchsorted(self._hashes, edges), len(self._hashes)).astype(np.uint32).data

    def rows_of(self, key_hash: int) -> Sequence[int]:
        """Return the rows filed under one hash."""
        view = self._view
        bucket = key_hash >> self._shift
        place, end = self._starts[bucket], self._starts[bucket + 1]
        if place == end:
            return ()
        place = bisect_left(view, key_hash, place, end)
        if place == end or view[place] != key_hash:
            return ()
        found = []
        while place < end and view[place] == key_hash:
            found.append(int(self._rows[place]))
            place += 1
        return found

    def rows_of_all(self, hashes: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield (place in `hashes`, rows) of those that have any."""
        places: Iterable[int] = range(len(hashes)) if len(hashes) < _SEVERAL else self._places_of_known(hashes)
        for place in places:
            if rows := self.rows_of(hashes[place]):
                yield place, rows

    def _places_of_known(self, hashes: Sequence[int]) -> list[int]:
        """Return where in `hashes` those are that have rows: one vectorised search for many."""
        wanted = np.array(hashes, dtype=np.uint64)
        places = np.searchsorted(self._hashes, wanted)
        inside = np.flatnonzero(places < len(self._hashes))
        known: list[int] = inside[self._hashes[places[inside]] == wanted[inside]].tolist()
        return known
