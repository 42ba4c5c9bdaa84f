"""How does a kernel reach arrays by one number instead of taking each as an argument.

To hand over an array costs a call from Python more than the look-up itself.  Whoever
passes an address keeps the arrays behind it alive.
"""

import ctypes
from typing import Any, cast

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray


def _pointer_compiled(_typing: Any, _address: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(types.voidptr))

    return types.voidptr(types.int64), generate


def _pointer(address: Any) -> ctypes.c_void_p:
    return ctypes.c_void_p(int(address))


# Uncompiled, `carray` takes the pointers of ctypes.
as_pointer: Any = _pointer if cast(Any, numba.config).DISABLE_JIT else intrinsic(_pointer_compiled)


def addresses_of(*arrays: NDArray[Any]) -> NDArray[np.int64]:
    """Return address and length of each array, one after the other: int64[2n]."""
    return np.array([number for array in arrays for number in (array.ctypes.data, len(array))], dtype=np.int64)
