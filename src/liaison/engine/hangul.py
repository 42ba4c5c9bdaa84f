"""How does Hangul sound in Latin letters: as a Korean name, and as a foreign name heard through Hangul.

Three spellings of Korean names are in use: the Revised Romanization of the South, the ones families
chose themselves (Kim, Lee, Park, Jung), and the one of the North (Pak Jong Min).  Syllables are
spelt one by one, as passports do, without the changes of sound between them.  What families
really chose cannot be known: only the commonest choice is given.
"""

import unicodedata

from liaison.engine import characters

_FIRST = 0xAC00
# The letters of a syllable in the order of Unicode; "-" is none.
_ROMAN_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h"
_ROMAN_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
_ROMAN_FINALS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
_INITIALS = _ROMAN_INITIALS.replace("-", "").split(" ")
_VOWELS = _ROMAN_VOWELS.split(" ")
_FINALS = _ROMAN_FINALS.replace("-", "").split(" ")
_FINAL_S = 19
# The law of initial sounds: the South does not begin a word with "r", nor with "n" before "i" and "y".
_SILENT = 11
_N, _R = 2, 5
_BEFORE_I = frozenset((2, 3, 6, 7, 12, 17, 20))
_NORTHERN_INITIALS = {"g": "k", "d": "t", "b": "p"}
_NORTHERN_VOWELS = {"eo": "o", "yeo": "yo", "eu": "u"}
_USUAL_VOWELS = {"eo": "u", "yeo": "yu"}
_VOICED = ("", "n", "m", "ng", "l")
_SINGLE = {"kk": "k", "tt": "t", "pp": "p", "ss": "s", "jj": "j"}
# Stands for a vowel that is guessed in two ways.
_EO = "?"

Sound = tuple[str, str, str]


def is_hangul(character: str) -> bool:
    """Tell whether a character is a syllable of modern Hangul.

    >>> is_hangul("김"), is_hangul("金")
    (True, False)
    """
    return "가" <= character <= "힣"


def jamo(word: str) -> str:
    """Return Hangul taken apart into its letters (conjoining jamo); everything else stays.

    >>> len(jamo("김"))
    3
    """
    return unicodedata.normalize("NFD", word)


def as_initial(syllable: str) -> str:
    """Return a syllable as the South writes it at the start of a word.

    >>> as_initial("리"), as_initial("로"), as_initial("녀"), as_initial("김")
    ('이', '노', '여', '김')
    """
    if not is_hangul(syllable):
        return syllable
    initial, rest = divmod(ord(syllable) - _FIRST, 588)
    if initial in (_N, _R) and rest // 28 in _BEFORE_I:
        return chr(_FIRST + _SILENT * 588 + rest)
    if initial == _R:
        return chr(_FIRST + _N * 588 + rest)
    return syllable


def spell(word: str) -> str:
    """Spell syllable by syllable in the Revised Romanization.

    >>> spell("김"), spell("정민")
    ('gim', 'jeongmin')
    """
    return "".join(["".join(_sounds[syllable]) for syllable in word])


def spell_as_chosen(family: str, given: str) -> tuple[str, str]:
    """Spell a name as most families of the South write it themselves.

    >>> spell_as_chosen("이", "영희"), spell_as_chosen("김", "정현")
    (('lee', 'younghee'), ('kim', 'junghyun'))
    """
    return characters.one_of_names("ko-usual").get(family) or spell(family), "".join(map(_chosen, given))


def spell_as_north(word: str) -> str:
    """Spell a family or given name as the North does.

    >>> spell_as_north("박"), spell_as_north("정민"), spell_as_north("대건")
    ('pak', 'jongmin', 'taegon')
    """
    spelt, before = "", "-"
    for initial, vowel, final in map(_sounds.__getitem__, word):
        begins = initial if before in _VOICED else _NORTHERN_INITIALS.get(initial, initial)
        spelt, before = spelt + begins + _NORTHERN_VOWELS.get(vowel, vowel) + final, final
    return spelt


def heard(word: str) -> tuple[str, str]:
    """Spell a foreign word in Hangul without the vowels that Hangul adds; two guesses at the vowel "eo".

    "eo" stands for the "e" of Peter as for the "u" of Hudson; "r" after a vowel is not written
    at all: the end "eo" is taken for "er".

    >>> heard("스미스"), heard("피터")
    (('smis', 'smis'), ('piter', 'piter'))
    """
    followers = [_sounds[syllable][0] for syllable in word[1:]] + [None]
    places = [(syllable, follower, len(word) == 1) for syllable, follower in zip(word, followers, strict=True)]
    spelt = "".join([_foreign[place] for place in places]).replace("lr", "l")
    return spelt.replace(_EO, "e"), spelt.replace(_EO, "u")


class _Foreign(dict[tuple[str, str | None, bool], str]):
    """How a syllable sounds before the initial of the next one, or at the end, or alone; worked out once for each."""

    def __missing__(self, place: tuple[str, str | None, bool]) -> str:
        if not is_hangul(place[0]):
            return ""
        self[place] = spelt = _spell_foreign(*place)
        return spelt


_foreign = _Foreign()


def _spell_foreign(syllable: str, follower: str | None, alone: bool) -> str:
    initial, vowel, final = _sounds[syllable]
    if initial == "ss" and vowel == "eu":
        return "tsu" + final
    initial = _SINGLE.get(initial, initial)
    if vowel == "eu":
        initial, vowel = _without_eu(initial, final, follower, alone)
    elif vowel in ("eo", "yeo"):
        vowel = vowel[:-2] + _eo(final, follower)
    elif vowel == "ae":
        vowel = "a"
    if initial == "s" and vowel[:1] == "y":
        initial, vowel = "sh", vowel[1:]
    return initial + vowel + ("s" if (ord(syllable) - _FIRST) % 28 == _FINAL_S else final)


def _without_eu(initial: str, final: str, follower: str | None, alone: bool) -> tuple[str, str]:
    if not final and not alone:
        return ("ts" if initial == "ch" else initial), ""
    return initial, "" if final == "l" and follower == "r" else "e"


def _eo(final: str, follower: str | None) -> str:
    if not final and follower is None:
        return "er"
    if final in ("n", "m") and follower is None:
        return "a"
    return _EO + "r" if not final and follower not in ("", "r") else _EO


def _chosen(syllable: str) -> str:
    initial, vowel, final = _sounds[syllable]
    if (vowel, final) == ("yeo", "ng"):
        return initial + "young" if not initial else initial.replace("g", "k") + "yung"
    if vowel == "ui" and initial:
        return initial + "ee" + final
    return initial + _USUAL_VOWELS.get(vowel, vowel) + final


class _Sounds(dict[str, Sound]):
    """Initial, vowel and final of each syllable, worked out once; nothing for other characters."""

    def __missing__(self, syllable: str) -> Sound:
        if not is_hangul(syllable):
            return "", "", ""
        code = ord(syllable) - _FIRST
        self[syllable] = sound = _INITIALS[code // 588], _VOWELS[code // 28 % 21], _FINALS[code % 28]
        return sound


_sounds = _Sounds()
