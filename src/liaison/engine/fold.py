"""Which plain parts does a name have, whatever script and spelling it is written in.

Folding is the first step of every comparison: "Müller-Łoś, Đ." and "MULLER LOS D"
have the same parts.  It refuses to know which parts are alike: see `sounds.py`.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from liaison.engine import scripts

MAX_TEXT = 500
MAX_PARTS = 24
MAX_PART = 32

_ASCII_PART = re.compile(r"[a-z0-9]+")
_NOT_ASCII_PART = re.compile(r"[^a-z0-9]+")
# Written inside a word and heard as nothing, as in Sa'd: apostrophes, quotation marks, primes and their like.
_APOSTROPHES = frozenset(
    "'`\"\u00b4\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u05f3\u05f4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2032\u2033\u2035"
)

# Bound to the part beside them; written or left out as one likes.
_PARTICLES = (
    "a af ag al an ar as at az bin bint ben binti bn ibn ibnu bt abu d da dal de del della den der di do dos du e el "
    "ed es en et i la las le les lo los na of oul ould ter ten the u ud ul ur us van vom von wa y z zu zum zur"
)
PARTICLES = frozenset(_PARTICLES.split())
_TITLES = (
    "adm ayatollah capt captain col colonel commander dr emir gen general hadji haji hajj hajji hafiz imam jr "
    "junior king lord lt major maulavi maulana maulawi mawlawi maulvi minister molla mr mrs ms mufti mullah mulla "
    "president prince prof professor qari sayed sayid sayyed sayyid senior sgt shaikh shaykh sheik sheikh sir sr "
    "syed ustad ii iii iv"
)
TITLES = frozenset(_TITLES.split())


def fold_name(text: str) -> tuple[str, ...]:
    """Return the parts of a name as lower-case ASCII letters and digits, in the order written.

    At most MAX_PARTS parts of at most MAX_PART characters; only the first
    MAX_TEXT characters of the text count.  Folding what was folded changes nothing.

    >>> fold_name("MÜLLER-ŁOŚ, Đorđe")
    ('muller', 'los', 'dorde')
    >>> fold_name("عبد الرحمن")
    ('abd', 'al', 'rhmn')
    """
    text = text[:MAX_TEXT]
    if text.isascii():
        plain = text.lower().replace("'", "").replace("`", "").replace('"', "")
        return tuple(part[:MAX_PART] for part in _ASCII_PART.findall(plain)[:MAX_PARTS])
    return tuple(part.partition("|")[0] for part in fold_parts(text))


def fold_parts(text: str) -> tuple[str, ...]:
    """Return the parts of a name as `fold_name` does, those of other scripts with their own letters after "|".

    >>> fold_parts("Иван Grozny")
    ('ivan|иван', 'grozny')
    """
    text = text[:MAX_TEXT]
    if text.isascii():
        return fold_name(text)
    words = _words(unicodedata.normalize("NFKC", text))
    return tuple(part for word in words for part in _fold_word(word, len(words) == 1))[:MAX_PARTS]


def script_without_spellings(text: str) -> str:
    """Name the script of the first letter whose usual spellings are not known: it is transliterated plainly.

    >>> script_without_spellings("สมชาย"), script_without_spellings("Иван Grozny")
    ('Thai', '')
    """
    for letter in unicodedata.normalize("NFKC", text[:MAX_TEXT]):
        script = unicodedata.name(letter, "").partition(" ")[0]
        if letter.isalpha() and script != "LATIN" and scripts.script_of(letter) is scripts.Script.OTHER:
            return script.capitalize()
    return ""


def is_minor(part: str) -> bool:
    """Tell whether a folded part is a particle or a title: it says little about who it is.

    >>> is_minor("bin"), is_minor("sheikh"), is_minor("nuristani")
    (True, True, False)
    """
    return part in PARTICLES or part in TITLES


class _Separators(dict[int, str]):
    """What each character becomes before the text is split; worked out once for each."""

    def __missing__(self, code: int) -> str:
        self[code] = kept = _separator_or_self(chr(code))
        return kept


_separators = _Separators()


def _words(text: str) -> list[str]:
    """Split at spaces, hyphens and signs; drop apostrophes and invisible controls."""
    return text.translate(_separators).split()


def _separator_or_self(character: str) -> str:
    category = unicodedata.category(character)
    if character in _APOSTROPHES or category in ("Cf", "Lm"):
        return character if character == scripts.LONG_VOWEL_MARK else ""
    return " " if category[0] in "ZPSC" else character


@lru_cache(maxsize=65536)
def _fold_word(word: str, alone: bool) -> tuple[str, ...]:
    """Fold one word of any script; `alone` when it is the whole name."""
    script = scripts.script_of(word)
    if script is scripts.Script.OTHER:
        return tuple(filter(None, [_plain(word)[:MAX_PART]]))
    pieces = scripts.pieces(word, script, alone=alone)
    parts = [(_plain(scripts.spell_out(piece, script))[:MAX_PART], piece) for piece in pieces]
    return tuple(_with_letters(plain, piece, script) for plain, piece in parts if plain)


def _with_letters(plain: str, piece: str, script: scripts.Script) -> str:
    letters = scripts.letters_of(piece, script)[:MAX_PART]
    return f"{plain}|{letters}" if scripts.script_of(letters) is script else plain


def _plain(word: str) -> str:
    """Reduce to lower-case ASCII letters and digits."""
    return _NOT_ASCII_PART.sub("", anyascii(word.casefold()).lower())
