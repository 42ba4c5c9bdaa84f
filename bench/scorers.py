"""Who judges a pair of names: Liaison, and those peers that are installed (`requirements/bench.in`, `nomenklatura.in`).

A peer that is missing is named, and the rest goes on.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from rapidfuzz import fuzz, utils

from bench.pairs import Pair
from liaison.engine import score
from liaison.engine.pairs import score_pairs
from liaison.engine.types import Subject

_SCHEMA = {"person": "Person", "organisation": "Organization", "vessel": "Vessel"}
# yente's own: what it calls a match unless told otherwise.
_YENTE_THRESHOLD = 0.7
# Above this rapidfuzz's process functions are commonly told to answer.
_WRATIO_THRESHOLD = 0.86
_CACHED = 200_000


class Scorer(NamedTuple):
    """A way to judge a pair, 0-1; `threshold` is its own published one, or its default."""

    name: str
    threshold: float
    score: Callable[[Pair], float]
    is_ours: bool = False
    is_quick: bool = True
    score_together: Callable[[Sequence[Pair]], list[float]] | None = None

    def score_all(self, pairs: Sequence[Pair]) -> list[float]:
        """Score many pairs: together where the scorer can."""
        return self.score_together(pairs) if self.score_together else [self.score(pair) for pair in pairs]


def scorers() -> Iterator[Scorer]:
    """Yield Liaison, then the peers that can be had."""
    yield Scorer("liaison", score.MATCH, _ours, is_ours=True, score_together=_ours_together)
    yield _wratio()
    yield from nomenklatura("logic-v2", "name-based")


def _ours(pair: Pair) -> float:
    return score.compare(pair.query, pair.candidate).score


def _ours_together(pairs: Sequence[Pair]) -> list[float]:
    return score_pairs([(pair.query, pair.candidate) for pair in pairs])


def _wratio() -> Scorer:
    """Return rapidfuzz's WRatio, after ICU's transliteration where that is installed."""
    try:
        icu = import_module("icu")
    except ImportError:
        print("ICU is not installed: WRatio compares the scripts as they are (docs/bench/README.md says how).")
        return Scorer("WRatio", _WRATIO_THRESHOLD, _plain_wratio)
    latin = icu.Transliterator.createInstance("Any-Latin; Latin-ASCII")
    fold = lru_cache(_CACHED)(lambda name: utils.default_process(latin.transliterate(name)))
    return Scorer(
        "ICU + WRatio",
        _WRATIO_THRESHOLD,
        lambda pair: fuzz.WRatio(fold(pair.query.names[0]), fold(pair.candidate.names[0])) / 100,
    )


def _plain_wratio(pair: Pair) -> float:
    return float(fuzz.WRatio(pair.query.names[0], pair.candidate.names[0], processor=utils.default_process)) / 100


def nomenklatura(*algorithms: str) -> Iterator[Scorer]:
    """Yield the named algorithms of nomenklatura, the matcher of yente, with their default settings."""
    try:
        matching = import_module("nomenklatura.matching")
        model = import_module("followthemoney").model
    except ImportError:
        print(f"nomenklatura is not installed: no {', '.join(algorithms)} (docs/bench/README.md says how).")
        return

    @lru_cache(_CACHED)
    def entity(subject: Subject) -> Any:
        made = model.make_entity(_SCHEMA[subject.kind])
        made.id = subject.names[0]
        for name, values in (("name", subject.names), ("country", [one.lower() for one in subject.nationalities])):
            made.add(name, values)
        if subject.kind == "person":
            made.add("birthDate", subject.born)
        return made

    for name in algorithms:
        algorithm: Any = matching.get_algorithm(name)
        yield Scorer(name, _YENTE_THRESHOLD, _compare(algorithm, entity), is_quick=False)


def _compare(algorithm: Any, entity: Callable[[Subject], Any]) -> Callable[[Pair], float]:
    config = algorithm.default_config()
    return lambda pair: float(algorithm.compare(entity(pair.query), entity(pair.candidate), config).score)
