"""Which words of a sorted list are few edits away from another word, and how do two lists become one.

A list of n distinct words, in order of their bytes, a word's end before every letter:

    pool         uint8[]         the words, one after the other
    ptr          uint32[n + 1]   word w is pool[ptr[w]:ptr[w + 1]]
    shared       uint8[n]        how many letters w begins with that the word before it begins with
    following    uint32[n]       the next word that shares fewer letters with the one before it

The list is its own trie: `shared` is the depth at which a word branches off, and `following`
jumps over what hangs below a branch.  A word ends for this purpose before MARK; what
follows the mark only tells words apart that are compared alike.

An edit in the first half of a word leaves the other half as it is.  So a list is kept
backward too: forward are found the words whose edits come late, backward those whose edits
come early, and neither way has to follow every branch from its root.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.compiling import as_int, compiled, frozen, making_arrays

# The first 32 letters of a word are compared.
MAX_WORD = 32
MARK = 124
# Sets of states: one for each number of edits, and one for each half-done swap.
ROWS = 5


class Words(NamedTuple):
    """A list of words without what makes it a trie; see above."""

    pool: NDArray[np.uint8]
    ptr: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.ptr) - 1

    def text(self, place: int) -> str:
        """Return one word."""
        start, end = self.ptr[place : place + 2].tolist()
        return self.pool[start:end].tobytes().decode()


class Trie(NamedTuple):
    """A list of words that can be searched; see above."""

    pool: NDArray[np.uint8]
    ptr: NDArray[np.uint32]
    shared: NDArray[np.uint8]
    following: NDArray[np.uint32]


class Lexicon(NamedTuple):
    """A list of words both ways: word w of those written backward is word same[w] of the list, uint32[n]."""

    forward: Trie
    backward: Trie
    same: NDArray[np.uint32]


class Finding(NamedTuple):
    """Working arrays: the word asked for, `places` and `rows` of the automaton; the answer, each word twice at most."""

    letters: NDArray[np.uint8]
    places: NDArray[np.int64]
    rows: NDArray[np.int64]
    found: NDArray[np.int64]
    edits: NDArray[np.int64]


def make_finding(word_count: int) -> Finding:
    """Make working arrays for a list of so many words."""
    found, edits = np.empty((2, 2 * word_count + 2), np.int64)
    letters, places = np.zeros(MAX_WORD, np.uint8), np.zeros(256, np.int64)
    return Finding(letters, places, np.zeros((ROWS, MAX_WORD + 1), np.int64), found, edits)


def words_of(texts: Sequence[str]) -> Words:
    """Pack words that are in order."""
    encoded = [text.encode() for text in texts]
    sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
    return Words(np.frombuffer(b"".join(encoded), np.uint8), ends_of(sizes))


def order_of(text: str) -> bytes:
    """Return the bytes by which words are ordered.

    >>> sorted(["alia", "ali|x", "ali"], key=order_of)
    ['ali', 'ali|x', 'alia']
    """
    return text.encode().replace(b"|", b"\0")


def ends_of(sizes: NDArray[Any]) -> NDArray[np.uint32]:
    """Return where each of several things of these sizes begins, and the end: uint32[n + 1].

    >>> ends_of(np.array([2, 0, 1])).tolist()
    [0, 2, 2, 3]
    """
    ends = np.zeros(len(sizes) + 1, np.uint32)
    np.cumsum(sizes, out=ends[1:])
    return ends


@compiled
def resembling(words: Lexicon, word: NDArray[np.uint8], size: int, most: int, finding: Finding) -> int:
    """Find the words at most `most` (0-2) edits away from the first `size` letters of a word.

    An edit inserts, drops or replaces a letter or swaps two neighbours.  Returns how many
    are written to `finding.found` and `finding.edits`; a word may be there twice, of which
    the fewer edits are right.
    """
    early = (size + most) // 2 if most else size
    _write(word, size, 0, finding.letters)
    count = _walk(words.forward, size, most, early, max(most - 1, 0), finding, 0)
    if most == 0:
        return count
    _write(word, size, size - 1, finding.letters)
    end = _walk(words.backward, size, most, size - early, 0, finding, count)
    for place in range(count, end):
        finding.found[place] = words.same[finding.found[place]]
    return end


@compiled
def _write(word: NDArray[np.uint8], size: int, last: int, letters: NDArray[np.uint8]) -> None:
    """Write the first letters of a word: as it stands when `last` is 0, backward when it is the last of them."""
    for place in range(size):
        letters[abs(last - place)] = word[place]


@compiled
def _learn(letters: NDArray[np.uint8], size: int, places: NDArray[np.int64]) -> None:
    """Write where each letter stands in a word that is asked for: places int64[256], a bit for each place."""
    places[:] = 0
    for place in range(size):
        places[letters[place]] |= 1 << place


@compiled
def _letter(pool: NDArray[np.uint8], place: int, end: int) -> int:
    """Return the letter at a place, by order: nothing, the mark, the letters."""
    if place >= end:
        return -1
    return 0 if pool[place] == MARK else as_int(pool[place])


@making_arrays
def branches(pool: NDArray[np.uint8], ptr: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Return (shared, following) of words in order."""
    count = len(ptr) - 1
    shared, following = np.zeros(count, np.uint8), np.zeros(count, np.uint32)
    for word in range(1, count):
        start, before = as_int(ptr[word]), as_int(ptr[word - 1])
        longest = min(as_int(ptr[word + 1]) - start, start - before, MAX_WORD)
        same = 0
        while same < longest and pool[start + same] == pool[before + same] and pool[start + same] != MARK:
            same += 1
        shared[word] = same
    for word in range(count - 1, -1, -1):
        after = word + 1
        while after < count and shared[after] >= shared[word]:
            after = as_int(following[after])
        following[word] = after
    return shared, following


@compiled
def _order(pool: NDArray[np.uint8], start: int, end: int, word: NDArray[np.uint8], size: int) -> int:
    """Tell whether a word of a list comes before (-1), among (0) or after (1) those that begin with some letters."""
    for place in range(size):
        letter, wanted = _letter(pool, start + place, end), as_int(word[place])
        if letter != wanted:
            return -1 if letter < wanted else 1
    return 0


@compiled
def _beginning(trie: Trie, word: NDArray[np.uint8], size: int, order: int) -> int:
    """Return the first word of which `_order` tells this order or a later one."""
    pool, ptr = trie.pool, trie.ptr
    first, end = 0, len(trie.shared)
    while first < end:
        middle = (first + end) >> 1
        if _order(pool, as_int(ptr[middle]), as_int(ptr[middle + 1]), word, size) < order:
            first = middle + 1
        else:
            end = middle
    return first


@compiled
def _walk(trie: Trie, size: int, most: int, early: int, few: int, finding: Finding, count: int) -> int:
    """Find words of one direction, of whose edits at most `few` are among the first `early` letters asked for.

    Writes them from place `count` on, and returns where they end.  An automaton reads along
    the trie: bit i of `none`, `one`, `two` says that i letters of the word asked for are
    read with that many edits; rows int64[ROWS, MAX_WORD + 1] keeps it for each depth.
    Source: Wu and Manber, "Fast text searching allowing errors" (1992), with the swap of
    Hyyrö (2003).
    """
    pool, ptr, shared, following = trie.pool, trie.ptr, trie.shared, trie.following
    word, places, rows = finding.letters, finding.places, finding.rows
    _learn(word, size, places)
    whole = (1 << (size + 1)) - 1
    # A swap may reach one letter into those that are as they stand.
    same = 0 if few else early - 1 if most else size
    first, last = _beginning(trie, word, same, 0), _beginning(trie, word, same, 1)
    place = first
    late = whole & ~((1 << early) - 1)
    for_one = (late if few < 1 else whole) if most >= 1 else 0
    for_two = (late if few < 2 else whole) if most >= 2 else 0
    rows[:, 0] = 0
    rows[0, 0], rows[1, 0], rows[2, 0] = 1, 3 & for_one, 7 & for_two
    while place < last:
        depth, start = as_int(shared[place]) if place > first else 0, as_int(ptr[place])
        length = min(as_int(ptr[place + 1]) - start, MAX_WORD)
        none, one, two = rows[0, depth], rows[1, depth], rows[2, depth]
        swap, swap_more = rows[3, depth], rows[4, depth]
        is_alive = True
        while depth < length and is_alive:
            letter = pool[start + depth]
            if letter == MARK:
                break
            match = places[letter]
            next_none, next_one, next_two = (none & match) << 1, 0, 0
            if most >= 1:
                next_one = ((one & match) << 1 | none | none << 1 | next_none << 1 | (swap & match) << 2) & for_one
                swap, match_before = none & match >> 1, match >> 1
                if most >= 2:
                    next_two = (two & match) << 1 | one | one << 1 | next_one << 1 | (swap_more & match) << 2
                    swap_more = one & match_before
            none, one, two = next_none & whole, next_one, next_two & for_two
            depth += 1
            rows[0, depth], rows[1, depth], rows[2, depth] = none, one, two
            rows[3, depth], rows[4, depth] = swap, swap_more
            is_alive = none | one | two | swap | swap_more != 0
        place += 1
        if not is_alive:
            while place < last and shared[place] >= depth:
                place = as_int(following[place])
        elif (none | one | two) >> size & 1:
            finding.found[count] = place - 1
            finding.edits[count] = 0 if none >> size & 1 else 1 if one >> size & 1 else 2
            count += 1
    return count


def backward(words: Words) -> tuple[Words, NDArray[np.uint32]]:
    """Return the words written backward, as far as they are compared, in order, and which word each is."""
    letters, sizes = _turned(frozen(words.pool), frozen(words.ptr))
    order = np.argsort(letters.view(f"S{MAX_WORD}").ravel(), kind="stable")
    letters, sizes = letters[order], sizes[order]
    pool = letters[np.arange(MAX_WORD) < sizes[:, None]]
    return Words(pool, ends_of(sizes)), order.astype(np.uint32)


@making_arrays
def _turned(pool: NDArray[np.uint8], ptr: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the letters of each word that are compared, the last first: uint8[n, MAX_WORD], and how many."""
    count = len(ptr) - 1
    letters, sizes = np.zeros((count, MAX_WORD), np.uint8), np.zeros(count, np.int64)
    for word in range(count):
        start, size = as_int(ptr[word]), 0
        end = min(as_int(ptr[word + 1]), start + MAX_WORD)
        while start + size < end and pool[start + size] != MARK:
            size += 1
        for place in range(size):
            letters[word, place] = pool[start + size - 1 - place]
        sizes[word] = size
    return letters, sizes


@making_arrays
def _merge_order(
    pool: NDArray[np.uint8], ptr: NDArray[np.uint32], other_pool: NDArray[np.uint8], other_ptr: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], int]:
    """Return the places that the words of two lists take in one, and how many there are in it."""
    size, other_size = len(ptr) - 1, len(other_ptr) - 1
    place, other_place = np.empty(size, np.uint32), np.empty(other_size, np.uint32)
    first, second, count = 0, 0, 0
    while first < size or second < other_size:
        order = 0
        if first == size:
            order = 1
        elif second == other_size:
            order = -1
        else:
            at, end = as_int(ptr[first]), as_int(ptr[first + 1])
            other, other_end = as_int(other_ptr[second]), as_int(other_ptr[second + 1])
            one, two = _letter(pool, at, end), _letter(other_pool, other, other_end)
            while one == two and one >= 0:
                at, other = at + 1, other + 1
                one, two = _letter(pool, at, end), _letter(other_pool, other, other_end)
            order = -1 if one < two else 1 if one > two else 0
        if order <= 0:
            place[first] = count
            first += 1
        if order >= 0:
            other_place[second] = count
            second += 1
        count += 1
    return place, other_place, count


@making_arrays
def gather(values: NDArray[Any], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[Any]:
    """Return several stretches of an array, one after the other."""
    gathered = np.empty(np.sum(sizes), values.dtype)
    at = 0
    for place in range(len(starts)):
        for value in range(starts[place], starts[place] + sizes[place]):
            gathered[at] = values[value]
            at += 1
    return gathered


def taken(words: Words, places: NDArray[np.int64]) -> Words:
    """Return some words of a list, in the order given."""
    starts = words.ptr.astype(np.int64)
    sizes = np.diff(starts)[places]
    return Words(gather(frozen(words.pool), starts[:-1][places], sizes), ends_of(sizes))


def merged(lists: Sequence[Words]) -> tuple[Words, list[NDArray[np.uint32]]]:
    """Return one list of all words, and for each list the places its words have in it."""
    first = (lists[0], [np.arange(len(lists[0]), dtype=np.uint32)])
    return reduce(_merged, lists[1:], first)


def _merged(before: tuple[Words, list[NDArray[np.uint32]]], other: Words) -> tuple[Words, list[NDArray[np.uint32]]]:
    words, places = before
    place, other_place, count = _merge_order(*(frozen(array) for some in (words, other) for array in some))
    sources = np.empty(count, np.int64)
    sources[other_place] = np.arange(len(other)) + len(words)
    sources[place] = np.arange(len(words))
    both = Words(
        np.concatenate([words.pool, other.pool]),
        np.concatenate([words.ptr, other.ptr[1:] + words.ptr[-1]]),
    )
    return taken(both, sources), [*(place[old] for old in places), other_place]
