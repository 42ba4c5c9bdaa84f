"""The compiled inner loops against plain ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.engine import kernels
from liaison.engine.kernels import (
    DATE_FINDINGS,
    WEIGHT_OF_DATE,
    best_date_weight,
    date_finding,
    edit_closeness,
    name_weight,
    nationality_weight,
    sex_weight,
    skeleton_closeness,
)


@pytest.mark.parametrize(
    ("first", "second", "finding"),
    [
        (0, 19840229, "unknown"),
        (19840229, 0, "unknown"),
        (19840229, 19840229, "same"),
        (19840200, 19840229, "same_month"),
        (19840000, 19840229, "year_only"),
        (19840000, 19840000, "year_only"),
        (19840229, 19840301, "one_day_off"),
        (19841231, 19850101, "one_day_off"),
        (20000228, 20000229, "one_day_off"),
        (19840305, 19840503, "day_and_month_swapped"),
        (19840305, 19840315, "one_digit_off"),
        (19840305, 19640305, "one_digit_off"),
        (19790305, 19800305, "same_day_other_year"),
        (19840305, 19850305, "same_day_other_year"),
        (19840101, 19840723, "year_only"),
        (19840723, 19840101, "year_only"),
        (19840305, 19840723, "same_year_other_day"),
        (19840300, 19840723, "same_year_other_day"),
        (19840305, 19850723, "one_year_off"),
        (19840000, 19850723, "one_year_off"),
        (19840305, 19880723, "few_years_off"),
        (19840305, 19980723, "different"),
    ],
)
def test_birth_dates_are_compared(first: int, second: int, finding: str) -> None:
    assert DATE_FINDINGS[date_finding(first, second)] == finding
    assert DATE_FINDINGS[date_finding(second, first)] == finding


def test_the_best_pair_of_dates_counts() -> None:
    query = np.array([19500101, 19840229], np.int32)
    born = np.array([19991231, 19840000, 19840229, 20010101], np.int32)

    assert best_date_weight(query, born, 0, 4) == WEIGHT_OF_DATE[kernels.DATE_SAME]
    assert best_date_weight(query, born, 0, 2) == WEIGHT_OF_DATE[kernels.DATE_SAME_YEAR]
    assert best_date_weight(query, born, 2, 2) == 0.0
    assert best_date_weight(query[:0], born, 0, 4) == 0.0


def test_sex_counts_only_where_both_sides_know_it() -> None:
    assert sex_weight(1, 1) > 0 > sex_weight(1, 2)
    assert sex_weight(0, 2) == sex_weight(2, 0) == sex_weight(3, 1) == sex_weight(1, 3) == 0.0


def test_one_shared_nationality_is_enough() -> None:
    nations = np.array([1, 2, 3], np.uint16)

    assert nationality_weight(np.array([9, 3], np.uint16), nations, 0, 3) > 0
    assert nationality_weight(np.array([9, 3], np.uint16), nations, 0, 2) < 0
    assert nationality_weight(nations, nations, 1, 1) == nationality_weight(nations[:0], nations, 0, 3) == 0.0


def test_edits_leave_more_in_longer_parts() -> None:
    assert edit_closeness(0, 2) == 1.0
    assert edit_closeness(1, 2) == edit_closeness(2, 3) == edit_closeness(4, 8) == 0.0
    assert 0.0 < edit_closeness(1, 3) < edit_closeness(1, 5) < edit_closeness(1, 9) < 1.0


def test_skeletons_say_more_where_there_are_no_vowels_to_disagree() -> None:
    assert skeleton_closeness(1, 0, True) == skeleton_closeness(3, 1, True) == skeleton_closeness(5, 2, True) == 0.0
    assert skeleton_closeness(2, 0, False) == skeleton_closeness(5, 1, False) == 0.0
    assert 0.0 < skeleton_closeness(2, 0, True) < skeleton_closeness(3, 0, True) < skeleton_closeness(4, 0, True) < 1.0
    assert 0.0 < skeleton_closeness(3, 0, False) < skeleton_closeness(4, 0, False) < skeleton_closeness(4, 0, True)
    assert 0.0 < skeleton_closeness(4, 1, True) < 1.0


@given(st.floats(0, 40), st.floats(0, 40), st.floats(0, 40), st.floats(0, 40))
def test_less_left_over_never_lowers_the_weight(gain: float, left: float, other: float, part: float) -> None:
    assert name_weight(gain, left, other) >= name_weight(gain, left + part, other)
    assert name_weight(gain, left, other) == name_weight(gain, other, left)
