"""The distinct parts of some names as arrays that can be compared, and which parts each name has.

A part is its plain spelling, for a part of another script followed by "|" and its own
letters: "mhmd|محمد".
"""

import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine import scripts
from liaison.engine.fold import MAX_PART, is_minor
from liaison.engine.rarity import LEGAL_FORM_BITS, Rarity, bits_of_part
from liaison.engine.spelling import LATIN, SCRIPTS, coded, usual_bits

NICKNAMES = "nicknames.csv"
KNOWN = "known.csv"
MINOR, KIN, INITIAL, MAJOR = range(4)
_KIN = frozenset("bin bint binti ben bn ibn ibnu".split())


class Parts(NamedTuple):
    """V distinct parts.

    latin       uint8[V, 32]  the plain spelling, in the numbers of `spelling.letter_codes`; latin_size uint8[V]
    script      uint8[V]      place in `spelling.SCRIPTS`
    source      uint8[V, 32]  its own letters in the numbers of its script; source_size uint8[V]
    rarity      float32[V]    bits: how much it says that two people share it
    role        uint8[V]      MINOR (a particle, a title), KIN (a particle: the child of), INITIAL or MAJOR
    sound       int64[V]      a bit for each consonant, coarsely
    known       uint16[V]     number in the tables of nicknames and known spellings, 0 when it is in neither
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
    known: NDArray[np.uint16]
    usual: NDArray[np.float32]


def plain(part: str) -> str:
    """Return the plain spelling of a part.

    >>> plain("mhmd|محمد"), plain("mohammed")
    ('mhmd', 'mohammed')
    """
    return part.partition("|")[0]


def make_parts(parts: Sequence[str], rarity: Rarity) -> Parts:
    """Return the arrays of some distinct parts."""
    spelt = [plain(part) for part in parts]
    scripts_of = [_script_of(part) for part in parts]
    latin, latin_size = _packed([coded(text, "latin") for text in spelt])
    sources = [_source(part, script)[:MAX_PART] for part, script in zip(parts, scripts_of, strict=True)]
    source, source_size = _packed(sources)
    return frozen(Parts(
        latin,
        latin_size,
        np.array(scripts_of, np.uint8),
        source,
        source_size,
        np.array([bits_of_part(text, rarity) for text in spelt], np.float32),
        np.array([_role(text, rarity) for text in spelt], np.uint8),
        np.array([_sound(text) for text in spelt], np.int64),
        np.array([_number(part, text) for part, text in zip(parts, spelt, strict=True)], np.uint16),
        np.array([usual_bits(text, script) for text, script in zip(sources, scripts_of, strict=True)], np.float32),
    ))


def frozen(parts: Parts) -> Parts:
    """Return the arrays, no longer to be written: kernels are compiled once for those in memory and mapped ones."""
    for array in parts:
        array.setflags(write=False)
    return parts


def _script_of(part: str) -> int:
    _, mark, letters = part.partition("|")
    return SCRIPTS.index(scripts.script_of(letters).value) if mark else LATIN


def _source(part: str, script: int) -> bytes:
    text, _, letters = part.partition("|")
    return coded(text if SCRIPTS[script] in ("latin", "han") else letters, SCRIPTS[script])


def _packed(texts: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    cut = [text[:MAX_PART] for text in texts]
    packed = np.frombuffer(b"".join(text.ljust(MAX_PART, b"\0") for text in cut), np.uint8).reshape(len(cut), MAX_PART)
    return packed, np.array([len(text) for text in cut], np.uint8)


def _number(part: str, text: str) -> int:
    return numbers_of_known().get(part.partition("|")[2] or text, 0)


def _role(text: str, rarity: Rarity) -> int:
    if is_minor(text) or bits_of_part(text, rarity) <= LEGAL_FORM_BITS:
        return KIN if text in _KIN else MINOR
    return INITIAL if len(text) == 1 else MAJOR


# Consonants that are often written for each other share a bit; vowels and "h" have none.
_BITS = {
    letter: 1 << place
    for place, letters in enumerate(("bp", "fvw", "ckqgx", "dt", "szc", "l", "r", "mn", "j"))
    for letter in letters
}


def _sound(text: str) -> int:
    sound = 0
    for letter in text:
        sound |= _BITS.get(letter, 0)
    return sound


def _rows(table: str) -> list[list[str]]:
    text = resources.files(__package__).joinpath(table).read_text("utf-8")
    return list(csv.reader(text.splitlines()[1:]))


@cache
def numbers_of_known() -> dict[str, int]:
    """Return a number from 1 for each spelling in the tables of nicknames and of known spellings."""
    nicknames = {name for row in _rows(NICKNAMES) for name in row}
    spellings = {name for _, letters, spelt in _rows(KNOWN) for name in (letters, spelt)}
    return {name: number for number, name in enumerate(sorted(nicknames | spellings), 1)}


class Known(NamedTuple):
    """Pairs of spellings as numbers, first * 65536 + second, both ways, in order: int64[n]."""

    nicknames: NDArray[np.int64]
    spellings: NDArray[np.int64]


@cache
def known() -> Known:
    """Return the pairs of the committed tables."""
    nicknames = [(name, nickname) for name, nickname in _rows(NICKNAMES)]
    return Known(_pairs(nicknames), _pairs([(letters, spelt) for _, letters, spelt in _rows(KNOWN)]))


def _pairs(names: list[tuple[str, str]]) -> NDArray[np.int64]:
    numbers = numbers_of_known()
    both = [(numbers[name], numbers[other]) for name, other in names]
    return np.unique(np.array([first << 16 | second for pair in both for first, second in (pair, pair[::-1])], np.int64))
