"""Who judges a pair of names: Liaison, and the peers that are installed (requirements/bench.txt)."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from bench.pairs import Pair
from liaison.engine import score


class Scorer(NamedTuple):
    """A way to judge a pair, 0-1; `threshold` is its own published one, or its default."""

    name: str
    threshold: float
    score: Callable[[Pair], float]
    is_ours: bool = False
    is_quick: bool = True


def scorers() -> Iterator[Scorer]:
    """Yield Liaison, then the peers."""
    yield Scorer("liaison", score.POSSIBLE, _ours, is_ours=True)


def _ours(pair: Pair) -> float:
    return score.compare(pair.query, pair.candidate).score
