"""How far is one spelling of a part from another, in bits.

A table of correspondences (`spellings.csv`) says how letters are usually spelt: that
the Arabic "خ" becomes "kh", sometimes "h"; that "ou" is often "u".  Its bits are the
surprise of a spelling beyond that of the usual one, so that the usual spelling costs
nothing.  `bench/learn_spellings.py` makes the table from pairs of spellings.

`letters` may be one letter or two of the script, `spelt` up to three Latin letters;
no `letters`: Latin letters that stand for nothing written; no `spelt`: a letter
that is not spelt.
"""

import csv
import string
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.kernels import compiled

TABLE = "spellings.csv"
SCRIPTS = ("latin", "arabic", "cyrillic", "greek", "hebrew", "katakana", "hangul", "han")
LATIN = 0
LETTERS = 128
LATIN_LETTERS = string.ascii_lowercase + string.digits
# A letter for another that nobody would write for it: a slip.
SLIP_BITS = 9.0
# More letters of one spelling than this are not compared: two parts joined fit.
MAX_LETTERS = 64
_LATIN_CODES = 64


class Spellings(NamedTuple):
    """The table as arrays, for S scripts; letters are numbers from 1, 0 is none.

    one      float32[S, 128, 64]  bits of spelling a letter as one Latin letter, or as none
    added    float32[S, 64]       bits of a Latin letter that stands for nothing
    start    int32[S, 129]        where the longer correspondences of a first letter begin
    second   uint8[n]             the second letter, 0 when there is none
    size     uint8[n]             how many Latin letters
    spelt    int32[n]             these, packed: first + 64 * second + 4096 * third
    bits     float32[n]
    usual    float32[S, 128]      bits that a spelling of the letter costs on average
    """

    one: NDArray[np.float32]
    added: NDArray[np.float32]
    start: NDArray[np.int32]
    second: NDArray[np.uint8]
    size: NDArray[np.uint8]
    spelt: NDArray[np.int32]
    bits: NDArray[np.float32]
    usual: NDArray[np.float32]


class Spelling(NamedTuple):
    """One line of the table."""

    script: str
    letters: str
    spelt: str
    bits: float


@cache
def read_spellings() -> tuple[Spelling, ...]:
    """Return the lines of the committed table."""
    text = resources.files(__package__).joinpath(TABLE).read_text("utf-8")
    rows = csv.reader(text.splitlines()[1:])
    return tuple(Spelling(script, letters, spelt, float(bits)) for script, letters, spelt, bits in rows)


@cache
def letter_codes(script: str) -> dict[int, int]:
    """Return the number of each letter of a script, by code point, for `str.translate`."""
    if script == "latin":
        known = list(LATIN_LETTERS)
    else:
        known = sorted({letter for line in read_spellings() if line.script == script for letter in line.letters})
    return {ord(letter): number for number, letter in enumerate(known, 1)}


def coded(text: str, script: str) -> bytes:
    """Return the numbers of the letters of a text, 0 for a letter that the table does not know."""
    codes = letter_codes(script)
    return bytes(codes.get(ord(letter), 0) for letter in text)


@cache
def spellings() -> Spellings:
    """Return the committed table as arrays."""
    one = np.full((len(SCRIPTS), LETTERS, _LATIN_CODES), SLIP_BITS, np.float32)
    added = np.full((len(SCRIPTS), _LATIN_CODES), SLIP_BITS, np.float32)
    longer = []
    for line in read_spellings():
        script = SCRIPTS.index(line.script)
        letters, spelt = coded(line.letters, line.script), coded(line.spelt, "latin")
        if not letters:
            added[script, spelt[0]] = line.bits
        elif len(letters) == 1 and len(spelt) <= 1:
            one[script, letters[0], spelt[0] if spelt else 0] = line.bits
        else:
            second = letters[1] if len(letters) == 2 else 0
            packed = sum(code << 6 * place for place, code in enumerate(spelt))
            longer.append((script * LETTERS + letters[0], second, len(spelt), packed, line.bits))
    return _arranged(one, added, sorted(longer))


def _arranged(
    one: NDArray[np.float32], added: NDArray[np.float32], longer: list[tuple[int, int, int, int, float]]
) -> Spellings:
    first, second, size, spelt, bits = (np.array(column) for column in zip(*longer, strict=True))
    edges = np.arange(len(SCRIPTS))[:, None] * LETTERS + np.arange(LETTERS + 1)[None, :]
    return Spellings(
        one,
        added,
        np.searchsorted(first, edges).astype(np.int32),
        second.astype(np.uint8),
        size.astype(np.uint8),
        spelt.astype(np.int32),
        bits.astype(np.float32),
        _usual(),
    )


def _usual() -> NDArray[np.float32]:
    """Return what the spellings of each letter cost on average, as often as each is written."""
    share = np.zeros((len(SCRIPTS), LETTERS))
    cost = np.zeros((len(SCRIPTS), LETTERS))
    for line in read_spellings():
        if len(line.letters) == 1 and line.script != "latin":
            place = SCRIPTS.index(line.script), coded(line.letters, line.script)[0]
            share[place] += 2.0**-line.bits
            cost[place] += 2.0**-line.bits * line.bits
    return (cost / np.maximum(share, 1.0)).astype(np.float32)


def usual_bits(source: bytes, script: int) -> float:
    """Return the bits that a spelling of these letters costs on average."""
    usual = spellings().usual[script]
    return float(sum(usual[letter] for letter in source))


@compiled
def spelling_bits(
    script: int,
    source: NDArray[np.uint8],
    source_size: int,
    target: NDArray[np.uint8],
    target_size: int,
    table: Spellings,
    rows: NDArray[np.float32],
    limit: float,
) -> float:
    """Return the least bits of spelling `source`, letters of a script, as `target`, Latin letters.

    At least `limit` is returned for what costs more.  `rows` is float32[3, 64] to work in.
    """
    one, added, start = table.one, table.added, table.start
    second, size, spelt, bits = table.second, table.size, table.spelt, table.bits
    rows[:, : target_size + 1] = limit
    rows[0, 0] = 0.0
    for place in range(source_size + 1):
        row, below, later = rows[place % 3], rows[(place + 1) % 3], rows[(place + 2) % 3]
        letter = np.int64(source[place]) if place < source_size else 0
        following = np.int64(source[place + 1]) if place + 1 < source_size else -1
        swapped = script == LATIN and following > 0
        first_longer, end_longer = start[script, letter], start[script, letter + 1]
        least = limit
        for at in range(target_size + 1):
            cost = row[at]
            if cost >= limit:
                continue
            least = min(least, cost)
            left = target_size - at
            now = np.int64(target[at]) if left else 0
            if left:
                row[at + 1] = min(row[at + 1], cost + added[script, now])
            if place == source_size:
                continue
            below[at] = min(below[at], cost + one[script, letter, 0])
            if not left:
                continue
            below[at + 1] = min(below[at + 1], cost + one[script, letter, now])
            two = now + (np.int64(target[at + 1]) << 6) if left > 1 else -1
            three = two + (np.int64(target[at + 2]) << 12) if left > 2 else -1
            if swapped and left > 1 and letter == target[at + 1] and following == now:
                later[at + 2] = min(later[at + 2], cost + SLIP_BITS)
            for line in range(first_longer, end_longer):
                count = np.int64(size[line])
                if spelt[line] != (now if count == 1 else two if count == 2 else three):
                    continue
                if second[line] == 0:
                    below[at + count] = min(below[at + count], cost + bits[line])
                elif second[line] == following:
                    later[at + count] = min(later[at + count], cost + bits[line])
        if place < source_size:
            if least >= limit and later[: target_size + 1].min() >= limit and below[: target_size + 1].min() >= limit:
                return limit
            row[: target_size + 1] = limit
    return np.float64(rows[source_size % 3, target_size])
