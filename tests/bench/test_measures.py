import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.measures import Share, percentile, recall_at, threshold_for

SCORES = st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("found", "asked", "low", "high"),
    # Brown, Cai and DasGupta (2001) give the interval; these are its values to four places.
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 100, 0.0018, 0.0545)],
)
def test_wilsons_interval_is_the_published_one(found: int, asked: int, low: float, high: float) -> None:
    assert Share(found, asked).interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_interval_holds_the_share_itself(found: int, asked: int) -> None:
    share = Share(min(found, asked), asked)

    low, high = share.interval

    assert low - 1e-12 <= share.value <= high + 1e-12


def test_nobody_asked_says_nothing() -> None:
    assert Share(0, 0).interval == (0.0, 1.0)


@given(SCORES, st.floats(0, 1))
def test_no_threshold_lets_more_clean_travellers_alert_than_allowed(clean: list[float], share: float) -> None:
    threshold = threshold_for(share, clean)

    assert sum(score >= threshold for score in clean) <= share * len(clean) + 1e-6


def test_the_threshold_is_the_lowest_that_is_allowed() -> None:
    assert threshold_for(0.5, [0.9, 0.6, 0.3, 0.0]) == 0.6


def test_equal_scores_alert_together_or_not_at_all() -> None:
    assert threshold_for(0.25, [0.9, 0.9, 0.3, 0.0]) > 0.9


def test_a_record_that_was_not_found_is_never_recalled() -> None:
    assert recall_at(1.0, [0.0, 0.0], [0.0, 0.4]) == Share(1, 2)


@given(SCORES, SCORES)
def test_more_alerts_never_find_less(clean: list[float], right: list[float]) -> None:
    found = [recall_at(share, clean, right).found for share in (0.0001, 0.001, 0.01, 0.5)]

    assert found == sorted(found)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([5.0, 1.0, 3.0], 99) == 5.0
    assert percentile([], 99) == 0.0
