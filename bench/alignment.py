"""How is a text spelt as another, correspondence by correspondence, at the least cost.

The engine's `spelling_bits` tells the cost only; to learn one must know the way, so here
the way is kept.  Compiled: every pair is aligned again in each round of learning.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.compiling import compiled

# (letters, spelt): a letter or two, or none, and up to three Latin letters.
Correspondence = tuple[str, str]
# Nothing that was seen costs as much.
UNLIKE = 9.0
MAX_LETTERS = 32
_NEVER = 1e9
_MOST_SPELT = 3


class Alignment(NamedTuple):
    """The bits of a spelling and the correspondences it consists of, in order."""

    bits: float
    steps: list[Correspondence]


class Aligner:
    """Aligns by a table of correspondences; a letter for any other costs UNLIKE."""

    def __init__(self, bits: Mapping[Correspondence, float]) -> None:
        self._code = {letter: number for number, letter in enumerate(sorted(set("".join(map("".join, bits)))), 1)}
        lines = sorted((self._coded(letters), self._coded(spelt), cost) for (letters, spelt), cost in bits.items())
        firsts = [letters[0] if letters else 0 for letters, _, _ in lines]
        self._start = np.searchsorted(firsts, np.arange(len(self._code) + 2)).astype(np.int64)
        self._letters = self._padded([letters for letters, _, _ in lines], 2)
        self._spelt = self._padded([spelt for _, spelt, _ in lines], _MOST_SPELT)
        self._sizes = np.array([(len(letters), len(spelt)) for letters, spelt, _ in lines], np.int64)
        self._bits = np.array([cost for _, _, cost in lines])
        self._least = np.zeros((MAX_LETTERS + 1, MAX_LETTERS + 1))
        self._back = np.zeros((MAX_LETTERS + 1, MAX_LETTERS + 1, 2), np.int64)

    def __call__(self, letters: str, spelt: str) -> Alignment:
        """Align two texts of at most MAX_LETTERS letters."""
        bits = align(
            np.frombuffer(self._coded(letters), np.uint8), np.frombuffer(self._coded(spelt), np.uint8),
            self._start, self._letters, self._spelt, self._sizes, self._bits, self._least, self._back,
        )  # fmt: skip
        steps, at, there = [], len(letters), len(spelt)
        while at or there:
            own, latin = self._back[at, there].tolist()
            steps.append((letters[at - own : at], spelt[there - latin : there]))
            at, there = at - own, there - latin
        return Alignment(bits, steps[::-1])

    def _coded(self, text: str) -> bytes:
        return bytes(self._code.get(letter, 0) for letter in text)

    @staticmethod
    def _padded(texts: list[bytes], size: int) -> NDArray[np.uint8]:
        return np.frombuffer(b"".join(text.ljust(size, b"\0") for text in texts), np.uint8).reshape(-1, size)


@compiled
def align(  # noqa: PLR0917  a table, two texts, and where to work
    source: NDArray[np.uint8],
    target: NDArray[np.uint8],
    start: NDArray[np.int64],
    letters: NDArray[np.uint8],
    spelt: NDArray[np.uint8],
    sizes: NDArray[np.int64],
    bits: NDArray[np.float64],
    least: NDArray[np.float64],
    back: NDArray[np.int64],
) -> float:
    """Return the least bits of spelling `source` as `target`; the sizes of the last step to a place go to `back`."""
    least[: len(source) + 1, : len(target) + 1] = _NEVER
    least[0, 0] = 0.0
    for at in range(len(source) + 1):
        for there in range(len(target) + 1):
            cost = least[at, there]
            _slip(at, there, len(source), len(target), cost, least, back)
            letter = source[at] if at < len(source) else 0
            for group in range(2):
                first = 0 if group == 0 else letter
                if group == 1 and letter == 0:
                    break
                for line in range(start[first], start[first + 1]):
                    own, latin = sizes[line]
                    if at + own > len(source) or there + latin > len(target):
                        continue
                    if _is_at(source, at, letters, line, own) and _is_at(target, there, spelt, line, latin):
                        _reach(at, there, own, latin, cost + bits[line], least, back)
    return least[len(source), len(target)]  # type: ignore[no-any-return]


@compiled
def _is_at(text: NDArray[np.uint8], at: int, wanted: NDArray[np.uint8], line: int, size: int) -> bool:
    for place in range(size):  # noqa: SIM110  a generator is not compiled
        if text[at + place] != wanted[line, place]:
            return False
    return True


@compiled
def _reach(
    at: int, there: int, own: int, latin: int, cost: float, least: NDArray[np.float64], back: NDArray[np.int64]
) -> None:
    if cost < least[at + own, there + latin]:
        least[at + own, there + latin] = cost
        back[at + own, there + latin, 0], back[at + own, there + latin, 1] = own, latin


@compiled
def _slip(
    at: int, there: int, size: int, other_size: int, cost: float, least: NDArray[np.float64], back: NDArray[np.int64]
) -> None:
    """Take a letter for any other, for none, or none for a letter."""
    if at < size and there < other_size:
        _reach(at, there, 1, 1, cost + UNLIKE, least, back)
    if at < size:
        _reach(at, there, 1, 0, cost + UNLIKE, least, back)
    if there < other_size:
        _reach(at, there, 0, 1, cost + UNLIKE, least, back)
