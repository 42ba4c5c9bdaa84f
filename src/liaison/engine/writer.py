"""How does the index get onto disk: one process at a time writes a folder, and many read it.

The writer takes changes in like every index, publishes them in files that readers map,
and now and then flushes them into segments that survive a power cut:

    apply -> publish: fresh shards, live.json -> readers refresh
          -> flush:   a merged segment, manifest.json (in a thread of its own while changes go on)

What is published is complete: a reader never sees an index that is being made again.
"""

import secrets
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

import msgspec

from liaison.engine.index import Index, kept_shards, newer_rows
from liaison.engine.manifest import (
    FRESH_SUFFIX,
    LIVE,
    SEGMENT_SUFFIX,
    Manifest,
    empty_manifest,
    read_manifest,
    remove_unnamed,
    take_lock,
    write_live,
    write_manifest,
)
from liaison.engine.segment import SegmentDamaged, write_segment
from liaison.engine.shard import Shard, merge_shards
from liaison.engine.snapshot import Snapshot, make_snapshot

# The delta is flushed beside the work when it has so many rows; beyond the second number the work waits for it.
FLUSH_AT = 50_000
WAIT_AT = 200_000


class IndexInUse(Exception):
    """Another process writes this folder."""


class IndexWriter(Index):
    """The index of the one process that may write its folder, from opening to `close`."""

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
        self._files = threading.Lock()
        self._flushing: Future[None] | None = None
        # A name is never used for two things, by no two processes: readers know a file by it.
        self._mark, self._count = secrets.token_hex(4), 0
        self._fresh: dict[Shard, str] = {}
        self._published = _published_names(folder)
        try:
            if begin_again:
                write_manifest(folder, empty_manifest())
            super().__init__(folder)
        except BaseException:
            lock.close()
            raise
        self._flusher = ThreadPoolExecutor(1, thread_name_prefix="flush")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let another process write; what is not flushed is forgotten."""
        self._flusher.shutdown(wait=True)
        self._writing.close()

    def _opened(self) -> tuple[Manifest, dict[str, Shard]]:
        return self._open_named(read_manifest, {})

    def flush_in_time(self) -> None:
        """Flush beside the work when much has come together; raise what the last flush raised."""
        if self._flushing and (self._flushing.done() or self.delta_size >= WAIT_AT):
            ended, self._flushing = self._flushing, None
            ended.result()
        if self._flushing is None and self.delta_size >= FLUSH_AT:
            self._flushing = self._flusher.submit(self._flush)

    def flush(self) -> None:
        """Write the delta to disk, merging segments of like size."""
        self._flusher.submit(self._flush).result()

    def _flush(self) -> None:
        """Write what the delta holds now; what is applied meanwhile stays in it."""
        with self._lock:
            named, delta, sequence, manifest = self._named, self._delta, self.sequence, self._manifest
        if delta:
            self._write(list(named.values()), list(delta), sequence)
        elif sequence > manifest.sequence:
            self._settle(msgspec.structs.replace(manifest, sequence=sequence), named)

    def _write(self, segments: list[Shard], delta: list[Shard], sequence: int) -> None:
        """Write a new segment of the delta and the segments merged with it, then the manifest."""
        kept = kept_shards([len(shard) for shard in segments], sum(map(len, delta)))
        merged = make_snapshot(Snapshot(), [*segments[kept:], *delta], sequence)
        # A removal has nothing left to hide once it is merged into the oldest segment and will not be fed again.
        masks = [mask if kept else mask & ~shard.removed for shard, mask in merged.pairs()]
        before = self._manifest
        name = f"{before.epoch}-{before.written:08d}{SEGMENT_SUFFIX}"
        write_segment(self.folder / name, merge_shards(merged.shards, masks).arrays)
        names = (*before.segments[:kept], name)
        after = msgspec.structs.replace(before, sequence=sequence, written=before.written + 1, segments=names)
        self._settle(after, dict(zip(names, (*segments[:kept], self._open(name)), strict=True)))

    def _settle(self, manifest: Manifest, named: dict[str, Shard]) -> None:
        """Make a manifest the lasting one, and remove the files that nobody needs any more."""
        with self._files:
            write_manifest(self.folder, manifest)
            with self._lock:
                is_same = manifest.epoch == self.epoch
                rest = [newer_rows(shard, manifest.sequence) for shard in self._delta] if is_same else []
                self._show(named, rest, self.sequence if is_same else 0)
                self._manifest = manifest
            # Readers may be about to open what is published.
            remove_unnamed(self.folder, {*manifest.segments, *self._published})

    def begin_again(self) -> None:
        """Forget everything; what is published stays until the next publication."""
        self._flusher.submit(self._settle, empty_manifest(), {}).result()

    def publish(self) -> None:
        """Let readers have everything that was applied."""
        with self._files:
            with self._lock:
                delta, manifest, sequence = self._delta, self._manifest, self.sequence
            self._fresh = {shard: self._fresh.get(shard) or self._write_fresh(shard) for shard in delta}
            names = (*manifest.segments, *self._fresh.values())
            write_live(self.folder, msgspec.structs.replace(manifest, sequence=sequence, segments=names))
            for name in self._published.difference(names):
                (self.folder / name).unlink(missing_ok=True)
            self._published = set(names)

    def _write_fresh(self, shard: Shard) -> str:
        self._count += 1
        name = f"{self._mark}-{self._count:08d}{FRESH_SUFFIX}"
        write_segment(self.folder / name, shard.arrays, is_lasting=False)
        return name


def _published_names(folder: Path) -> set[str]:
    """Return the files that an earlier writer published."""
    try:
        live = read_manifest(folder, LIVE)
    except SegmentDamaged:
        return set()
    return set(live.segments) if live else set()
