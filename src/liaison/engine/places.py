"""By what are two places of birth the same, however their names are written.

A place is free text: "Lviv", "Lviv, Ukraine", "Gharib village, Ghazni Province".  Its keys are
the words that name it, by their consonants, so that Kiev is Kyiv and Baghdad is the same place in
Arabic letters.  Countries are left out, and words such as "village".
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import lru_cache

from liaison.engine.fold import fold_parts, is_minor
from liaison.engine.parts import plain
from liaison.engine.readings import readings
from liaison.engine.sounds import phonetic_key, skeleton
from liaison.lib.countries import country_code

# Many cities have another name in another language: what is written with other letters never speaks against.
OTHER_LETTERS = 0
# More words of one place, more letters of it, are not compared.
MAX_KEYS = 8
MAX_LETTERS = 200
# What divides a place from the one it lies in; Chinese says town, province and the like behind each.
_PIECES = re.compile(r"[,;/()،、]|(?<=\w\w)[市省县縣区區]")
# Fewer consonants are those of too many places: its vowels count too.
_FEW_CONSONANTS = 3
# What stands beside the names of places, folded.
_COMMON = frozenset(
    {
        "area", "city", "commune", "county", "department", "district", "governorate", "municipality", "near", "of",
        "oblast", "prefecture", "province", "raion", "rayon", "region", "republic", "state", "the", "town", "village",
        "wilaya", "ciudad", "departamento", "municipio", "provincia", "gmina", "miasto", "powiat", "wojewodztwo",
        "saint", "sankt", "san", "santa", "sao", "st", "new", "north", "south", "east", "west",
    }
)  # fmt: skip


@lru_cache(maxsize=65536)
def place_keys(place: str) -> tuple[int, ...]:
    """Return the keys, 1 to 65535, of the words that name the place; none where only a country is named.

    OTHER_LETTERS stands before those of a place that is not written with Latin letters.

    >>> place_keys("Kiev, Ukraine") == place_keys("Kyiv"), place_keys("Ukraine")
    (True, ())
    """
    pieces = [piece.strip(" .") for piece in _PIECES.split(place[:MAX_LETTERS])]
    sounds = dict.fromkeys(sound for piece in pieces for word in _words_of(piece) for sound in _sounds(word))
    keys = dict.fromkeys(_key(sound) for sound in list(sounds)[:MAX_KEYS])
    return (OTHER_LETTERS, *keys) if keys and _is_in_other_letters(place) else tuple(keys)


def are_same_place(first: str, second: str) -> bool:
    """Tell whether two places share a word that names them."""
    return not (set(place_keys(first)) & set(place_keys(second)) <= {OTHER_LETTERS})


def _words_of(piece: str) -> Iterator[str]:
    """Yield the words that name a place, in every reading; and all together, which others write as one."""
    if _is_country(piece):
        return
    for parts in (fold_parts(piece), *(reading.parts for reading in readings(piece))):
        words = _naming_words([plain(part) for part in parts])
        yield from words
        if len(words) > 1:
            yield "".join(words)


def _naming_words(words: list[str]) -> list[str]:
    """Leave out what names no place, and a country behind other words."""
    ends = (count for count in (3, 2, 1) if len(words) > count and _is_country(" ".join(words[-count:])))
    return _without_common(words[: -next(ends, 0) or None]) or _without_common(words)


def _without_common(words: list[str]) -> list[str]:
    return [word for word in words if len(word) > 1 and word not in _COMMON and not is_minor(word)]


def _is_country(text: str) -> bool:
    try:
        country_code(text)
    except ValueError:
        return False
    # A word of two letters is a code only in capitals: Qo is no country, nor is "La" in La Paz.
    return len(text) > 2 or text.isupper()


def _sounds(word: str) -> Iterator[str]:
    """Yield the consonants of a word, or its sound where they are few; "w" may be a vowel, and may be "v"."""
    for spelling in dict.fromkeys((word, word.replace("w", "v"))):
        bones = skeleton(spelling)
        yield bones if len(bones) >= _FEW_CONSONANTS else phonetic_key(spelling)


def _key(sound: str) -> int:
    return zlib.crc32(sound.encode()) % 0xFFFF + 1


def _is_in_other_letters(place: str) -> bool:
    return any(letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN") for letter in place)
