"""What does a reader see: one unchanging view of all shards, and which of their rows are the newest."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.shard import Shard

Mask = NDArray[np.bool_]


class Snapshot(NamedTuple):
    """Shards from old to new; for each a mask of the rows that no newer version replaces.

    `sequence` is the place in the commit order up to which every version is in.
    """

    shards: tuple[Shard, ...] = ()
    current: tuple[Mask, ...] = ()
    sequence: int = 0

    def pairs(self) -> Iterator[tuple[Shard, Mask]]:
        """Go through shards and their masks, old to new."""
        return zip(self.shards, self.current, strict=True)


def make_snapshot(before: Snapshot, shards: Sequence[Shard], sequence: int) -> Snapshot:
    """Return the view of these shards, working out only what the view before did not know.

    Every version of the view before must be in these shards, or a newer one of
    the same record.
    """
    kept = _alike(before.shards, shards)
    if not kept:
        return Snapshot(tuple(shards), tuple(newest_rows(shards)), sequence)
    masks = list(before.current[:kept])
    for shard in shards[kept:]:
        # What was merged of rows that the view before had replaces nothing more in the shards that stay.
        first = 0 if shard.last_sequence > before.sequence else kept
        masks[first:] = [
            without_rows(old, mask, shard.record)
            for old, mask in zip(shards[first : len(masks)], masks[first:], strict=True)
        ]
        masks.append(_frozen(np.ones(len(shard), dtype=np.bool_)))
    return Snapshot(tuple(shards), tuple(masks), sequence)


def _alike(before: Sequence[Shard], after: Sequence[Shard]) -> int:
    """Return how many of the oldest shards stay."""
    kept = 0
    while kept < min(len(before), len(after)) and before[kept] is after[kept]:
        kept += 1
    return kept


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
    return [_frozen(mask) for mask in np.split(newest, np.cumsum(sizes)[:-1])]


def without_rows(shard: Shard, mask: Mask, records: NDArray[np.int64]) -> Mask:
    """Return a mask in which the rows of these records are no longer the newest; the mask itself if none is."""
    _, rows = shard.rows_of_records(records)
    if not mask[rows].any():
        return mask
    changed = mask.copy()
    changed[rows] = False
    return _frozen(changed)


def _frozen(mask: Mask) -> Mask:
    mask.setflags(write=False)
    return mask
