"""Suggest the word that somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], *, beginning: str = "") -> str:
    """Return "Did you mean 'x'?", or the list of what is known when nothing is near.

    `beginning` is what all known words begin with: it says nothing about how near two are.

    >>> did_you_mean("vehicels", ["persons", "vehicles"])
    "Did you mean 'vehicles'?"
    """
    words = list(known)
    by_likeness = {_compared(known_word, beginning): known_word for known_word in words}
    near = get_close_matches(_compared(word, beginning), by_likeness, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {by_likeness[near[0]]!r}?"
    return "Known: " + ", ".join(words[:40]) + "."


def _compared(word: str, beginning: str) -> str:
    return word[:60].lower().removeprefix(beginning.lower())
