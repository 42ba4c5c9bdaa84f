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

from liaison.engine.compiling import as_float, as_int, compiled, inlined

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
    start    int32[S, 128, 65]    where the longer correspondences of a first letter and a first Latin one begin
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
            first = (script * LETTERS + letters[0]) * _LATIN_CODES + spelt[0]
            longer.append((first, second, len(spelt), packed, line.bits))
    return _arranged(one, added, sorted(longer))


def _arranged(
    one: NDArray[np.float32], added: NDArray[np.float32], longer: list[tuple[int, int, int, int, float]]
) -> Spellings:
    first, second, size, spelt, bits = (np.array(column) for column in zip(*longer, strict=True))
    letters = np.arange(len(SCRIPTS) * LETTERS).reshape(len(SCRIPTS), LETTERS, 1)
    edges = letters * _LATIN_CODES + np.arange(_LATIN_CODES + 1)
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

    `limit` is returned for what costs as much or more.  `rows` is float32[3, 65] to work in:
    one row for the letter at hand, what it and the one after it lead to.
    """
    one, added, start, bits = table.one, table.added, table.start, table.bits
    most = np.float32(limit)
    rows[:, : target_size + 1] = most
    rows[0, 0] = 0.0
    row, below, later, was_reached = 0, 1, 2, True
    for place in range(source_size):
        letter = as_int(source[place])
        following = as_int(source[place + 1]) if place + 1 < source_size else -1
        is_reached = False
        for at in range(target_size + 1):
            cost = rows[row, at]
            rows[row, at] = most
            if cost >= most:
                continue
            is_reached = True
            rows[below, at] = min(rows[below, at], cost + one[script, letter, 0])
            if at == target_size:
                break
            now = as_int(target[at])
            rows[row, at + 1] = min(rows[row, at + 1], cost + added[script, now])
            rows[below, at + 1] = min(rows[below, at + 1], cost + one[script, letter, now])
            if following == now and script == LATIN and at + 1 < target_size and letter == target[at + 1]:
                rows[later, at + 2] = min(rows[later, at + 2], cost + np.float32(SLIP_BITS))
            for line in range(start[script, letter, now], start[script, letter, now + 1]):
                end = at + as_int(table.size[line])
                second = table.second[line]
                if (
                    end > target_size
                    or (second and second != following)
                    or not _is_next(table.spelt[line], target, at, end)
                ):
                    continue
                to = later if second else below
                rows[to, end] = min(rows[to, end], cost + bits[line])
        # A pair of letters leads past the next one: only two rows that nothing reached end it.
        if not is_reached and not was_reached:
            return limit
        row, below, later, was_reached = below, later, row, is_reached
    for at in range(target_size):
        rows[row, at + 1] = min(rows[row, at + 1], rows[row, at] + added[script, target[at]])
    return as_float(rows[row, target_size]) if rows[row, target_size] < most else limit


@inlined
def _is_next(spelt: int, target: NDArray[np.uint8], at: int, end: int) -> bool:
    """Tell whether the letters from `at` up to `end` are those packed; the first is known to be."""
    for place in range(at + 1, end):
        spelt >>= 6
        if target[place] != spelt & 63:
            return False
    return True
