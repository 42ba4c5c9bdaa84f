"""How is a name in Han characters read in Chinese, and how in Korean: families of spelled parts.

Which language a name is in is not decided here.  A Chinese family name is recognised by a list of
the commonest; two characters before one or two more may be one of the old double names (歐陽).  Of
a character with several readings the usual one is taken, or the family name's at the start (單 Shan).
"""

from functools import cache

from liaison.engine import characters, hangul

Parts = tuple[str, ...]

# Families of one character have given names of one or two, those of two too.
_LONGEST_AFTER_ONE = 3
_LONGEST_AFTER_TWO = 4
_LONGEST_KOREAN = 3
_COMPOUND = 2


def chinese_parts(word: str) -> list[Parts]:
    """Return the pinyin of a name written in one word, family name first; foreign names also as they sound.

    A word that opens with no family name, or is too long for a Chinese name, stays one part.

    >>> chinese_parts("王小明"), chinese_parts("歐陽小明"), chinese_parts("克里斯")
    ([('wang', 'xiaoming')], [('ouyang', 'xiaoming')], [('kelisi',), ('kris',)])
    """
    simple = characters.simplified(word)
    family = _chinese_family(simple)
    found: list[Parts] = chinese_name(word[:family], word[family:]) if family else [(pinyin(word),)]
    if len(word) > 1 and _sounds_foreign(simple, family):
        found.append((heard(word),))
    return found


def chinese_name(family: str, given: str) -> list[Parts]:
    """Return the pinyin of a name whose family name is known; a family name alone also as a plain word.

    >>> chinese_name("單", ""), chinese_name("朴", "小明")
    ([('shan',), ('dan',)], [('piao', 'xiaoming')])
    """
    plain = pinyin(family)
    read = characters.one_of_names("zh-family").get(characters.simplified(family), plain)
    if given:
        return [(read, pinyin(given))]
    return [(read,)] if read == plain else [(read,), (plain,)]


def pinyin(word: str) -> str:
    """Return the usual pinyin of each character, without tones, joined.

    >>> pinyin("小明")
    'xiaoming'
    """
    usual = characters.usual("zh")
    return "".join([usual.get(character, "") for character in word])


def heard(word: str) -> str:
    """Spell the characters of a foreign name by the foreign syllable that each usually stands for.

    Each character writes several syllables of other languages (尔 both "l" and "r"): one is taken.

    >>> heard("克里斯"), heard("約翰遜")
    ('kris', 'johanson')
    """
    return "".join([_syllables[character] for character in word])


class _Syllables(dict[str, str]):
    """The foreign syllable of each character; worked out once for each."""

    def __missing__(self, character: str) -> str:
        foreign = characters.one_of_names("zh-foreign").get(characters.simplified(character))
        syllable = foreign or _softened(characters.usual("zh").get(character, ""))
        # What has no reading is not kept: a flood of odd characters must not fill the memory.
        if syllable:
            self[character] = syllable
        return syllable


_syllables = _Syllables()


def korean_parts(word: str) -> tuple[str, str] | None:
    """Return family and given name in Hangul, if the word may be a Korean name.

    >>> korean_parts("金英姬"), korean_parts("李龍姬"), korean_parts("克里斯")
    (('김', '영희'), ('이', '용희'), None)
    """
    if len(word) > _COMPOUND and characters.simplified(word[:_COMPOUND]) in characters.one_of_names("ko-family"):
        return korean_name(word[:_COMPOUND], word[_COMPOUND:])
    return korean_name(word[:1], word[1:]) if len(word) <= _LONGEST_KOREAN else None


def korean_name(family: str, given: str) -> tuple[str, str] | None:
    """Return a family and a given name in Hangul, if every character has a Korean reading and the family is known."""
    usual = characters.usual("ko")
    read = characters.one_of_names("ko-family").get(characters.simplified(family))
    if read is None:
        read = hangul.as_initial(usual.get(family, family))
        if read not in characters.family_names("ko-families"):
            return None
    read_given = "".join([usual.get(character, "") for character in given])
    if len(read_given) != len(given):
        return None
    return read, hangul.as_initial(read_given[:1]) + read_given[1:]


@cache
def korean_syllables() -> frozenset[str]:
    """Return the syllables of Hangul that Han characters are read with, initial sounds of both kinds."""
    read = frozenset(characters.usual("ko").values())
    return read | frozenset(map(hangul.as_initial, read)) | characters.family_names("ko-families")


def _chinese_family(simple: str) -> int:
    """Return how many characters at the start are the family name; 0 if it is not told."""
    if len(simple) > _LONGEST_AFTER_TWO:
        return 0
    if len(simple) > 1 and simple[:_COMPOUND] in characters.one_of_names("zh-family"):
        return _COMPOUND
    return int(len(simple) <= _LONGEST_AFTER_ONE and simple[0] in characters.family_names("zh-families"))


def _sounds_foreign(simple: str, family: int) -> bool:
    """Tell whether a word may be a foreign name: long, or mostly (after a family name: all) of their characters."""
    foreign = characters.one_of_names("zh-foreign")
    usual_ones = sum([character in foreign for character in simple])
    return usual_ones == len(simple) or (not family and (len(simple) > 3 or usual_ones * 2 > len(simple)))


_SOFTER = (("x", "s"), ("q", "ch"), ("zh", "j"), ("yi", "i"), ("wu", "u"))
_SHORTER = (("uo", "o"), ("ao", "au"), ("ian", "yan"), ("ue", "e"))


def _softened(syllable: str) -> str:
    """Spell a syllable of pinyin as other languages would."""
    if syllable.startswith("c") and not syllable.startswith("ch"):
        syllable = "ts" + syllable[1:]
    for written, sound in _SOFTER:
        if syllable.startswith(written):
            syllable = sound + syllable[len(written) :]
    for written, sound in _SHORTER:
        if syllable.endswith(written):
            syllable = syllable[: -len(written)] + sound
    return syllable
