"""Which rows have a text of which only a part is known: "WX ?23*", as a witness saw it.

`?` stands for one character, `*` for any number of them.  A shard holds its `t` texts
as they came; a search reads a number of 63 bits for each, and the few texts whose
number does not rule them out.  Arrays, about 26 bytes a plate:

    text_blob   uint8[], the UTF-8 of text t at text_ptr[t]:text_ptr[t + 1]
    text_ptr    uint32[t + 1]
    text_row    uint32[t]   whose text
    text_sign   int64[t]    which characters, and which neighbours, occur in it
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liaison.engine.compiling import as_int, compiled
from liaison.engine.segment import Arrays
from liaison.engine.types import Item, Removal

ONE, ANY = ord("?"), ord("*")
NAMES = ("text_blob", "text_ptr", "text_row", "text_sign")

# Bits of a number: ten digits, 26 capitals, two for small letters, which tell kinds of text apart, and pairs.
_CAPITALS, _SMALL, _PAIRS, _PAIR_BITS = 10, 36, 38, 25


def text_columns(changes: Sequence[Item | Removal]) -> dict[str, NDArray[Any]]:
    """Return the arrays of the texts of some changes, in their order."""
    several = [change.texts if isinstance(change, Item) else () for change in changes]
    texts = list(chain.from_iterable(several))
    columns: dict[str, NDArray[Any]] = {
        "text_blob": np.frombuffer(b"".join(texts), dtype=np.uint8),
        "text_ptr": np.cumsum([0, *map(len, texts)]).astype(np.uint32),
        "text_row": np.repeat(np.arange(len(changes), dtype=np.uint32), [len(some) for some in several]),
        "text_sign": np.empty(len(texts), dtype=np.int64),
    }
    _sign_all(columns["text_blob"], columns["text_ptr"], columns["text_sign"])
    return columns


def kept_texts(arrays: Arrays, keep: NDArray[np.bool_], row: NDArray[np.uint32]) -> dict[str, NDArray[Any]]:
    """Return the texts of the rows that are kept, bool[n], under the new numbers of their rows, uint32[n]."""
    kept = keep[arrays["text_row"]]
    sizes = np.diff(arrays["text_ptr"])
    return {
        "text_blob": arrays["text_blob"][np.repeat(kept, sizes)],
        "text_ptr": np.append(0, np.cumsum(sizes[kept], dtype=np.int64)).astype(np.uint32),
        "text_row": row[arrays["text_row"][kept]],
        "text_sign": arrays["text_sign"][kept],
    }


def joined_texts(several: Sequence[Mapping[str, NDArray[Any]]], starts: Sequence[int]) -> dict[str, NDArray[Any]]:
    """Put texts one after the other, whose rows now begin at `starts`."""
    sizes = np.concatenate([np.diff(columns["text_ptr"]) for columns in several])
    rows = [columns["text_row"] + np.uint32(start) for columns, start in zip(several, starts, strict=True)]
    return {
        "text_blob": np.concatenate([columns["text_blob"] for columns in several]),
        "text_ptr": np.append(0, np.cumsum(sizes, dtype=np.int64)).astype(np.uint32),
        "text_row": np.concatenate(rows),
        "text_sign": np.concatenate([columns["text_sign"] for columns in several]),
    }


def rows_like(arrays: Arrays, pattern: bytes) -> NDArray[np.int64]:
    """Return the rows that have a text like a pattern; a row comes as often as its texts are like it."""
    wanted = np.frombuffer(pattern, dtype=np.uint8)
    found = np.empty(len(arrays["text_row"]), dtype=np.int64)
    blob, ends, rows, signs = (arrays[name] for name in NAMES)
    return found[: _find(blob, ends, rows, signs, wanted, found)]


@compiled
def _bit_of(char: int) -> int:
    """Return the bit of a character, 0 for one that has none."""
    if 48 <= char <= 57:
        return 1 << (char - 48)
    if 65 <= char <= 90:
        return 1 << (_CAPITALS + char - 65)
    if 97 <= char <= 122:
        return 1 << (_SMALL + (char >> 1) % 2)
    return 0


@compiled
def _sign(text: NDArray[np.uint8], first: int, end: int) -> int:
    """Return the number of a text or of a pattern: the pattern's bits are among those of every text like it."""
    sign, before = 0, ANY
    for place in range(first, end):
        char: int = as_int(text[place])
        if char not in (ONE, ANY):
            sign |= _bit_of(char)
            if before not in (ONE, ANY):
                sign |= 1 << (_PAIRS + (before * 31 + char) % _PAIR_BITS)
        before = char
    return sign


@compiled
def _sign_all(blob: NDArray[np.uint8], ends: NDArray[np.uint32], signs: NDArray[np.int64]) -> None:
    for text in range(len(signs)):
        signs[text] = _sign(blob, as_int(ends[text]), as_int(ends[text + 1]))


@compiled
def _next(blob: NDArray[np.uint8], place: int, end: int) -> int:
    """Return where the character after the one at a place begins."""
    place += 1
    while place < end and blob[place] & 0xC0 == 0x80:
        place += 1
    return place


@compiled
def _is_like(pattern: NDArray[np.uint8], blob: NDArray[np.uint8], place: int, end: int) -> bool:
    """Say whether a text is like a pattern; what the last `*` takes grows until the rest fits."""
    at, star, taken = 0, -1, place
    while place < end:
        if at < len(pattern) and pattern[at] == ANY:
            star, taken = at, place
            at += 1
        elif at < len(pattern) and pattern[at] == ONE:
            at += 1
            place = _next(blob, place, end)
        elif at < len(pattern) and pattern[at] == blob[place]:
            at += 1
            place += 1
        elif star >= 0:
            taken = _next(blob, taken, end)
            at, place = star + 1, taken
        else:
            return False
    while at < len(pattern) and pattern[at] == ANY:
        at += 1
    return at == len(pattern)


@compiled
def _find(
    blob: NDArray[np.uint8],
    ends: NDArray[np.uint32],
    rows: NDArray[np.uint32],
    signs: NDArray[np.int64],
    pattern: NDArray[np.uint8],
    found: NDArray[np.int64],
) -> int:
    """Write the row of each text that is like a pattern; return how many there are."""
    needed, count = _sign(pattern, 0, len(pattern)), 0
    for text in range(len(signs)):
        if signs[text] & needed == needed and _is_like(pattern, blob, as_int(ends[text]), as_int(ends[text + 1])):
            found[count] = rows[text]
            count += 1
    return count
