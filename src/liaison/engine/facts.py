"""What do birth dates, sex, nationalities and places of birth say for or against.

Compiled.  `weights` is float64[18]: the bits of each finding about two dates, then of
SAME_SEX, OTHER_SEX, SAME_NATIONALITY, OTHER_NATIONALITY, SAME_PLACE and OTHER_PLACE (`weights.csv`).
"""

import numpy as np
from numpy.typing import NDArray

from liaison.engine.compiling import as_int, compiled
from liaison.engine.places import OTHER_LETTERS

# Findings about two birth dates.
DATE_UNKNOWN = 0
DATE_SAME = 1
DATE_SAME_MONTH = 2
DATE_SAME_YEAR = 3
DATE_ONE_DAY_OFF = 4
DATE_SWAPPED = 5
DATE_ONE_DIGIT_OFF = 6
DATE_YEAR_OFF_SAME_DAY = 7
DATE_ONE_YEAR_OFF = 8
DATE_OTHER_DAY_SAME_YEAR = 9
DATE_FEW_YEARS_OFF = 10
DATE_MANY_YEARS_OFF = 11

DATE_FINDINGS = (
    "unknown",
    "same",
    "same_month",
    "year_only",
    "one_day_off",
    "day_and_month_swapped",
    "one_digit_off",
    "same_day_other_year",
    "one_year_off",
    "same_year_other_day",
    "few_years_off",
    "different",
)
DATES = len(DATE_FINDINGS)
SAME_SEX, OTHER_SEX, SAME_NATIONALITY, OTHER_NATIONALITY, SAME_PLACE, OTHER_PLACE = range(DATES, DATES + 6)
_FEW_YEARS = 3
_DAYS_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])


@compiled
def _day_number(packed: int) -> int:
    """Count days from a date yyyymmdd, exact within a year and near the turn of a year."""
    year, month, day = packed // 10000, packed // 100 % 100, packed % 100
    leap = 1 if month > 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 0
    before = (year - 1) * 365 + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400
    return before + as_int(_DAYS_BEFORE_MONTH[month]) + leap + day  # type: ignore[no-any-return]


@compiled
def _digits_off(first: int, second: int) -> int:
    """Count the decimal digits in which two numbers differ."""
    count = 0
    while first or second:
        if first % 10 != second % 10:
            count += 1
        first //= 10
        second //= 10
    return count


@compiled
def _full_date_finding(first: int, second: int) -> int:
    """Compare two different full dates."""
    year, other_year = first // 10000, second // 10000
    if abs(_day_number(first) - _day_number(second)) == 1:
        return DATE_ONE_DAY_OFF
    if year == other_year and first // 100 % 100 == second % 100 and second // 100 % 100 == first % 100:
        return DATE_SWAPPED
    if abs(year - other_year) == 1 and first % 10000 == second % 10000:
        return DATE_YEAR_OFF_SAME_DAY
    if _digits_off(first, second) == 1:
        return DATE_ONE_DIGIT_OFF
    # The first of January stands for "sometime that year" in many a file.
    if year == other_year and (first % 10000 == 101 or second % 10000 == 101):
        return DATE_SAME_YEAR
    return _year_finding(year, other_year, DATE_OTHER_DAY_SAME_YEAR)


@compiled
def _year_finding(year: int, other_year: int, same: int) -> int:
    """Compare two years; `same` is the finding when they are equal."""
    gap = abs(year - other_year)
    if gap == 0:
        return same
    if gap == 1:
        return DATE_ONE_YEAR_OFF
    return DATE_FEW_YEARS_OFF if gap <= _FEW_YEARS else DATE_MANY_YEARS_OFF


@compiled
def date_finding(first: int, second: int) -> int:
    """Compare two partial dates yyyymmdd, zeros where unknown; return one of the DATE_ codes."""
    if first == 0 or second == 0:
        return DATE_UNKNOWN
    if first % 100 and second % 100:
        return DATE_SAME if first == second else _full_date_finding(first, second)
    month, other_month = first // 100 % 100, second // 100 % 100
    same = DATE_SAME_YEAR
    if month and other_month:
        same = DATE_SAME_MONTH if month == other_month else DATE_OTHER_DAY_SAME_YEAR
    return _year_finding(first // 10000, second // 10000, same)


@compiled
def best_date_weight(
    query: NDArray[np.int32], born: NDArray[np.int32], start: int, end: int, weights: NDArray[np.float64]
) -> float:
    """Return the weight of the best agreement between alternatives; 0 when either side has none."""
    if len(query) == 0 or start == end:
        return 0.0
    best = -100.0
    for first in query:
        for row in range(start, end):
            best = max(best, weights[date_finding(first, born[row])])
    return best


@compiled
def sex_weight(first: int, second: int, weights: NDArray[np.float64]) -> float:
    """Compare two sexes, 1 female, 2 male, anything else not comparable."""
    if first < 1 or second < 1 or first > 2 or second > 2:
        return 0.0
    return weights[SAME_SEX] if first == second else weights[OTHER_SEX]  # type: ignore[no-any-return]


@compiled
def nationality_weight(
    query: NDArray[np.uint16], nations: NDArray[np.uint16], start: int, end: int, weights: NDArray[np.float64]
) -> float:
    """Return the weight of a shared nationality, of none shared, or 0 when either side has none."""
    if len(query) == 0 or start == end:
        return 0.0
    for first in query:
        for row in range(start, end):
            if first == nations[row]:
                return weights[SAME_NATIONALITY]  # type: ignore[no-any-return]
    return weights[OTHER_NATIONALITY]  # type: ignore[no-any-return]


@compiled
def place_weight(
    query: NDArray[np.uint16], places: NDArray[np.uint16], start: int, end: int, weights: NDArray[np.float64]
) -> float:
    """Return the weight of a shared key of places of birth, of none shared, or 0 when either side has none.

    Where one side is written with other letters, none shared says nothing either.
    """
    if len(query) == 0 or start == end:
        return 0.0
    against = weights[OTHER_PLACE]
    for first in query:
        for row in range(start, end):
            if first == places[row] and first != OTHER_LETTERS:
                return weights[SAME_PLACE]  # type: ignore[no-any-return]
            if first == OTHER_LETTERS or places[row] == OTHER_LETTERS:
                against = 0.0
    return against  # type: ignore[no-any-return]
