"""How much does it say that two people share a part of a name.

A small committed table of the commonest parts answers, never the records of an
index: a score that moved with hidden records would tell of them.

`rarity.csv` is the mean, per million parts, of three public sources: names of
persons in Wikidata (NETransliteration, MIT), the OFAC list (public domain) and
invented persons of many countries (yente, MIT).  Names borne by millions are at least
as common as `bench/commonest_names.csv`, written by hand, says; the 3,000 commonest are kept.
"""

import math
from functools import cache, lru_cache
from importlib import resources
from typing import Protocol

from liaison.engine.sounds import skeleton

# Counted changes here change what is stored in segments: raise segment.FORMAT with them.
TABLE = "rarity.csv"
INITIAL_BITS = 0.8
LEGAL_FORM_BITS = 0.4
# A part that the table does not list is about as frequent as a third of its last entry.
_UNLISTED_PER_MILLION = 20.0

_LEGAL_FORMS = (
    "ab ag as aps bank bv co company companies corp corporation cv ead establishment est eood eurl fze fzc fzco fzllc "
    "gesellschaft gmbh group holding holdings inc incorporated intl international jsc kft kg llc llp lp limited ltd "
    "ltda mbh nv oao ogrn oo ood ooo oy pao pjsc plc private pt pte pty pvt sa sac sarl sas sdn bhd spa spzoo srl "
    "sro and for of the trading trade general services company enterprise enterprises industries industry foundation "
    "mv mt ms ss fv"
)
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())


class Rarity(Protocol):
    """What a table of rarities must answer; it is remembered by identity, so it must not change."""

    def __hash__(self) -> int: ...

    def bits(self, part: str) -> float:
        """Return the evidence, in bits, of two names sharing this folded part."""
        ...


class TableOfNames:
    """The committed table: parts of names of the world per million parts, by consonant skeleton.

    Spellings of one name are added up, so that an unusual spelling of a common
    name is not taken for a rare name.
    """

    def __init__(self, per_million: dict[str, float]) -> None:
        self._frequency: dict[str, float] = {}
        for part, frequency in per_million.items():
            key = skeleton(part)
            self._frequency[key] = self._frequency.get(key, 0.0) + frequency
        self._listed = per_million

    def bits(self, part: str) -> float:
        """Return the bits of the share of names that have this part, about 4 to 16; less for an initial."""
        if len(part) == 1:
            return INITIAL_BITS
        return _bits_of(self._frequency_of(part))

    def _frequency_of(self, part: str) -> float:
        key = skeleton(part)
        by_sound = self._frequency.get(key, 0.0)
        # Skeletons of one or two consonants join names that nobody confuses.
        if len(key) < 3:
            by_sound = max(self._listed.get(part, 0.0), by_sound / 3)
        return by_sound + _UNLISTED_PER_MILLION


class TableOfOrganisations:
    """Legal forms and words of trade say little; every other word counts as in names, at least half-rare."""

    def __init__(self, names: Rarity) -> None:
        self._names = names

    def bits(self, part: str) -> float:
        """Return LEGAL_FORM_BITS for a legal form, else what the names' table says."""
        if part in LEGAL_FORMS:
            return LEGAL_FORM_BITS
        return self._names.bits(part)


def _bits_of(per_million: float) -> float:
    return math.log2(1e6 / per_million)


def read_table(text: str) -> dict[str, float]:
    """Read "part,per_million" lines under a header."""
    rows = (line.split(",") for line in text.splitlines()[1:])
    return {part: float(per_million) for part, per_million in rows}


@cache
def names() -> TableOfNames:
    """Return the committed table of the names of persons."""
    return TableOfNames(read_table(resources.files(__package__).joinpath(TABLE).read_text("ascii")))


@cache
def organisations() -> TableOfOrganisations:
    """Return the committed table with the legal forms."""
    return TableOfOrganisations(names())


@lru_cache(maxsize=262144)
def bits_of_part(part: str, rarity: Rarity) -> float:
    """Return `rarity.bits(part)`, remembered."""
    return rarity.bits(part)
