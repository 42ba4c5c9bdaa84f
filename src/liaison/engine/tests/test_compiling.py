"""How the inner loops are compiled."""

from typing import Any, cast

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from liaison.engine.compiling import OPTIONS, as_float, as_int, compiled, inlined, stamp

is_compiled = not cast(Any, numba.config).DISABLE_JIT


@inlined
def first_of(numbers: NDArray[np.int64]) -> int:
    return as_int(numbers[0])  # type: ignore[no-any-return]


@compiled
def sum_of(numbers: NDArray[np.int64]) -> int:
    total = first_of(numbers)
    for number in numbers[1:]:
        total += as_int(number)
    return total


def test_a_loop_gives_the_same_compiled_or_not() -> None:
    numbers = np.arange(10)

    assert sum_of(numbers) == 45
    assert as_int(3.0) == 3
    assert as_float(3) == 3.0


@pytest.mark.skipif(not is_compiled, reason="NUMBA_DISABLE_JIT is set: nothing is compiled")
def test_references_to_arrays_are_not_counted() -> None:
    afresh = cast(Any, numba.njit)(**OPTIONS | {"cache": False})(cast(Any, sum_of).py_func)

    afresh(np.arange(10))

    assert "NRT_incref" not in "".join(afresh.inspect_llvm().values())


@pytest.mark.skipif(not is_compiled, reason="NUMBA_DISABLE_JIT is set: nothing is compiled")
def test_what_is_kept_on_disk_is_kept_until_any_inner_loop_changes() -> None:
    assert cast(Any, sum_of)._cache._cache_file._source_stamp == stamp()
