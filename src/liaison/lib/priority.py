"""Who goes first where processors are few: an officer waits for a check, nobody waits for a row of a feed."""

import os

# The indexer goes far before a feed, so that what is fed is found soon, and little behind the checks: what it does
# itself is short, however large the feed; what takes long is merged beside it.
INDEXING = 3
# Who is told of a new record is told a moment later: checks find it first.
TELLING = 10
# What is merged was found before: it gives way to what is new, but not to a feed for ever.
MERGING = 12
FEEDING = 15


def step_back(niceness: int) -> None:
    """Let other processes of this machine go before this one, from now on."""
    if os.getpriority(os.PRIO_PROCESS, 0) < niceness:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
