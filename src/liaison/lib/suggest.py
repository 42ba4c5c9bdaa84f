"""Suggest the word that somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "Did you mean 'x'?", or the list of what is known when nothing is near.

    >>> did_you_mean("vehicels", ["persons", "vehicles"])
    "Did you mean 'vehicles'?"
    """
    words = list(known)
    near = get_close_matches(word[:60].lower(), words, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    return "Known: " + ", ".join(words[:40]) + "."
