"""What a process needs to answer checks: the open index, its follower, the threads that search.

One per process, opened at the first use: a server keeps it fresh with a
follower, a command brings it up to date once.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings

from liaison.engine.index import Index
from liaison.records.indexing import Follower, Progress, catch_up, open_index


class Live:
    """The index of this process and what keeps it."""

    def __init__(self, folder: Path) -> None:
        self.index: Index = open_index(folder)
        self.searchers = ThreadPoolExecutor(settings.LIAISON_SEARCH_THREADS, thread_name_prefix="search")
        self.follower: Follower | None = None

    def follow(self) -> None:
        """Keep the index fresh from now on."""
        self.follower = Follower(self.index)
        self.follower.start()

    def is_fresh(self) -> bool:
        """Say whether changes reach the index."""
        return self.follower is None or not self.follower.failure

    def after_commit(self) -> None:
        """Let this process find what it has just committed."""
        if self.follower:
            self.follower.nudge()

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
    with _lock:
        if _live is None:
            opened = Live(settings.LIAISON_HOME / "index")
            catch_up(opened.index, progress)
            _live = opened
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
        catch_up(current.index)
