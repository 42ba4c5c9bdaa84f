"""Which names has a nation, and how common is each: lists written by hand for measuring (`nations/*.txt`).

A line is `key: words`; a word is `name[:in its own letters][=percent]`, and `_` stands for a space.  Words without
a percentage share what is left as Zipf's law has it, the first ten times as common as the tenth.  `tail` percent of the
people have a family name made of one of `roots` and one of `endings`: thousands of rare names, as in life.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.spelling import Word

_FOLDER = Path(__file__).parent / "nations"
_LISTS = ("male", "female", "middle")
_RULES = ("feminine", "father_male", "father_female")
Rules = tuple[tuple[str, str], ...]


class Names(NamedTuple):
    """Words and how the people are spread over them: `cumulated` ends at 1."""

    words: tuple[Word, ...]
    cumulated: NDArray[np.float64]

    def draw(self, count: int, random: np.random.Generator) -> list[Word]:
        places = np.searchsorted(self.cumulated, random.random(count), side="right")
        return [self.words[place] for place in places.tolist()]


class Nation(NamedTuple):
    """The names of one group of people, and how a whole name is put together of them."""

    name: str
    writing: str
    weight: float
    nationalities: dict[str, float]
    orders: dict[str, float]
    lists: dict[str, Names]
    rules: dict[str, Rules]


@cache
def nations() -> tuple[Nation, ...]:
    """Return all nations, by name."""
    return tuple(_read(file) for file in sorted(_FOLDER.glob("*.txt")))


def _read(file: Path) -> Nation:
    lines = (line.partition(":") for line in file.read_text(encoding="utf-8").splitlines() if line)
    told = {key: value.strip() for key, _, value in lines}
    lists: dict[str, Names] = {key: _names(told[key].split()) for key in _LISTS if key in told}
    if "family" in told:
        lists["family"] = _with_tail(told)
    return Nation(
        file.stem,
        told["writing"],
        float(told["weight"]),
        _shares(told["nationalities"].split()),
        {order: share for part in told["orders"].split("|") for order, share in [_order(part)]},
        lists,
        {key: _rules(told[key]) for key in _RULES if key in told},
    )


def _shares(words: Iterable[str]) -> dict[str, float]:
    return {name: float(share) for name, _, share in (word.partition("=") for word in words)}


def _order(text: str) -> tuple[str, float]:
    share, _, order = text.strip().partition("=")
    return order, float(share)


def _rules(text: str) -> Rules:
    """Read `ending>new ending` in the order in which they are tried; an empty ending is always found."""
    return tuple((old, new) for old, _, new in (rule.partition(">") for rule in text.split()))


def word_of(text: str) -> Word:
    source, _, own = text.replace("_", " ").partition(":")
    return Word(source, own)


def _names(texts: list[str], share: float = 100.0) -> Names:
    """Spread `share` percent over the words, what is told first; the sum is made 1."""
    told = [text.partition("=")[::2] for text in texts]
    given = sum(float(percent) for _, percent in told if percent)
    loose = [place for place, (_, percent) in enumerate(told) if not percent]
    weights: NDArray[Any] = np.array([float(percent or 0) for _, percent in told])
    ranks = np.arange(1, len(loose) + 1) + 9
    weights[loose] = max(share - given, 0) / ranks / (1 / ranks).sum() if loose else 0
    return Names(tuple(word_of(text) for text, _ in told), np.cumsum(weights) / weights.sum())


def _with_tail(told: dict[str, str]) -> Names:
    """Return the family names: the listed ones, and those made of roots and endings, each as common as the other."""
    tail = float(told.get("tail", 0))
    listed = _names(told["family"].split(), 100 - tail)
    if not tail:
        return listed
    roots, endings = ([word_of(part) for part in told[key].split()] for key in ("roots", "endings"))
    made = tuple(Word(root.source + end.source, root.own + end.own) for root in roots for end in endings)
    cumulated = np.concatenate([listed.cumulated * (1 - tail / 100), 1 - tail / 100 + tail / 100 * _even(len(made))])
    return Names(listed.words + made, cumulated)


def _even(count: int) -> NDArray[np.float64]:
    return np.arange(1, count + 1) / count
