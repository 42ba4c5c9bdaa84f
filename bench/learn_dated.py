"""Learn what each reason weighs where both sides have a full birth date: `python -m bench.learn_dated WEIGHTS.csv`.

There a birth date tells most people apart, and what is asked of a name is another thing: not
whether two like names are one, but how seldom strangers agree in so much.  So these weights
are learned at a border (`bench.learn_sets`), from an order alone: one after the other is
moved to where most of those recorded score more than all but a few, RANKS, of the innocent
travellers' nearest.  One pair in five is held out.

Weights that no pair at a border tells anything of, and the base, stay as they are.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.learn_sets import TRAVELLERS, at_a_border
from bench.learn_weights import Counted, Floats, count, found_above
from liaison.engine.naming import COUNTS
from liaison.engine.weights import weights

# Of the wrong pairs that are learned from, and again of those held out, so many may score more than what is called
# found: of 20,000 travellers, each with the five that come nearest.
RANKS = (100, 40, 15, 5)
# The least and the most that a count may weigh, in bits: to leave out a contradiction must never lower a score, and an
# initial never says more than a name.
BOUNDS = {
    "letters": (0.02, 1.0),
    "rarity": (0.0, 1.0),
    "common": (-0.6, 0.0),
    "spelling": (-1.0, -0.05),
    "syllables": (-2.0, 0.0),
    "initial": (0.0, 0.9),
    "divided": (-1.0, -0.2),
    "further": (-2.0, 0.0),
    "different": (-5.0, -1.0),
    "missing": (-1.0, -0.25),
    "missing_of_few": (-2.0, -0.8),
    "missing_first": (-2.0, -0.8),
    "other_order": (-0.5, -0.1),
}
_STRIDES = {"letters": 0.1, "rarity": 0.1, "common": 0.1, "spelling": 0.1}
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
    rewrite(file, table)


def _told(counted: Counted, table: Floats) -> str:
    seen, held = (100 * worth(counted, table, part) for part in (~counted.is_held, counted.is_held))
    return f"{seen:.2f} % of what is learned from, {held:.2f} % of what is held out"


def worth(counted: Counted, table: Floats, part: NDArray[np.bool_]) -> float:
    """Return how many of the right ones are found, on average of RANKS."""
    bits, is_match = counted.counts[part] @ table + counted.offset[part], counted.is_match[part]
    return float(np.mean([found_above(bits, is_match, most, _SOFT_BITS) for most in RANKS]))


def tuned(counted: Counted, table: Floats) -> Floats:
    """Move one weight after the other, within BOUNDS, to where it is worth most."""
    best, most, stride = table.copy(), worth(counted, table, ~counted.is_held), 0.5
    while stride > 0.05:
        before = most
        for name, (least, greatest) in BOUNDS.items():
            for way in (stride, -stride):
                tried, place = best.copy(), COUNTS.index(name)
                tried[place] = np.clip(best[place] + way * _STRIDES.get(name, 1.0), least, greatest)
                if (reached := worth(counted, tried, ~counted.is_held)) > most + 1e-6:
                    best, most = tried, reached
        if most == before:
            stride /= 2
    return best


def rewrite(file: Path, table: Floats) -> None:
    """Write the weights in the column `dated`."""
    learned = dict(zip(COUNTS, table.tolist(), strict=True))
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        if row["name"] in BOUNDS:
            row["dated"] = f"{learned[row['name']]:.3f}"
    with file.open("w", encoding="utf-8", newline="") as to:
        writer = csv.DictWriter(to, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
