"""How is a name in Chinese characters, kana or Hangul spelled with Latin letters: all likely ways.

The script does not tell the language: 金英姬 is Jin Yingji to a Chinese reader, Kim Young-hee to a
Korean one.  So each language that may be meant gives its spellings, the likeliest first: kana
means Japanese, Hangul Korean, a dot between Chinese characters a foreign name in Chinese, Han
alone any of the three.  Spellings of Taiwan, Hong Kong and Singapore (Tsai, Chan, Tan) are not
given, nor are readings in Vietnamese.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from liaison.engine import characters, hangul, hanzi, japanese, kana

MOST = 8

Language = Literal["zh", "ja", "ko"]
Parts = tuple[str, ...]

_DOTS = re.compile("[·・‧•･=゠＝]")  # noqa: RUF001  the signs that divide foreign names
_DIVIDERS = re.compile(r"[\s·・‧•･=゠＝,、，\-]+")  # noqa: RUF001  the signs that divide names
_NOT_LETTERS = re.compile("[^a-z0-9]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_HAN_OR_HIRAGANA = re.compile(f"{_HAN.pattern}|[ぁ-ゟ々]")
_JAPANESE = re.compile(f"{japanese.KANA.pattern}|{japanese.REPEATED}")
_HANGUL = re.compile("[가-힣]")
_LONGEST_KOREAN = 3
_LONGEST_GIVEN = 3


class Reading(NamedTuple):
    """One way to spell a name: lower-case ASCII parts, family name first where it is told."""

    language: Language
    parts: Parts


@lru_cache(maxsize=65536)
def readings(name: str) -> tuple[Reading, ...]:
    """Return at most MOST ways to spell a name, or a word of it; none for a name in other scripts.

    >>> readings("王小明")[0], readings("김영희")[1].parts, readings("ロバート")[1].parts
    (Reading(language='zh', parts=('wang', 'xiaoming')), ('kim', 'younghee'), ('robat',))
    """
    text = unicodedata.normalize("NFKC", name)
    words = _words(text)
    if _HANGUL.search(text):
        found = _korean(words)
    elif _JAPANESE.search(text):
        found = _of("ja", _japanese(words))
    elif _HAN.search(text):
        found = _han(words, foreign=bool(_DOTS.search(text)))
    else:
        return ()
    return tuple(dict.fromkeys(found))[:MOST]


def _words(text: str) -> list[str]:
    """Divide a name at spaces and dots; single characters set apart from each other are joined."""
    if not _DIVIDERS.search(text):
        return [text]
    words = [word for word in _DIVIDERS.split(text) if word]
    return ["".join(words)] if len(words) > 1 and max(map(len, words)) == 1 else words


def _of(language: Language, found: Iterable[Parts]) -> list[Reading]:
    spelt = [tuple([part for part in parts if part]) for parts in found]
    return [Reading(language, parts) for parts in spelt if parts]


def _han(words: list[str], *, foreign: bool) -> list[Reading]:
    if foreign or len(words) > 2:
        return _of("zh", [_each(hanzi.pinyin, words), _each(hanzi.heard, words)])
    if len(words) == 2:
        return _of_three(hanzi.chinese_name(*words), japanese.japanese_name(*words), hanzi.korean_name(*words))
    return _of_three(hanzi.chinese_parts(*words), japanese.japanese_parts(*words), hanzi.korean_parts(*words))


def _of_three(chinese: list[Parts], in_japanese: list[Parts], korean: tuple[str, str] | None) -> list[Reading]:
    return _of("zh", chinese) + _of("ja", in_japanese) + _all_korean(korean)


def _korean(words: list[str]) -> list[Reading]:
    """Return a Korean name in its three spellings, and what may be a foreign name as it sounds."""
    words = [_in_hangul(word) for word in words]
    name = _divided_korean(words)
    if name and (len(words) == 2 or _only_read_so(words[0])):
        return _all_korean(name)
    foreign = _heard(hangul.heard, words)
    return _all_korean(name) + _of("ko", foreign if name else [_each(hangul.spell, words), *foreign])


def _in_hangul(word: str) -> str:
    family, usual = characters.one_of_names("ko-family"), characters.usual("ko")
    first = family.get(characters.simplified(word[0])) or usual.get(word[0], word[0])
    return first + "".join([usual.get(character, character) for character in word[1:]])


def _divided_korean(words: list[str]) -> tuple[str, str] | None:
    """Divide a Korean name into family and given name; none if it opens with no family name."""
    if len(words) > 2:
        return None
    families, compound = characters.family_names("ko-families"), characters.one_of_names("ko-family").values()
    if len(words) == 2:
        family, given = words
        known = family in families or family in compound
        return (family, given) if known and len(given) <= _LONGEST_GIVEN else None
    word = words[0]
    if len(word) > 2 and word[:2] in compound and len(word) <= 4:
        return word[:2], word[2:]
    return (word[:1], word[1:]) if word[0] in families and len(word) <= _LONGEST_KOREAN else None


def _only_read_so(word: str) -> bool:
    """Tell whether three syllables are all readings of Han characters: a Korean name, hardly a foreign one."""
    return len(word) == _LONGEST_KOREAN and set(word) <= hanzi.korean_syllables()


def _all_korean(name: tuple[str, str] | None) -> list[Reading]:
    if not name:
        return []
    family, given = name
    spelt = (hangul.spell(family), hangul.spell(given))
    north = (hangul.spell_as_north(family), hangul.spell_as_north(given))
    return _of("ko", [spelt, hangul.spell_as_chosen(family, given), north])


def _japanese(words: list[str]) -> list[Parts]:
    """Return a Japanese name as it may be read, and a name all in katakana also as a foreign one sounds."""
    if not any(map(_HAN_OR_HIRAGANA.search, words)):
        return [_each(kana.spell, words), *_heard(kana.heard, words)]
    if not any(map(_HAN.search, words)):
        return [_each(kana.spell, words)]
    found: list[Parts] = []
    if len(words) == 1:
        found = japanese.japanese_parts(*words)
    elif len(words) == 2:
        found = japanese.japanese_name(*words)
    return found or [_each(japanese.likeliest, words)]


def _heard(hear: Callable[[str], tuple[str, str]], words: list[str]) -> list[Parts]:
    """Return the two guesses at each word, the first ones together and the second ones."""
    return list(zip(*[(plain, plain) if (plain := _plain(word)) else hear(word) for word in words], strict=True))


def _each(spell: Callable[[str], str], words: list[str]) -> Parts:
    """Spell each word; words in Latin letters stay."""
    return tuple([_plain(word) or spell(word) for word in words])


def _plain(word: str) -> str:
    return _NOT_LETTERS.sub("", word.lower()) if word.isascii() else ""
