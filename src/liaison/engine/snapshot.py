"""What does a reader see: one unchanging view of all shards, and which of their rows are the newest."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.shard import Shard

Mask = NDArray[np.bool_]
_NEVER = -1


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
    the same record.  After no view at all everything is worked out at once.
    """
    known = dict(zip(before.shards, before.current, strict=True))
    if not known:
        return Snapshot(tuple(shards), tuple(newest_rows(shards)), sequence)
    masks = []
    for place, shard in enumerate(shards):
        # A mask that is known lacks nothing but what came since; versions that were only merged hide nothing more.
        mask, since = (known[shard], before.sequence) if shard in known else (_all_of(shard), _NEVER)
        for later in shards[place + 1 :]:
            if later.last_sequence > since:
                mask = without_rows(shard, mask, _records_since(later, since))
        masks.append(mask)
    return Snapshot(tuple(shards), tuple(masks), sequence)


def _all_of(shard: Shard) -> Mask:
    return _frozen(np.ones(len(shard), dtype=np.bool_))


def _records_since(shard: Shard, sequence: int) -> NDArray[np.int64]:
    newer = shard.sequence > sequence
    return shard.record if newer.all() else shard.record[newer]


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
    if not len(shard):
        return mask
    # Records that are new to the index have numbers beyond all that are in it: nothing to look for.
    records = records[records <= shard.record[shard.arrays["record_order"][-1]]]
    if not len(records):
        return mask
    _, rows = shard.rows_of_records(records)
    if not mask[rows].any():
        return mask
    changed = mask.copy()
    changed[rows] = False
    return _frozen(changed)


def _frozen(mask: Mask) -> Mask:
    mask.setflags(write=False)
    return mask
