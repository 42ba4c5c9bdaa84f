"""How are the inner loops compiled: by numba, free of the interpreter's lock, kept on disk.

They also run uncompiled (NUMBA_DISABLE_JIT=1), so integers stay below 2**63.

Numba counts references to every array that a function is given, which may cost ten times
what such a loop does; those that make and return no arrays do without.  And numba keeps
a compiled function on disk until its own file changes, though the functions that it calls
are compiled into it: here it is kept until any file with inner loops changes.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Kernel = TypeVar("Kernel", bound=Callable[..., Any])
# An option that numba does not publish: "_nrt", its runtime, is what counts references.
MAKING_ARRAYS: dict[str, Any] = {"cache": True, "nogil": True}
OPTIONS = MAKING_ARRAYS | {"_nrt": False}
_MARKS = (b"\n@compiled\n", b"\n@inlined\n", b"\n@making_arrays\n")


def compiled(function: Kernel) -> Kernel:
    """Compile a function that neither makes nor returns an array, and keep the result on disk."""
    return cast(Kernel, _kept(numba.njit(**OPTIONS)(function)))


def making_arrays(function: Kernel) -> Kernel:
    """Compile a function that makes or returns arrays, and keep the result on disk."""
    return cast(Kernel, _kept(numba.njit(**MAKING_ARRAYS)(function)))


def inlined(function: Kernel) -> Kernel:
    """Compile a function so, into the function that calls it."""
    return cast(Kernel, _kept(numba.njit(**OPTIONS, forceinline=True)(function)))


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return the same array, not to be written: a loop is compiled once more for arrays that may be."""
    view = array.view()
    view.setflags(write=False)
    return view


def _kept(dispatcher: Any) -> Any:
    """Make a compiled function last on disk as long as all files with inner loops stay as they are."""
    if hasattr(dispatcher, "_cache"):
        dispatcher._cache._cache_file._source_stamp = stamp()
    return dispatcher


@cache
def stamp() -> str:
    """Return what changes with any file of this folder that has inner loops."""
    texts = [file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py"))]
    return sha256(b"".join(text for text in texts if any(mark in text for mark in _MARKS))).hexdigest()


@compiled
def as_int(value: Any) -> Any:
    """Return a number as int64: numba would make a float of a sum of signed and unsigned numbers."""
    return np.int64(value)


@compiled
def as_float(value: Any) -> Any:
    """Return a number as float64."""
    return np.float64(value)
