"""Numbers of documents, vehicles and vessels that cannot belong to anything real.

- **Documents**: `9ZZ`, a letter for the block, five characters: `9ZZD004K7`.
  A digit, three letters and a serial with letters: no bureau of the demo world
  belongs to a state that numbers its documents in this shape, and all nine
  characters fit the number field of a passport's machine-readable zone.
- **VIN**: the world manufacturer identifier `0ZZ`.  ISO 3780 gives the regions
  A-H, J-R, S-Z and 1-9; no country and no manufacturer has the first character
  0.  The check digit in position 9 is right, so that every check passes.
- **Plates**: `DEMO` and six digits, two characters longer than plates that
  begin with four letters are anywhere.
- **IMO numbers** begin with 0: the numbers given to ships start at 1000000.
  The check digit is right.
- **MMSI** begin with 299: ITU's table of maritime identification digits gives
  Europe 201-279 and leaves the rest of the two hundreds unassigned.
"""

from typing import Literal

from liaison.records.identifiers import vin_check_digit

Block = Literal["L", "D", "P", "C"]
"""L: fixed leading records; D: lost and stolen documents; P: documents of persons; C: clean travellers."""

# Digits and letters without those that are mistaken for digits (I, O, Q, Y, Z).
_SERIAL = "0123456789ABCDEFGHJKLMNPRSTUVWX"
_SERIALS = len(_SERIAL) ** 5
# Shares no divisor with 31 ** 5, so that neighbours in a feed are far apart and no number comes twice.
_STRIDE = 7_368_787

_VIN_YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"
_VIN_PLANTS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def document_number(block: Block, index: int) -> str:
    """Return the number of the `index`-th document (0-28,629,150) of a block: 9 characters.

    >>> document_number("L", 0)
    '9ZZL00000'
    """
    if not 0 <= index < _SERIALS:
        raise ValueError(f"a block has {_SERIALS} document numbers, there is no {index}")
    rest = index * _STRIDE % _SERIALS
    serial = ""
    for _ in range(5):
        rest, place = divmod(rest, 31)
        serial += _SERIAL[place]
    return f"9ZZ{block}{serial}"


def vin(descriptor: str, year: int, index: int) -> str:
    """Return a VIN: `descriptor` has five characters, `index` counts vehicles (0-32,999,999).

    >>> vin("KA4B2", 2019, 17)
    '0ZZKA4B21KA000017'
    """
    plant, serial = divmod(index, 1_000_000)
    open_vin = f"0ZZ{descriptor}0{_VIN_YEARS[(year - 1980) % 30]}{_VIN_PLANTS[plant]}{serial:06d}"
    return open_vin[:8] + vin_check_digit(open_vin) + open_vin[9:]


def plate(index: int) -> str:
    """Return the `index`-th plate of the world: "DEMO 000017"."""
    return f"DEMO {index:06d}"


def imo_number(index: int) -> str:
    """Return the `index`-th IMO number (0-99,999), seven digits with the check digit last.

    Source: IMO resolution A.1117(30): the last digit of the sum of the first
    six, weighted 7 to 2.

    >>> imo_number(1)
    '0000012'
    """
    digits = f"{index:06d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(7, 1, -1), strict=True))
    return digits + str(total % 10)


def mmsi(index: int) -> str:
    """Return the `index`-th MMSI (0-999,999), nine digits."""
    return f"299{index:06d}"
