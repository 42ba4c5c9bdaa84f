"""Which part of one name stands for which part of the other, and what does it all say.

Compiled: a check compares hundreds of names.  Every part of either name is compared
with every part of the other (`pairing.py`); the pairs that say most are taken first,
each part once.  What is left on both sides contradicts, what is left on one side was
left out.  Everything is counted in COUNTS, and a name's evidence is the sum of what
was counted times what each count weighs (`weights.csv`), so that it can be explained.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.compiling import as_int, compiled
from liaison.engine.lettering import KIN, Parts
from liaison.engine.pairing import (
    COMMON,
    COUNTS,
    DIFFERENT,
    DIVIDED,
    FURTHER,
    IS_INITIAL,
    LETTERS,
    MAX_LINKS,
    MINOR_PART,
    MISSING,
    MISSING_FIRST,
    MISSING_OF_FEW,
    NICKNAME,
    OF_A_PAIR,
    OTHER_DESCENT,
    OTHER_ORDER,
    RARITY,
    SPELLING,
    TRANSLITERATED,
    Links,
    Scales,
    bits_in,
    count_joined,
    count_pair,
    gain_of,
    make_links,
    may_be_one,
)
from liaison.engine.parts import Known
from liaison.engine.spelling import Spellings

__all__ = [
    "COMMON",
    "COUNTS",
    "DIFFERENT",
    "DIVIDED",
    "FURTHER",
    "IS_INITIAL",
    "LETTERS",
    "MINOR_PART",
    "MISSING",
    "MISSING_FIRST",
    "MISSING_OF_FEW",
    "NICKNAME",
    "OF_A_PAIR",
    "OTHER_DESCENT",
    "OTHER_ORDER",
    "RARITY",
    "SPELLING",
    "TRANSLITERATED",
    "Links",
    "best_names",
    "bits_in",
    "compare_names",
    "is_bare_of_names",
    "make_links",
    "name_bits",
]


class Side(NamedTuple):
    """One of two names: the numbers of its parts; `bare` when it has nothing but particles and titles."""

    parts: Parts
    name: NDArray[np.uint32]
    bare: bool


@compiled
def _side(parts: Parts, name: NDArray[np.uint32]) -> Side:
    return Side(parts, name, is_bare_of_names(parts, name))


@compiled
def is_bare_of_names(parts: Parts, name: NDArray[np.uint32]) -> bool:
    """Tell whether a name has nothing but particles and titles: then they count as names."""
    for part in name:  # noqa: SIM110  a generator is not compiled
        if parts.role[part] > KIN:
            return False
    return True


@compiled
def _try_all(ours: Side, theirs: Side, scales: Scales) -> int:
    """Write every pair of parts that may stand for each other; return how many there are."""
    tried: int = as_int(0)
    straight, turned = as_int(0), as_int(1)
    for x in range(len(ours.name)):
        for y in range(len(theirs.name)):
            one, j = ours.name[x : x + 1], theirs.name[y]
            if count_pair(ours.parts, one, ours.bare, theirs.parts, j, theirs.bare, scales, tried):
                tried = _add(tried, 1 << x, 1 << y, scales)
    if len(ours.name) > 1:
        tried = _try_joined(ours, theirs, straight, scales, tried)
    if len(theirs.name) > 1:
        tried = _try_joined(theirs, ours, turned, scales, tried)
    return tried


@compiled
def _try_joined(divided: Side, whole: Side, is_turned: int, scales: Scales, tried: int) -> int:
    """Write where two parts stand for one: side by side, or with a particle between them."""
    name, parts = divided.name, divided.parts
    for x in range(len(name) - 1):
        for step in range(1, 3):
            if x + step >= len(name) or (step == 2 and parts.role[name[x + 1]] > KIN):
                continue
            joined, mask = name[x : x + step + 1], 3 << x if step == 1 else 7 << x
            for y in range(len(whole.name)):
                j = whole.name[y]
                if may_be_one(parts, joined, whole.parts, j) and count_joined(
                    parts, joined, whole.parts, j, scales, tried
                ):
                    first, second = (1 << y, mask) if is_turned else (mask, 1 << y)
                    tried = _add(tried, first, second, scales)
    return tried


@compiled
def _add(tried: int, first: int, second: int, scales: Scales) -> int:
    """Note which parts the pair just counted is of, and what it says; return how many there are now."""
    links = scales.links
    links.first[tried], links.second[tried] = first, second
    links.gain[tried] = gain_of(links, tried, scales.weights)
    return tried + 1


@compiled
def _choose(tried: int, floor: float, links: Links) -> int:
    """Choose links, the greatest gain first, each part once; return how many."""
    used, other_used, chosen = 0, 0, 0
    while chosen < MAX_LINKS:
        best = -1
        for place in range(tried):
            if links.first[place] & used or links.second[place] & other_used or links.gain[place] <= floor:
                continue
            if best < 0 or _is_before(links, place, best):
                best = place
        if best < 0:
            break
        used |= links.first[best]
        other_used |= links.second[best]
        links.chosen[chosen] = best
        chosen += 1
    return chosen


@compiled
def _is_before(links: Links, place: int, best: int) -> bool:
    """Tell which of two links is taken first; of equals it does not depend on which name is called the first."""
    if links.gain[place] != links.gain[best]:
        return bool(links.gain[place] > links.gain[best])
    both, best_both = links.first[place] | links.second[place], links.first[best] | links.second[best]
    if both != best_both:
        return bool(both < best_both)
    return bool(abs(links.first[place] - links.second[place]) < abs(links.first[best] - links.second[best]))


@compiled
def compare_names(
    a: Parts, ours: NDArray[np.uint32], b: Parts, theirs: NDArray[np.uint32], table: Spellings,
    known: Known, weights: NDArray[np.float64], links: Links,
) -> int:  # fmt: skip
    """Compare two names, given as numbers of parts; write what was counted to `links` and return how many links."""
    scales = Scales(table, known, weights, links)
    return _compare(_side(a, ours), _side(b, theirs), scales)


@compiled
def _compare(ours: Side, theirs: Side, scales: Scales) -> int:
    links = scales.links
    # What resembles so little is worth no more than a part that differs and one that was left out.
    floor = scales.weights[DIFFERENT] - scales.weights[MISSING_OF_FEW]
    chosen = _choose(_try_all(ours, theirs, scales), floor, links)
    total = links.total
    total[:] = 0.0
    used = other_used = major = as_int(0)
    for place in range(chosen):
        link = links.chosen[place]
        used |= links.first[link]
        other_used |= links.second[link]
        for count in range(OF_A_PAIR):
            total[count] += links.counted[link, count]
        if links.counted[link, MINOR_PART] == 0.0 and links.counted[link, IS_INITIAL] == 0.0:
            major += 1
    total[FURTHER] = max(major - 2, 0)
    _count_left(ours, used, theirs, other_used, major, total)
    if _is_in_other_order(chosen, links):
        total[OTHER_DESCENT if _tells_descent(ours) and _tells_descent(theirs) else OTHER_ORDER] = 1.0
    if major == 0:
        # Initials alone say nothing.
        total[IS_INITIAL] = 0.0
    return chosen


@compiled
def _count_left(ours: Side, used: int, theirs: Side, other_used: int, major: int, total: NDArray[np.float64]) -> None:
    """Count the parts that no link uses: of both sides they contradict, of one side they were left out."""
    left, other_left = _left(ours, used), _left(theirs, other_used)
    total[DIFFERENT] = min(left, other_left)
    missing = max(left, other_left) - min(left, other_left)
    if missing:
        total[MISSING if major >= 2 else MISSING_OF_FEW] = missing
        if _is_first_left(ours, used) or _is_first_left(theirs, other_used):
            total[MISSING_FIRST] = 1.0


@compiled
def _left(side: Side, used: int) -> int:
    """Count the parts of a name that no link uses, those that matter."""
    left = 0
    for place in range(len(side.name)):
        if not used >> place & 1 and (side.bare or side.parts.role[side.name[place]] > KIN):
            left += 1
    return left


@compiled
def _is_first_left(side: Side, used: int) -> bool:
    """Tell whether the first part that matters is one that no link uses."""
    for place in range(len(side.name)):
        if side.bare or side.parts.role[side.name[place]] > KIN:
            return not used >> place & 1
    return False


@compiled
def _tells_descent(side: Side) -> bool:
    """Tell whether a name says whose child somebody is: "Ahmad bin Hasan"."""
    for part in side.name:  # noqa: SIM110  a generator is not compiled
        if side.parts.role[part] == KIN:
            return True
    return False


@compiled
def _is_in_other_order(chosen: int, links: Links) -> bool:
    for place in range(chosen):
        link = links.chosen[place]
        for before in range(place):
            other = links.chosen[before]
            if links.counted[link, MINOR_PART] or links.counted[other, MINOR_PART]:
                continue
            if (links.first[link] < links.first[other]) != (links.second[link] < links.second[other]):
                return True
    return False


@compiled
def name_bits(links: Links, weights: NDArray[np.float64]) -> float:
    """Return the bits of what was counted."""
    bits = 0.0
    for count in range(len(weights)):
        bits += links.total[count] * weights[count]
    return bits


@compiled
def best_names(  # noqa: PLR0913, PLR0917  what a caller in a compiled loop has at hand
    a: Parts, ours: NDArray[np.uint32], our_ptr: NDArray[np.uint32], b: Parts, theirs: NDArray[np.uint32],
    their_ptr: NDArray[np.uint32], first: int, last: int, table: Spellings, known: Known,
    weights: NDArray[np.float64], links: Links,
) -> tuple[float, int, int]:  # fmt: skip
    """Compare every name of a subject with the names `first` up to `last` of another.

    Name n is the parts `ours[our_ptr[n]:our_ptr[n + 1]]`.  Returns the bits of the
    best pair and its places, the first of equals; the places are -1 when there is none.
    """
    scales = Scales(table, known, weights, links)
    best, at, other_at = 0.0, -1, -1
    for name in range(len(our_ptr) - 1):
        mine = _side(a, ours[our_ptr[name] : our_ptr[name + 1]])
        for other in range(first, last):
            _compare(mine, _side(b, theirs[their_ptr[other] : their_ptr[other + 1]]), scales)
            bits = name_bits(links, weights)
            if at < 0 or bits > best:
                best, at, other_at = bits, name, other
    return best, at, other_at
