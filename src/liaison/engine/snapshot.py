"""What does a reader see: one unchanging view of all shards, and which of their rows are the newest."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.shard import Shard

Mask = NDArray[np.bool_]


class Hit(NamedTuple):
    """What decides whether a record may be found."""

    record: int
    sequence: int
    rights_class: int
    expires_day: int


class Fresh:
    """The exact keys of the delta: a dictionary, since most look-ups find nothing and must cost nothing.

    Changed in place by the one writer; each step leaves every key with its old
    or its new answer.
    """

    def __init__(self) -> None:
        self.by_hash: dict[int, tuple[Hit, ...]] = {}
        self._of_record: dict[int, tuple[int, tuple[int, ...]]] = {}

    def sequence_of(self, record: int) -> int:
        """Return the place in the commit order of a record's version here, 0 when it has none."""
        return self._of_record.get(record, (0, ()))[0]

    def add(self, shard: Shard, current: Mask) -> None:
        """Add the rows of a shard that are the newest, in place of older versions."""
        keys: dict[int, list[int]] = {}
        for key_hash, row in zip(shard.arrays["key_hash"].tolist(), shard.arrays["key_row"].tolist(), strict=True):
            keys.setdefault(row, []).append(key_hash)
        columns = (shard.record, shard.sequence, shard.rights, shard.expires, current)
        for row, (*hit, newest) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            if newest:
                self._replace(Hit(*hit), tuple(keys.get(row, ())))

    def _replace(self, hit: Hit, hashes: tuple[int, ...]) -> None:
        for key_hash in {*hashes, *self._of_record.get(hit.record, (0, ()))[1]}:
            others = tuple(old for old in self.by_hash.get(key_hash, ()) if old.record != hit.record)
            if key_hash in hashes:
                others = (*others, hit)
            if others:
                self.by_hash[key_hash] = others
            else:
                del self.by_hash[key_hash]
        self._of_record[hit.record] = (hit.sequence, hashes)


class Snapshot(NamedTuple):
    """Shards from old to new, the segments first; for each a mask of the rows that no newer version replaces."""

    segments: tuple[Shard, ...]
    delta: tuple[Shard, ...]
    current: tuple[Mask, ...]
    fresh: Fresh

    def pairs(self) -> Iterator[tuple[Shard, Mask]]:
        """Go through shards and their masks, old to new."""
        return zip((*self.segments, *self.delta), self.current, strict=True)


def make_snapshot(segments: Sequence[Shard], delta: Sequence[Shard]) -> Snapshot:
    """Find out which rows are the newest; of equal versions the later shard's counts."""
    current = newest_rows([*segments, *delta])
    fresh = Fresh()
    for shard, mask in zip(delta, current[len(segments) :], strict=True):
        fresh.add(shard, mask)
    return Snapshot(tuple(segments), tuple(delta), tuple(current), fresh)


def newest_rows(shards: Sequence[Shard]) -> list[Mask]:
    """Return for each shard which of its rows are the newest version of their record."""
    sizes = [len(shard) for shard in shards]
    if not sizes:
        return []
    record = np.concatenate([shard.record for shard in shards])
    sequence = np.concatenate([shard.sequence for shard in shards])
    order = np.lexsort((np.arange(len(record)), sequence, record))
    last = np.ones(len(record), dtype=np.bool_)
    last[:-1] = record[order][1:] != record[order][:-1]
    newest = np.zeros(len(record), dtype=np.bool_)
    newest[order[last]] = True
    masks = np.split(newest, np.cumsum(sizes)[:-1])
    for mask in masks:
        mask.setflags(write=False)
    return masks


def without_rows(shard: Shard, mask: Mask, records: NDArray[np.int64]) -> Mask:
    """Return a mask in which the rows of these records are no longer the newest; the mask itself if none is."""
    _, rows = shard.rows_of_records(records)
    if not len(rows):
        return mask
    changed = mask.copy()
    changed[rows] = False
    changed.setflags(write=False)
    return changed
