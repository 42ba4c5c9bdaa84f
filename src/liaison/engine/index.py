"""Which records resemble a query, or have a key, of those the asker may see.

The index holds the newest version of every record: what its writer has published in
a folder (`writer.py`), and what this process has taken in since, in memory.  It is
derived from the database and can always be rebuilt.

Readers take one snapshot and need no lock; one thread at a time applies or refreshes.
"""

import heapq
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from liaison.engine.arrays import Sight
from liaison.engine.exact import load_kernels
from liaison.engine.hashing import hash_key, hash_keys
from liaison.engine.manifest import Manifest, empty_manifest, read_live, read_manifest, read_published
from liaison.engine.names import NOBODY, Question, prepare, shortlist
from liaison.engine.pairs import score_pairs
from liaison.engine.patterns import rows_like
from liaison.engine.profile import Profile, profile_of
from liaison.engine.rescoring import rescore
from liaison.engine.score import is_dated, least_bits
from liaison.engine.segment import SegmentDamaged, open_segment
from liaison.engine.shard import Shard, build_shard, merge_shards
from liaison.engine.snapshot import Mask, Snapshot, make_snapshot, newest_rows
from liaison.engine.types import Candidate, Item, Removal, Subject

# Candidates that are compared in full, at most; a longer answer compares as many as it shows.
COMPARED = 200
# An older shard is merged when it has at most this many times the rows that are newer.
MERGE_RATIO = 2
# Fewer keys, or rows of a key, are looked at one by one: for so few numpy costs more than it saves.
SEVERAL = 8
_ATTEMPTS = 5
# Of a score of exactly 0 or 1 the bits would be infinite.
_LEAST_SCORE = 1e-9

IndexDamaged = SegmentDamaged


class Found(msgspec.Struct, frozen=True):
    """The answer of a search: the best first; `total` counts all at or above the cutoff."""

    candidates: list[Candidate]
    total: int


class Index:
    """The records of a folder, ready to be searched."""

    def __init__(self, folder: Path, *, as_published: bool = False) -> None:
        """Open a folder, made when it is not there; raise IndexDamaged when what is in it cannot be trusted.

        As published: never less than what the writer has published last, for those
        who do not make up what is missing from the records.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._read = read_live if as_published else read_published
        self._lock = threading.RLock()
        self._ahead: dict[str, Future[Shard]] = {}
        self._manifest, self._named = self._opened()
        self._delta: tuple[Shard, ...] = ()
        self._snapshot = make_snapshot(Snapshot(), list(self._named.values()), self._manifest.sequence)

    def _opened(self) -> tuple[Manifest, dict[str, Shard]]:
        """Open what is published, or what is on disk for certain when that did not survive."""
        try:
            return self._open_named(self._read, {})
        except SegmentDamaged:
            if self._read is read_live:
                raise
            return self._open_named(read_manifest, {})

    def _open_named(
        self, read: Callable[[Path], Manifest | None], known: dict[str, Shard]
    ) -> tuple[Manifest, dict[str, Shard]]:
        """Read the manifest and open the files that it names, but those already open."""
        for _ in range(_ATTEMPTS):
            manifest = read(self.folder) or empty_manifest()
            try:
                return manifest, {name: known.get(name) or self._opened_ahead(name) for name in manifest.segments}
            except SegmentDamaged:
                # The writer may have merged and removed the file since: then the manifest changed.
                if read(self.folder) == manifest:
                    raise
        raise SegmentDamaged(self.folder, "changes faster than it can be opened")

    def _opened_ahead(self, name: str) -> Shard:
        ahead = self._ahead.pop(name, None)
        return ahead.result() if ahead and not ahead.exception() else self._open(name)

    def _open(self, name: str) -> Shard:
        return Shard(open_segment(self.folder / name))

    def _open_ahead(self, coming: Sequence[str]) -> None:
        """Open large files in threads of their own, so that nobody waits for it when they are named."""
        self._ahead = {name: self._ahead.get(name) or in_thread(Future(), partial(self._open, name)) for name in coming}

    @property
    def sequence(self) -> int:
        """Return the place in the commit order up to which every version is in."""
        return self._snapshot.sequence

    @property
    def epoch(self) -> str:
        """Return the mark of what the files were made in: another one after everything was made again."""
        return self._manifest.epoch

    @property
    def delta_size(self) -> int:
        """Return the number of rows that are only in memory."""
        return sum(map(len, self._delta))

    @property
    def record_count(self) -> int:
        """Return the number of records that are not removed, whoever may see them, expired or not."""
        return sum(int(np.count_nonzero(mask & ~shard.removed)) for shard, mask in self._snapshot.pairs())

    def describe(self) -> dict[str, int]:
        """Return figures for operators."""
        return {
            "sequence": self.sequence,
            "records": self.record_count,
            "segments": len(self._named),
            "segment_rows": sum(map(len, self._named.values())),
            "segment_bytes": sum(shard.size_bytes for shard in self._named.values()),
            "delta_shards": len(self._delta),
            "delta_rows": self.delta_size,
            "delta_bytes": sum(shard.size_bytes for shard in self._delta),
        }

    def apply(self, changes: Sequence[Item | Removal], sequence: int) -> None:
        """Take in changes, visible to the next search; `sequence` says up to where everything is in now.

        A version that is not newer than what the index has is ignored, so that
        applying twice changes nothing.
        """
        with self._lock:
            newer = self._newer(changes)
            delta = self._compacted([*self._delta, build_shard(newer)]) if newer else self._delta
            self._show(self._named, delta, max(self.sequence, sequence))

    def _compacted(self, delta: Sequence[Shard]) -> Sequence[Shard]:
        return compacted(delta)

    def _newer(self, changes: Sequence[Item | Removal]) -> list[Item | Removal]:
        """Return the newest change of each record that the index does not have yet."""
        newest: dict[int, Item | Removal] = {}
        for change in changes:
            known = newest.get(change.record)
            if change.sequence > self.sequence and (known is None or change.sequence > known.sequence):
                newest[change.record] = change
        records = np.fromiter(newest, np.int64, len(newest))
        have = np.zeros(len(newest), dtype=np.int64)
        for shard in self._snapshot.shards:
            # Not even looked for where everything is older: everywhere, as long as changes come in order.
            if shard.last_sequence <= self.sequence:
                continue
            places, rows = shard.rows_of_records(records)
            have[places] = np.maximum(have[places], shard.sequence[rows])
        return [change for change, old in zip(newest.values(), have.tolist(), strict=True) if change.sequence > old]

    def refresh(self) -> bool:
        """Take over what the writer has published since; return whether there was anything.

        What is only in memory stays, unless everything was made again.  Raises
        IndexDamaged as opening does.
        """
        with self._lock:
            published = self._read(self.folder)
            if published is None or published == self._manifest:
                return False
            manifest, named = self._open_named(self._read, self._named)
            is_same = manifest.epoch == self._manifest.epoch or not self._manifest.sequence
            if is_same and manifest.sequence < self._manifest.sequence:
                raise SegmentDamaged(self.folder, "what was published is gone")
            self._open_ahead(manifest.coming)
            rest = [newer_rows(shard, manifest.sequence) for shard in self._delta] if is_same else []
            self._manifest = manifest
            sequence = max(self.sequence, manifest.sequence) if is_same else manifest.sequence
            self._show(named, rest, sequence, is_same=is_same)
            return True

    def _show(self, named: dict[str, Shard], delta: Sequence[Shard], sequence: int, *, is_same: bool = True) -> None:
        """Let the next search see these shards; nothing is taken over from what was before another epoch."""
        self._named, self._delta = named, tuple(shard for shard in delta if len(shard))
        before = self._snapshot if is_same else Snapshot()
        self._snapshot = make_snapshot(before, [*named.values(), *self._delta], sequence)

    def find_exact(self, keys: Sequence[bytes], allowed: NDArray[np.bool_], today: int) -> list[list[int]]:
        """Return for each key the numbers of the records that have it and may be seen.

        `allowed` is bool[n], by rights class; a class beyond it is not allowed.
        Two keys may have one hash: verify the answer against the record.
        """
        hashes = [hash_key(key) for key in keys] if len(keys) < SEVERAL else hash_keys(keys)
        found: list[list[int]] = [[] for _ in keys]
        for shard, mask in self._snapshot.pairs():
            for place, rows in _rows_of(shard, hashes):
                found[place] += _visible(shard, mask, rows, allowed, today)
        return [sorted(set(records)) if len(records) > 1 else records for records in found]

    def find_like(
        self, patterns: Sequence[bytes], allowed: NDArray[np.bool_], today: int, limit: int = 50
    ) -> tuple[list[int], int]:
        """Return the numbers of records with a text like one of the patterns, at most `limit`, and how many there are.

        Records that may not be seen change neither.
        """
        found: set[int] = set()
        for shard, mask in self._snapshot.pairs():
            for pattern in patterns:
                found.update(visible_records(shard, mask, rows_like(shard.arrays, pattern), allowed, today))
        return heapq.nsmallest(limit, found), len(found)

    def search(
        self, query: Subject, allowed: NDArray[np.bool_], today: int, limit: int = 50, cutoff: float | None = None
    ) -> Found:
        """Return the records that resemble a subject of the same kind, the likeliest first, at most `limit`.

        Those that are not possible matches are not returned, or with a
        `cutoff`, 0-1, those that score less.  Records that the
        asker may not see change nothing: neither order nor scores nor the total.
        """
        return _search(self._snapshot, query, allowed, today, limit, cutoff)

    def search_many(
        self,
        queries: Sequence[Subject],
        allowed: NDArray[np.bool_],
        today: int,
        limit: int = 50,
        cutoff: float | None = None,
    ) -> list[Found]:
        """Return for each query what `search` returns, all of one moment."""
        snapshot = self._snapshot
        return [_search(snapshot, query, allowed, today, limit, cutoff) for query in queries]


class _Leads(NamedTuple):
    """What may deserve a full comparison: float64[n] bits, int64[n] record, place of the shard, subject."""

    weight: NDArray[np.float64]
    record: NDArray[np.int64]
    shard: NDArray[np.int64]
    subject: NDArray[np.int64]

    def taken(self, places: NDArray[Any]) -> "_Leads":
        return _Leads(*(column[places] for column in self))


def _search(
    snapshot: Snapshot, query: Subject, allowed: NDArray[np.bool_], today: int, limit: int, cutoff: float | None
) -> Found:
    profile = profile_of(query)
    least = least_bits(is_query_dated=is_dated(profile.born)) if cutoff is None else _bits_of(cutoff)
    question, leads = _leads(snapshot, profile, allowed, today, least)
    compared = _best(leads, max(limit, COMPARED))
    candidates = [found for found in _compared(question, snapshot.shards, compared) if _is_enough(found, cutoff)]
    candidates.sort(key=lambda found: (-found.score, found.record))
    unseen = np.count_nonzero(leads.weight >= least) - np.count_nonzero(compared.weight >= least)
    return Found(candidates[:limit], len(candidates) + int(unseen))


def _is_enough(candidate: Candidate, cutoff: float | None) -> bool:
    return candidate.strength != "none" if cutoff is None else candidate.score >= cutoff


def _bits_of(score: float) -> float:
    clipped = min(max(score, _LEAST_SCORE), 1.0 - _LEAST_SCORE)
    return math.log2(clipped / (1.0 - clipped))


def _leads(
    snapshot: Snapshot, profile: Profile, allowed: NDArray[np.bool_], today: int, least: float
) -> tuple[Question, _Leads]:
    """Ask narrowly, and widely when that found nobody who has certainly every part of the name."""
    for wide in (False, True):
        question = prepare(profile, least, wide=wide)
        lists = [
            shortlist(shard, Sight(mask, allowed, today), question) if question.asked else NOBODY
            for shard, mask in snapshot.pairs()
        ]
        if any(found.is_certain for found in lists):
            break
    records = [shard.record[found.subjects] for shard, found in zip(snapshot.shards, lists, strict=True)]
    return question, _Leads(
        np.concatenate([NOBODY.weights, *(found.weights for found in lists)]),
        np.concatenate([np.empty(0, np.int64), *records]),
        np.repeat(np.arange(len(lists)), [len(found.subjects) for found in lists]),
        np.concatenate([NOBODY.subjects, *(found.subjects for found in lists)]).astype(np.int64),
    )


def _best(leads: _Leads, count: int) -> _Leads:
    """Return the leads with the most bits, the lowest record number first of equals."""
    if len(leads.weight) > count:
        leads = leads.taken(leads.weight >= np.partition(leads.weight, -count)[-count])
    return leads.taken(np.lexsort((leads.record, -leads.weight))[:count])


def _compared(question: Question, shards: Sequence[Shard], leads: _Leads) -> Iterator[Candidate]:
    """Compare leads in full."""
    for place in np.unique(leads.shard).tolist():
        _, records, _, subjects = leads.taken(leads.shard == place)
        scored = rescore(question.profile, shards[place], subjects)
        for record, (score, strength) in zip(records.tolist(), scored, strict=True):
            yield Candidate(record, score, strength)


def warm_up() -> None:
    """Compile the kernels, or load them compiled, so that the first check need not wait for it.

    Compiling takes some seconds, once for each version and machine; NUMBA_CACHE_DIR
    says where the result is kept, beside the program otherwise.
    """
    load_kernels()
    somebody = Subject(("Zofia Kowalska",), ("1984",), "F", ("PL",))
    something = Subject(("Kowalska Trading Ltd",), kind="organisation")
    with TemporaryDirectory() as folder:
        index = Index(Path(folder))
        for number, one in enumerate((somebody, something), 1):
            index.apply([Item(number, number, 0, 1, (), one)], number)
        for subject in (somebody, something):
            index.search(subject, np.ones(1, dtype=np.bool_), 0)
        index.find_like([b"k*"], np.ones(1, dtype=np.bool_), 0)
        score_pairs([(somebody, somebody)])
        for keys in ([b"k"], [b"k"] * SEVERAL):
            index.find_exact(keys, np.ones(1, dtype=np.bool_), 0)


def _rows_of(shard: Shard, hashes: list[int] | NDArray[np.uint64]) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield (place in `hashes`, rows) of those that have any."""
    if not isinstance(hashes, list):
        yield from shard.exact.rows_of_all(hashes)
        return
    for place, key_hash in enumerate(hashes):
        if rows := shard.exact.rows_of(key_hash):
            yield place, rows


def _visible(shard: Shard, mask: Mask, rows: Sequence[int], allowed: NDArray[np.bool_], today: int) -> list[int]:
    if len(rows) < SEVERAL:
        return [
            int(shard.record[row])
            for row in rows
            if mask[row]
            and shard.expires[row] > today
            and shard.rights[row] < len(allowed)
            and allowed[shard.rights[row]]
        ]
    return visible_records(shard, mask, np.array(rows), allowed, today)


def visible_records(shard: Shard, mask: Mask, rows: NDArray[Any], allowed: NDArray[np.bool_], today: int) -> list[int]:
    """Return the records of those rows that the asker may see today."""
    current = rows[mask[rows] & (shard.expires[rows] > today)]
    rights = shard.rights[current]
    inside = rights < len(allowed)
    seen: list[int] = shard.record[current[inside][allowed[rights[inside]]]].tolist()
    return seen


def newer_rows(shard: Shard, sequence: int) -> Shard:
    """Return the rows of a shard after a place in the commit order, the shard itself if all are."""
    newer = shard.sequence > sequence
    return shard if newer.all() else merge_shards([shard], [newer])


def compacted(delta: Sequence[Shard], most: int | None = None) -> list[Shard]:
    """Merge the newest shards with older ones of like size: their number grows with the logarithm of the rows.

    `most` is how many rows a merge may take.
    """
    sizes = [len(shard) for shard in delta]
    kept = kept_shards(sizes[:-1], sizes[-1])
    while most is not None and sum(sizes[kept:]) > most and kept < len(delta) - 1:
        kept += 1
    if kept == len(delta) - 1:
        return list(delta)
    return [*delta[:kept], merge_shards(delta[kept:], newest_rows(delta[kept:]))]


def kept_shards(sizes: Sequence[int], newer: int) -> int:
    """Return how many of the oldest shards stay as they are; the others are merged with the newer rows.

    Each that is merged has at most MERGE_RATIO times the rows after it, or stands
    after one that has: no row is merged often.
    """
    kept = len(sizes)
    for place in reversed(range(len(sizes))):
        if sizes[place] <= MERGE_RATIO * newer:
            kept = place
        newer += sizes[place]
    return kept


def in_thread(future: "Future[Shard]", work: Callable[[], Shard]) -> "Future[Shard]":
    """Do a work in a thread of its own, which ends with the program."""
    threading.Thread(target=in_place, args=(future, work), name="open", daemon=True).start()
    return future


def in_place(future: "Future[Shard]", work: Callable[[], Shard]) -> "Future[Shard]":
    """Do a work now; whatever fails is raised where its result is asked for."""
    try:
        future.set_result(work())
    except Exception as error:  # Told to whoever asks for the result.
        future.set_exception(error)
    return future
