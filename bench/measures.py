"""How sure is a share, and what is found at so many alerts: pure arithmetic."""

import math
from collections.abc import Sequence
from typing import NamedTuple

_Z = 1.959964


class Share(NamedTuple):
    """`found` of `asked`, with the interval that holds the true share 95 times in 100 (Wilson)."""

    found: int
    asked: int

    @property
    def value(self) -> float:
        return self.found / self.asked if self.asked else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Return the bounds of Wilson's score interval; 0 and 1 where nothing was asked.

        >>> [round(bound, 3) for bound in Share(0, 10).interval]
        [0.0, 0.278]
        """
        if not self.asked:
            return 0.0, 1.0
        square = _Z * _Z / self.asked
        middle = (self.value + square / 2) / (1 + square)
        width = _Z / (1 + square) * math.sqrt(self.value * (1 - self.value) / self.asked + square / self.asked / 4)
        return max(0.0, middle - width), min(1.0, middle + width)

    @property
    def told(self) -> str:
        low, high = self.interval
        return f"{self.found:,} of {self.asked:,}, {100 * low:.3g}-{100 * high:.3g} %"


def threshold_for(alert_share: float, clean: Sequence[float]) -> float:
    """Return the lowest threshold at or above which at most this share of the clean scores lie.

    A score of 0 is no alert at all.  Equal scores are alerts together: then fewer than allowed may be.

    >>> threshold_for(0.25, [0.9, 0.6, 0.3, 0.0])
    0.9
    """
    allowed = math.floor(alert_share * len(clean) + 1e-9)
    falling = sorted((score for score in clean if score > 0), reverse=True)
    if len(falling) <= allowed:
        return math.ulp(0.0)
    # Above the first score that is one too many, and of those the lowest there is.
    return min(
        (score for score in falling[:allowed] if score > falling[allowed]),
        default=math.nextafter(falling[allowed], 2.0),
    )


def recall_at(alert_share: float, clean: Sequence[float], right: Sequence[float]) -> Share:
    """Return how many of the right records are found at the threshold that lets so many clean travellers alert.

    `right` has for each true query the score of its own record, 0 where it was not found.

    >>> recall_at(0.25, [0.9, 0.6, 0.3, 0.0], [0.95, 0.9, 0.7, 0.0]).found
    2
    """
    threshold = threshold_for(alert_share, clean)
    return Share(sum(score >= threshold for score in right), len(right))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that `percent` of the values do not exceed; 0 when there is none.

    >>> percentile([3.0, 1.0, 2.0], 50)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)] if ordered else 0.0
