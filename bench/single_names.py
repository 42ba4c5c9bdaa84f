"""Pairs of single names: in Latin against another script, and against the two nearest other names in that script.

A line is `latin<TAB>letters with spaces between<TAB>count` (`wd_<script>.tsv`), or the other way round and
without a count (`ar_en_google.tsv`).
"""

from collections import defaultdict
from pathlib import Path

from bench.pairs import Pair, named, nearest, sample


def pairs(file: Path, size: int) -> list[Pair]:
    """Return at most `size` right pairs and their negatives; the nearest are sought among all names of the file."""
    lines = [_read(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    forms: dict[str, set[str]] = defaultdict(set)
    for latin, other in lines:
        forms[latin].add(other)
    chosen = sample(dict.fromkeys(lines), size, "\t".join)
    pool = list(forms)
    found = nearest(
        [latin for latin, _ in chosen], pool, lambda query, place: not forms[chosen[query][0]] & forms[pool[place]]
    )
    made = []
    for (latin, other), places in zip(chosen, found, strict=True):
        made.append(Pair(named(latin), named(other), True, latin))
        made += [Pair(named(latin), named(min(forms[pool[place]])), False, latin) for place in places]
    return made


def _read(line: str) -> tuple[str, str]:
    first, second, *_ = line.split("\t")
    latin, other = (first, second) if first[0] < "\u0250" else (second, first)
    return latin, other.replace(" ", "")
