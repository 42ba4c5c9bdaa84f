"""Under which 63-bit number is a key filed.

SipHash-1-3, which Python itself uses for its dictionaries: whoever feeds records
cannot make many keys share a number, as with plainer functions.  The highest bit is
dropped so that every number fits int64.

Source: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF" (2012).
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from liaison.engine.compiling import as_int, compiled

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

BITS = 63


def _wrapping(function: Kernel) -> Kernel:
    """Compile a kernel whose unsigned numbers are meant to overflow; uncompiled, numpy must not warn of it."""
    if cast(Any, numba.config).DISABLE_JIT:
        return np.errstate(over="ignore")(function)
    return compiled(function)


@_wrapping
def _rotated(number: Any, bits: int) -> Any:
    return (number << np.uint64(bits)) | (number >> np.uint64(64 - bits))


@_wrapping
def _mixed(a: Any, b: Any, c: Any, d: Any) -> Any:
    """Return the four numbers of the state after one round."""
    a = a + b
    b = _rotated(b, 13) ^ a
    a = _rotated(a, 32)
    c = c + d
    d = _rotated(d, 16) ^ c
    a = a + d
    d = _rotated(d, 21) ^ a
    c = c + b
    b = _rotated(b, 17) ^ c
    c = _rotated(c, 32)
    return a, b, c, d


@_wrapping
def _hash_of(text: Any, first: int, size: int) -> Any:
    """Return the hash of `size` bytes from a place on."""
    a, b = np.uint64(0x736F6D6570736575), np.uint64(0x646F72616E646F6D)
    c, d = np.uint64(0x6C7967656E657261), np.uint64(0x7465646279746573)
    whole = size - size % 8
    for start in range(first, first + whole, 8):
        word = np.uint64(0)
        for place in range(8):
            word |= np.uint64(text[start + place]) << np.uint64(8 * place)
        a, b, c, d = _mixed(a, b, c, d ^ word)
        a = a ^ word
    word = np.uint64(size & 255) << np.uint64(56)
    for place in range(size - whole):
        word |= np.uint64(text[first + whole + place]) << np.uint64(8 * place)
    a, b, c, d = _mixed(a, b, c, d ^ word)
    a, c = a ^ word, c ^ np.uint64(255)
    for _ in range(3):
        a, b, c, d = _mixed(a, b, c, d)
    return (a ^ b ^ c ^ d) >> np.uint64(1)


@_wrapping
def hash_key(key: bytes) -> int:
    """Return the number under which a key is filed, below 2**63."""
    number: int = as_int(_hash_of(key, 0, len(key)))
    return number


@_wrapping
def _many(text: NDArray[np.uint8], sizes: NDArray[np.int64], hashes: NDArray[np.uint64]) -> None:
    first = 0
    for place in range(len(sizes)):
        hashes[place] = _hash_of(text, first, sizes[place])
        first += sizes[place]


def hash_keys(keys: Sequence[bytes]) -> NDArray[np.uint64]:
    """Return the numbers of many keys: uint64[n]; several times faster than one after the other."""
    sizes = np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
    return hash_joined(np.frombuffer(b"".join(keys), dtype=np.uint8), sizes)


def hash_joined(text: NDArray[np.uint8], sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the numbers of keys that stand one after the other in a text, with so many bytes each: uint64[n]."""
    hashes = np.empty(len(sizes), dtype=np.uint64)
    _many(text, sizes, hashes)
    return hashes
