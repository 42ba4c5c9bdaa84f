"""Which rows have this exact key.

A sorted table of 64-bit hashes.  Two keys may share a hash: the caller verifies
an answer against the record itself.
"""

from bisect import bisect_left
from collections.abc import Sequence
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

    def rows_of(self, key_hash: int) -> list[int]:
        """Return the rows filed under one hash."""
        view = self._view
        bucket = key_hash >> self._shift
        end = self._starts[bucket + 1]
        place = bisect_left(view, key_hash, self._starts[bucket], end)
        found = []
        while place < end and view[place] == key_hash:
            found.append(int(self._rows[place]))
            place += 1
        return found

    def rows_of_all(self, hashes: Sequence[int]) -> dict[int, list[int]]:
        """Return the rows of each hash that has any: one vectorised search for many hashes."""
        if len(hashes) < _SEVERAL:
            return {key_hash: rows for key_hash in hashes if (rows := self.rows_of(key_hash))}
        wanted = np.array(hashes, dtype=np.uint64)
        places = np.searchsorted(self._hashes, wanted)
        inside = places < len(self._hashes)
        hit = inside.copy()
        hit[inside] = self._hashes[places[inside]] == wanted[inside]
        return {int(key_hash): self.rows_of(int(key_hash)) for key_hash in wanted[hit]}
