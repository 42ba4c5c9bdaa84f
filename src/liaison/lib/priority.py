"""Who goes first where processors are few: an officer waits for a check, nobody waits for a row of a feed."""

import os

# The indexer goes before a feed, so that what is fed is found soon.
INDEXING = 10
FEEDING = 15


def step_back(niceness: int) -> None:
    """Let other processes of this machine go before this one, from now on."""
    if os.getpriority(os.PRIO_PROCESS, 0) < niceness:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
