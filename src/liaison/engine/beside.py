"""What is computed beside the process that writes the index: large shards, merged or built, each written to a file.

In that process each would hold the interpreter for as long as it takes, and nothing
new would be published meanwhile.  A process here reads files and writes one; what
becomes of it the writer alone decides, so that one that is killed costs only its work.
"""

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from liaison.engine.segment import open_segment, write_segment
from liaison.engine.shard import Shard, build_shard, merge_shards
from liaison.engine.types import Item, Removal
from liaison.lib.priority import MERGING, step_back

PROCESSES = 2
_ORPHAN_LOOKS_SECONDS = 0.2

Changes = Callable[[int, int], Sequence[Item | Removal]]


class Beside:
    """The processes, from the first work to `close`; they end with the process that started them."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, work: Callable[..., None], *arguments: object) -> "Future[None]":
        """Do a work there; its failure, or the end of its process, is raised where the result is asked for."""
        if self._pool is None:
            self._pool = _new_pool()
        try:
            return self._pool.submit(work, *arguments)
        except BrokenProcessPool:
            # One of them was killed: they are started anew.
            self._pool.shutdown(wait=False)
            self._pool = _new_pool()
            return self._pool.submit(work, *arguments)

    def close(self) -> None:
        """End the processes when they have done what they are doing."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)


def _new_pool() -> ProcessPoolExecutor:
    # Not by fork: the process that writes has threads.
    return ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=_begin, initargs=(os.getpid(),))


def _begin(writer: int) -> None:
    """Make a new process ready; it ends with the process that has this number."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # What an indexer says is read until all who may say something have ended: this process says nothing.
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 1)
    threading.Thread(target=_end_with, args=(writer,), daemon=True).start()
    step_back(MERGING)
    # Arrays and tuples make no cycles: the collector would walk through hundreds of thousands of them in vain.
    gc.disable()


def _end_with(writer: int) -> None:
    while os.getppid() == writer:
        time.sleep(_ORPHAN_LOOKS_SECONDS)
    os._exit(0)


def merge_files(
    folder: Path, names: Sequence[str], kept: Sequence[NDArray[np.uint8]], merged: str, is_lasting: bool
) -> None:
    """Write one file of those rows of others that are kept: a bit for each row."""
    shards = [Shard(open_segment(folder / name)) for name in names]
    masks = [unpacked(bits, len(shard)) for bits, shard in zip(kept, shards, strict=True)]
    write_segment(folder / merged, merge_shards(shards, masks).arrays, is_lasting=is_lasting)
    gc.collect()


def unpacked(bits: NDArray[np.uint8], count: int) -> NDArray[np.bool_]:
    """Return packed bits as bool[count]."""
    return np.unpackbits(bits, count=count).view(np.bool_)


def build_file(folder: Path, built: str, changes: Changes, after: int, until: int) -> None:
    """Write a file of what changed after one place in the commit order, until another."""
    write_segment(folder / built, build_shard(changes(after, until)).arrays)
    gc.collect()
