"""What a process needs to answer checks: the open index, what keeps it fresh, the threads that search.

One per process, opened at the first use.  A command brings its index up to date
itself; a service starts an indexer beside it and follows what that publishes.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from liaison.checks.follower import Follower
from liaison.engine.index import Index, IndexDamaged
from liaison.errors import Unavailable
from liaison.records.indexer import ask_to_repair
from liaison.records.indexing import Progress, catch_up, open_index

# Where no processes search beside this one (`searching.py`): in a command, in a small service.
SEARCH_THREADS = 2
STALE = "The index is being repaired, so nothing was checked: ask again in a moment."


class Live:
    """The index of this process and what keeps it."""

    def __init__(self, index: Index, follower: Follower | None = None) -> None:
        self.index = index
        self.follower = follower
        self.searchers = ThreadPoolExecutor(SEARCH_THREADS, thread_name_prefix="search")

    def is_fresh(self) -> bool:
        """Say whether changes reach the index."""
        return self.follower is None or self.follower.is_fresh()

    def close(self) -> None:
        """Stop the threads."""
        if self.follower:
            self.follower.stop()
        self.searchers.shutdown(wait=True)


_lock = threading.Lock()
_live: Live | None = None


def live(progress: Progress | None = None) -> Live:
    """Return what this process answers with, opened and brought up to date at the first call."""
    global _live  # noqa: PLW0603  one per process
    # Asked several times by every check: what is open is given without waiting for the lock.
    if _live is not None:
        return _live
    with _lock:
        if _live is None:
            _live = Live(open_index(settings.LIAISON_HOME / "index", progress))
        return _live


def serve_live() -> Live:
    """Answer from now on with an index that an indexer beside this process keeps fresh."""
    global _live  # noqa: PLW0603
    close_live()
    with _lock:
        follower = Follower(settings.LIAISON_HOME / "index")
        _live = Live(follower.start(), follower)
        return _live


def follow_files() -> Live:
    """Answer with what is published now: for a process whose service looks after the freshness.

    Raises Unavailable where that cannot be trusted.
    """
    global _live  # noqa: PLW0603
    folder = settings.LIAISON_HOME / "index"
    with _lock:
        try:
            if _live is None:
                _live = Live(Index(folder, as_published=True))
            _live.index.refresh()
        except IndexDamaged as damage:
            ask_to_repair(folder, damage)
            raise Unavailable("index-stale", STALE) from None
        return _live


def close_live() -> None:
    """Close it; the next call of `live` opens it anew."""
    global _live  # noqa: PLW0603
    with _lock:
        if _live:
            _live.close()
        _live = None


def catch_up_if_alone() -> None:
    """Bring the index up to date in a process that has no follower (a command, a test)."""
    current = live()
    if current.follower is None:
        current.index.refresh()
        catch_up(current.index)
