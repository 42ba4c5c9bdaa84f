"""Suggest the word that somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "Did you mean 'x'?", or the list of what is known when nothing is near.

    >>> did_you_mean("vehicels", ["persons", "vehicles"])
    "Did you mean 'vehicles'?"
    """
    words = list(known)
    by_lower_case = {known_word.lower(): known_word for known_word in words}
    near = get_close_matches(word[:60].lower(), by_lower_case, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {by_lower_case[near[0]]!r}?"
    return "Known: " + ", ".join(words[:40]) + "."
