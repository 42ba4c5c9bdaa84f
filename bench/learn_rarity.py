"""Learn how common the parts of names are: `python -m bench.learn_rarity DATA OUT.csv`.

DATA is a folder with `names/wd_<script>.tsv` (single names with a count), `lists/ofac_sdn.csv`
and `screening/clean_persons.csv`; `src/liaison/engine/rarity.py` names their sources.  Each kind of
source is scaled to parts per million and weighs a third, so that no list decides alone.

Lists that mostly Europe and America wrote make rare names of the world's commonest: nobody shares
more names than the Nguyen do.  Of names borne by many millions `commonest_names.csv` says by how
many, in round figures known to everybody; the greater of both counts.
"""

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from liaison.engine.fold import fold_name, is_minor

SCRIPTS = ("arabic", "hebrew", "katakana", "korean", "russian", "chinese")
SHARES = (0.34, 0.33, 0.33)
ROWS = 3000
COMMONEST = Path(__file__).parent / "commonest_names.csv"
# So many millions of people have so many parts each.
_MILLIONS, _PARTS_EACH = 8000, 2.5


def main(data: Path, out: Path) -> None:
    """Write the commonest folded parts, per million, commonest first."""
    sources = (_encyclopedia(data), _parts(_listed(data)), _parts(_clean(data)))
    total: defaultdict[str, float] = defaultdict(float)
    for source, share in zip(sources, SHARES, strict=True):
        scale = share * 1_000_000 / source.total()
        for part, count in source.items():
            total[part] += count * scale
    for part, frequency in _commonest():
        total[part] = max(total[part], frequency)
    rows = sorted(((part, round(count)) for part, count in total.items() if len(part) > 1 and not is_minor(part)),
                  key=lambda row: (-row[1], row[0]))  # fmt: skip
    out.write_text("part,per_million\n" + "".join(f"{part},{count}\n" for part, count in rows[:ROWS]), encoding="ascii")


def _commonest() -> Iterator[tuple[str, float]]:
    """Yield names borne by many, and how many of a million parts of names they are."""
    with COMMONEST.open(encoding="ascii", newline="") as file:
        for row in csv.DictReader(file):
            yield row["part"], float(row["millions"]) * 1e6 / (_MILLIONS * _PARTS_EACH)


def _encyclopedia(data: Path) -> Counter[str]:
    """Count single names; a name that stands in several scripts' files counts once, as in its largest."""
    counts: Counter[str] = Counter()
    for script in SCRIPTS:
        own: Counter[str] = Counter()
        for line in (data / "names" / f"wd_{script}.tsv").read_text(encoding="utf-8").splitlines():
            name, _, number = line.split("\t")
            parts = fold_name(name)
            if len(parts) == 1:
                own[parts[0]] += int(number)
        counts |= own
    return counts


def _listed(data: Path) -> Iterable[str]:
    with (data / "lists" / "ofac_sdn.csv").open(encoding="latin-1", newline="") as file:
        yield from (row[1] for row in csv.reader(file) if len(row) > 2 and row[2].strip() == "individual")


def _clean(data: Path) -> Iterable[str]:
    with (data / "screening" / "clean_persons.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["full_name"] for row in csv.DictReader(file))


def _parts(names: Iterable[str]) -> Counter[str]:
    return Counter(part for name in names for part in fold_name(name))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
