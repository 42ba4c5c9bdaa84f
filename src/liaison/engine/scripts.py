"""How is a word of another script spelt with Latin letters.

A small help for the scripts where a letter-by-letter table reads badly; anyascii
(in `fold.py`) does the rest.  Short vowels that a script leaves out stay out:
`sounds.py` compares consonants.
"""

import unicodedata
from enum import Enum

LONG_VOWEL_MARK = "ー"


class Script(Enum):
    """The scripts that need help; everything else is OTHER."""

    ARABIC = "arabic"
    CYRILLIC = "cyrillic"
    GREEK = "greek"
    HEBREW = "hebrew"
    KANA = "katakana"
    HANGUL = "hangul"
    HAN = "han"
    OTHER = "other"


HAN_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))
_RANGES = (
    (0x0370, 0x03FF, Script.GREEK),
    (0x0400, 0x052F, Script.CYRILLIC),
    (0x0590, 0x05FF, Script.HEBREW),
    (0x0600, 0x06FF, Script.ARABIC),
    (0x0750, 0x077F, Script.ARABIC),
    (0x1100, 0x11FF, Script.HANGUL),
    (0x3041, 0x30FF, Script.KANA),
    *((first, last, Script.HAN) for first, last in HAN_RANGES),
    (0xAC00, 0xD7AF, Script.HANGUL),
)

_ARABIC_LETTERS = str.maketrans(
    dict(zip("ابتجحدرزسصضطظعفقكلمنهويىة", "abtjhdrzssdtzafqklmnhwyah", strict=True))
    | {"أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ء": "", "ؤ": "u", "ئ": "y", "ث": "th", "خ": "kh", "ذ": "dh", "ش": "sh"}
    | {"غ": "gh", "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ک": "k", "ی": "y", "ې": "y", "ے": "e", "ہ": "h", "ھ": "h"}  # noqa: RUF001  letters of the script itself
    | {"ە": "a", "ۀ": "h", "ۃ": "h", "ں": "n", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ێ": "e", "ۆ": "o", "ڵ": "l", "ڕ": "r"}  # noqa: RUF001  letters of the script itself
    | {"ټ": "t", "ډ": "d", "ړ": "r", "ږ": "zh", "ښ": "sh", "ڼ": "n", "ۍ": "y", "ځ": "z", "څ": "s", "ۇ": "u", "ۋ": "w"}
    | {"ً": "", "ٌ": "", "ٍ": "", "َ": "a", "ُ": "u", "ِ": "i", "ّ": "", "ْ": "", "ٰ": "a", "ـ": "", "ٔ": "", "ٕ": ""}
)
_CYRILLIC_LETTERS = str.maketrans({"ь": "", "ъ": "", "х": "kh", "щ": "shch", "ї": "yi", "є": "ye", "ґ": "g"})  # noqa: RUF001  letters of the script itself
_HEBREW_LETTERS = str.maketrans({"ו": "w", "א": "a", "ע": "a", "ח": "h", "כ": "k", "ך": "k", "צ": "ts", "ץ": "ts"})  # noqa: RUF001  letters of the script itself
_ALLAH = "الله"
_ARTICLE = "ال"
_GREEK_PAIRS = (("ου", "ou"), ("μπ", "b"), ("ντ", "nt"), ("γκ", "g"), ("γγ", "ng"), ("αυ", "av"), ("ευ", "ev"))  # noqa: RUF001  letters of the script itself
# Greek pairs are written with the accent on the second letter as often as not.
_GREEK_ACCENTS = str.maketrans("άέήίόύώ", "αεηιουω")


def script_of(word: str) -> Script:
    """Tell the script of a word by its first character that belongs to a script of the table.

    >>> script_of("Владимир")
    <Script.CYRILLIC: 'cyrillic'>
    """
    for character in word:
        code = ord(character)
        for first, last, script in _RANGES:
            if first <= code <= last:
                return script
    return Script.OTHER


def pieces(word: str, script: Script, *, alone: bool) -> tuple[str, ...]:
    """Divide a word into the parts that a passport would write: the Arabic article, an East Asian family name.

    Only a whole name (`alone`) of two or three Chinese characters or syllables is
    divided, into the family name and the given name.

    >>> pieces("الظواهري", Script.ARABIC, alone=False), pieces("김정은", Script.HANGUL, alone=True)
    (('ال', 'ظواهري'), ('김', '정은'))
    """
    if script is Script.ARABIC and word.startswith(_ARTICLE) and len(word) >= 4 and word != _ALLAH:
        return _ARTICLE, word[len(_ARTICLE) :]
    if script in (Script.HAN, Script.HANGUL) and alone and 2 <= len(word) <= 3:
        return word[0], word[1:]
    return (word,)


def spell_out(word: str, script: Script) -> str:
    """Replace the letters that anyascii would spell in a way no passport does."""
    word = word.lower()
    if script is Script.ARABIC:
        return word.translate(_ARABIC_LETTERS)
    if script is Script.CYRILLIC:
        return word.translate(_CYRILLIC_LETTERS)
    if script is Script.HEBREW:
        return word.translate(_HEBREW_LETTERS)
    if script is Script.GREEK:
        word = word.translate(_GREEK_ACCENTS)
        for pair, spelt in _GREEK_PAIRS:
            word = word.replace(pair, spelt)
    return word


_ARABIC_ALIKE = str.maketrans("أإآٱىیکھہۀ", "ااااييكههه")
_HEBREW_ENDINGS = str.maketrans("ךםןףץ", "כמנפצ")
_HIRAGANA = {code: code + 96 for code in range(0x3041, 0x3097)}


def letters_of(word: str, script: Script) -> str:
    """Return a word in the letters of its own script that `spellings.csv` knows: no vowel signs, one form of each.

    >>> letters_of("מלך", Script.HEBREW), letters_of("たなか", Script.KANA)
    ('מלכ', 'タナカ')
    """
    if script is Script.HANGUL:
        return unicodedata.normalize("NFD", word)
    if script is Script.KANA:
        return word.translate(_HIRAGANA)
    if script is Script.CYRILLIC:
        return word.lower()
    bare = "".join(letter for letter in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(letter))
    if script is Script.ARABIC:
        return bare.translate(_ARABIC_ALIKE)
    return bare.translate(_HEBREW_ENDINGS) if script is Script.HEBREW else bare.replace("ς", "σ")  # noqa: RUF001
