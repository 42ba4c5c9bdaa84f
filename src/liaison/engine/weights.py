"""What does each reason weigh, in bits.

`weights.csv` is the table: what was learned, by `bench/learn_weights.py` from labelled
pairs, and what was set by hand and held against a border (docs/bench).
"""

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.facts import DATE_FINDINGS
from liaison.engine.naming import COUNTS

TABLE = "weights.csv"
COLUMNS = ("bits", "dated", "undated")


class Weights(NamedTuple):
    """The table as the kernels take it.

    base    float64[3]      before anything is compared; row 1 where both have a full birth date, and like each other,
                            row 2 where the question has one and the record none like it, row 0 else
    names   float64[3, 17]  in the order of COUNTS, in the same rows
    facts   float64[18]     in the order that `facts.py` gives
    document  bits of a document that both have, of none
    """

    base: NDArray[np.float64]
    names: NDArray[np.float64]
    facts: NDArray[np.float64]
    document: tuple[float, float]


@cache
def weights() -> Weights:
    """Return the committed table."""
    text = resources.files(__package__).joinpath(TABLE).read_text("utf-8")
    rows = {row["name"]: row for row in csv.DictReader(text.splitlines())}
    facts = [f"birth_date:{finding}" for finding in DATE_FINDINGS]
    facts += ["sex:same", "sex:different", "nationality:same", "nationality:different"]
    facts += ["place_of_birth:same", "place_of_birth:different"]
    return Weights(
        np.array([_bits(rows["base"], column) for column in COLUMNS]),
        np.array([[_bits(rows[name], column) for name in COUNTS] for column in COLUMNS]),
        np.array([float(rows[name]["bits"]) for name in facts]),
        (float(rows["document:same"]["bits"]), float(rows["document:different"]["bits"])),
    )


def _bits(row: dict[str, str], column: str) -> float:
    """Return what the table says there; what it leaves empty is as in the first column."""
    return float(row[column] or row["bits"])
