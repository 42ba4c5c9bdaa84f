"""Learn what each reason weighs where both sides have a full birth date: `python -m bench.learn_dated WEIGHTS.csv`.

There a birth date tells most people apart, and what is asked of a name is another thing: not
whether two like names are one, but how seldom strangers agree in so much.  So these weights
are learned at a border (`bench.learn_sets`), from an order alone: one after the other is
moved to where most of those recorded score more than all but a few, RANKS, of the innocent
travellers' nearest.  One pair in five is held out.

Weights that no pair at a border tells anything of, and the base, stay as they are.
"""

import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import learn_weights
from bench.learn_sets import TRAVELLERS, at_a_border
from bench.learn_weights import Counted, Floats, bounds_of, climb, count, found_above, rewrite
from liaison.engine.naming import COUNTS
from liaison.engine.weights import weights

# Of the wrong pairs that are learned from, and again of those held out, so many may score more than what is called
# found: of 20,000 travellers, each with the five that come nearest.
RANKS = (100, 40, 15, 5)
# The weights that are learned, and how much of a stride each moves at a time.
STEPS = {
    **dict.fromkeys(("letters", "rarity", "common", "spelling"), 0.1),
    **dict.fromkeys(("syllables", "initial", "divided", "further", "different"), 1.0),
    **dict.fromkeys(("missing", "missing_of_few", "missing_first", "other_order"), 1.0),
}
# They keep within the bounds of the others; and to leave out a part is not to cost as much as to contradict it.
BOUNDS = learn_weights.BOUNDS | {"letters": (0.02, math.inf), "missing": (-1.0, -0.25)}
_SOFT_BITS = 0.4
_ROUNDS = 2


def main(file: Path) -> None:
    """Learn, write and show."""
    pairs, table = at_a_border()["border_dated"], weights().names[1].copy()
    before = count(pairs, table)
    print(f"{len(pairs)} pairs of {TRAVELLERS} travellers; found before: {_told(before, table)}")
    for _ in range(_ROUNDS):
        table = tuned(count(pairs, table), table)
    after = count(pairs, table)
    print(f"found now: {_told(after, table)}")
    rewrite(file, "dated", {name: float(table[COUNTS.index(name)]) for name in STEPS})


def _told(counted: Counted, table: Floats) -> str:
    seen, held = (100 * worth(counted, table, part) for part in (~counted.is_held, counted.is_held))
    return f"{seen:.2f} % of what is learned from, {held:.2f} % of what is held out"


def worth(counted: Counted, table: Floats, part: NDArray[np.bool_]) -> float:
    """Return how many of the right ones are found, on average of RANKS."""
    bits, is_match = counted.counts[part] @ table + counted.offset[part], counted.is_match[part]
    return float(np.mean([found_above(bits, is_match, most, _SOFT_BITS) for most in RANKS]))


def tuned(counted: Counted, table: Floats) -> Floats:
    """Move one weight after the other, within BOUNDS, to where it is worth most."""
    steps = {COUNTS.index(name): step for name, step in STEPS.items()}
    best, _ = climb(lambda tried: worth(counted, tried, ~counted.is_held), table, steps, bounds_of(BOUNDS), (0.5, 0.05))
    return best


if __name__ == "__main__":
    main(Path(sys.argv[1]))
