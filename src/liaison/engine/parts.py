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

from liaison.engine.fold import is_minor
from liaison.engine.lettering import Lettering, Parts, hash_of, make_lettering, read_parts, room_for
from liaison.engine.rarity import LEGAL_FORM_BITS, Rarity, bits_of_part

NICKNAMES = "nicknames.csv"
KNOWN = "known.csv"


def plain(part: str) -> str:
    """Return the plain spelling of a part.

    >>> plain("mhmd|محمد"), plain("mohammed")
    ('mhmd', 'mohammed')
    """
    return part.partition("|")[0]


def make_parts(texts: Sequence[str], rarity: Rarity) -> Parts:
    """Return the arrays of some distinct parts."""
    encoded = [text.encode() for text in texts]
    bits = [bits_of_part(plain(text), rarity) for text in texts]
    minor = [is_minor(plain(text)) or some <= LEGAL_FORM_BITS for text, some in zip(texts, bits, strict=True)]
    parts = room_for(len(texts))
    read_parts(
        np.frombuffer(b"".join(encoded), np.uint8),
        np.cumsum([0, *map(len, encoded)]).astype(np.uint32),
        np.array(bits, np.float32),
        np.array(minor, np.bool_),
        parts,
        lettering(),
    )
    return parts


@cache
def lettering() -> Lettering:
    """Return the tables by which parts are read."""
    return make_lettering(np.array(_hashes(), np.int64))


def _rows(table: str) -> list[list[str]]:
    text = resources.files(__package__).joinpath(table).read_text("utf-8")
    return list(csv.reader(text.splitlines()[1:]))


@cache
def _hashes() -> tuple[int, ...]:
    """Return the hashes of all spellings in the tables of nicknames and known spellings, in order."""
    nicknames = {name for row in _rows(NICKNAMES) for name in row}
    spellings = {name for _, letters, spelt in _rows(KNOWN) for name in (letters, spelt)}
    return tuple(sorted({hash_of(name) for name in nicknames | spellings}))


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
    number = {value: place for place, value in enumerate(_hashes(), 1)}
    there = np.array([(number[hash_of(name)], number[hash_of(other)]) for name, other in names], np.int64)
    both = np.concatenate((there, there[:, ::-1]))
    return np.unique(both[:, 0] << 16 | both[:, 1])
