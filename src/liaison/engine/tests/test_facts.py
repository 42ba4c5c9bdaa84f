"""What birth dates, sex and nationalities say for or against."""

import numpy as np
import pytest

from liaison.engine import facts
from liaison.engine.facts import DATE_FINDINGS, best_date_weight, date_finding, nationality_weight, sex_weight
from liaison.engine.weights import weights

FACTS = weights().facts


@pytest.mark.parametrize(
    ("first", "second", "finding"),
    [
        (0, 19840229, "unknown"),
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
        (19840305, 19840723, "same_year_other_day"),
        (19840300, 19840723, "same_year_other_day"),
        (19840305, 19850723, "one_year_off"),
        (19840000, 19850723, "one_year_off"),
        (19840305, 19870723, "few_years_off"),
        (19840305, 19880723, "different"),
    ],
)
def test_birth_dates_are_compared_either_way(first: int, second: int, finding: str) -> None:
    assert DATE_FINDINGS[date_finding(first, second)] == finding
    assert DATE_FINDINGS[date_finding(second, first)] == finding


def test_the_best_pair_of_dates_counts() -> None:
    query = np.array([19500101, 19840229], np.int32)
    born = np.array([19991231, 19840000, 19840229, 20010101], np.int32)

    assert best_date_weight(query, born, 0, 4, FACTS) == FACTS[facts.DATE_SAME]
    assert best_date_weight(query, born, 0, 2, FACTS) == FACTS[facts.DATE_SAME_YEAR]


def test_a_date_that_one_side_lacks_says_nothing() -> None:
    born = np.array([19840229], np.int32)

    assert best_date_weight(born[:0], born, 0, 1, FACTS) == 0.0
    assert best_date_weight(born, born, 1, 1, FACTS) == 0.0


def test_sex_counts_only_where_both_sides_know_it() -> None:
    assert sex_weight(1, 1, FACTS) > 0 > sex_weight(1, 2, FACTS)
    assert sex_weight(0, 2, FACTS) == sex_weight(2, 0, FACTS) == 0.0
    assert sex_weight(3, 1, FACTS) == sex_weight(1, 3, FACTS) == 0.0


def test_one_shared_nationality_is_enough() -> None:
    nations = np.array([1, 2, 3], np.uint16)

    assert nationality_weight(np.array([9, 3], np.uint16), nations, 0, 3, FACTS) > 0
    assert nationality_weight(np.array([9, 3], np.uint16), nations, 0, 2, FACTS) < 0


def test_a_nationality_that_one_side_lacks_says_nothing() -> None:
    nations = np.array([1, 2, 3], np.uint16)

    assert (
        nationality_weight(nations, nations, 1, 1, FACTS)
        == nationality_weight(nations[:0], nations, 0, 3, FACTS)
        == 0.0
    )
