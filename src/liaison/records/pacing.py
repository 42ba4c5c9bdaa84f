"""A bulk feed goes no faster than what it feeds can be found.

An indexer beside the service takes in what is fed, and what others commit meanwhile waits
behind it.  So whoever feeds much waits after each chunk until the index is near; where
nobody writes the index, it waits for nobody.
"""

import time
from collections.abc import Callable
from pathlib import Path

from liaison.engine.manifest import read_published
from liaison.engine.segment import SegmentDamaged
from liaison.records.indexing import last_sequence

# An index that does not move for so long is not being written.
PATIENCE_SECONDS = 0.5
_POLL_SECONDS = 0.005


class Pace:
    """The pace of one feed, by the index in a folder."""

    def __init__(
        self, folder: Path, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._folder, self._clock, self._sleep = folder, clock, sleep
        self._stood_at: int | None = None
        self.is_kept = False

    def keep(self) -> None:
        """Return when what was committed before now is found, or the index is not being written."""
        wanted, found = last_sequence(), self._found()
        moved = self._clock()
        while found < wanted and found != self._stood_at and self._clock() < moved + PATIENCE_SECONDS:
            self._sleep(_POLL_SECONDS)
            if (now := self._found()) != found:
                found, moved = now, self._clock()
        # Where it stood still once, it is waited for again when it has moved.
        self._stood_at = found if found < wanted else None
        self.is_kept = found >= wanted

    def _found(self) -> int:
        """Return up to which version everything is found, -1 when that is not to be read."""
        try:
            published = read_published(self._folder)
        except SegmentDamaged:
            return -1
        return published.sequence if published else -1
