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
