"""How do public standards write a name in Latin letters, and which Latin spellings has one name therefore?

The tables are typed from the standards, for measuring only; the engine neither reads them nor was taught by them:
ICAO Doc 9303 part 3 (passports), ISO 9:1995, BGN/PCGN, the Ukrainian decree 55 of 2010, the Bulgarian law of 2009,
ELOT 743, DIN 31635, ALA-LC, French usage for Arabic, Hanyu Pinyin and Wade-Giles, the Revised Romanization of Korean
and McCune-Reischauer (without its sound changes between words), Hepburn and Kunrei-shiki, IAST and Hunterian.
A name whose letters leave its vowels out is written down with them, as scholars do.
"""

# Letters of many scripts look alike, and the tables are lines of what belongs together.
# ruff: noqa: RUF001

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from bench.spelling_tables import (
    ARABIC_FRENCH,
    CYRILLIC,
    GREEK,
    HEPBURN_LONG,
    INITIALS,
    KANA,
    KUNREI,
    LATIN_ICAO,
    MCCUNE,
    REVISED,
    SCHOLARLY,
    VOWELS,
    WADE_GILES,
)


class Word(NamedTuple):
    """A part of a name: as its nation's list has it, and in its own letters where those differ."""

    source: str
    own: str = ""


Speller = Callable[[Word], str]


def _by(*tables: Mapping[str, str]) -> Speller:
    """Return a speller that replaces by one table after another, the longest letters first."""
    steps = [(re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True))), table) for table in tables]

    def spell(word: Word) -> str:
        text = word.source.lower()
        for pattern, table in steps:
            text = pattern.sub(lambda found, table=table: table[found[0]], text)  # type: ignore[misc]
        return text

    return spell


def _pinyin(word: Word) -> str:
    return word.source.replace("-", "").replace("ü", "u")


def _wade_giles(word: Word) -> str:
    """Spell syllable by syllable: an initial by the table, then the few finals that differ."""
    return "-".join(map(_wade_giles_syllable, word.source.split("-")))


@cache
def _wade_giles_syllable(syllable: str) -> str:
    if syllable in WADE_GILES:
        return WADE_GILES[syllable]
    for initial, written in INITIALS:
        if syllable.startswith(initial):
            rest = syllable[len(initial) :]
            return written + {"ong": "ung", "ie": "ieh", "ue": "üeh", "ian": "ien", "e": "ê", "en": "ên", "eng": "êng",
                              "uo": "o", "i": "i", "iu": "iu"}.get(rest, rest)  # fmt: skip
    return syllable


def _korean(letters: tuple[Mapping[int, str], ...], between: str) -> Speller:
    """Return a speller of Hangul: each syllable is a number made of its initial, vowel and final."""

    def spell(word: Word) -> str:
        spelt = []
        for syllable in word.source.replace("-", ""):
            number = ord(syllable) - 0xAC00
            initial, vowel, final = number // 588, number % 588 // 28, number % 28
            spelt.append(letters[0][initial] + letters[1][vowel] + letters[2][final])
        return between.join(spelt)

    return spell


def _usual_korean(word: Word) -> str:
    return word.own or _korean(REVISED, "-")(word)


def _as_written(word: Word) -> str:
    return word.source


_PLAIN = {letter: plain for letter, (plain, _) in SCHOLARLY.items()}
_SIMPLE = {letter: simple for letter, (_, simple) in SCHOLARLY.items()}
_ALA = {"ṣ": "ṣ", "ʿ": "ʻ", "ʾ": "ʼ"}
_DIN = {"sh": "š", "kh": "ḫ", "gh": "ġ", "th": "ṯ", "dh": "ḏ", "j": "ǧ"}
_PHONETIC = {"ā": "aa", "ī": "ee", "ū": "oo"}
_HEBREW = {"ḥ": "ch", "ṣ": "tz", "q": "k"}
_HUNTERIAN = {"c": "ch", "ch": "chh", "ś": "sh", "ṣ": "sh", "ṛ": "ri", "ṃ": "n", "ñ": "n", "v": "v"}
_MARATHI = _HUNTERIAN | {"v": "w", "kṣ": "x"}
_KAZAKH_ICAO = {"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"}
_KAZAKH_BGN = {"ә": "ä", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "ö", "ұ": "ū", "ү": "ü", "һ": "h", "і": "i"}

# The first of each writing is what a passport has.
SPELLERS: dict[str, dict[str, Speller]] = {
    "latin": {"ICAO 9303": _by(LATIN_ICAO), "as written": _as_written},
    # Turkish passports drop the dots.
    "turkish": {"passport": _by(LATIN_ICAO | {"ö": "o", "ü": "u"}), "as written": _as_written},
    "russian": {
        "ICAO 9303": _by(CYRILLIC["icao"]),
        "BGN/PCGN": _by(CYRILLIC["bgn"]),
        "ISO 9": _by(CYRILLIC["iso"]),
    },
    "ukrainian": {
        "decree 55": _by(CYRILLIC["ukrainian"], CYRILLIC["icao"]),
        "BGN/PCGN": _by({"г": "h", "и": "y", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "'": ""}, CYRILLIC["bgn"]),
        "ISO 9": _by({"і": "ì", "ї": "ï", "є": "ê", "ґ": "g̀", "'": "ʼ"}, CYRILLIC["iso"]),
    },
    "bulgarian": {
        "law of 2009": _by({"щ": "sht", "ъ": "a", "ь": "y", "й": "y", "ю": "yu", "я": "ya"}, CYRILLIC["icao"]),
        "ISO 9": _by({"щ": "št", "ъ": "ǎ"}, CYRILLIC["iso"]),
    },
    "serbian": {
        "ICAO 9303": _by(CYRILLIC["serbian"], LATIN_ICAO | {"đ": "dj"}),
        "Gaj": _by(CYRILLIC["serbian"]),
    },
    "kazakh": {
        "ICAO 9303": _by(_KAZAKH_ICAO, CYRILLIC["icao"]),
        "BGN/PCGN": _by(_KAZAKH_BGN, CYRILLIC["bgn"]),
    },
    "greek": {"ELOT 743": _by(GREEK["elot"]), "BGN/PCGN": _by(GREEK["bgn"])},
    "arabic": {
        "plain": _by(_PLAIN),
        "ALA-LC": _by(_ALA),
        "French": _by(ARABIC_FRENCH, _PLAIN),
        "DIN 31635": _by(_DIN),
    },
    "persian": {"plain": _by(_PLAIN), "ALA-LC": _by(_ALA), "English ear": _by(_PHONETIC, _PLAIN)},
    "hebrew": {"plain": _by(_SIMPLE), "English ear": _by(_HEBREW, _SIMPLE), "ALA-LC": _by(_ALA | {"ṣ": "ts"})},
    "chinese": {"Pinyin": _pinyin, "Wade-Giles": _wade_giles},
    "korean": {
        "usual": _usual_korean,
        "Revised": _korean(REVISED, ""),
        "McCune-Reischauer": _korean(MCCUNE, ""),
    },
    "japanese": {
        "passport": _by(KANA, {"ou": "o", "oo": "o", "uu": "u"}),
        "Hepburn": _by(KANA, HEPBURN_LONG),
        "Kunrei": _by(KUNREI, KANA, {"ou": "ô", "oo": "ô", "uu": "û"}),
    },
    "indian": {
        "Hunterian": _by(_HUNTERIAN, VOWELS),
        "western India": _by(_MARATHI, _PHONETIC, VOWELS),
        "IAST": _as_written,
    },
    "thai": {"RTGS": _as_written},
}
# Between the words of a name in its own letters.
_FIRST_LETTERS = re.compile(r"(?:^|(?<=\s)|(?<=\b[ae][ldrlzn]-))[^\w\s]*\w")
_JOINED = ("chinese", "japanese", "korean")


def latin(words: tuple[Word, ...], writing: str, standard: str) -> str:
    """Write a name in Latin letters by one of the standards of its writing.

    >>> latin((Word("Юрий"), Word("Щедрин")), "russian", "ICAO 9303")
    'Iurii Shchedrin'
    """
    speller = SPELLERS[writing][standard]
    return " ".join(_capital(spelt) for word in words if (spelt := _spelt(speller, word)))


@cache
def _spelt(speller: Speller, word: Word) -> str:
    return speller(word)


def own(words: tuple[Word, ...], writing: str) -> str:
    """Write a name in its own letters; empty where those are Latin."""
    if writing in ("latin", "turkish"):
        return ""
    between = "" if writing in _JOINED else " "
    if writing == "korean":
        return "".join(word.source.replace("-", "") for word in words)
    return between.join(word.own or word.source for word in words)


def _capital(text: str) -> str:
    """Begin each word with a capital letter, also after an article and after a sign that is no letter."""
    return _FIRST_LETTERS.sub(lambda found: found[0].upper(), text)
