"""Collect names whose spelling is known as a whole: `python -m bench.learn_known DATA KNOWN.csv NICKNAMES.csv`.

KNOWN.csv becomes `src/liaison/engine/known.csv`: a name in its script and a Latin spelling that
was seen at least SEEN times in DATA/names/wd_<script>.tsv and that the letters can be spelt as
(names held out for testing left out), and what is written by hand in `known_names.csv`, the
commonest Arabic, Persian, Urdu, Hebrew and Russian names, from general knowledge.

NICKNAMES.csv becomes `src/liaison/engine/nicknames.csv`: the English ones of DATA/names/nicknames.csv
(carltonnorthern/nicknames, Apache-2.0), and what is written by hand in `nicknames_by_hand.csv`
for Russian, Ukrainian, Polish, Spanish, German, Italian and Arabic.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.alignment import MAX_LETTERS, Aligner
from bench.datasets import Pair, is_held_out
from bench.learn_spellings import FILES
from bench.pairs import named
from liaison.engine.fold import fold_name, fold_parts
from liaison.engine.parts import plain
from liaison.engine.spelling import read_spellings

HERE = Path(__file__).parent
SEEN = 10
# More bits for each Latin letter and one more: another name, a translation.
NOISE = 3.2
Row = tuple[str, ...]


def main(data: Path, known: Path, nicknames: Path) -> None:
    """Write both tables."""
    names = {row for script in FILES if script != "han" for row in _seen(data / "names", script)}
    _write(known, ("script", "letters", "spelt"), names | set(_by_hand(HERE / "known_names.csv")))
    by_hand = _rows(HERE / "nicknames_by_hand.csv")
    pairs = {(row["name"], nickname) for row in by_hand for nickname in row["nicknames"].split()}
    english = {
        (row["name1"], row["name2"])
        for row in _rows(data / "names" / "nicknames.csv")
        if row["relationship"] == "has_nickname"
    }
    folded = {(fold_name(name), fold_name(nickname)) for name, nickname in pairs | english}
    _write(nicknames, ("name", "nickname"), {(*one, *other) for one, other in folded if len(one) == len(other) == 1})


def _seen(folder: Path, script: str) -> Iterator[Row]:
    lines = [line for line in read_spellings() if line.script == script]
    align = Aligner({(line.letters, line.spelt): line.bits for line in lines})
    for file in FILES[script]:
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            latin, other, *seen = line.split("\t")
            if not seen or int(seen[0]) < SEEN:
                continue
            other = other.replace(" ", "")
            parts, letters = fold_name(latin), _letters(other)
            if len(parts) != 1 or not letters or is_held_out(Pair(named(latin), named(other), True, latin)):
                continue
            if max(len(letters), len(parts[0])) <= MAX_LETTERS and align(letters, parts[0]).bits <= NOISE * (
                len(parts[0]) + 1
            ):
                yield script, letters, parts[0]


def _letters(name: str) -> str:
    """Return the letters of a single name, of the last part when an article stands before it."""
    parts = [part.partition("|")[2] for part in fold_parts(name) if part != plain(part)]
    return parts[-1] if parts else ""


def _by_hand(file: Path) -> Iterator[Row]:
    for row in _rows(file):
        yield from ((row["script"], _letters(row["letters"]), spelt) for spelt in row["spellings"].split())


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _write(file: Path, header: Row, rows: Iterable[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as to:
        csv.writer(to, lineterminator="\n").writerows([header, *sorted(rows)])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
