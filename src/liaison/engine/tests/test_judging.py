"""Precision, recall and F1 are those of the books, at any threshold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.engine.judging import Quality, best_quality, quality_at

scored = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]), st.booleans()), max_size=12)


def test_equal_scores_are_called_alike() -> None:
    assert quality_at(0.5, [0.5, 0.5, 0.4], [True, False, True]) == Quality(0.5, 0.5, 0.5, 0.5)
    assert best_quality([0.5, 0.5, 0.4], [True, False, True]).threshold == 0.4


def test_where_nothing_can_be_right_the_figures_are_zero() -> None:
    assert quality_at(0.5, [], []) == Quality(0.5, 0.0, 0.0, 0.0)
    assert best_quality([0.9], [False]) == Quality(1.0, 0.0, 0.0, 0.0)


@given(scored)
def test_no_threshold_is_better_than_the_best(pairs: list[tuple[float, bool]]) -> None:
    scores, truth = [score for score, _ in pairs], [is_match for _, is_match in pairs]

    best = best_quality(scores, truth)

    at_each = [quality_at(score, scores, truth) for score in scores]
    assert best.f1 == max([quality.f1 for quality in at_each], default=0.0)
    assert quality_at(best.threshold, scores, truth).f1 == pytest.approx(best.f1)
