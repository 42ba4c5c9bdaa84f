"""Which part of one name stands for which part of the other, and what does it all say.

Compiled: a check compares hundreds of names.  Every part of either name is compared
with every part of the other; the pairs that say most are taken first, each part
once.  What is left on both sides contradicts, what is left on one side was left out.
Everything is counted in COUNTS, and a name's evidence is the sum of what was
counted times what each count weighs (`weights.csv`), so that it can be explained.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.kernels import compiled
from liaison.engine.lettering import INITIAL, KIN, Parts
from liaison.engine.parts import Known
from liaison.engine.spelling import LATIN, MAX_LETTERS, Spellings, spelling_bits

COUNTS = (
    "letters",
    "rarity",
    "spelling",
    "transliterated",
    "initial",
    "nickname",
    "divided",
    "minor",
    "further",
    "different",
    "missing",
    "missing_of_few",
    "missing_first",
    "other_order",
    "other_descent",
)
(LETTERS, RARITY, SPELLING, TRANSLITERATED, IS_INITIAL, NICKNAME, DIVIDED, MINOR_PART) = range(8)
(FURTHER, DIFFERENT, MISSING, MISSING_OF_FEW, MISSING_FIRST, OTHER_ORDER, OTHER_DESCENT) = range(8, 15)
OF_A_PAIR = 8
MAX_LINKS = 24
_MAX_TRIED = 4096
_LONGEST_RARITY = 24.0


class Links(NamedTuple):
    """Working arrays of one thread, and the answer: the links that were chosen.

    first, second   int64[4096]        the parts that stand for each other, as bit masks
    counted         float64[4096, 8]   what the pair was counted as, of COUNTS
    gain            float64[4096]      what it says, in bits
    chosen          int64[24]          places of the links that were chosen
    total           float64[14]        all that was counted
    rows, one, other, single           for spelling
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    counted: NDArray[np.float64]
    gain: NDArray[np.float64]
    chosen: NDArray[np.int64]
    total: NDArray[np.float64]
    rows: NDArray[np.float32]
    one: NDArray[np.uint8]
    other: NDArray[np.uint8]
    single: NDArray[np.uint8]


def make_links() -> Links:
    """Make working arrays."""
    return Links(
        np.zeros(_MAX_TRIED, np.int64),
        np.zeros(_MAX_TRIED, np.int64),
        np.zeros((_MAX_TRIED, OF_A_PAIR)),
        np.zeros(_MAX_TRIED),
        np.zeros(MAX_LINKS, np.int64),
        np.zeros(len(COUNTS)),
        np.zeros((3, MAX_LETTERS + 1), np.float32),
        np.zeros(MAX_LETTERS, np.uint8),
        np.zeros(MAX_LETTERS, np.uint8),
        np.zeros(MAX_LETTERS, np.uint8),
    )


@compiled
def bits_in(value: int) -> int:
    """Count the bits that are set."""
    count = 0
    while value:
        value &= value - 1
        count += 1
    return count


@compiled
def _is_among(pairs: NDArray[np.int64], first: int, second: int) -> bool:
    if first == 0 or second == 0:
        return False
    wanted = first << 16 | second
    place = np.searchsorted(pairs, wanted)
    return place < len(pairs) and pairs[place] == wanted  # type: ignore[no-any-return]


@compiled
def _undoubled(letters: NDArray[np.uint8], size: int, single: NDArray[np.uint8]) -> int:
    """Write letters with each doubled one once, as the table of other scripts has them; return how many."""
    count = 0
    for place in range(size):
        if place == 0 or letters[place] != letters[place - 1]:
            single[count] = letters[place]
            count += 1
    return count


@compiled
def _spelling(
    script: int, source: NDArray[np.uint8], size: int, other_script: int, other_source: NDArray[np.uint8],
    other_size: int, latin: NDArray[np.uint8], latin_size: int, other_latin: NDArray[np.uint8],
    other_latin_size: int, table: Spellings, rows: NDArray[np.float32], single: NDArray[np.uint8], limit: float,
) -> float:  # fmt: skip
    """Return the bits between two spellings: of the script that is not Latin, or the lesser of both ways."""
    if script != LATIN and other_script == LATIN:
        single_size = _undoubled(other_latin, other_latin_size, single)
        return spelling_bits(script, source, size, single, single_size, table, rows, limit)
    if script == LATIN and other_script != LATIN:
        single_size = _undoubled(latin, latin_size, single)
        return spelling_bits(other_script, other_source, other_size, single, single_size, table, rows, limit)
    there = spelling_bits(LATIN, latin, latin_size, other_latin, other_latin_size, table, rows, limit)
    return min(there, spelling_bits(LATIN, other_latin, other_latin_size, latin, latin_size, table, rows, there))


@compiled
def _same(first: NDArray[np.uint8], size: int, second: NDArray[np.uint8], other_size: int) -> bool:
    if size != other_size:
        return False
    for place in range(size):
        if first[place] != second[place]:
            return False
    return True


@compiled
def _weigh(counted: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    gain = 0.0
    for count in range(OF_A_PAIR):
        gain += counted[count] * weights[count]
    return gain


@compiled
def _count_pair(
    a: Parts, i: int, a_bare: bool, b: Parts, j: int, b_bare: bool, table: Spellings, known: Known,
    weights: NDArray[np.float64], links: Links, counted: NDArray[np.float64],
) -> bool:  # fmt: skip
    """Count what two parts have in common; False when they are plainly different."""
    counted[:] = 0.0
    size, other_size = np.int64(a.latin_size[i]), np.int64(b.latin_size[j])
    script, other_script = np.int64(a.script[i]), np.int64(b.script[j])
    is_same = script == other_script and _same(a.latin[i], size, b.latin[j], other_size)
    rarity = np.float64(min(a.rarity[i], b.rarity[j], _LONGEST_RARITY))
    if a.role[i] <= KIN and not a_bare or b.role[j] <= KIN and not b_bare:
        counted[MINOR_PART] = 1.0
        return is_same or (script != other_script and _same(a.latin[i], size, b.latin[j], other_size))
    if a.role[i] == INITIAL or b.role[j] == INITIAL:
        counted[IS_INITIAL] = 1.0
        return size > 0 and other_size > 0 and a.latin[i, 0] == b.latin[j, 0]
    counted[RARITY] = rarity
    counted[LETTERS] = 0.5 * (size + other_size)
    if is_same:
        return True
    number, other_number = np.int64(a.known[i]), np.int64(b.known[j])
    usual = np.float64(a.usual[i] + b.usual[j])
    is_nickname = False
    if script == LATIN and other_script == LATIN:
        is_nickname = _is_among(known.nicknames, number, other_number)
        if not is_nickname and bits_in(a.sound[i] ^ b.sound[j]) > 3:
            return False
        usual = 0.0
    elif script == LATIN or other_script == LATIN:
        counted[TRANSLITERATED], counted[LETTERS] = 1.0, size if script == LATIN else other_size
        if _is_among(known.spellings, number, other_number):
            return True
        counted[SPELLING] = -usual
    room = _weigh(counted, weights) - weights[DIFFERENT]
    limit = room / -weights[SPELLING]
    bits = 0.0 if limit <= 0.0 else _spelling(
        script, a.source[i], np.int64(a.source_size[i]), other_script, b.source[j], np.int64(b.source_size[j]),
        a.latin[i], size, b.latin[j], other_size, table, links.rows, links.single, limit,
    )  # fmt: skip
    if is_nickname and bits * -weights[SPELLING] > counted[LETTERS] * weights[LETTERS] - weights[NICKNAME]:
        counted[NICKNAME], counted[LETTERS] = 1.0, 0.0
        return True
    counted[SPELLING] += bits
    return bits < limit


@compiled
def _join(
    letters: NDArray[np.uint8], start: int, source: NDArray[np.uint8], size: int
) -> int:
    """Write letters from `start` on; return where they end."""
    for place in range(size):
        letters[start + place] = source[place]
    return start + size


@compiled
def _count_joined(
    a: Parts, name: NDArray[np.uint32], first: int, last: int, b: Parts, j: int, table: Spellings,
    weights: NDArray[np.float64], links: Links, counted: NDArray[np.float64],
) -> bool:  # fmt: skip
    """Count what parts written as one, a particle between them too, have in common with a part of the other name.

    False when it does not pay to join them.
    """
    counted[:] = 0.0
    size, source_size, rarity, sound, usual = 0, 0, 0.0, 0, 0.0
    script, other_script, other_size = np.int64(a.script[name[first]]), np.int64(b.script[j]), np.int64(b.latin_size[j])
    for place in range(first, last + 1):
        part = name[place]
        if a.script[part] != script or size + a.latin_size[part] > MAX_LETTERS:
            return False
        if source_size + a.source_size[part] > MAX_LETTERS:
            return False
        size = _join(links.one, size, a.latin[part], np.int64(a.latin_size[part]))
        source_size = _join(links.other, source_size, a.source[part], np.int64(a.source_size[part]))
        rarity += np.float64(a.rarity[part]) if a.role[part] > KIN else 0.0
        sound |= a.sound[part]
        usual += np.float64(a.usual[part])
    is_cross = script != other_script
    if other_size < 4 or abs(size - other_size) > (6 if is_cross else 3):
        return False
    if not is_cross and bits_in(sound ^ b.sound[j]) > 2:
        return False
    counted[DIVIDED] = 1.0
    counted[RARITY] = min(rarity, np.float64(b.rarity[j]), _LONGEST_RARITY)
    counted[LETTERS] = 0.5 * (size + other_size)
    if is_cross and (script == LATIN or other_script == LATIN):
        counted[LETTERS], counted[TRANSLITERATED] = size if script == LATIN else other_size, 1.0
        counted[SPELLING] = -(usual + np.float64(b.usual[j]))
    limit = min((_weigh(counted, weights) - weights[DIFFERENT]) / -weights[SPELLING], 30.0)
    if limit <= 0.0:
        return False
    bits = _spelling(
        script, links.other, source_size, other_script, b.source[j], np.int64(b.source_size[j]),
        links.one, size, b.latin[j], other_size, table, links.rows, links.single, limit,
    )  # fmt: skip
    counted[SPELLING] += bits
    return bits < limit


@compiled
def _try_all(
    a: Parts, ours: NDArray[np.uint32], b: Parts, theirs: NDArray[np.uint32], table: Spellings,
    known: Known, weights: NDArray[np.float64], links: Links,
) -> int:  # fmt: skip
    """Write every pair of parts that may stand for each other; return how many there are."""
    tried = 0
    a_bare, b_bare = is_bare_of_names(a, ours), is_bare_of_names(b, theirs)
    for x in range(len(ours)):
        for y in range(len(theirs)):
            counted = links.counted[tried]
            if _count_pair(a, ours[x], a_bare, b, theirs[y], b_bare, table, known, weights, links, counted):
                links.first[tried] = 1 << x
                links.second[tried] = 1 << y
                links.gain[tried] = _weigh(links.counted[tried], weights)
                tried += 1
    for x in range(len(ours) - 1):
        for step in range(1, 3):
            if x + step >= len(ours) or step == 2 and a.role[ours[x + 1]] > KIN:
                continue
            for y in range(len(theirs)):
                if _count_joined(a, ours, x, x + step, b, theirs[y], table, weights, links, links.counted[tried]):
                    links.first[tried] = 3 << x if step == 1 else 7 << x
                    links.second[tried] = 1 << y
                    links.gain[tried] = _weigh(links.counted[tried], weights)
                    tried += 1
    for y in range(len(theirs) - 1):
        for step in range(1, 3):
            if y + step >= len(theirs) or step == 2 and b.role[theirs[y + 1]] > KIN:
                continue
            for x in range(len(ours)):
                if _count_joined(b, theirs, y, y + step, a, ours[x], table, weights, links, links.counted[tried]):
                    links.first[tried] = 1 << x
                    links.second[tried] = 3 << y if step == 1 else 7 << y
                    links.gain[tried] = _weigh(links.counted[tried], weights)
                    tried += 1
    return tried


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
        return links.gain[place] > links.gain[best]  # type: ignore[no-any-return]
    both, best_both = links.first[place] | links.second[place], links.first[best] | links.second[best]
    if both != best_both:
        return both < best_both  # type: ignore[no-any-return]
    return abs(links.first[place] - links.second[place]) < abs(links.first[best] - links.second[best])  # type: ignore[no-any-return]


@compiled
def compare_names(
    a: Parts, ours: NDArray[np.uint32], b: Parts, theirs: NDArray[np.uint32], table: Spellings,
    known: Known, weights: NDArray[np.float64], links: Links,
) -> int:  # fmt: skip
    """Compare two names, given as numbers of parts; write what was counted to `links` and return how many links."""
    tried = _try_all(a, ours, b, theirs, table, known, weights, links)
    chosen = _choose(tried, weights[DIFFERENT], links)
    total = links.total
    total[:] = 0.0
    used, other_used, major = 0, 0, 0
    for place in range(chosen):
        link = links.chosen[place]
        used |= links.first[link]
        other_used |= links.second[link]
        for count in range(OF_A_PAIR):
            total[count] += links.counted[link, count]
        major += links.counted[link, MINOR_PART] == 0.0 and links.counted[link, IS_INITIAL] == 0.0
    a_bare, b_bare = is_bare_of_names(a, ours), is_bare_of_names(b, theirs)
    left, other_left = _left(a, ours, a_bare, used), _left(b, theirs, b_bare, other_used)
    total[FURTHER] = max(major - 2, 0)
    total[DIFFERENT] = min(left, other_left)
    total[MISSING if major >= 2 else MISSING_OF_FEW] = max(left, other_left) - min(left, other_left)
    total[MISSING_FIRST] = max(left, other_left) > min(left, other_left) and (
        _is_first_left(a, ours, a_bare, used) or _is_first_left(b, theirs, b_bare, other_used)
    )
    if _is_in_other_order(chosen, links):
        total[OTHER_DESCENT if _tells_descent(a, ours) and _tells_descent(b, theirs) else OTHER_ORDER] = 1.0
    if major == 0:
        # Initials alone say nothing.
        total[IS_INITIAL] = 0.0
    return chosen


@compiled
def _left(parts: Parts, name: NDArray[np.uint32], is_bare: bool, used: int) -> int:
    """Count the parts of a name that no link uses, those that matter."""
    left = 0
    for place in range(len(name)):
        left += not used >> place & 1 and (is_bare or parts.role[name[place]] > KIN)
    return left


@compiled
def _is_first_left(parts: Parts, name: NDArray[np.uint32], is_bare: bool, used: int) -> bool:
    """Tell whether the first part that matters is one that no link uses."""
    for place in range(len(name)):
        if is_bare or parts.role[name[place]] > KIN:
            return not used >> place & 1
    return False


@compiled
def is_bare_of_names(parts: Parts, name: NDArray[np.uint32]) -> bool:
    """Tell whether a name has nothing but particles and titles: then they count as names."""
    for place in range(len(name)):
        if parts.role[name[place]] > KIN:
            return False
    return True


@compiled
def _tells_descent(parts: Parts, name: NDArray[np.uint32]) -> bool:
    """Tell whether a name says whose child somebody is: "Ahmad bin Hasan"."""
    for place in range(len(name)):
        if parts.role[name[place]] == KIN:
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
def best_names(
    a: Parts, ours: NDArray[np.uint32], our_ptr: NDArray[np.uint32], b: Parts, theirs: NDArray[np.uint32],
    their_ptr: NDArray[np.uint32], first: int, last: int, table: Spellings, known: Known,
    weights: NDArray[np.float64], links: Links,
) -> tuple[float, int, int]:  # fmt: skip
    """Compare every name of a subject with the names `first` up to `last` of another.

    Name n is the parts `ours[our_ptr[n]:our_ptr[n + 1]]`.  Returns the bits of the
    best pair and its places, the first of equals; the places are -1 when there is none.
    """
    best, at, other_at = 0.0, -1, -1
    for name in range(len(our_ptr) - 1):
        for other in range(first, last):
            mine, their = ours[our_ptr[name] : our_ptr[name + 1]], theirs[their_ptr[other] : their_ptr[other + 1]]
            compare_names(a, mine, b, their, table, known, weights, links)
            bits = name_bits(links, weights)
            if at < 0 or bits > best:
                best, at, other_at = bits, name, other
    return best, at, other_at
