"""How does a word in kana sound in Latin letters: as a Japanese name, and as a foreign name heard through kana.

A Japanese name follows Hepburn as Japan's passports do: long vowels are written short ("ou" and
"uu" too, but not before "e": Inoue).  Kana add vowels to foreign consonants and lose r/l, b/v and
th/s: `heard` takes out the vowels that were most likely added.  It cannot bring back what was lost.
"""

import re
import unicodedata

from liaison.engine.scripts import LONG_VOWEL_MARK

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
# Marks of voicing that stand alone would become a space and a mark by NFKC.
_MARKS = str.maketrans({"゛": "\u3099", "゜": "\u309a"})
_LETTERS = (
    ("アイウエオ", "a i u e o"),
    ("カキクケコ", "ka ki ku ke ko"),
    ("ガギグゲゴ", "ga gi gu ge go"),
    ("サシスセソ", "sa shi su se so"),
    ("ザジズゼゾ", "za ji zu ze zo"),
    ("タチツテト", "ta chi tsu te to"),
    ("ダヂヅデド", "da ji zu de do"),
    ("ナニヌネノ", "na ni nu ne no"),
    ("ハヒフヘホ", "ha hi fu he ho"),
    ("バビブベボ", "ba bi bu be bo"),
    ("パピプペポ", "pa pi pu pe po"),
    ("マミムメモ", "ma mi mu me mo"),
    ("ヤユヨワヰヱヲン", "ya yu yo wa i e o n"),
    ("ラリルレロ", "ra ri ru re ro"),
    ("ヴヷヸヹヺ", "vu va vi ve vo"),
    ("ァィゥェォャュョヮヵヶ", "a i u e o ya yu yo wa ka ke"),
    ("ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ", "k sh s t n h h p h h m r r r r r"),
)
_SMALL_VOWELS = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o", "ャ": "ya", "ュ": "yu", "ョ": "yo", "ヮ": "wa"}
# What is left of a kana whose own vowel gives way to the small kana after it.
_SOFT_LETTERS = "キky ギgy シsh ジj チch ヂj ニny ヒhy ビby ピpy ミmy リry イy"
_HARD_LETTERS = "テt デd トt ドd ツts スs ズz フf ヴv ウw クkw グgw ホhw ムm ルr ヌn ブb プp"
_SOFT = {letters[0]: letters[1:] for letters in _SOFT_LETTERS.split()}
_HARD = {letters[0]: letters[1:] for letters in _HARD_LETTERS.split()}
_LONG = "-"
_DOUBLED = "="


def _pairs() -> dict[str, str]:
    pairs = {}
    for small, spelt in _SMALL_VOWELS.items():
        for kana, consonant in _SOFT.items():
            pairs[kana + small] = consonant.removesuffix("y") + "i" if spelt == "i" else consonant + spelt[-1]
        for kana, consonant in _HARD.items():
            pairs[kana + small] = consonant + spelt
    return pairs


_SPELT = {kana: spelt for row, spellings in _LETTERS for kana, spelt in zip(row, spellings.split(), strict=True)}
_SPELT |= _pairs() | {LONG_VOWEL_MARK: _LONG, "ッ": _DOUBLED}
_READ = re.compile(f"[{''.join(_SOFT)}{''.join(_HARD)}][{''.join(_SMALL_VOWELS)}]|.", re.DOTALL)

_DOUBLE = re.compile(f"{_DOUBLED}([a-z])")
_LONG_O = re.compile("oo|ou(?!e)")
_LAST_LONG_A = re.compile(f"a{_LONG}$")
_LONG_A_OR_O = re.compile(f"([ao]){_LONG}(?!r)")
_LAST_ADDED = re.compile("(?<=[bcdfghjklmnprstvwz])u$|(?<=[td])o$|(?<=[cs]h)i$|(?<=j)i$")
_FIRST_ADDED = re.compile("^([bfgkp])u(?=r[aeio])|^([dt])o(?=r)|^(sh?)u(?=[kmnprtw])")
_ADDED = re.compile("(?<=.[bcdfghjkmprstvz])u(?=[bcdfghjkmnprstvwz])|(?<=.[dt])o(?=[bcdfghjkmnprstvwz])")
_SHORT = 3


def katakana(word: str) -> str:
    """Return kana as full-width katakana, composed: hiragana converted, repeat marks written out.

    >>> katakana("ﾊﾟｸ"), katakana("さゝき")
    ('パク', 'ササキ')
    """
    written = unicodedata.normalize("NFKC", word.translate(_MARKS)).translate(_HIRAGANA_TO_KATAKANA)
    if "ヽ" in written or "ヾ" in written:
        written = re.sub("(.)ヽ", r"\1\1", written)
        written = re.sub("(.)ヾ", lambda found: found[1] + unicodedata.normalize("NFC", found[1] + "\u3099"), written)
    return written


def spell(word: str) -> str:
    """Spell a word in kana as Japan's passports do.

    >>> spell("さとう"), spell("イノウエ"), spell("ほった"), spell("キョウコ")
    ('sato', 'inoue', 'hotta', 'kyoko')
    """
    spelt = _DOUBLE.sub(_doubled, _letters(katakana(word))).replace(_LONG, "").replace(_DOUBLED, "")
    return _LONG_O.sub("o", spelt).replace("uu", "u")


def heard(word: str) -> tuple[str, str]:
    """Spell a foreign word in kana without the vowels that kana add; first plainly, then long vowels with "r".

    Japanese writes "er", "ar" and "or" as long vowels, and any other long vowel too.

    >>> heard("ロバート"), heard("クリス"), heard("スミス")
    (('robat', 'robart'), ('kris', 'kris'), ('smis', 'smis'))
    """
    letters = _letters(katakana(word)).replace(_DOUBLED, "")
    with_r = _LONG_A_OR_O.sub(r"\1r", _LAST_LONG_A.sub("er", letters))
    return _without_added_vowels(letters.replace(_LONG, "")), _without_added_vowels(with_r.replace(_LONG, ""))


def _without_added_vowels(spelt: str) -> str:
    if len(spelt) > _SHORT:
        spelt = _LAST_ADDED.sub("", spelt)
    return _ADDED.sub("", _FIRST_ADDED.sub(r"\1\2\3", spelt))


def _doubled(found: re.Match[str]) -> str:
    return "tc" if found[1] == "c" else found[1] * 2


def _letters(word: str) -> str:
    return "".join([_SPELT.get(kana, "") for kana in _READ.findall(word)])
