"""Compare a query with its candidates in full.

What `score.compare` finds for two descriptions, compiled for hundreds of candidates of one
shard, whose parts are read where they lie.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.arrays import Searchable
from liaison.engine.compiling import as_int, compiled
from liaison.engine.facts import best_date_weight, nationality_weight, place_weight, sex_weight
from liaison.engine.lettering import Lettering, Parts, read_part, room_for
from liaison.engine.naming import Links, compare_names, make_links, name_bits
from liaison.engine.parts import Known, known, lettering
from liaison.engine.profile import Profile, named, rarity_for
from liaison.engine.rarity import LEGAL_FORM_BITS
from liaison.engine.score import is_dated, least_bits, score_of, strength_by
from liaison.engine.shard import DATED, Shard
from liaison.engine.spelling import Spellings, spellings
from liaison.engine.types import Strength
from liaison.engine.vocabulary import LAST_PART, PART
from liaison.engine.weights import weights
from liaison.lib.local import Local

# More parts of one name are not compared (`fold.MAX_PARTS`).
_MOST_PARTS = 24


class Asking(NamedTuple):
    """A query as the kernel takes it."""

    parts: Parts
    name_part: NDArray[np.uint32]
    name_ptr: NDArray[np.uint32]
    born: NDArray[np.int32]
    nation: NDArray[np.uint16]
    place: NDArray[np.uint16]
    sex: int
    dated: bool


class Desk(NamedTuple):
    """Working room of one thread: one name of a candidate, and what `naming` needs."""

    parts: Parts
    numbers: NDArray[np.uint32]
    links: Links


def _make_desk() -> Desk:
    return Desk(room_for(_MOST_PARTS), np.arange(_MOST_PARTS, dtype=np.uint32), make_links())


_desk = Local(_make_desk)


def rescore(profile: Profile, shard: Shard, subjects: NDArray[np.int64]) -> list[tuple[float, Strength]]:
    """Return score and strength of each of these subjects of a shard."""
    asking = _asking(profile)
    found = np.empty((len(subjects), 3))
    table = weights()
    weigh_subjects(
        asking, shard.searchable, subjects, spellings(), known(), lettering(), table.base, table.names, table.facts,
        _desk.mine, found,
    )  # fmt: skip
    least = least_bits(is_query_dated=is_dated(profile.born))
    return [
        (score_of(bits), strength_by(profile.kind, bits, by_date, by_land, least))
        for bits, by_date, by_land in found.tolist()
    ]


def _asking(profile: Profile) -> Asking:
    names = named(profile.names, rarity_for(profile.kind))
    return Asking(
        names.parts, names.name_part, names.name_ptr, profile.born_array(), profile.nationality_array(),
        profile.place_array(), profile.sex, is_dated(profile.born),
    )  # fmt: skip


@compiled
def _best_name(
    asking: Asking, names: Searchable, subject: int, table: Spellings, known_pairs: Known, letters: Lettering,
    weights_of_names: NDArray[np.float64], desk: Desk,
) -> float:  # fmt: skip
    """Return the bits of the names that go together best; 0 when there is none."""
    best, count, is_first = 0.0, 0, True
    for place in range(as_int(names.subject_part[subject]), as_int(names.subject_part[subject + 1])):
        part = as_int(names.name_part[place])
        number = part & PART
        if count < _MOST_PARTS:
            read_part(
                names.vocab_pool, as_int(names.vocab_ptr[number]), as_int(names.vocab_ptr[number + 1]),
                names.vocab_bits[number], names.vocab_minor[number] or names.vocab_bits[number] <= LEGAL_FORM_BITS,
                count, desk.parts, letters,
            )  # fmt: skip
            count += 1
        if part & LAST_PART:
            for name in range(len(asking.name_ptr) - 1):
                own = asking.name_part[asking.name_ptr[name] : asking.name_ptr[name + 1]]
                compare_names(
                    asking.parts,
                    own,
                    desk.parts,
                    desk.numbers[:count],
                    table,
                    known_pairs,
                    weights_of_names,
                    desk.links,
                )
                bits = name_bits(desk.links, weights_of_names)
                if is_first or bits > best:
                    best, is_first = bits, False
            count = 0
    return best


@compiled
def weigh_subjects(  # noqa: PLR0913, PLR0917  a kernel takes its tables one by one
    asking: Asking, names: Searchable, subjects: NDArray[np.int64], table: Spellings, known_pairs: Known,
    letters: Lettering, base: NDArray[np.float64], weights_of_names: NDArray[np.float64],
    weights_of_facts: NDArray[np.float64], desk: Desk, found: NDArray[np.float64],
) -> None:  # fmt: skip
    """Write of each subject: its bits, those of the birth date and those of the nationality."""
    undated = as_int(names.group_ptr[DATED])
    for place in range(len(subjects)):
        subject = as_int(subjects[place])
        if subject < undated:
            first, last = as_int(names.born_ptr[subject]), as_int(names.born_ptr[subject + 1])
        else:
            first = as_int(names.born_ptr[undated]) + subject - undated
            last = first + 1
        is_dated_too = False
        for date in range(first, last):
            is_dated_too = is_dated_too or names.born[date] % 100 != 0
        listed = as_int(names.nation[subject])
        by_date = best_date_weight(asking.born, names.born, first, last, weights_of_facts)
        by_land = nationality_weight(
            asking.nation, names.nations, as_int(names.nations_ptr[listed]), as_int(names.nations_ptr[listed + 1]),
            weights_of_facts,
        )  # fmt: skip
        row = 0 if not asking.dated else 1 if is_dated_too and by_date > 0.0 else 2
        bits = base[row] + by_date + by_land + sex_weight(asking.sex, as_int(names.sex[subject]), weights_of_facts)
        bits += place_weight(
            asking.place, names.place, as_int(names.place_ptr[subject]), as_int(names.place_ptr[subject + 1]),
            weights_of_facts,
        )  # fmt: skip
        bits += _best_name(asking, names, subject, table, known_pairs, letters, weights_of_names[row], desk)
        found[place, 0], found[place, 1], found[place, 2] = bits, by_date, by_land
