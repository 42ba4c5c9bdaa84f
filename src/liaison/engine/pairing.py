"""What do two parts of names have in common: counted, not yet weighed for good.

Compiled.  Two parts agree as the same, as an initial, as a nickname or as two spellings of
one name; two parts written as one may agree with a third.  What was found is written as
numbers of COUNTS, of which the first OF_A_PAIR are about a pair of parts.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.compiling import as_float, as_int, compiled, inlined
from liaison.engine.lettering import INITIAL, KIN, Parts
from liaison.engine.parts import Known
from liaison.engine.spelling import LATIN, MAX_LETTERS, SCRIPTS, Spellings, spelling_bits

COUNTS = (
    "letters",
    "rarity",
    "common",
    "spelling",
    "transliterated",
    "syllables",
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
(LETTERS, RARITY, COMMON, SPELLING, TRANSLITERATED, SYLLABLES, IS_INITIAL, NICKNAME, DIVIDED, MINOR_PART) = range(10)
(FURTHER, DIFFERENT, MISSING, MISSING_OF_FEW, MISSING_FIRST, OTHER_ORDER, OTHER_DESCENT) = range(10, 17)
OF_A_PAIR = 10
MAX_LINKS = 24
_MAX_TRIED = 4096
_MOST_RARITY = 24.0
# What one part in 4,096 is, or more, is common.
_COMMON_BITS = 12.0
_SYLLABIC = (SCRIPTS.index("han"), SCRIPTS.index("hangul"))
# Parts of Latin names whose consonants differ by more kinds than this are not spellings of one name.
_OTHER_SOUNDS = 3
_OTHER_SOUNDS_JOINED = 2
# A part that two parts make has so many letters, and about as many as both.
_LEAST_JOINED = 4
_JOINED_APART = 3
_JOINED_APART_ACROSS = 6
_MOST_BITS_JOINED = 30.0


class Links(NamedTuple):
    """Working arrays of one thread, and the answer: the links that were chosen.

    first, second   int64[4096]        the parts that stand for each other, as bit masks
    counted         float64[4096, 10]   what the pair was counted as, of COUNTS
    gain            float64[4096]      what it says, in bits
    chosen          int64[24]          places of the links that were chosen
    total           float64[17]        all that was counted
    rows            float32[3, 65]     for `spelling_bits`
    one, other      uint8[64]          the two spellings compared
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
    )


class Scales(NamedTuple):
    """The tables that a comparison reads, and its working arrays."""

    table: Spellings
    known: Known
    weights: NDArray[np.float64]
    links: Links


@compiled
def bits_in(value: int) -> int:
    """Count the bits that are set."""
    count = 0
    while value:
        value &= value - 1
        count += 1
    return count


@inlined
def gain_of(links: Links, at: int, weights: NDArray[np.float64]) -> float:
    """Return the bits of what was counted of a pair."""
    gain = 0.0
    for count in range(OF_A_PAIR):
        gain += links.counted[at, count] * weights[count]
    return gain


@inlined
def count_pair(
    a: Parts, name: NDArray[np.uint32], a_bare: bool, b: Parts, j: int, b_bare: bool, scales: Scales, at: int
) -> bool:
    """Count at place `at` of `links` what two parts have in common; False when they are plainly different.

    `name` holds the number of the first part, alone; `a_bare` and `b_bare`: a name has nothing but
    particles and titles, so they count as parts.
    """
    counted, i = scales.links.counted, name[0]
    for count in range(OF_A_PAIR):
        counted[at, count] = 0.0
    if (a.role[i] <= KIN and not a_bare) or (b.role[j] <= KIN and not b_bare):
        counted[at, MINOR_PART] = 1.0
        return _is_same(a, i, b, j)
    if a.role[i] == INITIAL or b.role[j] == INITIAL:
        counted[at, IS_INITIAL] = 1.0
        return bool(a.latin[i, 0] == b.latin[j, 0])
    _count_rarity(counted, min(a.rarity[i], b.rarity[j]), at)
    if (a.script[i] == LATIN) != (b.script[j] == LATIN):
        return _count_across(a, name, b, j, scales, at)
    counted[at, LETTERS] = 0.5 * (as_int(a.latin_size[i]) + as_int(b.latin_size[j]))
    if a.script[i] == b.script[j] and _is_same(a, i, b, j):
        return True
    return _count_plain(a, name, b, j, scales, at)


@inlined
def _count_rarity(counted: NDArray[np.float64], rarity: float, at: int) -> None:
    """Count how rare a part is; and of a part that many people have how much commoner it is."""
    counted[at, RARITY] = min(rarity, _MOST_RARITY)
    counted[at, COMMON] = max(_COMMON_BITS - rarity, 0.0)


@inlined
def _is_same(a: Parts, i: int, b: Parts, j: int) -> bool:
    """Tell whether two parts have the same plain spelling."""
    size = as_int(a.latin_size[i])
    if size != b.latin_size[j]:
        return False
    for place in range(size):  # noqa: SIM110  a generator is not compiled
        if a.latin[i, place] != b.latin[j, place]:
            return False
    return True


@inlined
def _count_plain(a: Parts, name: NDArray[np.uint32], b: Parts, j: int, scales: Scales, at: int) -> bool:
    """Count two plain spellings: as a nickname, where that says more, or as spellings of one name."""
    counted, weights, i = scales.links.counted, scales.weights, name[0]
    is_latin = a.script[i] == LATIN and b.script[j] == LATIN
    is_nickname = is_latin and _is_among(scales.known.nicknames, as_int(a.known[i]), as_int(b.known[j]))
    if is_latin and not is_nickname and bits_in(a.sound[i] ^ b.sound[j]) > _OTHER_SOUNDS:
        return False
    limit = _limit(scales, at)
    bits = _bits_between(a, name, b, j, scales, limit)
    if is_nickname and bits * -weights[SPELLING] > counted[at, LETTERS] * weights[LETTERS] - weights[NICKNAME]:
        counted[at, NICKNAME], counted[at, LETTERS] = 1.0, 0.0
        return True
    counted[at, SPELLING] = bits
    return bits < limit


@inlined
def _count_across(a: Parts, name: NDArray[np.uint32], b: Parts, j: int, scales: Scales, at: int) -> bool:
    """Count a part in Latin letters and one in another script; their usual spelling costs nothing."""
    counted, i = scales.links.counted, name[0]
    counted[at, TRANSLITERATED] = 1.0
    counted[at, SYLLABLES] = _is_of_syllables(as_int(a.script[i]), as_int(b.script[j]))
    counted[at, LETTERS] = a.latin_size[i] if a.script[i] == LATIN else b.latin_size[j]
    if _is_among(scales.known.spellings, as_int(a.known[i]), as_int(b.known[j])):
        return True
    counted[at, SPELLING] = -as_float(a.usual[i] + b.usual[j])
    limit = _limit(scales, at)
    bits = _bits_between(a, name, b, j, scales, limit)
    counted[at, SPELLING] += bits
    return bits < limit


@inlined
def _is_of_syllables(script: int, other: int) -> float:
    """Return 1 where one script writes syllables, of which there are few: many names share each."""
    return 1.0 if script in _SYLLABIC or other in _SYLLABIC else 0.0


@compiled
def _limit(scales: Scales, at: int) -> float:
    """Return the bits of spelling from which on two parts are better left apart."""
    room = gain_of(scales.links, at, scales.weights) - scales.weights[DIFFERENT]
    return as_float(room / -scales.weights[SPELLING])  # type: ignore[no-any-return]


@compiled
def _is_among(pairs: NDArray[np.int64], first: int, second: int) -> bool:
    if first == 0 or second == 0:
        return False
    wanted = first << 16 | second
    place = np.searchsorted(pairs, wanted)
    return bool(place < len(pairs) and pairs[place] == wanted)


@compiled
def _bits_between(a: Parts, name: NDArray[np.uint32], b: Parts, j: int, scales: Scales, limit: float) -> float:
    """Return the bits between the spelling of the parts of `name`, written as one, and that of part `j`.

    They are those of the script that is not Latin, or the lesser of both ways.
    """
    if limit <= 0.0:
        return max(limit, 0.0)
    one, other, table, rows = scales.links.one, scales.links.other, scales.table, scales.links.rows
    script, other_script, latin = as_int(a.script[name[0]]), as_int(b.script[j]), as_int(LATIN)
    size = start = as_int(0)
    if script != LATIN and other_script == LATIN:
        for part in name:
            size = _write(one, size, a.source, a.source_size, part)
        other_size = _undoubled(other, _write(other, start, b.latin, b.latin_size, j))
        return spelling_bits(script, one, size, other, other_size, table, rows, limit)
    for part in name:
        size = _write(one, size, a.latin, a.latin_size, part)
    if script == LATIN and other_script != LATIN:
        other_size = _write(other, start, b.source, b.source_size, j)
        return spelling_bits(other_script, other, other_size, one, _undoubled(one, size), table, rows, limit)
    other_size = _write(other, start, b.latin, b.latin_size, j)
    there = spelling_bits(latin, one, size, other, other_size, table, rows, limit)
    return min(there, spelling_bits(latin, other, other_size, one, size, table, rows, there))


@compiled
def _write(to: NDArray[np.uint8], start: int, letters: NDArray[np.uint8], sizes: NDArray[np.uint8], part: int) -> int:
    """Write the letters of a part from `start` on; return where they end."""
    size = as_int(sizes[part])
    for place in range(size):
        to[start + place] = letters[part, place]
    return start + size  # type: ignore[no-any-return]


@compiled
def _undoubled(letters: NDArray[np.uint8], size: int) -> int:
    """Leave of each doubled letter one, as the table of other scripts has them; return how many."""
    count = 0
    for place in range(size):
        if count == 0 or letters[place] != letters[count - 1]:
            letters[count] = letters[place]
            count += 1
    return count


@compiled
def count_joined(a: Parts, name: NDArray[np.uint32], b: Parts, j: int, scales: Scales, at: int) -> bool:
    """Count parts written as one, a particle between them too, and a part of the other name.

    False when it does not pay to join them.
    """
    counted, size, rarity, usual = scales.links.counted, 0, 0.0, 0.0
    for part in name:
        size += as_int(a.latin_size[part])
        rarity += as_float(a.rarity[part]) if a.role[part] > KIN else 0.0
        usual += as_float(a.usual[part])
    script, other_script, other_size = as_int(a.script[name[0]]), as_int(b.script[j]), as_int(b.latin_size[j])
    for count in range(OF_A_PAIR):
        counted[at, count] = 0.0
    counted[at, DIVIDED] = 1.0
    _count_rarity(counted, min(rarity, as_float(b.rarity[j])), at)
    counted[at, LETTERS] = 0.5 * (size + other_size)
    if (script == LATIN) != (other_script == LATIN):
        counted[at, LETTERS], counted[at, TRANSLITERATED] = size if script == LATIN else other_size, 1.0
        counted[at, SYLLABLES] = _is_of_syllables(script, other_script)
        counted[at, SPELLING] = -(usual + as_float(b.usual[j]))
    limit = min(_limit(scales, at), _MOST_BITS_JOINED)
    bits = _bits_between(a, name, b, j, scales, limit)
    counted[at, SPELLING] += bits
    return bits < limit


@compiled
def may_be_one(a: Parts, name: NDArray[np.uint32], b: Parts, j: int) -> bool:
    """Tell whether parts written as one are about as long as another and sound like it: few are."""
    size, source_size, sound, script = 0, 0, 0, a.script[name[0]]
    for part in name:
        size += as_int(a.latin_size[part])
        source_size += as_int(a.source_size[part])
        sound |= a.sound[part]
        if a.script[part] != script:
            return False
    if max(size, source_size) > MAX_LETTERS or b.latin_size[j] < _LEAST_JOINED:
        return False
    apart = abs(size - as_int(b.latin_size[j]))
    if script != b.script[j]:
        return bool(apart <= _JOINED_APART_ACROSS)
    return bool(apart <= _JOINED_APART and bits_in(sound ^ b.sound[j]) <= _OTHER_SOUNDS_JOINED)
