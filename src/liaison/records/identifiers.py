"""Say which spelling of a number is its normal form, whether it is whole, and under which keys it is filed.

Pure.  A normal form is what two writings of the same number have in common;
records keep what their source wrote, and only the keys are normal forms.

An identifier with an invisible character (a control, a bidi mark) is refused,
not repaired: it would look like a number that it does not equal.
"""

import re
import unicodedata
from collections.abc import Iterable
from operator import mul

import msgspec
from anyascii import anyascii

ANY = "*"
UNKNOWN = "?"

_DROPPED = dict.fromkeys(map(ord, " -./\u2010\u2011\u2012\u2013\u2014\u2212\u00b7\u2044"))
_DROPPED_OF_PLATE = _DROPPED | dict.fromkeys(map(ord, "_|:•・"))
_ASCII_ALNUM = re.compile("[0-9A-Z]+")
_VIN_SHAPE = re.compile("[0-9A-HJ-NPR-Z]{17}")
# 49 CFR 565.15(c), tables III and IV.
_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)), strict=True))
_VIN_VALUES |= {str(digit): digit for digit in range(10)}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
# Letters that look the same on a plate, whatever keyboard they were typed on.  Belarus, Greece, Russia and Ukraine
# limit their plates to such letters for this very reason.
_LOOK_ALIKES = str.maketrans("АВЕІКМНОРСТУХЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEIKMHOPCTYXJSABEZHIKMNOPTYX")  # noqa: RUF001
# What cameras take for one another in a machine-readable zone, as one of each.  The check digit shows most of these
# exchanges; G and 6, whose values differ by ten, it never does.
_READ_ALIKE = str.maketrans("OQDILZSGB", "000112568")
_FULL_DATE = len("1984-02-29")


class BadCheckDigit(ValueError):
    """The number has the right shape and its check digit does not belong to it."""


class Key(msgspec.Struct, frozen=True):
    """An exact key: `kind` names what it is ("document", "vin"), `text` is its normal form."""

    kind: str
    text: str

    def encoded(self) -> bytes:
        """Return the bytes under which the engine files this key."""
        return f"{self.kind}:{self.text}".encode()


def document_number(text: str) -> str:
    """Return the normal form of a document number: A-Z and 0-9 only, at most 30 characters.

    Spaces, hyphens, dots and slashes go, letters of other scripts are
    romanised.  A machine-readable zone writes fillers where the document has
    such signs (ICAO Doc 9303, part 3, section 4.6), so both writings meet here.
    Raises ValueError saying what is left over.

    >>> document_number("ab 123.456-7")
    'AB1234567'
    """
    number = text.translate(_DROPPED).upper() if text.isascii() else _romanised(text)
    if not _ASCII_ALNUM.fullmatch(number):
        raise ValueError(_shape_problem("document number", text, number))
    if len(number) > 30:
        raise ValueError(f"{text[:40]!r} is too long for a document number: at most 30 letters and digits.")
    return number


def vin(text: str) -> str:
    """Return the normal form of a vehicle identification number (VIN), or of an older chassis number.

    A VIN has 17 characters and never I, O or Q (ISO 3779); vehicles built
    before 1981 have chassis numbers of 5-16 characters, which may.
    Raises ValueError saying which rule it breaks; the check digit is for `vin_problem`.

    >>> vin("1m8-gdm9a xkp042788")
    '1M8GDM9AXKP042788'
    """
    number = vin_characters(text)
    if not number:
        raise ValueError(_shape_problem("VIN", text, number))
    if not 5 <= len(number) <= 17:
        raise ValueError(
            f"{text[:40]!r} has {len(number)} characters: a VIN has 17, a chassis number from before 1981 has 5 to 16."
        )
    if len(number) == 17 and not _VIN_SHAPE.fullmatch(number):
        raise ValueError(f"{text[:40]!r} contains I, O or Q, which no VIN has: write 1 or 0 as the vehicle shows it.")
    return number


def vin_characters(text: str) -> str:
    """Return the normal form of a part of a VIN, which may be empty; raise ValueError saying what is left over."""
    number = text.translate(_DROPPED).upper() if text.isascii() else _romanised(text)
    if number and not _ASCII_ALNUM.fullmatch(number):
        raise ValueError(_shape_problem("VIN", text, number))
    return number


def vin_check_digit(number: str) -> str:
    """Return the check digit ("0"-"9" or "X") that belongs at position 9 of a VIN in normal form.

    Raises ValueError unless it has 17 characters, none of them I, O or Q.
    Source: 49 CFR 565.15(c); ISO 3779:2009, annex.

    >>> vin_check_digit("1M8GDM9AXKP042788")
    'X'
    """
    if not _VIN_SHAPE.fullmatch(number):
        raise ValueError(f"{number[:40]!r} is not a VIN of 17 characters in normal form.")
    return "0123456789X"[sum(map(mul, map(_VIN_VALUES.__getitem__, number), _VIN_WEIGHTS)) % 11]


def vin_problem(number: str) -> str | None:
    """Say what is wrong with the check digit of a VIN in normal form, or None.

    It is required where the first character is 1-5, the region North America
    (ISO 3780, 49 CFR 565.15).  A vehicle built there for Europe has fillers
    "ZZZ" at positions 4-6 and no check digit; elsewhere it is optional.
    """
    if len(number) != 17 or number[0] not in "12345" or number[3:6] == "ZZZ":
        return None
    expected = vin_check_digit(number)
    if number[8] == expected:
        return None
    return (
        f"The check digit of VIN {number} (position 9) is {number[8]!r} and should be {expected!r}: "
        "compare every character with the vehicle."
    )


def plate(text: str) -> str:
    """Return the normal form of a registration plate: upper case, no separators, 1-15 letters and digits.

    A plate is what it looks like: Cyrillic and Greek letters that look Latin
    become Latin, marks over Latin letters go (MÜ is found as MU), digits of
    any script become 0-9.  Other letters stay (Arabic, Hebrew, Chinese, ...).
    Raises ValueError saying what is left over.

    >>> plate("mü-ab 12"), plate("wa.12345")
    ('MUAB12', 'WA12345')
    """
    number = plate_characters(text)
    if not number:
        raise ValueError(_shape_problem("plate", text, number))
    if len(number) > 15:
        raise ValueError(f"{text[:40]!r} is too long for a plate: at most 15 letters and digits.")
    return number


def plate_characters(text: str) -> str:
    """Return the normal form of a part of a plate, which may be empty; raise ValueError saying what is left over."""
    number = text.translate(_DROPPED_OF_PLATE).upper() if text.isascii() else _as_seen(text)
    if not all(map(_stands_on_a_plate, number)):
        raise ValueError(_shape_problem("plate", text, number))
    return number


def imo_number(text: str) -> str:
    """Return the seven digits of an IMO ship number; "IMO" before them may be left out.

    Raises ValueError for another shape, BadCheckDigit when the last digit is
    not the sum of the first six, weighted 7 to 2, modulo 10.
    Source: IMO resolution A.1117(30).

    >>> imo_number("IMO 9074729")
    '9074729'
    """
    digits = _digits(text, "IMO", 7, "an IMO number")
    expected = str(sum(map(mul, map(int, digits[:6]), range(7, 1, -1))) % 10)
    if digits[6] != expected:
        raise BadCheckDigit(
            f"The last digit of IMO number {digits} should be {expected}: compare every digit with the ship's papers."
        )
    return digits


def mmsi(text: str) -> str:
    """Return the nine digits of a maritime mobile service identity; it has no check digit.

    Raises ValueError for another shape.  Source: Recommendation ITU-R M.585.

    >>> mmsi("MMSI 232 001 000")
    '232001000'
    """
    return _digits(text, "MMSI", 9, "an MMSI")


def document_key(number: str, issuer: str | None) -> list[Key]:
    """Return the keys under which a document is filed: with its issuer ("?" if unknown) and without."""
    text = document_number(number)
    return [Key("document", f"{issuer or UNKNOWN}/{text}"), Key("document", f"{ANY}/{text}")]


def query_document_key(number: str, issuer: str | None) -> Key:
    """Return the most specific key of a query; it misses records whose source did not know the issuer."""
    return Key("document", f"{issuer or ANY}/{document_number(number)}")


def query_document_keys(number: str, issuer: str | None) -> list[Key]:
    """Return every key that can hold an answer: the issuer's and that of documents with an unknown issuer."""
    text = document_number(number)
    places = (issuer, UNKNOWN) if issuer else (ANY,)
    return [Key("document", f"{place}/{text}") for place in places]


def mrz_keys(number: str, issuer: str | None, born: Iterable[str]) -> list[Key]:
    """Return the composite keys of a document: issuer, number as a camera may have read it, and the holder's birth.

    Only a full date of birth makes one: a number that merely looks alike is
    another document too often.
    """
    alike = document_number(number).translate(_READ_ALIKE)
    return [Key("mrz", f"{issuer}/{alike}/{day}") for day in born if issuer and len(day) == _FULL_DATE]


def reads_alike(document: Key, composite: Key) -> bool:
    """Say whether a document's key with its issuer is that of a composite key, but for what cameras confuse."""
    place, _, number = document.text.partition("/")
    alike = f"{place}/{number.translate(_READ_ALIKE)}"
    return document.kind == "document" and composite.kind == "mrz" and composite.text.rpartition("/")[0] == alike


def vin_keys(number: str) -> list[Key]:
    """Return the key of a VIN or chassis number."""
    return [Key("vin", vin(number))]


def plate_keys(number: str, country: str | None) -> list[Key]:
    """Return the keys under which a plate is filed: with its country ("?" if unknown) and without."""
    text = plate(number)
    return [Key("plate", f"{country or UNKNOWN}/{text}"), Key("plate", f"{ANY}/{text}")]


def query_plate_key(number: str, country: str | None) -> Key:
    """Return the most specific key of a query; it misses records whose source did not know the country."""
    return Key("plate", f"{country or ANY}/{plate(number)}")


def query_plate_keys(number: str, country: str | None) -> list[Key]:
    """Return every key that can hold an answer: the country's and that of plates with an unknown country."""
    text = plate(number)
    places = (country, UNKNOWN) if country else (ANY,)
    return [Key("plate", f"{place}/{text}") for place in places]


def imo_keys(number: str) -> list[Key]:
    """Return the key of an IMO ship number."""
    return [Key("imo", imo_number(number))]


def mmsi_keys(number: str) -> list[Key]:
    """Return the key of an MMSI."""
    return [Key("mmsi", mmsi(number))]


def _romanised(text: str) -> str:
    """Return A-Z and 0-9 of a text in any script; raise ValueError for invisible characters."""
    _require_visible(text)
    return anyascii(unicodedata.normalize("NFKC", text).translate(_DROPPED)).translate(_DROPPED).upper()


def _as_seen(text: str) -> str:
    """Return a plate as a person sees it; raise ValueError for invisible characters."""
    _require_visible(text)
    upper = unicodedata.normalize("NFKC", text).translate(_DROPPED_OF_PLATE).upper().translate(_LOOK_ALIKES)
    return "".join(map(_seen, unicodedata.normalize("NFC", upper)))


def _seen(char: str) -> str:
    """Return a digit of any script as 0-9, a Latin letter without its marks, another character as it is."""
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else char


def _stands_on_a_plate(char: str) -> bool:
    """Say whether it is a letter, a digit, or the vowel sign of an Indic letter (Nepal's plates have them)."""
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _require_visible(text: str) -> None:
    hidden = next((char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs"}), None)
    if hidden:
        raise ValueError(
            f"The number contains the invisible character U+{ord(hidden):04X}: "
            "type the number again instead of pasting it."
        )


def _shape_problem(what: str, text: str, number: str) -> str:
    """Say why nothing usable is left of a text."""
    if not number:
        return f"{text[:40]!r} has no letter or digit: write the {what} as it is printed."
    odd = next(char for char in number if not _stands_on_a_plate(char) or (what != "plate" and not char.isascii()))
    return f"{text[:40]!r} contains {odd!r}: a {what} has letters and digits only."


def _digits(text: str, prefix: str, count: int, what: str) -> str:
    """Return exactly `count` digits after an optional prefix."""
    bare = document_number(text).removeprefix(prefix)
    if len(bare) != count or not bare.isdigit():
        raise ValueError(f"{text[:40]!r} is not {what}: it has {count} digits.")
    return bare
