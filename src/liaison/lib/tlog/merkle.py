"""The Merkle tree of RFC 9162, section 2: hashes, proofs and their verification.

A hash is 32 bytes.  Entries have indices from 0; a tree of `size` entries has the root that
`root` gives.  `subtree(height, place)` is whatever tells the hash of the complete subtree over the
entries from place * 2**height on.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

Subtree = Callable[[int, int], bytes]
EMPTY_ROOT = sha256(b"").digest()


class NotProved(Exception):
    """A proof does not show what it should: something was changed, left out or exchanged."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return sha256(b"\1" + left + right).digest()


def root(size: int, subtree: Subtree) -> bytes:
    """Return the root over the first `size` entries."""
    return _over(0, size, subtree) if size else EMPTY_ROOT


def prove_entry(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes that show entry `index` in the tree of `size` entries, from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError(f"There is no entry {index} in a tree of {size}.")
    proof, start, end = [], 0, size
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            proof.append(_over(middle, end, subtree))
            end = middle
        else:
            proof.append(_over(start, middle, subtree))
            start = middle
    return proof[::-1]


def prove_entries(indices: Sequence[int], size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes that show many entries in the tree of `size` entries; the indices ascend.

    What the entries themselves do not tell of the tree, from left to right: the hash of each part without any of them.
    """
    _require_ascending(indices, size)
    proof: list[bytes] = []

    def go(start: int, end: int, low: int, high: int) -> None:
        if low == high:
            proof.append(_over(start, end, subtree))
        elif high - low < end - start:
            middle = start + _largest_power_below(end - start)
            cut = bisect_left(indices, middle, low, high)
            go(start, middle, low, cut)
            go(middle, end, cut, high)

    if size:
        go(0, size, 0, len(indices))
    return proof


def prove_growth(old_size: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes that show that a tree of `size` entries begins with the one of `old_size`."""
    if not 0 <= old_size <= size:
        raise ValueError(f"A tree of {size} entries cannot have grown out of one of {old_size}.")
    if old_size in (0, size):
        return []
    proof, start, end, is_whole = [], 0, size, True
    while old_size != end:
        middle = start + _largest_power_below(end - start)
        if old_size <= middle:
            proof.append(_over(middle, end, subtree))
            end = middle
        else:
            proof.append(_over(start, middle, subtree))
            start, is_whole = middle, False
    return ([] if is_whole else [_over(start, end, subtree)]) + proof[::-1]


def check_entry(index: int, size: int, leaf: bytes, expected: bytes, proof: Sequence[bytes]) -> None:
    """Raise NotProved unless the proof shows the entry of this hash in the tree of this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise NotProved(f"There is no entry {index} in a tree of {size}.")
    place, last, found = index, size - 1, leaf
    for hash_ in proof:
        if not last:
            raise NotProved("The proof is too long.")
        if place & 1 or place == last:
            found = node_hash(hash_, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hash_)
        place, last = place >> 1, last >> 1
    if last or found != expected:
        raise NotProved(f"Entry {index} is not the one in the tree of {size} entries.")


def check_entries(
    indices: Sequence[int], leaves: Iterable[bytes], size: int, expected: bytes, proof: Iterable[bytes]
) -> None:
    """Raise NotProved unless the entries of these hashes stand at these indices of the tree of this root."""
    try:
        _require_ascending(indices, size)
    except ValueError as error:
        raise NotProved(str(error)) from None
    own, others = iter(leaves), iter(proof)

    def go(start: int, end: int, low: int, high: int) -> bytes:
        if low == high:
            return _next(others)
        if end - start == 1:
            return _next(own)
        middle = start + _largest_power_below(end - start)
        cut = bisect_left(indices, middle, low, high)
        return node_hash(go(start, middle, low, cut), go(middle, end, cut, high))

    found = go(0, size, 0, len(indices)) if size else EMPTY_ROOT
    if next(own, None) or next(others, None):
        raise NotProved("The proof is too long.")
    if found != expected:
        raise NotProved(f"The entries are not those in the tree of {size} entries.")


def _require_ascending(indices: Sequence[int], size: int) -> None:
    before = -1
    for index in indices:
        if not before < index < size:
            raise ValueError(f"Entry {index} is out of order, or not in a tree of {size}.")
        before = index


def check_growth(old_size: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise NotProved unless the proof shows that one tree begins with the other (RFC 9162, 2.1.4.2)."""
    if old_size > size:
        raise NotProved(f"A tree of {size} entries cannot have grown out of one of {old_size}.")
    if old_size in (0, size):
        if proof or (old_size == size and old_root != new_root) or (old_size == 0 and old_root != EMPTY_ROOT):
            raise NotProved(f"The tree of {size} entries does not begin with the one of {old_size}.")
        return
    hashes = iter(proof)
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found = old_root if old_size & (old_size - 1) == 0 else _next(hashes)
    for hash_ in hashes:
        if not last:
            raise NotProved("The proof is too long.")
        if place & 1 or place == last:
            found_old, found = node_hash(hash_, found_old), node_hash(hash_, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hash_)
        place, last = place >> 1, last >> 1
    if last or (found_old, found) != (old_root, new_root):
        raise NotProved(f"The tree of {size} entries does not begin with the one of {old_size}.")


def _next(hashes: Iterator[bytes]) -> bytes:
    try:
        return next(hashes)
    except StopIteration:
        raise NotProved("The proof is too short.") from None


def _over(start: int, end: int, subtree: Subtree) -> bytes:
    """Return the hash over the entries from `start` before `end`; `start` is a multiple of a power of 2 that fits."""
    size = end - start
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return subtree(height, start >> height)
    middle = start + _largest_power_below(size)
    return node_hash(_over(start, middle, subtree), _over(middle, end, subtree))


def _largest_power_below(number: int) -> int:
    return 1 << ((number - 1).bit_length() - 1)
