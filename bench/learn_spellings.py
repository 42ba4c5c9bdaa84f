"""Learn how letters are spelt: `python -m bench.learn_spellings DATA OUT.csv`.

DATA is a folder with `names/wd_<script>.tsv` and `names/ar_en_google.tsv`: single names in
Latin letters and in another script, with how often they were seen.  OUT.csv becomes
`src/liaison/engine/spellings.csv`.  Names that `bench.datasets` holds out for testing are
left out.

A correspondence is a letter or two of the script, or none, and up to three Latin letters.
Of each script, in ROUNDS rounds:

1. every pair is aligned as cheaply as the correspondences known so far allow (at first: the
   plain spelling of each letter, dropped letters, added vowels);
2. pairs that cost more bits a letter than NOISE are thrown away: translations, other names;
3. what was used is counted, and so is every two neighbours taken as one, at half weight, so
   that "sh" or "ou" can be found; pairs count as their names are frequent, but at most fourfold;
4. the bits of a correspondence become the surprise of spelling its letters so; what was seen
   less than SEEN times, or in less than a share RARE of the cases, is forgotten.

For Latin against Latin the pairs are names that share a spelling in another script.
Doubled Latin letters are written once, but for Latin against Latin.

The bits in the table are those beyond the usual spelling of the letters.  A correspondence
that others together say as well, within SPARE bits, is left out.  What no pair shows is set
by hand: letters of Persian, Urdu, Pashto, Kazakh and Ukrainian among others, all of Greek
(`letters_by_hand.csv`: the usual spelling first, each further one a bit dearer), and digits
that look like letters.  What passports and laws write costs STANDARD bits at most, however seldom
the pairs show it (`letters_of_standards.csv`: ICAO Doc 9303, the Bulgarian law, Ukrainian and Serbian use).
"""

import csv
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bench.alignment import MAX_LETTERS, UNLIKE, Aligner, Correspondence
from bench.datasets import Pair, is_held_out
from bench.pairs import named, sample
from liaison.engine.fold import fold_name, fold_parts
from liaison.engine.parts import plain
from liaison.engine.scripts import Script, letters_of
from liaison.engine.spelling import LATIN_LETTERS

BY_HAND = Path(__file__).with_name("letters_by_hand.csv")
OF_STANDARDS = Path(__file__).with_name("letters_of_standards.csv")
FILES = {
    "arabic": ("wd_arabic.tsv", "ar_en_google.tsv"),
    "cyrillic": ("wd_russian.tsv",),
    "hebrew": ("wd_hebrew.tsv",),
    "katakana": ("wd_katakana.tsv",),
    "hangul": ("wd_korean.tsv",),
    "han": ("wd_chinese.tsv",),
}
# Of these, names spelt alike in the script are taken for spellings of one Latin name.
OF_LATIN = ("arabic", "cyrillic", "hebrew")
ROUNDS = 7
NOISE = (4.5, 3.0, 2.2)
SEEN = 6.0
RARE = 0.012
RARE_LATIN = 0.004
RARE_ADDED = 0.002
MOST_NAMES = 50_000
MOST_OF_ONE = 4
# A pair of letters that are both spelt as cheaply as this needs no line of its own.
PLAIN = 2.5
SPARE = 0.8
# A letter for another that costs nearly what any does needs no line either.
NEARLY_UNLIKE = 1.5
DROPPED = 5.0
STANDARD = 1.0
# The same Latin spelling says more than the most usual other one.
OTHERWISE = 0.5
# Native Arabic names come without a count: they weigh as if seen so often.
UNCOUNTED = 8
_VOWELS = "aeiouy"
_DIGITS = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "g", "8": "b", "9": "g"}
_DIGIT_BITS = 3.0
Bits = dict[Correspondence, float]


class Name(NamedTuple):
    """A name in letters of a script and in Latin ones, and its weight."""

    letters: str
    latin: str
    weight: float


def main(data: Path, out: Path) -> None:
    """Write the table."""
    lines: list[tuple[str, str, str, str]] = []
    for script, bits in tables(data / "names"):
        lines += [(script, letters, spelt, f"{cost:.1f}") for (letters, spelt), cost in sorted(bits.items())]
        print(script, len(bits), flush=True)
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("script", "letters", "spelt", "bits"), *lines])


def tables(folder: Path) -> Iterator[tuple[str, Bits]]:
    """Yield script by script what each correspondence costs."""
    by_hand, of_standards = _by_hand(), _read(OF_STANDARDS)
    read = {
        script: [name for file in files for name in names(folder / file, script)] for script, files in FILES.items()
    }
    of_latin = relative(learn(_latin_pairs(read), RARE_LATIN))
    yield "latin", spared({pair: max(cost, OTHERWISE) for pair, cost in of_latin.items()}) | _digits()
    for script, found in read.items():
        learned = spared(relative(learn([_undoubled(name) for name in found], RARE)))
        known = {letter for letters, _ in learned for letter in letters}
        unseen = {pair: bits for pair, bits in by_hand[script].items() if pair[0] not in known}
        standard = {pair: min(learned.get(pair, STANDARD), STANDARD) for pair in of_standards[script]}
        yield script, learned | unseen | standard
    yield "greek", by_hand["greek"] | {("", letter): 6.0 + (letter != "h") for letter in "haeiou"}


def names(file: Path, script: str) -> list[Name]:
    """Return the names of a file, those held out for testing left out."""
    found = [_name(line.split("\t"), script) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [name for name in found if name and max(len(name.letters), len(name.latin)) <= MAX_LETTERS - 8]


def _name(columns: list[str], script: str) -> Name | None:
    latin, other = (columns[0], columns[1]) if columns[0][:1] < "\u0250" else (columns[1], columns[0])
    other = other.replace(" ", "")
    seen = int(columns[2]) if len(columns) > 2 else UNCOUNTED
    letters, spelt = _letters(other, script), "".join(fold_name(latin))
    if not letters or not spelt or is_held_out(Pair(named(latin), named(other), True, latin)):
        return None
    return Name(letters, spelt, min(float(MOST_OF_ONE), max(1.0, math.log2(seen + 1))))


def _letters(text: str, script: str) -> str:
    """Return a name in the letters by which the engine compares it: of Chinese characters the reading."""
    if script == "han":
        return "".join(plain(part) for part in fold_parts(text))
    return "".join(letter for letter in letters_of(text, Script(script)) if letter.isalpha() or letter == "ー")


def _undoubled(name: Name) -> Name:
    return name._replace(latin=re.sub(r"(.)\1+", r"\1", name.latin))


def _latin_pairs(read: dict[str, list[Name]]) -> list[Name]:
    """Return pairs of Latin names that are spelt alike in another script, at most four of one spelling."""
    pairs = []
    for script in OF_LATIN:
        alike: dict[str, list[str]] = defaultdict(list)
        for name in read[script]:
            alike[name.letters].append(name.latin)
        for spellings in alike.values():
            both = [(one, other) for one in spellings for other in spellings if one != other]
            pairs += [Name(one, other, 1.0) for one, other in sample(both, MOST_OF_ONE, "\t".join)]
    return pairs


def learn(found: list[Name], rare: float) -> Bits:
    """Return the surprise of each correspondence, in bits."""
    often = {letter for letter, count in Counter("".join(name.letters for name in found)).items() if count > SEEN}
    usable = [name for name in found if set(name.letters) <= often]
    chosen = sample(usable, MOST_NAMES, lambda name: f"{name.letters}\t{name.latin}")
    neighbours = Counter(one + other for name in chosen for one, other in pairwise(name.letters))
    bits = _first_guess(often)
    for place in range(ROUNDS):
        used = _aligned(chosen, bits, NOISE[min(place, len(NOISE) - 1)])
        share = len(used) / len(chosen)
        counts = _counted(used, bits, is_last=place == ROUNDS - 1)
        bits = _surprise(counts, {pair: count * share for pair, count in neighbours.items()}, rare)
    return bits


def _first_guess(letters: set[str]) -> Bits:
    """Return a start: each letter as it is plainly spelt, or part of that, or not at all; vowels are added."""
    bits: Bits = {("", vowel): 2.0 for vowel in _VOWELS} | {("", "h"): DROPPED}
    for letter in letters:
        bits[letter, ""] = DROPPED
        spelt = "".join(fold_name(letter)) or ""
        for size in range(1, min(3, len(spelt)) + 1):
            bits[letter, spelt[:size]] = 1.0 + len(spelt) - size
    return bits


def _aligned(found: list[Name], bits: Bits, noise: float) -> list[tuple[float, list[Correspondence]]]:
    """Return weight and steps of the pairs that are no noise."""
    align = Aligner(bits)
    aligned = [(name, align(name.letters, name.latin)) for name in found]
    return [
        (name.weight, way.steps) for name, way in aligned if way.bits <= noise * (len(name.letters) + len(name.latin))
    ]


def _counted(used: list[tuple[float, list[Correspondence]]], bits: Bits, *, is_last: bool) -> Counter[Correspondence]:
    """Count what was used, and before the last round also neighbours taken as one."""
    counts: Counter[Correspondence] = Counter()
    for weight, steps in used:
        for step in steps:
            counts[step] += weight  # type: ignore[assignment]  # counts are weighed
        for first, second in pairwise(steps) if not is_last else ():
            joined = first[0] + second[0], first[1] + second[1]
            if _may_be_one(joined, first, second, bits):
                counts[joined] += weight / 2  # type: ignore[assignment]  # counts are weighed
    return counts


def _may_be_one(joined: Correspondence, first: Correspondence, second: Correspondence, bits: Bits) -> bool:
    letters, spelt = joined
    if not 0 < len(letters) <= 2 or not 0 < len(spelt) <= 3:
        return False
    are_plain = max(bits.get(first, UNLIKE), bits.get(second, UNLIKE)) < PLAIN
    return not (first[0] and second[0] and first[1] and second[1] and are_plain)


def _surprise(counts: Counter[Correspondence], neighbours: dict[str, float], rare: float) -> Bits:
    """Return the bits of spelling letters so, of all the ways that they were spelt."""
    ways: Counter[str] = Counter()
    for (letters, _), count in counts.items():
        ways[letters] += count
    bits = {}
    for (letters, spelt), count in counts.items():
        among = max(neighbours.get(letters, 0.0), ways[letters]) if len(letters) == 2 else float(ways[letters])
        share = count / (among + 1) if letters else count / counts.total()
        if count >= SEEN and share >= (rare if letters else RARE_ADDED):
            bits[letters, spelt] = -math.log2(share)
    return bits


def relative(bits: Bits) -> Bits:
    """Return the bits beyond those of the usual spelling of the same letters."""
    usual: dict[str, float] = {}
    for (letters, _), cost in bits.items():
        usual[letters] = min(cost, usual.get(letters, math.inf))
    for letters in [letters for letters in usual if len(letters) == 2]:
        usual[letters] = min(usual[letters], sum(usual.get(letter, 0.0) for letter in letters))
    usual[""] = 0.0
    return {pair: max(cost - usual[pair[0]], 0.0) for pair, cost in bits.items()}


def spared(bits: Bits) -> Bits:
    """Leave out, the dearest first, what the others together say as well."""
    kept = {pair: cost for pair, cost in bits.items() if cost < UNLIKE - NEARLY_UNLIKE}
    for pair in sorted(kept, key=lambda pair: (-len("".join(pair)), -kept[pair], pair)):
        if max(map(len, pair)) > 1 and _without(pair, kept) <= kept[pair] + SPARE:
            del kept[pair]
    return kept


def _without(pair: Correspondence, bits: Bits) -> float:
    """Return what the other correspondences need for these letters."""
    letters, spelt = pair
    cost: Callable[[Correspondence], float] = partial(_cost, bits)
    ways = [
        cost((letters[:own], spelt[:latin])) + _rest((letters[own:], spelt[latin:]), bits)
        for own in range(len(letters) + 1)
        for latin in range(len(spelt) + 1)
        if 0 < own + latin < len(letters) + len(spelt)
    ]
    return min(ways)


def _rest(pair: Correspondence, bits: Bits) -> float:
    return min(_cost(bits, pair), _without(pair, bits) if len("".join(pair)) > 1 else UNLIKE)


def _cost(bits: Bits, pair: Correspondence) -> float:
    is_slip = len(pair[0]) <= 1 and len(pair[1]) <= 1
    return bits.get(pair, UNLIKE if is_slip else math.inf)


def _by_hand() -> dict[str, Bits]:
    """Read the letters that no pair shows: a further spelling is a bit dearer, none at all costs DROPPED."""
    bits = _read(BY_HAND)
    for some in bits.values():
        some |= {(letters, ""): DROPPED for letters, _ in list(some) if len(letters) == 1}
    return bits


def _read(file: Path) -> dict[str, Bits]:
    """Read a file of letters and their spellings: each costs its place in the line."""
    bits: dict[str, Bits] = defaultdict(dict)
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for place, spelt in enumerate(row["spellings"].split()):
                bits[row["script"]][row["letters"], spelt] = float(place)
    return bits


def _digits() -> Bits:
    """Return every Latin letter as itself, and the digits that look like letters."""
    alike = [(digit, letter) for digit, letters in _DIGITS.items() for letter in letters]
    both = {pair: _DIGIT_BITS for digit, letter in alike for pair in ((digit, letter), (letter, digit))}
    return {(letter, letter): 0.0 for letter in LATIN_LETTERS} | both


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
