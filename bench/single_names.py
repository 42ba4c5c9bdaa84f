"""Pairs of single names: in Latin against another script, and against the two nearest other names in that script.

A line is `latin<TAB>letters with spaces between<TAB>count` (`wd_<script>.tsv`), or the other way round and
without a count (`ar_en_google.tsv`).  The nearest are sought among the BLOCK names that a name was drawn with: among
all of a file, two "others" often are the same name spelt twice, and nobody could tell.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.pairs import Pair, named, nearest, sample

BLOCK = 500
_Name = tuple[str, str]


def pairs(file: Path, size: int) -> list[Pair]:
    """Return at most `size` right pairs, and their negatives."""
    lines = dict.fromkeys(_read(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    chosen = sample(lines, size, "\t".join)
    blocks = (chosen[start : start + BLOCK] for start in range(0, len(chosen), BLOCK))
    return [pair for block in blocks for pair in _of_block(block)]


def _of_block(names: Sequence[_Name]) -> Iterator[Pair]:
    forms: dict[str, set[str]] = defaultdict(set)
    for latin, other in names:
        forms[latin].add(other)
    pool = list(forms)

    def is_other(query: int, place: int) -> bool:
        return not forms[names[query][0]] & forms[pool[place]]

    found = nearest([latin for latin, _ in names], pool, is_other)
    for (latin, other), places in zip(names, found, strict=True):
        yield Pair(named(latin), named(other), True, latin)
        for place in places:
            yield Pair(named(latin), named(min(forms[pool[place]])), False, latin)


def _read(line: str) -> _Name:
    first, second, *_ = line.split("\t")
    latin, other = (first, second) if first[0] < "\u0250" else (second, first)
    return latin, other.replace(" ", "")
