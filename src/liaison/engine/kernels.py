"""The inner loops: compiled by numba, free of the interpreter's lock, also runnable uncompiled.

Everything here works on numbers and arrays.  Integers stay below 2**63, so that
the same code runs with NUMBA_DISABLE_JIT=1 without overflow.  The search for names is in
`candidates.py`: numba's cache on disk notices a change of the file of a kernel only, so
who changes a number here removes the cached kernels of that module too.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

# Findings about two birth dates, and their weights in bits (`WEIGHT_OF_DATE`).
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
WEIGHT_OF_DATE = np.array([0.0, 6.5, 4.0, 2.8, 4.5, 4.5, 3.0, 2.5, 0.8, 0.0, -3.0, -8.0])
_FEW_YEARS = 6
_DAYS_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])

WEIGHT_OF_SAME_SEX = 0.4
WEIGHT_OF_OTHER_SEX = -3.0
WEIGHT_OF_SHARED_NATIONALITY = 1.3
WEIGHT_OF_OTHER_NATIONALITY = -1.2
MOST_FACTS_BITS = float(WEIGHT_OF_DATE.max()) + WEIGHT_OF_SAME_SEX + WEIGHT_OF_SHARED_NATIONALITY

# Evidence of a name beyond this many bits counts less: its parts go together in a family or a people.
FULL_NAME_BITS = 12.0
BEYOND_FULL = 0.35
OMISSION = 0.12
CONTRADICTION = 0.75
PRIOR_BITS = -4.0


def compiled(function: Kernel) -> Kernel:
    """Compile without the interpreter's lock and keep the result on disk."""
    return cast(Kernel, numba.njit(cache=True, nogil=True)(function))


@compiled
def as_int(value: Any) -> Any:
    """Return a number as int64: numba would make a float of a sum of signed and unsigned numbers."""
    return np.int64(value)


@compiled
def as_float(value: Any) -> Any:
    """Return a number as float64."""
    return np.float64(value)


@compiled
def edit_closeness(edits: int, longest: int) -> float:
    """Return 0-1: how much of the evidence of a shared part remains after some edits.

    A transposed or wrong letter in a long part leaves more than in a short one.
    """
    if edits == 0:
        return 1.0
    if longest <= 3:
        return 0.25 if edits == 1 and longest == 3 else 0.0
    closeness = 1.0 - 2.5 * edits / longest
    return closeness if closeness >= 0.2 else 0.0


@compiled
def skeleton_closeness(size: int, edits: int, vowelless: bool) -> float:
    """Return 0-1 for two parts whose consonants agree; `vowelless` when one of them has no vowels to compare."""
    if edits == 1:
        return 0.4 if vowelless and size >= 4 else 0.0
    if edits > 1 or size < 2:
        return 0.0
    if vowelless:
        return 0.85 if size >= 4 else 0.75 if size == 3 else 0.5
    return 0.75 if size >= 4 else 0.45 if size == 3 else 0.0


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
def best_date_weight(query: NDArray[np.int32], born: NDArray[np.int32], start: int, end: int) -> float:
    """Return the weight of the best agreement between alternatives; 0 when either side has none."""
    if len(query) == 0 or start == end:
        return 0.0
    best = -100.0
    for first in query:
        for row in range(start, end):
            best = max(best, WEIGHT_OF_DATE[date_finding(first, born[row])])
    return best


@compiled
def sex_weight(first: int, second: int) -> float:
    """Compare two sexes, 1 female, 2 male, anything else not comparable."""
    if first < 1 or second < 1 or first > 2 or second > 2:
        return 0.0
    return WEIGHT_OF_SAME_SEX if first == second else WEIGHT_OF_OTHER_SEX


@compiled
def nationality_weight(query: NDArray[np.uint16], nations: NDArray[np.uint16], start: int, end: int) -> float:
    """Return the weight of a shared nationality, of none shared, or 0 when either side has none."""
    if len(query) == 0 or start == end:
        return 0.0
    for first in query:
        for row in range(start, end):
            if first == nations[row]:
                return WEIGHT_OF_SHARED_NATIONALITY
    return WEIGHT_OF_OTHER_NATIONALITY


@compiled
def name_weight(gain: float, query_left: float, record_left: float) -> float:
    """Return the evidence of two names: bits shared, and bits that each side has alone.

    What only one side has was left out; what both sides have and does not agree
    contradicts, and costs several times as much.
    """
    excess = max(gain - FULL_NAME_BITS, 0.0)
    lost = OMISSION * (query_left + record_left) + CONTRADICTION * min(query_left, record_left)
    return gain - (1.0 - BEYOND_FULL) * excess - lost
