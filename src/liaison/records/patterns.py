"""Understand a plate or a VIN of which a witness saw a part: `?` is one character, `*` any number of them.

Pure.  A pattern is brought into the normal form of the number, piece by piece between
the wildcards, so that both are written alike.
"""

import re
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from liaison.records import identifiers
from liaison.records.identifiers import ANY, UNKNOWN, Key

# So many letters and digits must be known: fewer would fit too many.
FEWEST_KNOWN = 3
_WILDCARD = re.compile(r"([?*])")
_SAME_AS = str.maketrans({"؟": "?", "？": "?", "＊": "*", "﹡": "*", "٭": "*"})  # noqa: RUF001  as keyboards have them
_LONGEST_PLATE, _SHORTEST_VIN, _VIN_LENGTH = 15, 5, 17
# How the engine tells texts apart: small letters, which no normal form has, and two signs for no country.
_PLATE, _VIN, _NO_COUNTRY = "p", "v", "--"


class TooFewKnown(ValueError):
    """Too little of the number is known to look for it."""


class Pattern(msgspec.Struct, frozen=True):
    """A partly known plate, with its country where that is known, or VIN; `text` is its normal form."""

    kind: Literal["plate", "vin"]
    text: str
    country: str | None = None

    @property
    def known(self) -> int:
        """Return how many characters are known."""
        return _known(self.text)

    def encoded(self) -> list[bytes]:
        """Return the patterns that the engine looks for: the country's, and that of plates with an unknown country."""
        if self.kind == "vin":
            return [f"{_VIN}{self.text}".encode()]
        places = (self.country, _NO_COUNTRY) if self.country else ("??",)
        return [f"{_PLATE}{place}{self.text}".encode() for place in places]

    def fits(self, key: Key) -> bool:
        """Say whether a key of a record is like this."""
        return key.kind == self.kind and self._expression.fullmatch(key.text) is not None

    @property
    def _expression(self) -> re.Pattern[str]:
        signs = {"?": ".", "*": ".*"}
        text = "".join(signs.get(char) or re.escape(char) for char in self.text)
        if self.kind == "plate":
            # Each plate is filed under its country and without: one of the two keys is compared.
            places = (self.country, UNKNOWN) if self.country else (ANY,)
            text = f"(?:{'|'.join(map(re.escape, places))})/{text}"
        return re.compile(text, re.DOTALL)


def is_pattern(text: str) -> bool:
    """Say whether a number has a wildcard.

    >>> is_pattern("WX ?23*"), is_pattern("WX 123")
    (True, False)
    """
    return _WILDCARD.search(text.translate(_SAME_AS)) is not None


def plate_pattern(text: str, country: str | None) -> Pattern:
    """Return the normal form of a partly known plate.

    Raises ValueError saying what is left over, TooFewKnown when less than three
    characters are known.

    >>> plate_pattern("wx ?23*", None).text
    'WX?23*'
    """
    pattern = Pattern("plate", _normal(text, identifiers.plate_characters), country)
    if _shortest(pattern) > _LONGEST_PLATE:
        raise ValueError(f"{text[:40]!r} is too long for a plate: at most {_LONGEST_PLATE} letters and digits.")
    return pattern


def vin_pattern(text: str) -> Pattern:
    """Return the normal form of a partly known VIN or chassis number; raises as `plate_pattern`.

    >>> vin_pattern("1M8-gdm*788").text
    '1M8GDM*788'
    """
    pattern = Pattern("vin", _normal(text, identifiers.vin_characters), None)
    shortest, is_open = _shortest(pattern), "*" in pattern.text
    if shortest > _VIN_LENGTH or (shortest < _SHORTEST_VIN and not is_open):
        raise ValueError(
            f"{text[:40]!r} stands for {shortest} characters: a VIN has 17, a chassis number from before 1981 has 5 to "
            "16. Write * for what you do not know."
        )
    return pattern


def text_of(key: Key) -> bytes | None:
    """Return the text in which the engine looks for patterns, or None for another kind of key.

    >>> text_of(Key("plate", "PL/WX123")), text_of(Key("plate", "*/WX123"))
    (b'pPLWX123', None)
    """
    if key.kind == "vin":
        return f"{_VIN}{key.text}".encode()
    place, _, number = key.text.partition("/")
    if key.kind != "plate" or place == ANY:
        return None
    return f"{_PLATE}{_NO_COUNTRY if place == UNKNOWN else place}{number}".encode()


def texts_of(keys: Iterable[Key]) -> tuple[bytes, ...]:
    """Return the texts of all keys in which the engine looks for patterns."""
    return tuple(text for key in keys if (text := text_of(key)) is not None)


def _normal(text: str, normal: Callable[[str], str]) -> str:
    """Bring what stands between the wildcards into normal form."""
    pieces = _WILDCARD.split(text.translate(_SAME_AS))
    pattern = "".join(piece if piece in ("?", "*") else normal(piece) for piece in pieces)
    # In any order, "?" and "*" ask for as many characters.
    pattern = re.sub(r"[?*]*\*[?*]*", lambda run: "?" * run[0].count("?") + "*", pattern)
    known = _known(pattern)
    if known < FEWEST_KNOWN:
        raise TooFewKnown(
            f"{text[:40]!r} has {known} known letters and digits: beside ? and * give at least {FEWEST_KNOWN}."
        )
    return pattern


def _known(pattern: str) -> int:
    return sum(char not in "?*" for char in pattern)


def _shortest(pattern: Pattern) -> int:
    """Return how many characters a number like this has at least."""
    return len(pattern.text) - pattern.text.count("*")
