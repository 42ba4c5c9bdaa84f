"""Draw the same things from the same seed, on every machine and every Python.

Only `Random.random()` is used, because it is the one method whose sequence
Python promises to keep from version to version.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws for one purpose: two purposes of one seed do not disturb each other."""

    def __init__(self, seed: int, purpose: str) -> None:
        # Nothing secret is drawn here: a demo must be repeatable.
        self.roll = Random(f"{seed}/{purpose}").random  # noqa: S311

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices, all alike likely."""
        return choices[int(self.roll() * len(choices))]

    def chance(self, probability: float) -> bool:
        """Say yes with this probability (0-1)."""
        return self.roll() < probability

    def number(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.roll() * (high - low + 1))

    def date(self, first_year: int, last_year: int) -> str:
        """Return a day of these years as YYYY-MM-DD; days go to the 28th, so that every month has them."""
        return f"{self.number(first_year, last_year)}-{self.number(1, 12):02d}-{self.number(1, 28):02d}"
