"""Who is recorded and who travels, in invented people of many nations and scripts, as common as names are in life.

Drawn in blocks of BLOCK from a seed: block 7 is the same people however many blocks there are.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bench.nations import Nation, Rules, nations, word_of
from bench.spelling import SPELLERS, Word, latin, own
from liaison.engine.types import Sex, Subject

BLOCK = 10_000
# What records know: a whole date, year and month, the year, nothing.
_DATES = np.array([0.85, 0.02, 0.08, 0.05])
_BOTH_SCRIPTS, _OWN_ONLY = 0.25, 0.10
_PASSPORT_SPELLING = 0.7
_FIRST_DAY, _LAST_DAY = np.datetime64("1940-01-01"), np.datetime64("2007-12-31")


class Person(NamedTuple):
    """An invented person: the words of the name can be spelt by any standard of their writing."""

    nation: str
    writing: str
    words: tuple[Word, ...]
    standard: str
    born: str
    sex: Sex
    nationality: str

    @property
    def name(self) -> str:
        return latin(self.words, self.writing, self.standard)

    @property
    def own_name(self) -> str:
        """Return the name in its own letters, empty where those are Latin."""
        return own(self.words, self.writing)


def people(seed: int, block: int, count: int = BLOCK) -> list[Person]:
    """Draw the people of one block, in mixed order."""
    random = np.random.default_rng((seed, block))
    weights = np.array([nation.weight for nation in nations()])
    counts = random.multinomial(count, weights / weights.sum())
    drawn = [
        person
        for nation, size in zip(nations(), counts.tolist(), strict=True)
        for person in _of_nation(nation, size, random)
    ]
    return [drawn[place] for place in random.permutation(count).tolist()]


def people_of(name: str, seed: int, count: int) -> list[Person]:
    """Draw people of one nation."""
    [nation] = (one for one in nations() if one.name == name)
    return list(_of_nation(nation, count, np.random.default_rng((seed, len(name), count))))


def _of_nation(nation: Nation, count: int, random: np.random.Generator) -> Iterator[Person]:
    days = (_LAST_DAY - _FIRST_DAY).astype(int)
    born = np.datetime_as_string(_FIRST_DAY + random.integers(0, days, count)).tolist()
    standards = _standards(nation, count, random)
    countries = _pick(nation.nationalities, count, random)
    sexes = random.random(count) < 0.5
    names = _whole_names(nation, sexes.tolist(), random)
    for words, standard, day, is_male, country in zip(names, standards, born, sexes.tolist(), countries, strict=True):
        yield Person(nation.name, nation.writing, words, standard, day, "M" if is_male else "F", country)


def _standards(nation: Nation, count: int, random: np.random.Generator) -> list[str]:
    first, *others = SPELLERS[nation.writing]
    shares = {first: _PASSPORT_SPELLING if others else 1.0}
    return _pick(shares | {other: (1 - _PASSPORT_SPELLING) / len(others) for other in others}, count, random)


def _pick(shares: dict[str, float], count: int, random: np.random.Generator) -> list[str]:
    values = list(shares)
    weights = np.array(list(shares.values()))
    return [values[place] for place in random.choice(len(values), count, p=weights / weights.sum()).tolist()]


def _whole_names(nation: Nation, sexes: Sequence[bool], random: np.random.Generator) -> list[tuple[Word, ...]]:
    """Put the names of so many people together; each list is drawn from once for everybody."""
    orders = _pick(nation.orders, len(sexes), random)
    roles = {role for order in nation.orders for role in order.replace("+", " ").split() if not role.startswith("=")}
    drawn = {role: _drawn(nation, role, sexes, random) for role in sorted(roles)}
    return [_whole(order, {role: words[place] for role, words in drawn.items()}) for place, order in enumerate(orders)]


def _drawn(nation: Nation, role: str, sexes: Sequence[bool], random: np.random.Generator) -> list[Word]:
    """Draw for everybody the word that a role calls for."""
    count = len(sexes)
    if role in ("given", "second"):
        male, female = (nation.lists[sex].draw(count, random) for sex in ("male", "female"))
        return [man if is_male else woman for man, woman, is_male in zip(male, female, sexes, strict=True)]
    if role in ("father", "grandfather"):
        rules = [nation.rules.get(f"{role}_{sex}", ()) for sex in ("female", "male")]
        words = nation.lists["male"].draw(count, random)
        return [_changed(word, rules[is_male]) for word, is_male in zip(words, sexes, strict=True)]
    words = nation.lists["middle" if role == "middle" else "family"].draw(count, random)
    feminine = nation.rules.get("feminine", ()) if role == "family" else ()
    return [word if is_male else _changed(word, feminine) for word, is_male in zip(words, sexes, strict=True)]


def _changed(word: Word, rules: Rules) -> Word:
    """Replace the ending by the first rule that fits."""
    for old, new in rules:
        if word.source.endswith(old):
            return Word(word.source.removesuffix(old) + new, word.own)
    return word


def _whole(order: str, words: dict[str, Word]) -> tuple[Word, ...]:
    """Return the words in an order such as `given =bin:بن father`; `given+second` is one word of two syllables."""
    whole = []
    for role in order.split():
        if role.startswith("="):
            whole.append(word_of(role[1:]))
        elif "+" in role:
            parts = [words[part] for part in role.split("+")]
            whole.append(Word("-".join(part.source for part in parts), "".join(part.own for part in parts)))
        else:
            whole.append(words[role])
    return tuple(whole)


def recorded(person: Person, random: np.random.Generator) -> Subject:
    """Return a person as a police record has them: dates may be partial, the own letters beside, or alone."""
    roll = random.random()
    names: tuple[str, ...] = (person.name,)
    if own_name := person.own_name:
        names = (own_name,) if roll < _OWN_ONLY else (person.name, own_name) if roll < _BOTH_SCRIPTS else names
    known = (10, 7, 4, 0)[int(np.searchsorted(_DATES.cumsum(), random.random()))]
    born = (person.born[:known],) if known else ()
    return Subject(names, born, person.sex, (person.nationality,))


def travelling(person: Person) -> Subject:
    """Return a person as a passport shows them at a border."""
    return Subject((person.name,), (person.born,), person.sex, (person.nationality,))
