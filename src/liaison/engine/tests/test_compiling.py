"""How the inner loops are compiled."""

import subprocess
import sys
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


_A_DAY = """
from pathlib import Path
from tempfile import TemporaryDirectory
import numpy as np
from liaison.engine import candidates, exact, lexicon, naming, patterns, rescoring, vocabulary
from liaison.engine.index import Index, warm_up
from liaison.engine.types import Item, Subject
from liaison.engine.writer import IndexWriter

LOOPS = (candidates.search_names, exact._places_of, lexicon.gather, lexicon._merge_order, naming.best_names,
         patterns._find, rescoring.weigh_subjects, vocabulary.postings)

def compiled():
    return [len(loop.signatures) for loop in LOOPS]

warm_up()
before = compiled()
people = [Subject(("Zofia Kowalska",), ("1984-01-02",), "F", ("PL",)), Subject(("محمد علي",), ("1984",))]
allowed = np.ones(1, bool)
with TemporaryDirectory() as folder:
    with IndexWriter(Path(folder)) as writer:
        for number in range(1, 6):
            items = [Item(10 * number + at, 10 * number + at, 0, 99, (b"k",), one) for at, one in enumerate(people)]
            writer.apply(items, 10 * number + 9)
            writer.publish()
        writer.flush()
        writer.publish()
    index = Index(Path(folder))
    for name in ("Zofia Kowalska", "Mohammed"):
        assert index.search(Subject((name,)), allowed, 0).candidates
    index.find_exact([b"k"] * 9, allowed, 0)
    index.find_like([b"k*"], allowed, 0)
print(before == compiled(), sum(before) >= len(LOOPS))
"""


@pytest.mark.skipif(not is_compiled, reason="NUMBA_DISABLE_JIT is set: nothing is compiled")
def test_nothing_is_compiled_any_more_once_the_engine_is_warm() -> None:
    done = subprocess.run(  # noqa: S603  our own text
        [sys.executable, "-c", _A_DAY], capture_output=True, text=True, timeout=300, check=False
    )

    assert done.stdout == "True True\n", done.stderr
