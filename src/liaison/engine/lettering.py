"""What do the bytes of a part say: its letters in numbers, its script, what it is known as.

Compiled, since a search reads the parts of hundreds of candidates.  A part is a plain
spelling, or one followed by "|" and its own letters in UTF-8 (`fold.fold_parts`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine import scripts
from liaison.engine.compiling import as_int, compiled
from liaison.engine.spelling import LATIN, SCRIPTS, letter_codes, spellings

MAX_LETTERS = 32
MINOR, KIN, INITIAL, MAJOR = range(4)
HAN = SCRIPTS.index("han")
_MARK = ord("|")
_HASH_MASK = (1 << 53) - 1
_CODE_POINTS = 0x10000
_KIN = ("bin", "bint", "binti", "ben", "bn", "ibn", "ibnu")
# Consonants that are often written for each other share a bit; vowels and "h" have none.
_SOUNDS = ("bp", "fvw", "ckqgx", "dt", "szc", "l", "r", "mn", "j")


class Lettering(NamedTuple):
    """Tables by which parts are read.

    number   uint8[65536]   of a code point in its script, 0 for none
    script   uint8[65536]   place in `spelling.SCRIPTS`
    han      uint8[64]      of a Latin letter in the script of Chinese readings
    sound    int64[64]      the bits of a Latin letter
    usual    float32[S, 128]
    known    int64[n]       hashes of the spellings in the tables of nicknames and known spellings, in order
    kin      int64[7]       hashes of the particles that say whose child somebody is
    """

    number: NDArray[np.uint8]
    script: NDArray[np.uint8]
    han: NDArray[np.uint8]
    sound: NDArray[np.int64]
    usual: NDArray[np.float32]
    known: NDArray[np.int64]
    kin: NDArray[np.int64]


def hash_of(text: str) -> int:
    """Return the number by which a spelling is looked up.

    >>> hash_of("ali") != hash_of("ila")
    True
    """
    value = 0
    for byte in text.encode():
        value = (value * 257 + byte + 1) & _HASH_MASK
    return value


def make_lettering(known: NDArray[np.int64]) -> Lettering:
    """Return the tables, with the hashes of known spellings."""
    number, script = np.zeros(_CODE_POINTS, np.uint8), np.zeros(_CODE_POINTS, np.uint8)
    for place, name in enumerate(SCRIPTS):
        for code, letter in letter_codes(name).items():
            if name != "han":
                number[code], script[code] = letter, place
    latin = letter_codes("latin")
    han = np.zeros(64, np.uint8)
    sound = np.zeros(64, np.int64)
    for code, letter in letter_codes("han").items():
        han[latin[code]] = letter
    for place, letters in enumerate(_SOUNDS):
        for sounding in letters:
            sound[latin[ord(sounding)]] |= 1 << place
    kin = np.array(sorted(map(hash_of, _KIN)), np.int64)
    for first, last in scripts.HAN_RANGES:
        script[first : min(last + 1, _CODE_POINTS)] = HAN
    return _frozen(Lettering(number, script, han, sound, spellings().usual, known, kin))


def _frozen(lettering: Lettering) -> Lettering:
    for array in lettering:
        array.setflags(write=False)
    return lettering


class Parts(NamedTuple):
    """V distinct parts.

    latin       uint8[V, 32]  the plain spelling, in the numbers of `spelling.letter_codes`; latin_size uint8[V]
    script      uint8[V]      place in `spelling.SCRIPTS`
    source      uint8[V, 32]  its own letters in the numbers of its script; source_size uint8[V]
    rarity      float32[V]    bits: how much it says that two people share it
    role        uint8[V]      MINOR (a particle, a title), KIN (a particle: the child of), INITIAL or MAJOR
    sound       int64[V]      a bit for each consonant, coarsely
    known       int64[V]      number in the tables of nicknames and known spellings, 0 when it is in neither
    usual       float32[V]    bits that a spelling of its own letters costs on average
    """

    latin: NDArray[np.uint8]
    latin_size: NDArray[np.uint8]
    script: NDArray[np.uint8]
    source: NDArray[np.uint8]
    source_size: NDArray[np.uint8]
    rarity: NDArray[np.float32]
    role: NDArray[np.uint8]
    sound: NDArray[np.int64]
    known: NDArray[np.int64]
    usual: NDArray[np.float32]


def room_for(count: int) -> Parts:
    """Return arrays for so many parts."""
    return Parts(
        np.zeros((count, MAX_LETTERS), np.uint8),
        np.zeros(count, np.uint8),
        np.zeros(count, np.uint8),
        np.zeros((count, MAX_LETTERS), np.uint8),
        np.zeros(count, np.uint8),
        np.zeros(count, np.float32),
        np.zeros(count, np.uint8),
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros(count, np.float32),
    )


@compiled
def _hash(pool: NDArray[np.uint8], start: int, end: int) -> int:
    value = 0
    for place in range(start, end):
        value = (value * 257 + as_int(pool[place]) + 1) & _HASH_MASK
    return value


@compiled
def _number_among(hashes: NDArray[np.int64], wanted: int) -> int:
    """Return the place of a hash among hashes that are in order, from 1; 0 when it is not there."""
    place = np.searchsorted(hashes, wanted)
    return as_int(place) + 1 if place < len(hashes) and hashes[place] == wanted else 0


@compiled
def _read_source(pool: NDArray[np.uint8], start: int, end: int, at: int, parts: Parts, table: Lettering) -> None:
    """Read letters of another script: the first that the tables know decides which."""
    size, script, place = 0, LATIN, start
    while place < end and size < MAX_LETTERS:
        first = as_int(pool[place])
        width = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        point = first if width == 1 else first & (0xFF >> (width + 1))
        for following in range(1, width):
            point = point << 6 | as_int(pool[place + following]) & 0x3F
        place += width
        number, own = 0, HAN
        if point < _CODE_POINTS:
            number, own = as_int(table.number[point]), as_int(table.script[point])
        if script == LATIN:
            script = own
        if own != script:
            number = 0
        parts.source[at, size] = number
        size += 1
    parts.script[at], parts.source_size[at] = script, size


@compiled
def read_part(
    pool: NDArray[np.uint8], start: int, end: int, bits: float, is_minor: bool, at: int, parts: Parts, table: Lettering
) -> None:
    """Read the part pool[start:end] into place `at`."""
    size, place, sound = 0, start, 0
    while place < end and pool[place] != _MARK:
        if size < MAX_LETTERS:
            letter = as_int(table.number[pool[place]])
            parts.latin[at, size] = letter
            sound |= table.sound[letter]
            size += 1
        place += 1
    parts.latin_size[at], parts.sound[at], parts.rarity[at] = size, sound, bits
    parts.script[at], parts.source_size[at], parts.usual[at] = LATIN, 0, 0.0
    if place < end:
        _read_source(pool, place + 1, end, at, parts, table)
        if parts.script[at] == HAN:
            # The reading of Chinese characters stands in the plain spelling.
            parts.source_size[at] = size
            for letter in range(size):
                parts.source[at, letter] = table.han[parts.latin[at, letter]]
        usual = 0.0
        for letter in range(parts.source_size[at]):
            usual += table.usual[as_int(parts.script[at]), as_int(parts.source[at, letter])]
        parts.usual[at] = usual
    whole = _hash(pool, place + 1, end) if place < end else _hash(pool, start, end)
    parts.known[at] = _number_among(table.known, whole)
    if is_minor:
        parts.role[at] = KIN if _number_among(table.kin, _hash(pool, start, place)) else MINOR
    else:
        parts.role[at] = INITIAL if size == 1 else MAJOR


@compiled
def read_parts(
    pool: NDArray[np.uint8], ptr: NDArray[np.uint32], bits: NDArray[np.float32], minor: NDArray[np.bool_],
    parts: Parts, table: Lettering,
) -> None:  # fmt: skip
    """Read part n from pool[ptr[n]:ptr[n + 1]]."""
    for at in range(len(ptr) - 1):
        read_part(pool, as_int(ptr[at]), as_int(ptr[at + 1]), bits[at], minor[at], at, parts, table)
