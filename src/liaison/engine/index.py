"""Which records resemble a query, or have a key, of those the asker may see.

The index holds the newest version of every record: immutable segments on disk and
a delta in memory.  It is derived from the database and can always be rebuilt.

Readers take one snapshot and need no lock; one thread at a time applies and
flushes.  Of several processes one at a time flushes; the others refresh.
"""

import math
import threading
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from liaison.engine.arrays import Sight
from liaison.engine.exact import hash_key
from liaison.engine.manifest import (
    SEGMENT_SUFFIX,
    Manifest,
    empty_manifest,
    folder_lock,
    read_manifest,
    remove_unnamed,
    write_manifest,
)
from liaison.engine.names import Question, prepare, shortlist
from liaison.engine.profile import profile_of
from liaison.engine.score import POSSIBLE, compare_profiles
from liaison.engine.segment import SegmentDamaged, open_segment, write_segment
from liaison.engine.shard import Shard, build_shard, merge_shards
from liaison.engine.snapshot import Mask, Snapshot, make_snapshot, without_rows
from liaison.engine.types import Candidate, Item, Removal, Subject

# Candidates that are compared in full, at least; a longer answer compares as many as it shows.
COMPARED = 100
DELTA_SHARD_ROWS = 4096
# An older segment is merged when it has at most this many times the rows that are newer.
MERGE_RATIO = 2
_POSSIBLE_BITS = math.log2(POSSIBLE / (1.0 - POSSIBLE))
_ATTEMPTS = 5

IndexDamaged = SegmentDamaged


class Found(msgspec.Struct, frozen=True):
    """The answer of a search: the best first; `total` counts all at or above POSSIBLE."""

    candidates: list[Candidate]
    total: int


class Index:
    """The records of a folder, ready to be searched.

    `sequence` is the place in the commit order up to which every version is in.
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder, made when it is not there; raise IndexDamaged when what is in it cannot be trusted."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.RLock()
        self._flush_lock = threading.RLock()
        self._manifest, segments = self._load({})
        self._segments = segments
        self._snapshot = make_snapshot(list(segments.values()), [])
        self.sequence = self._manifest.sequence

    @classmethod
    def emptied(cls, folder: Path) -> Self:
        """Forget whatever a folder holds, damaged or not, and open it."""
        folder.mkdir(parents=True, exist_ok=True)
        with folder_lock(folder):
            _begin_again(folder)
        return cls(folder)

    def _load(self, known: dict[str, Shard]) -> tuple[Manifest, dict[str, Shard]]:
        """Read the manifest and open its segments, but those already open."""
        for _ in range(_ATTEMPTS):
            manifest = read_manifest(self._folder) or empty_manifest()
            try:
                return manifest, {name: known.get(name) or self._open(name) for name in manifest.segments}
            except SegmentDamaged:
                # Another process may have merged and removed the segment since: then the manifest changed.
                if read_manifest(self._folder) == manifest:
                    raise
        raise SegmentDamaged(self._folder, "changes faster than it can be opened")

    def _open(self, name: str) -> Shard:
        return Shard(open_segment(self._folder / name))

    @property
    def delta_size(self) -> int:
        """Return the number of rows that are only in memory."""
        return sum(len(shard) for shard in self._snapshot.delta)

    @property
    def record_count(self) -> int:
        """Return the number of records that are not removed, whoever may see them, expired or not."""
        return sum(int(np.count_nonzero(mask & ~shard.removed)) for shard, mask in self._snapshot.pairs())

    def describe(self) -> dict[str, int]:
        """Return figures for operators."""
        snapshot = self._snapshot
        return {
            "sequence": self.sequence,
            "records": self.record_count,
            "segments": len(snapshot.segments),
            "segment_rows": sum(len(shard) for shard in snapshot.segments),
            "segment_bytes": sum(shard.size_bytes for shard in snapshot.segments),
            "delta_shards": len(snapshot.delta),
            "delta_rows": self.delta_size,
            "delta_bytes": sum(shard.size_bytes for shard in snapshot.delta),
        }

    def apply(self, changes: Sequence[Item | Removal], sequence: int) -> None:
        """Take in changes, visible to the next search; `sequence` says up to where everything is in now.

        A version that is not newer than what the index has is ignored, so that
        applying twice changes nothing.
        """
        with self._lock:
            newer = self._newer(changes)
            if newer:
                self._add(build_shard(newer))
            self.sequence = max(self.sequence, sequence)

    def _newer(self, changes: Sequence[Item | Removal]) -> list[Item | Removal]:
        """Return the newest change of each record that the index does not have yet."""
        newest: dict[int, Item | Removal] = {}
        for change in changes:
            known = newest.get(change.record)
            if change.sequence > self.sequence and (known is None or change.sequence > known.sequence):
                newest[change.record] = change
        records = np.fromiter(newest, np.int64, len(newest))
        have = np.fromiter(map(self._snapshot.fresh.sequence_of, newest), np.int64, len(newest))
        for shard in self._snapshot.segments:
            places, rows = shard.rows_of_records(records)
            have[places] = np.maximum(have[places], shard.sequence[rows])
        return [change for change, old in zip(newest.values(), have.tolist(), strict=True) if change.sequence > old]

    def _add(self, shard: Shard) -> None:
        """Publish a snapshot with one more shard, whose rows replace those of the same records."""
        before = self._snapshot
        masks = [without_rows(old, mask, shard.record) for old, mask in before.pairs()]
        everything = np.ones(len(shard), dtype=np.bool_)
        everything.setflags(write=False)
        delta, masks = _compacted([*before.delta, shard], [*masks, everything])
        # Keys first: a reader between the two steps may see a record's old and new version, never neither.
        before.fresh.add(shard, everything)
        self._snapshot = Snapshot(before.segments, tuple(delta), tuple(masks), before.fresh)

    def flush(self) -> None:
        """Write the delta to disk, merging segments of like size; what is applied meanwhile stays in the delta."""
        with self._flush_lock, folder_lock(self._folder):
            self._refresh()
            with self._lock:
                snapshot, sequence = self._snapshot, self.sequence
            if snapshot.delta:
                self._write(snapshot, sequence)
            elif sequence > self._manifest.sequence:
                self._manifest = msgspec.structs.replace(self._manifest, sequence=sequence)
                write_manifest(self._folder, self._manifest)
            remove_unnamed(self._folder, self._manifest)

    def _write(self, snapshot: Snapshot, sequence: int) -> None:
        """Write a new segment of the delta and the segments merged with it, then the manifest."""
        kept = _kept_segments([len(shard) for shard in snapshot.segments], sum(map(len, snapshot.delta)))
        name = f"{self._manifest.epoch}-{self._manifest.written:08d}{SEGMENT_SUFFIX}"
        merged = [pair for place, pair in enumerate(snapshot.pairs()) if place >= kept]
        # A removal has nothing left to hide once it is merged into the oldest segment and will not be fed again.
        masks = [mask & ~(shard.removed & (shard.sequence <= sequence)) if not kept else mask for shard, mask in merged]
        write_segment(self._folder / name, merge_shards([shard for shard, _ in merged], masks).arrays)
        manifest = msgspec.structs.replace(
            self._manifest,
            sequence=sequence,
            written=self._manifest.written + 1,
            segments=(*self._manifest.segments[:kept], name),
        )
        segment = self._open(name)
        write_manifest(self._folder, manifest)
        with self._lock:
            self._manifest = manifest
            segments = {old: self._segments[old] for old in manifest.segments[:kept]}
            self._publish({**segments, name: segment}, [s for s in self._snapshot.delta if s not in snapshot.delta])

    def refresh(self) -> bool:
        """Take over what another process flushed; return whether there was anything.

        Raises IndexDamaged as opening does.
        """
        with self._flush_lock:
            return self._refresh()

    def _refresh(self) -> bool:
        on_disk = read_manifest(self._folder)
        if on_disk is None or on_disk == self._manifest:
            return False
        manifest, segments = self._load(self._segments)
        with self._lock:
            same_epoch = (
                manifest.epoch == self._manifest.epoch or self._manifest.written == 0 == self._manifest.sequence
            )
            delta = self._snapshot.delta if same_epoch else ()
            self.sequence = max(self.sequence, manifest.sequence) if same_epoch else manifest.sequence
            self._manifest = manifest
            self._publish(segments, delta)
        return True

    def _publish(self, segments: dict[str, Shard], delta: Sequence[Shard]) -> None:
        """Make the snapshot of new segments and of the rows of the delta that they do not cover."""
        rest = [_newer_rows(shard, self._manifest.sequence) for shard in delta]
        self._segments = segments
        self._snapshot = make_snapshot(list(segments.values()), [shard for shard in rest if len(shard)])

    def clear(self) -> None:
        """Forget everything, in memory and on disk."""
        with self._flush_lock, folder_lock(self._folder), self._lock:
            self._manifest = _begin_again(self._folder)
            self._segments = {}
            self._snapshot = make_snapshot([], [])
            self.sequence = 0

    def find_exact(self, keys: Sequence[bytes], allowed: NDArray[np.bool_], today: int) -> list[list[int]]:
        """Return for each key the numbers of the records that have it and may be seen.

        `allowed` is bool[n], by rights class; a class beyond it is not allowed.
        Two keys may have one hash: verify the answer against the record.
        """
        snapshot = self._snapshot
        hashes = [hash_key(key) for key in keys]
        found: dict[int, set[int]] = {}
        for key_hash in hashes:
            for record, _, rights, expires in snapshot.fresh.by_hash.get(key_hash, ()):
                if expires > today and rights < len(allowed) and allowed[rights]:
                    found.setdefault(key_hash, set()).add(record)
        for shard, mask in zip(snapshot.segments, snapshot.current, strict=False):
            for key_hash, rows in shard.exact.rows_of_all(hashes).items():
                visible = _visible(shard, mask, rows, allowed, today)
                found.setdefault(key_hash, set()).update(visible)
        return [sorted(found.get(key_hash, ())) for key_hash in hashes]

    def search(self, query: Subject, allowed: NDArray[np.bool_], today: int, limit: int = 50) -> Found:
        """Return the records that resemble a subject of the same kind, the likeliest first, at most `limit`.

        Records that the asker may not see change nothing: neither order nor
        scores nor the total.
        """
        question = prepare(profile_of(query))
        leads = self._leads(question, allowed, today)
        compared = leads[: max(limit, COMPARED)]
        candidates = [found for lead in compared if (found := _compared(question, *lead[1:]))]
        candidates.sort(key=lambda found: (-found.score, found.record))
        unseen = sum(-weight >= _POSSIBLE_BITS for weight, *_ in leads[len(compared) :])
        return Found(candidates[:limit], len(candidates) + unseen)

    def _leads(self, question: Question, allowed: NDArray[np.bool_], today: int) -> list[tuple[float, int, int, Shard]]:
        """Return what deserves a full comparison: (-bits, record, subject, shard), the likeliest first."""
        leads: list[tuple[float, int, int, Shard]] = []
        for shard, mask in self._snapshot.pairs():
            subjects, weights = shortlist(shard, Sight(mask, allowed, today), question, _POSSIBLE_BITS)
            records = shard.record[shard.searchable.subject_row[subjects]]
            numbers = zip((-weights).tolist(), records.tolist(), subjects.tolist(), strict=True)
            leads += [(weight, record, subject, shard) for weight, record, subject in numbers]
        leads.sort(key=lambda lead: lead[:2])
        return leads


def warm_up() -> None:
    """Compile the kernels, or load them compiled, so that the first check need not wait for it.

    Compiling takes some seconds, once for each version and machine; NUMBA_CACHE_DIR
    says where the result is kept, beside the program otherwise.
    """
    somebody = Subject(("Zofia Kowalska",), ("1984",), "F", ("PL",))
    with TemporaryDirectory() as folder:
        index = Index(Path(folder))
        index.apply([Item(1, 1, 0, 1, (), somebody)], 1)
        index.search(somebody, np.ones(1, dtype=np.bool_), 0)


def _begin_again(folder: Path) -> Manifest:
    manifest = empty_manifest()
    write_manifest(folder, manifest)
    remove_unnamed(folder, manifest)
    return manifest


def _compared(question: Question, record: int, subject: int, shard: Shard) -> Candidate | None:
    score, strength = compare_profiles(question.profile, shard.profile(subject))
    return None if strength == "none" else Candidate(record, score, strength)


def _visible(shard: Shard, mask: Mask, rows: Sequence[int], allowed: NDArray[np.bool_], today: int) -> list[int]:
    return [
        int(shard.record[row])
        for row in rows
        if mask[row] and shard.expires[row] > today and shard.rights[row] < len(allowed) and allowed[shard.rights[row]]
    ]


def _newer_rows(shard: Shard, sequence: int) -> Shard:
    """Return the rows of a shard after a place in the commit order, the shard itself if all are."""
    newer = shard.sequence > sequence
    return shard if newer.all() else merge_shards([shard], [newer])


def _kept_segments(sizes: Sequence[int], newer: int) -> int:
    """Return how many of the oldest segments stay as they are; the others are merged with the newer rows.

    Sizes then fall by more than MERGE_RATIO, so that their number grows with
    the logarithm of the rows.
    """
    kept = len(sizes)
    while kept and sizes[kept - 1] <= MERGE_RATIO * newer:
        kept -= 1
        newer += sizes[kept]
    return kept


def _compacted(delta: list[Shard], masks: list[Mask]) -> tuple[list[Shard], list[Mask]]:
    """Merge the newest shards of the delta while they are of like size and small."""
    while len(delta) > 1 and len(delta[-2]) <= MERGE_RATIO * len(delta[-1]):
        if len(delta[-2]) + len(delta[-1]) > DELTA_SHARD_ROWS:
            break
        merged = merge_shards(delta[-2:], masks[-2:])
        everything = np.ones(len(merged), dtype=np.bool_)
        everything.setflags(write=False)
        delta, masks = [*delta[:-2], merged], [*masks[:-2], everything]
    return delta, masks
