"""How well are labelled pairs told apart: precision, recall and F1 at the one published threshold, set by set.

Beside it, in the same run, the peers: at the one threshold that suits each best over all the sets, and at its default.
`docs/bench/README.md` says what the sets are.
"""

import statistics
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.datasets import Pair, is_held_out, load
from bench.report import Figure, Goal, print_rows
from bench.scorers import Scorer, scorers
from liaison.engine.judging import best_quality, quality_at

# What is asked of sets that nobody learned from: the fifth that is kept for testing stands for them.
GOALS = {
    "name_bench": 0.80,
    "entity_checks": 0.90,
    "ofac_dev": 0.76,
    "un_aliases": 0.68,
    "un_original": 0.93,
    "wd_arabic": 0.88,
    "ar_en_google": 0.88,
    "wd_hebrew": 0.88,
    "wd_russian": 0.96,
    "wd_katakana": 0.82,
    "wd_korean": 0.80,
    "wd_chinese": 0.65,
}
_MOST_US = Goal("<=", 10)
_STEPS = 200
_WARM = 20
Sets = dict[str, list[Pair]]


class Judged(NamedTuple):
    """What a scorer gave to the pairs of a set; microseconds a pair by round, the first with names not yet seen."""

    pairs: Sequence[Pair]
    scores: Sequence[float]
    us: tuple[float, ...]

    def part(self, *, held_out: bool) -> "Judged":
        """Return the fifth that is kept for testing, or the rest."""
        kept = [at for at, pair in enumerate(self.pairs) if is_held_out(pair) == held_out]
        return Judged([self.pairs[at] for at in kept], [self.scores[at] for at in kept], self.us)

    @property
    def truth(self) -> list[bool]:
        return [pair.is_match for pair in self.pairs]

    def f1(self, threshold: float) -> float:
        return quality_at(threshold, self.scores, self.truth).f1


def measure(folder: Path, rounds: int) -> list[Figure]:
    """Judge every set of the folder with Liaison, and with each peer that is installed."""
    sets = load(folder)
    figures: list[Figure] = []
    columns = {}
    for scorer in scorers():
        for pairs in sets.values():
            _warm_up(scorer, pairs)
        judged = {name: _judge(scorer, pairs, rounds) for name, pairs in sets.items()}
        threshold = scorer.threshold if scorer.is_ours else _best_for_all(judged.values())
        columns[f"{scorer.name} at {threshold:.3g}"] = [judged[name].f1(threshold) for name in sets]
        columns[f"{scorer.name} best"] = [best_quality(one.scores, one.truth).f1 for one in judged.values()]
        for name, one in judged.items():
            figures += _figures(scorer, name, one, threshold)
    print_rows([("set", *columns), *_cells(list(sets), columns)])
    return figures


def _cells(names: list[str], columns: dict[str, list[float]]) -> Iterator[tuple[str, ...]]:
    for row, name in enumerate(names):
        yield name, *(f"{column[row]:.3f}" for column in columns.values())


def _judge(scorer: Scorer, pairs: Sequence[Pair], rounds: int) -> Judged:
    """Score all pairs, in rounds."""
    scores: list[float] = []
    us = []
    for _ in range(rounds if scorer.is_quick else 1):
        started = time.perf_counter()
        scores = scorer.score_all(pairs)
        us.append((time.perf_counter() - started) * 1e6 / len(pairs))
    return Judged(pairs, scores, tuple(us))


def _warm_up(scorer: Scorer, pairs: Sequence[Pair]) -> None:
    """Let the scorer compile and load what it needs for the script of these pairs."""
    scorer.score_all(pairs[:_WARM])


def _best_for_all(sets: Collection[Judged]) -> float:
    """Return the one threshold whose mean F1 over the sets is best, without the pairs that are kept for testing."""
    learnt = [one.part(held_out=False) for one in sets]
    steps = [step / _STEPS for step in range(1, _STEPS + 1)]
    return max(steps, key=lambda step: statistics.fmean(one.f1(step) for one in learnt))


def _figures(scorer: Scorer, name: str, judged: Judged, threshold: float) -> Iterator[Figure]:
    def figure(told: str, unit: str, *rounds: float, goal: Goal | None = None, note: str = "") -> Figure:
        return Figure("quality", f"{name}, {scorer.name}: {told}", unit, rounds, goal, note)

    at = quality_at(threshold, judged.scores, judged.truth)
    best = best_quality(judged.scores, judged.truth)
    held = judged.part(held_out=True)
    note = f"at {threshold:.3g}, {len(judged.pairs)} pairs"
    yield figure("F1", "F1", at.f1, note=note)
    yield figure("precision", "", at.precision, note=note)
    yield figure("recall", "", at.recall, note=note)
    yield figure("best F1", "F1", best.f1, note=f"at {best.threshold:.4g}")
    if not scorer.is_ours:
        yield figure("F1 at its default", "F1", judged.f1(scorer.threshold), note=f"at {scorer.threshold:.3g}")
    if held.pairs:
        goal = Goal(">=", GOALS[name]) if scorer.is_ours and name in GOALS else None
        yield figure("F1 held out", "F1", held.f1(threshold), goal=goal, note=f"{len(held.pairs)} pairs")
    yield figure("a pair, names not seen before", "us", judged.us[0])
    if judged.us[1:]:
        yield figure("a pair, warm", "us", *judged.us[1:], goal=_MOST_US if scorer.is_ours else None)
