"""Screening a list by name alone: how many aliases are found when one clean person in a hundred may match?

Aliases of persons of a public list are asked against the list's primary names, clean persons beside them.  Every scorer
judges the same candidates, the nearest names of the list; Liaison also finds its own.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process, utils

from bench.datasets import load_clean, ofac_aliases
from bench.listed import ofac_names
from bench.measures import Share, recall_at
from bench.pairs import Pair, named
from bench.population import ALLOWED, TODAY, index_of
from bench.report import Figure, Goal
from bench.scorers import Scorer, scorers
from liaison.engine.fold import fold_name
from liaison.engine.index import Index

_GOAL = Goal(">=", 60)
_SHARES = (0.01, 0.001)
_CANDIDATES, _CHUNK = 20, 200


class Questions(NamedTuple):
    """The list; aliases with the primary name that each belongs to; clean persons."""

    names: list[str]
    aliases: list[tuple[str, str]]
    clean: list[str]


def measure(folder: Path, clean: int) -> list[Figure]:
    """Screen with Liaison's own search, then with every scorer over the same candidates."""
    names = list(dict.fromkeys(ofac_names(folder / "lists" / "ofac_sdn.csv").values()))
    asked = Questions(names, ofac_aliases(folder / "names" / "ofac_aka_dev.csv"), load_clean(folder, clean))
    figures = list(_own_search(asked))
    near = nearest_of_list([alias for alias, _ in asked.aliases] + asked.clean, names)
    cap = sum(own in found for (_, own), found in zip(asked.aliases, near, strict=False))
    figures.append(_figure("candidates that hold the right name", Share(cap, len(asked.aliases))))
    for scorer in scorers():
        figures += _by(scorer, asked, near)
    return figures


def _figure(told: str, share: Share, goal: Goal | None = None) -> Figure:
    return Figure("screening", told, "%", (100 * share.value,), goal, share.told)


def _own_search(asked: Questions) -> Iterator[Figure]:
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        index = index_of(Path(name), [named(one) for one in asked.names])
        numbers = {one: at for at, one in enumerate(asked.names, 1)}
        right = [_score(index, alias, numbers[own]) for alias, own in asked.aliases]
        clean = [_score(index, one) for one in asked.clean]
    alerts = Share(sum(score > 0 for score in clean), len(clean))
    yield _figure("liaison, own search: clean persons with a match", alerts)
    yield _figure("liaison, own search: recall", Share(sum(score > 0 for score in right), len(right)))
    for allowed in _SHARES:
        goal = _GOAL if allowed == _SHARES[0] else None
        yield _figure(
            f"liaison, own search: recall at {100 * allowed:g} % alerts", recall_at(allowed, clean, right), goal
        )


def _score(index: Index, name: str, record: int = 0) -> float:
    """Return the best score, or that of one record."""
    found = index.search(named(name), ALLOWED, TODAY).candidates
    return max((one.score for one in found if record in (0, one.record)), default=0.0)


def nearest_of_list(asked: Sequence[str], names: Sequence[str]) -> list[list[str]]:
    """Return for each name the nearest of the list by rapidfuzz, in letters that all can read."""
    pool = [_plain(name) for name in names]
    found = []
    for start in range(0, len(asked), _CHUNK):
        chunk = [_plain(name) for name in asked[start : start + _CHUNK]]
        scores = process.cdist(chunk, pool, scorer=fuzz.token_set_ratio, dtype=np.uint8).astype(np.int16)
        scores += process.cdist(chunk, pool, scorer=fuzz.token_sort_ratio, dtype=np.uint8)
        best = np.argpartition(-scores, _CANDIDATES, axis=1)[:, :_CANDIDATES]
        found += [[names[place] for place in row] for row in best.tolist()]
    return found


def _plain(name: str) -> str:
    return str(utils.default_process(" ".join(fold_name(name)) or name))


def _by(scorer: Scorer, asked: Questions, near: Sequence[Sequence[str]]) -> Iterator[Figure]:
    count = len(asked.aliases)
    right = [
        _judge(scorer, alias, own) if own in found else 0.0
        for (alias, own), found in zip(asked.aliases, near, strict=False)
    ]
    clean = [
        max(_judge(scorer, one, name) for name in found) for one, found in zip(asked.clean, near[count:], strict=True)
    ]
    for allowed in _SHARES:
        told = f"{scorer.name}, the same candidates: recall at {100 * allowed:g} % alerts"
        yield _figure(told, recall_at(allowed, clean, right))


def _judge(scorer: Scorer, query: str, candidate: str) -> float:
    return scorer.score(Pair(named(query), named(candidate), False, ""))
