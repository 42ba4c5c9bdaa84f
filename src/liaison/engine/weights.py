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


class Weights(NamedTuple):
    """The table as the kernels take it: `names` in the order of COUNTS, `facts` in that of `facts.FACTS`."""

    base: float
    names: NDArray[np.float64]
    facts: NDArray[np.float64]


@cache
def weights() -> Weights:
    """Return the committed table."""
    text = resources.files(__package__).joinpath(TABLE).read_text("utf-8")
    bits = {row["name"]: float(row["bits"]) for row in csv.DictReader(text.splitlines())}
    facts = [f"birth_date:{finding}" for finding in DATE_FINDINGS]
    facts += ["sex:same", "sex:different", "nationality:same", "nationality:different"]
    return Weights(
        bits["base"],
        np.array([bits[name] for name in COUNTS]),
        np.array([bits[name] for name in facts]),
    )
