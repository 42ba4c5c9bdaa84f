"""The inner loops: compiled by numba, free of the interpreter's lock, also runnable uncompiled.

Everything here works on numbers and arrays.  Integers stay below 2**63, so that
the same code runs with NUMBA_DISABLE_JIT=1 without overflow.  The search for names is in
`candidates.py`: numba's cache on disk notices a change of the file of a kernel only, so
who changes a number here removes the cached kernels of that module too.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(function: Kernel) -> Kernel:
    """Compile without the interpreter's lock and keep the result on disk."""
    return cast(Kernel, numba.njit(cache=True, nogil=True)(function))


@compiled
def as_int(value: Any) -> Any:
    """Return a number as int64: numba would make a float of a sum of signed and unsigned numbers."""
    return np.int64(value)


@compiled
def as_float(value: Any) -> Any:
    """Return a number as float64."""
    return np.float64(value)


@compiled
def edit_closeness(edits: int, longest: int) -> float:
    """Return 0-1: how much of the evidence of a shared part remains after some edits.

    A transposed or wrong letter in a long part leaves more than in a short one.
    """
    if edits == 0:
        return 1.0
    if longest <= 3:
        return 0.25 if edits == 1 and longest == 3 else 0.0
    closeness = 1.0 - 2.5 * edits / longest
    return closeness if closeness >= 0.2 else 0.0


@compiled
def skeleton_closeness(size: int, edits: int, vowelless: bool) -> float:
    """Return 0-1 for two parts whose consonants agree; `vowelless` when one of them has no vowels to compare."""
    if edits == 1:
        return 0.4 if vowelless and size >= 4 else 0.0
    if edits > 1 or size < 2:
        return 0.0
    if vowelless:
        return 0.85 if size >= 4 else 0.75 if size == 3 else 0.5
    return 0.75 if size >= 4 else 0.45 if size == 3 else 0.0
