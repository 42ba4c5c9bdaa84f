"""How may a Japanese name in Han characters and kana be read: a few likely guesses.

Nobody can know how a given name is read without being told: 裕子 is Yūko and Hiroko.  Two tables of
common names answer first; else the characters' readings in names are joined, without the changes
that joining brings (Takaki for Takagi).  A family name must be of the table, or made of
characters that family names are made of, or stand apart; else the name is taken for Chinese.
"""

import re
from itertools import product

from liaison.engine import characters, kana

Parts = tuple[str, ...]

MOST = 4
# The mark that repeats the Han character before it.
REPEATED = "々"
_LONGEST_FAMILY = 3
_LONGEST_NAME = 6
_READINGS_OF_PART = 2
_REPETITION = re.compile(f"(.){REPEATED}")
KANA = re.compile("[ぁ-ゖゝ-ゟァ-ヺー-ヿㇰ-ㇿ]")
_KANA_OR_ONE = re.compile(f"{KANA.pattern}+|.")


def japanese_parts(word: str) -> list[Parts]:
    """Return at most MOST readings of a name, or of one half of it, written in one word.

    >>> japanese_parts("高橋裕子"), japanese_parts("田中"), japanese_parts("王小明")
    ([('takahashi', 'hiroko'), ('takahashi', 'yuko')], [('tanaka',)], [])
    """
    if len(word) > _LONGEST_NAME:
        return []
    simple = characters.simplified(word)
    found: list[Parts] = [
        (read,) for kind in ("ja-family", "ja-given") for read in characters.of_names(kind).get(simple, ())
    ]
    place = _end_of_family(simple)
    if place:
        found += japanese_name(simple[:place], simple[place:])
    elif all(map(_is_part, simple)):
        found += [(read,) for read in _given(simple)]
    return list(dict.fromkeys(found))[:MOST]


def japanese_name(family: str, given: str) -> list[Parts]:
    """Return at most MOST readings of a name whose family name stands apart.

    >>> japanese_name("山田", "太郎"), japanese_name("山田", "はな子"), japanese_name("王", "小明")
    ([('yamada', 'taro')], [('yamada', 'hanako')], [])
    """
    family, given = characters.simplified(family), characters.simplified(given)
    families = characters.of_names("ja-family").get(family)
    if not (families or _may_be_family(family)) or not (len(family) > 1 or _may_be_given(given)):
        return []
    options = families or _joined(family, "ja-element", "kun")
    found: list[Parts] = [*product(options, _given(given))]
    return found[:MOST]


def likeliest(word: str) -> str:
    """Return one reading of a single part of a name."""
    simple = characters.simplified(word)
    return (characters.of_names("ja-family").get(simple) or _given(simple))[0]


def _end_of_family(simple: str) -> int:
    """Return the length of the longest listed family name, else where most family names end; 0 if it is none."""
    families = characters.of_names("ja-family")
    for length in range(min(_LONGEST_FAMILY, len(simple) - 1), 0, -1):
        if simple[:length] in families:
            return length
    length = _usual_length(simple)
    return length if length < len(simple) and _may_be_family(simple[:length]) else 0


def _usual_length(simple: str) -> int:
    """Return where the family name ends: before the first kana, else in the middle, the longer half first."""
    first_kana = KANA.search(simple)
    return first_kana.start() if first_kana and first_kana.start() else (len(simple) + 1) // 2


def _may_be_family(simple: str) -> bool:
    elements = characters.of_names("ja-element")
    return len(simple) > 1 and all(character in elements or character == REPEATED for character in simple)


def _may_be_given(simple: str) -> bool:
    return simple in characters.of_names("ja-given") or all(map(_is_part, simple))


def _is_part(character: str) -> bool:
    return character in characters.of_names("ja-part") or character == REPEATED or bool(KANA.match(character))


def _given(simple: str) -> tuple[str, ...]:
    return characters.of_names("ja-given").get(simple) or _joined(simple, "ja-part", "on")


def _joined(simple: str, names: str, otherwise: str) -> tuple[str, ...]:
    """Join the readings of the characters: the likeliest of each, then the second one of the first or of the last."""
    written_out = _REPETITION.sub(r"\1\1", simple)
    options = [_options(piece, names, otherwise) for piece in _KANA_OR_ONE.findall(written_out)]
    first = [option[0] for option in options]
    changed_first = [options[0][-1], *first[1:]]
    changed_last = [*first[:-1], options[-1][-1]]
    return tuple(dict.fromkeys(["".join(spelt) for spelt in (first, changed_first, changed_last)]))


def _options(piece: str, names: str, otherwise: str) -> tuple[str, ...]:
    if KANA.match(piece):
        return (kana.spell(piece),)
    listed = characters.of_names(names).get(piece)
    return listed[:_READINGS_OF_PART] if listed else (characters.usual(otherwise).get(piece, ""),)
