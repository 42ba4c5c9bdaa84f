"""What is a labelled pair, which pairs are kept for testing, and which wrong names are hard to tell from right."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec
import numpy as np
from rapidfuzz import fuzz, process

from liaison.engine.types import Subject, SubjectKind

# Two wrong names to one right: to call everything a match then has F1 0.5.
NEGATIVES = 2
_ONE_IN = 5
_CHUNK = 250
# Among so many a name has its own other spellings, and others.
_LOOKED_AT = 50
Thing = TypeVar("Thing")


class Pair(msgspec.Struct, frozen=True):
    """Two subjects and whether they are one; all pairs of a `group` are on one side of the split."""

    query: Subject
    candidate: Subject
    is_match: bool
    group: str


def named(name: str, kind: SubjectKind = "person") -> Subject:
    return Subject((name,), kind=kind)


def is_held_out(pair: Pair) -> bool:
    """Say whether a pair is kept for testing: one group in five, by a hash of its name, for ever the same.

    >>> is_held_out(Pair(named("a"), named("b"), True, "group 4"))
    False
    """
    return number_of(pair.group) % _ONE_IN == 0


def number_of(text: str) -> int:
    """Return a number that depends on nothing but the text: to split and to sample without a seed."""
    return int.from_bytes(blake2b(text.casefold().encode(), digest_size=8).digest(), "little")


def sample(things: Iterable[Thing], size: int, key: Callable[[Thing], str]) -> list[Thing]:
    """Return at most `size` things, always the same ones, and of a larger size all of a smaller one."""
    return sorted(things, key=lambda thing: number_of(key(thing)))[:size]


def nearest(
    queries: Sequence[str], pool: Sequence[str], is_other: Callable[[int, int], bool], scorer: Any = fuzz.ratio
) -> Iterator[list[int]]:
    """Yield for each query the places in the pool of the nearest names that are not its own.

    `is_other(query, place)` says whether the name at a place belongs to somebody else.
    """
    folded = [name.casefold() for name in pool]
    for start in range(0, len(queries), _CHUNK):
        asked = [name.casefold() for name in queries[start : start + _CHUNK]]
        scores = process.cdist(asked, folded, scorer=scorer, score_cutoff=30, dtype=np.uint8)
        for query, line in enumerate(scores, start):
            yield [place for place in _best(line) if is_other(query, place)][:NEGATIVES]


def _best(scores: Any) -> list[int]:
    """Return the best places, the best first; equal ones in the order of the pool."""
    falling = -scores.astype(np.int16)
    count = min(_LOOKED_AT, len(falling))
    best = np.argpartition(falling, count - 1)[:count]
    places: list[int] = best[np.lexsort((best, falling[best]))].tolist()
    return places


def with_negatives(
    right: Sequence[tuple[str, Subject, Subject]], others: Mapping[str, Subject], scorer: Any
) -> list[Pair]:
    """Return each right pair (owner, query, candidate), and beside it the two nearest of `others` by owner.

    Nearest is by the Latin name under which `others` are known: {owner + "\\n" + name: candidate}.
    """
    keys = list(others)
    owners = [key.partition("\n")[0] for key in keys]
    pool = [key.partition("\n")[2] for key in keys]
    queries = [query.names[0] for _, query, _ in right]
    found = nearest(queries, pool, lambda query, place: owners[place] != right[query][0], scorer)
    pairs = []
    for (owner, query, candidate), places in zip(right, found, strict=True):
        pairs.append(Pair(query, candidate, True, owner))
        pairs += [Pair(query, others[keys[place]], False, owner) for place in places]
    return pairs
