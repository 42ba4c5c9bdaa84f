"""How does the index get onto disk: one process at a time writes a folder, and many read it.

The writer takes changes in like every index, publishes them in files that readers map,
and has them merged beside the work (`beside.py`), at last into segments that survive a
power cut:

    apply -> publish: fresh shards, live.json -> readers refresh
          -> merge:   a fresh shard of several, or a segment and manifest.json

What is published is complete: a reader never sees an index that is being made again.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Self

import msgspec
import numpy as np

from liaison.engine.beside import Beside, Changes, build_file, merge_files
from liaison.engine.index import Index, compacted, in_place, in_thread, kept_shards
from liaison.engine.manifest import (
    FRESH_SUFFIX,
    LIVE,
    NAME,
    SEGMENT_SUFFIX,
    Manifest,
    empty_manifest,
    is_published,
    read_manifest,
    remove_unnamed,
    take_lock,
    write_live,
    write_manifest,
)
from liaison.engine.segment import SegmentDamaged, write_segment
from liaison.engine.shard import Shard, merge_shards
from liaison.engine.snapshot import Mask

# A merge of so many rows is done at once: a few milliseconds.
AT_ONCE = 2_000
# What is not on disk for certain is flushed when it has so many rows; beyond the second number the work waits for it.
FLUSH_AT = 50_000
WAIT_AT = 200_000
# A shard of so many rows is announced before it takes the place of others, so that readers have opened it by then:
# for this time, or three times as long as it took us.
LARGE = 20_000
NOTICE_SECONDS = 0.3
# Two merges at a time: while a large one goes on, what is new must not stay in many small shards.
_MERGES = 2
_AFTER_FAILURE_SECONDS = 1.0


class IndexInUse(Exception):
    """Another process writes this folder."""


class Merge:
    """Neighbouring shards that become one beside the work.

    `until`: the place in the commit order up to which everything is in them and in what is older.
    """

    def __init__(self, shards: Sequence[Shard], name: str, until: int, *, is_lasting: bool) -> None:
        self.shards, self.name, self.until, self.is_lasting = tuple(shards), name, until, is_lasting
        self.rows = sum(map(len, shards))
        # Set when there is a file: the shard, and until when it is only announced.
        self.made: Future[Shard] = Future()
        self.due = 0.0

    def is_coming(self) -> bool:
        """Say whether the file is there and announced."""
        return self.made.done() and not self.made.exception() and self.rows > LARGE

    def is_due(self) -> bool:
        """Say whether it may take its place, or has failed."""
        return self.made.done() and (not self.is_coming() or time.monotonic() >= self.due)


class IndexWriter(Index):
    """The index of the one process that may write its folder, from opening to `close`.

    Its shards are segments, on disk for certain, and after them the delta.  One
    thread calls it; threads of its own only wait for files, and write the manifest.
    """

    def __init__(self, folder: Path, *, begin_again: bool = False) -> None:
        """Open what is on disk for certain, or begin again in its place.

        Raises IndexInUse when another process writes the folder, IndexDamaged when
        what is in it cannot be trusted.
        """
        folder.mkdir(parents=True, exist_ok=True)
        lock = take_lock(folder)
        if lock is None:
            raise IndexInUse(f"Another process writes {folder}.")
        self._writing = lock
        self._lasting = threading.Lock()
        # A name is never used for two things, by no two processes: readers know a file by it.
        self._mark, self._count = secrets.token_hex(4), 0
        self._live = _published(folder)
        self._merges: list[Merge] = []
        self._rest_until = 0.0
        # Why the last merge failed, until one succeeds.
        self.trouble: BaseException | None = None
        self._beside = Beside()
        try:
            if begin_again:
                write_manifest(folder, empty_manifest())
            super().__init__(folder)
        except BaseException:
            lock.close()
            raise
        self._names = {shard: name for name, shard in self._named.items()}
        # What a writer left behind that was killed, or had no room.
        self._remove_unneeded()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let another process write; what is not flushed is forgotten."""
        self._forget_merges()
        self._beside.close()
        self._writing.close()

    def _opened(self) -> tuple[Manifest, dict[str, Shard]]:
        return self._open_named(read_manifest, {})

    def _compacted(self, delta: Sequence[Shard]) -> Sequence[Shard]:
        """Merge the newest shards as far as that takes no time; leave alone what is being merged."""
        busy = len(self._delta) - len(self._free())
        return [*delta[:busy], *compacted(delta[busy:], AT_ONCE)]

    def _free(self) -> tuple[Shard, ...]:
        """Return the shards of the delta after the last one that is being merged."""
        busy = {shard for merge in self._merges for shard in merge.shards}
        first = max((place + 1 for place, shard in enumerate(self._delta) if shard in busy), default=0)
        return self._delta[first:]

    def merge_in_time(self) -> None:
        """Take over what was merged beside the work, and have merged what is due; wait where that is too much.

        A merge that fails is tried again a little later.  Its failure is raised where
        there is too much to go on without it, and where a file turns out to be damaged.
        """
        for merge in [merge for merge in self._merges if merge.is_due()]:
            self._finish(merge)
        self._begin_due()
        while self._merges and self.delta_size >= WAIT_AT:
            self._finish(self._merges[0])
            self._begin_due()

    def flush(self) -> None:
        """Write everything to disk, merging segments of like size."""
        while self._merges:
            self._finish(self._merges[0])
        segments = list(self._named.values())
        if (kept := _kept(segments, self.delta_size)) < len(segments) or self._delta:
            self._finish(self._begin([*segments[kept:], *self._delta], is_lasting=True), is_needed=True)
        elif self.sequence > self._manifest.sequence:
            self._write_manifest(msgspec.structs.replace(self._manifest, sequence=self.sequence))

    def _begin_due(self) -> None:
        """Begin the merge that is due, if any."""
        if len(self._merges) == _MERGES or time.monotonic() < self._rest_until:
            return
        segments, free = list(self._named.values()), self._free()
        is_flushing = any(merge.is_lasting for merge in self._merges)
        if not is_flushing and self.delta_size >= FLUSH_AT:
            # What is merged now comes to its end first: a segment takes in everything.
            if not self._merges:
                self._begin([*segments[_kept(segments, self.delta_size) :], *self._delta], is_lasting=True)
        elif not is_flushing and (kept := _kept(segments, 0)) < len(segments):
            self._begin(segments[kept:], is_lasting=True)
        elif sum(map(len, some := free[_kept(free, 0) :])) > AT_ONCE:
            self._begin(some, is_lasting=False)

    def _begin(self, shards: Sequence[Shard], *, is_lasting: bool) -> Merge:
        """Begin to merge neighbouring shards."""
        current = dict(self._snapshot.pairs())
        kept = [current[shard] for shard in shards]
        if shards[0] is self._snapshot.shards[0]:
            # A removal has nothing left to hide in the oldest shard, and will not be fed again.
            kept = [mask & ~shard.removed for shard, mask in zip(shards, kept, strict=True)]
        is_newest = shards[-1] is self._snapshot.shards[-1]
        until = self.sequence if is_newest else max(self._manifest.sequence, *(one.last_sequence for one in shards))
        name = self._new_name(SEGMENT_SUFFIX if is_lasting else FRESH_SUFFIX)
        merge = Merge(shards, name, until, is_lasting=is_lasting)
        self._merges.append(merge)
        if merge.rows > AT_ONCE:
            names, bits = [self._name_of(shard) for shard in shards], [np.packbits(mask) for mask in kept]
            written = self._beside.submit(merge_files, self.folder, names, bits, name, is_lasting)
            in_thread(merge.made, partial(self._take_in, merge, written.result))
        else:
            in_place(merge.made, partial(self._take_in, merge, partial(self._write, merge, kept)))
        return merge

    def _write(self, merge: Merge, kept: Sequence[Mask]) -> None:
        merged = merge_shards(merge.shards, kept)
        write_segment(self.folder / merge.name, merged.arrays, is_lasting=merge.is_lasting)

    def _take_in(self, merge: Merge, write: Callable[[], None]) -> Shard:
        """Open what was merged, when it is written; a segment is on disk for certain with that."""
        write()
        started = time.monotonic()
        shard = self._open(merge.name)
        if merge.is_lasting:
            with self._lasting:
                if merge in self._merges:
                    kept = [name for name, one in self._named.items() if one not in merge.shards]
                    names = (*kept, merge.name)
                    self._write_manifest(msgspec.structs.replace(self._manifest, sequence=merge.until, segments=names))
        ended = time.monotonic()
        merge.due = ended + max(NOTICE_SECONDS, 3 * (ended - started))
        return shard

    def _write_manifest(self, manifest: Manifest) -> None:
        write_manifest(self.folder, manifest)
        self._manifest = manifest

    def _finish(self, merge: Merge, *, is_needed: bool = False) -> None:
        """Let a merged shard take the place of those it was made of; wait for it if need be."""
        error = merge.made.exception()
        self._merges.remove(merge)
        self.trouble = error
        if error:
            self._rest_until = time.monotonic() + _AFTER_FAILURE_SECONDS
            if is_needed or self.delta_size >= WAIT_AT or isinstance(error, SegmentDamaged):
                raise error
            return
        with self._lock:
            segments = list(self._named.values())
            shards = [*segments, *self._delta]
            first = shards.index(merge.shards[0])
            shards[first : first + len(merge.shards)] = [merge.made.result()]
            self._names[shards[first]] = merge.name
            count = first + 1 if merge.is_lasting else len(segments)
            self._show({self._names[one]: one for one in shards[:count]}, shards[count:], self.sequence)
        self._remove_unneeded()

    def _remove_unneeded(self) -> None:
        """Remove the files that nobody needs; readers may be about to open what is published."""
        shown = set(self._snapshot.shards)
        self._names = {shard: name for shard, name in self._names.items() if shard in shown}
        # What is written at this very moment, by a process beside or a thread of ours.
        writing = [NAME, *(merge.name for merge in self._merges)]
        needed = {*self._names.values(), *writing, *(f"{name}.tmp" for name in writing)}
        remove_unnamed(self.folder, {*needed, *self._manifest.segments, *self._live.segments})

    def begin_again(self) -> None:
        """Forget everything; what is published stays until the next publication."""
        self._forget_merges()
        self._write_manifest(empty_manifest())
        with self._lock:
            self._show({}, [], 0, is_same=False)
        self._remove_unneeded()

    def _forget_merges(self) -> None:
        with self._lasting:
            self._merges.clear()

    def build_beside(self, places: Sequence[int], changes: Changes) -> Iterator[int]:
        """Take in what changed between each two places in the commit order, built beside; yield each place reached.

        It is searched when all of it is in.
        """
        self.flush()
        named = dict(self._named)
        names = [self._new_name(SEGMENT_SUFFIX) for _ in places[1:]]
        works = [
            self._beside.submit(build_file, self.folder, name, changes, *between)
            for name, between in zip(names, pairwise(places), strict=True)
        ]
        try:
            for name, work, until in zip(names, works, places[1:], strict=True):
                work.result()
                named[name] = self._open(name)
                self._names[named[name]] = name
                self._write_manifest(msgspec.structs.replace(self._manifest, sequence=until, segments=tuple(named)))
                yield until
        finally:
            for work in works:
                work.cancel()
            with self._lock:
                self._show(named, [], self._manifest.sequence, is_same=False)

    def publish(self) -> bool:
        """Let readers have everything that was applied, and know what is coming; return whether there is any news."""
        names = tuple(self._name_of(shard) for shard in (*self._named.values(), *self._delta))
        coming = tuple(merge.name for merge in self._merges if merge.is_coming())
        live = msgspec.structs.replace(self._manifest, sequence=self.sequence, segments=names, coming=coming)
        if live == self._live:
            return False
        write_live(self.folder, live)
        gone, self._live = set(self._live.segments).difference(names, self._manifest.segments), live
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
        return True

    def publish_again(self) -> None:
        """Write what is published once more if it is not on disk as it was written."""
        if not is_published(self.folder, self._live):
            write_live(self.folder, self._live)

    def _name_of(self, shard: Shard) -> str:
        """Return the file of a shard, written if there is none."""
        if shard not in self._names:
            name = self._new_name(FRESH_SUFFIX)
            write_segment(self.folder / name, shard.arrays, is_lasting=False)
            self._names[shard] = name
        return self._names[shard]

    def _new_name(self, suffix: str) -> str:
        self._count += 1
        return f"{self._mark}-{self._count:08d}{suffix}"


def _kept(shards: Sequence[Shard], newer: int) -> int:
    return kept_shards([len(shard) for shard in shards], newer)


def _published(folder: Path) -> Manifest:
    """Return what an earlier writer published, an empty manifest if that cannot be known."""
    try:
        return read_manifest(folder, LIVE) or empty_manifest()
    except SegmentDamaged:
        return empty_manifest()
