"""Invent a person's name in the spelling of a region, in Latin letters and in its original script.

A name is a combination of parts from `tables/`; nothing is copied from a list of
people.  Romanisations follow common use, and their variants are those that
travel documents of one family really mix (Khalid, Khaled).
"""

import csv
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from liaison.demo.dice import Dice
from liaison.demo.regions import REGIONS, Ending, Region, Role

# Letters that Unicode does not take apart into a base letter and a mark.
_PLAIN = str.maketrans("łŁđĐøØıİ", "lLdDoOiI", "'") | str.maketrans({"ß": "ss", "ẞ": "SS"})


class Spelled(NamedTuple):
    """One part of a name: `original` is empty where the original is written in Latin letters."""

    latin: str
    original: str = ""
    variants: tuple[str, ...] = ()
    kana: str = ""


class Part(NamedTuple):
    """A part and the role it plays."""

    role: Role
    spelled: Spelled


class PersonName(NamedTuple):
    """A whole name, its parts in the order of its region."""

    region: Region
    parts: tuple[Part, ...]

    @property
    def latin(self) -> str:
        """The name in Latin letters."""
        return " ".join([part.spelled.latin for part in self.parts])

    @property
    def original(self) -> str:
        """The name in its original script; empty where that is Latin."""
        return self.region.joiner.join([part.spelled.original for part in self.parts]).strip()

    @property
    def kana(self) -> str:
        """The reading of a Japanese name in katakana; empty for the others."""
        return " ".join([part.spelled.kana for part in self.parts]).strip()

    def variant(self, dice: Dice) -> str:
        """Spell the name another way: another romanisation, or without diacritics; empty when there is none."""
        spelled = [
            dice.pick(part.spelled.variants) if part.spelled.variants and dice.chance(0.7) else part.spelled.latin
            for part in self.parts
        ]
        other = " ".join(spelled)
        if other == self.latin:
            other = plain_letters(other)
        return "" if other == self.latin else other


@lru_cache(maxsize=4096)
def plain_letters(text: str) -> str:
    """Write Latin letters without diacritics, as an airline ticket does.

    >>> plain_letters("Żaneta Źdźbło-Weiß")
    'Zaneta Zdzblo-Weiss'
    """
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(character for character in apart if not unicodedata.combining(character))


def draw_name(region: Region, sex: str, dice: Dice) -> PersonName:
    """Invent a name for a person of this sex ("F", or any other code for the masculine forms)."""
    pools = _pools(region.code, sex == "F")
    parts: list[Part] = []
    for pool, role, probability in region.slots:
        if probability == 1.0 or dice.roll() < probability:
            spelled = dice.pick(pools[pool])
            # Nobody is called Anna Anna: a part that comes twice is left out.
            if all(spelled is not part.spelled for part in parts):
                parts.append(Part(role, spelled))
    return PersonName(region, tuple(parts))


@cache
def _pools(code: str, feminine: bool) -> dict[str, tuple[Spelled, ...]]:
    """Return the parts of a region by the pool that a slot names."""
    rows = _rows(code)
    sex = "female" if feminine else "male"
    endings = REGIONS[code].feminine if feminine else ()
    families = rows.get("family", ()) + _composed(rows.get("stem", ()), rows.get("ending", ()))
    # A patronymic's ending differs from the same letters at the end of a Ukrainian family name.
    family_endings = () if code == "ukrainian" else endings
    return {
        "given": rows.get(sex, ()) + _composed(rows.get("given_first", ()), rows.get(f"{sex}_last", ())),
        "male": rows.get("male", ()),
        "middle": rows.get("middle", ()),
        "patronymic": tuple(_inflected(spelled, endings) for spelled in rows.get("patronymic", ())),
        "family": tuple(_inflected(spelled, family_endings) for spelled in families),
    }


@cache
def _rows(code: str) -> dict[str, tuple[Spelled, ...]]:
    """Read a region's table: its parts by the column `role`."""
    table = files("liaison.demo").joinpath("tables", f"{code}.csv").read_text(encoding="utf-8")
    found: dict[str, list[Spelled]] = {}
    for row in csv.DictReader(table.splitlines()):
        variants = tuple(variant for variant in row["variants"].split("/") if variant)
        spelled = Spelled(row["latin"], row["original"], variants, row.get("kana") or "")
        found.setdefault(row["role"], []).append(_with_articles(spelled))
    return {role: tuple(parts) for role, parts in found.items()}


def _with_articles(spelled: Spelled) -> Spelled:
    """Add the ways in which the Arabic article is written: al-Najjar, Al Najjar, El-Najjar, Alnajjar."""
    if not spelled.latin.startswith("al-"):
        return spelled
    stems = (spelled.latin[3:], *spelled.variants)
    written = [way for stem in stems for way in (f"Al {stem}", f"El-{stem}", f"Al{stem.lower()}")]
    return spelled._replace(variants=tuple(written))


def _composed(firsts: tuple[Spelled, ...], lasts: tuple[Spelled, ...]) -> tuple[Spelled, ...]:
    """Combine every first element with every last one."""
    return tuple(_joined(first, last) for first in firsts for last in lasts)


def _joined(first: Spelled, last: Spelled) -> Spelled:
    variants = [other + last.latin for other in first.variants] + [first.latin + other for other in last.variants]
    # Elements of two characters are names of their own in Chinese and Korean, and are written apart as well.
    if len(first.original) == 1 and len(last.original) == 1 and not last.kana:
        variants += [f"{first.latin} {last.latin.capitalize()}", f"{first.latin}-{last.latin}"]
    return Spelled(first.latin + last.latin, first.original + last.original, tuple(variants), first.kana + last.kana)


def _inflected(spelled: Spelled, endings: tuple[Ending, ...]) -> Spelled:
    """Give a family name or a patronymic the form that women bear, in every spelling."""
    latin = [(ending.latin, ending.latin_feminine) for ending in endings]
    original = [(ending.original, ending.original_feminine) for ending in endings if ending.original]
    variants = tuple(_feminine(variant, latin) for variant in spelled.variants)
    return Spelled(_feminine(spelled.latin, latin), _feminine(spelled.original, original), variants, spelled.kana)


def _feminine(text: str, endings: list[tuple[str, str]]) -> str:
    """Replace the first of these endings that the text has."""
    for masculine, feminine in endings:
        if text.endswith(masculine):
            return text.removesuffix(masculine) + feminine
    return text
