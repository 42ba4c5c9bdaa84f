"""How likely is it, for many pairs at once, that two descriptions mean the same subject.

The scores are those of `score.compare`, without the reasons: the parts of all names are read
once, and one compiled loop compares pair after pair.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from liaison.engine.compiling import as_float, as_int, compiled
from liaison.engine.lettering import Parts
from liaison.engine.lexicon import ends_of
from liaison.engine.naming import Links, best_names
from liaison.engine.parts import Known, known, make_parts
from liaison.engine.profile import Profile, rarity_for
from liaison.engine.score import bits_of_documents, bits_of_facts, links_of_thread, profile_once, row_of, score_of
from liaison.engine.spelling import Spellings, spellings
from liaison.engine.types import Subject
from liaison.engine.weights import weights


def score_pairs(pairs: Sequence[tuple[Subject, Subject]]) -> list[float]:
    """Return the score, 0-1, of each pair (query, candidate), as `score.compare` gives it."""
    profiles = [(profile_once(query), profile_once(candidate)) for query, candidate in pairs]
    scores = [0.0] * len(pairs)
    for kind in {candidate.kind for _, candidate in profiles}:
        places = [place for place, (_, candidate) in enumerate(profiles) if candidate.kind == kind]
        some = [profiles[place] for place in places]
        rows = [row_of(query, candidate) for query, candidate in some]
        for place, row, bits in zip(places, rows, _bits_of_names(some, rows, kind).tolist(), strict=True):
            beside = bits_of_facts(*profiles[place]) + bits_of_documents(*pairs[place])
            scores[place] = score_of(weights().base[row] + bits + beside)
    return scores


def _bits_of_names(pairs: Sequence[tuple[Profile, Profile]], rows: Sequence[int], kind: int) -> NDArray[np.float64]:
    """Return the evidence of the names that go together best, of each pair: float64[n]."""
    number: dict[tuple[str, ...], int] = {}
    both = [[number.setdefault(one.names, len(number)) for one in pair] for pair in pairs]
    names = [name for several in number for name in several]
    divided = [name.split(" ") for name in names]
    part_number: dict[str, int] = {}
    name_part = [part_number.setdefault(part, len(part_number)) for name in divided for part in name]
    found = np.empty(len(pairs))
    _compare_all(
        np.array(both, np.uint32).reshape(-1, 2),
        np.array(rows, np.uint8),
        ends_of(np.array(list(map(len, number)), np.int64)),
        ends_of(np.array(list(map(len, divided)), np.int64)),
        np.array(name_part, np.uint32),
        make_parts(list(part_number), rarity_for(kind)),
        spellings(),
        known(),
        weights().names,
        links_of_thread(),
        found,
    )
    return found


@compiled
def _compare_all(  # noqa: PLR0913, PLR0917  a kernel takes its tables one by one
    both: NDArray[np.uint32], rows: NDArray[np.uint8], first_name: NDArray[np.uint32], name_ptr: NDArray[np.uint32],
    name_part: NDArray[np.uint32], parts: Parts, table: Spellings, known_pairs: Known,
    weights_of_names: NDArray[np.float64], links: Links, found: NDArray[np.float64],
) -> None:  # fmt: skip
    """Write the bits of each pair of subjects; subject s has the names first_name[s] up to first_name[s + 1].

    `rows` holds for each pair its row of the weights.
    """
    for pair in range(len(both)):
        one, other = as_int(both[pair, 0]), as_int(both[pair, 1])
        start, end = as_int(first_name[one]), as_int(first_name[one + 1])
        bits, _, _ = best_names(
            parts, name_part, name_ptr[start : end + 1], parts, name_part, name_ptr,
            as_int(first_name[other]), as_int(first_name[other + 1]), table, known_pairs, weights_of_names[rows[pair]],
            links,
        )  # fmt: skip
        found[pair] = as_float(bits)
