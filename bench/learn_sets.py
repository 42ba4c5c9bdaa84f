"""What weights are learned from beside labelled pairs: a list that is screened, and a border.

A negative is somebody clean with the names that come nearest, of which the weights being learned
take the one that says most: so that what is learned answers for its own mistakes.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.datasets import load_clean, ofac_aliases
from bench.errors import EVERY, chance
from bench.listed import ofac_names
from bench.pairs import Pair, named
from bench.people import Person, people, recorded, travelling
from bench.population import ALLOWED, TODAY, index_of
from bench.screening import nearest_of_list
from liaison.engine.types import Subject

# Clean persons of the file before these are those that `bench.screening` asks about.
_FIRST_CLEAN, _CLEAN = 5000, 2500
# Seeds that `bench.border` does not use.
_RECORDED, _TRAVELLING, _ALTERED = 61, 62, 63
_BLOCKS, TRAVELLERS, _EACH = 20, 20_000, 300
_NEAREST, _CUTOFF = 5, 0.02


def screened(data: Path) -> list[Pair]:
    """Return aliases with their own primary names of a list, and clean persons with those that come nearest."""
    names = list(dict.fromkeys(ofac_names(data / "lists" / "ofac_sdn.csv").values()))
    right = [
        Pair(named(alias), named(own), True, own) for alias, own in ofac_aliases(data / "names" / "ofac_aka_dev.csv")
    ]
    clean = load_clean(data, _FIRST_CLEAN + _CLEAN)[_FIRST_CLEAN:]
    near = nearest_of_list(clean, names)
    return right + [Pair(named(one), Subject(tuple(some)), False, one) for one, some in zip(clean, near, strict=True)]


def at_a_border() -> dict[str, list[Pair]]:
    """Return travellers and records, apart by whether the record has the whole birth date."""
    pairs = list(_met())
    with TemporaryDirectory(prefix="liaison-learn-") as name:
        pairs += _passed(Path(name))
    dated = [bool(pair.candidate.born) and len(pair.candidate.born[0]) == 10 for pair in pairs]
    return {
        "border_dated": [pair for pair, is_dated in zip(pairs, dated, strict=True) if is_dated],
        "border_undated": [pair for pair, is_dated in zip(pairs, dated, strict=True) if not is_dated],
    }


def _recorded_in(block: int) -> tuple[list[Person], list[Subject]]:
    random = np.random.default_rng((_RECORDED, block, 1))
    persons = people(_RECORDED, block)
    return persons, [recorded(one, random) for one in persons]


def _met() -> Iterator[Pair]:
    random = chance(_ALTERED)
    met = list(zip(*_recorded_in(0), strict=True))
    for place, error in enumerate(EVERY):
        altered = ((error.change(person, random), record) for person, record in met[place :: len(EVERY)])
        for query, record in islice(((query, record) for query, record in altered if query), _EACH):
            yield Pair(query, record, True, record.names[0])


def _passed(folder: Path) -> Iterator[Pair]:
    """Yield clean travellers, each with the records that come nearest: where none does, nothing is to be learned."""
    subjects = [subject for block in range(_BLOCKS) for subject in _recorded_in(block)[1]]
    index = index_of(folder, subjects)
    for block in range(-(-TRAVELLERS // 10_000)):
        for person in people(_TRAVELLING, block)[: TRAVELLERS - block * 10_000]:
            query = travelling(person)
            for found in index.search(query, ALLOWED, TODAY, _NEAREST, _CUTOFF).candidates:
                yield Pair(query, subjects[found.record - 1], False, query.names[0])
