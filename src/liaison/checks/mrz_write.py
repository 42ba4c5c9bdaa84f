"""Write the machine-readable zone of a travel document, for invented documents and for tests.

After ICAO Doc 9303, parts 3-7.  Names are romanised and cut to their line; the
cutting is plain, not the finer rules of part 3, section 4.7.
"""

from typing import NamedTuple

from anyascii import anyascii

from liaison.checks.mrz import LAYOUTS, Format, check_digit
from liaison.lib.countries import is_mrz_code, mrz_of_alpha2

# ICAO Doc 9303, part 3, section 6: where its recommendation differs from plain romanisation.
_RECOMMENDED = str.maketrans(
    {"Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA", "Æ": "AE", "Ø": "OE", "Œ": "OE", "ẞ": "SS", "Þ": "TH"}
)
_FIRST_LETTER: dict[str, str] = {"TD1": "I", "TD2": "I", "TD3": "P", "MRV-A": "V", "MRV-B": "V"}


class Holder(NamedTuple):
    """What a zone says of a document and of who holds it.

    Countries are alpha-2 or codes of Doc 9303 ("UTO"); `born` and `expires`
    are partial ISO dates, "" when unknown; a number of more than nine
    characters fits TD1 and TD2 only.
    """

    issuer: str
    number: str
    surname: str
    given_names: str
    nationality: str
    born: str
    sex: str
    expires: str
    optional: str = ""


def write_mrz_td3(holder: Holder) -> str:
    """Return the two lines of a passport's zone.

    >>> eriksson = Holder("UTO", "L898902C3", "Eriksson", "Anna Maria", "UTO", "1974-08-12", "F", "2012-04-15")
    >>> print(write_mrz_td3(eriksson))
    P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
    L898902C36UTO7408122F1204159<<<<<<<<<<<<<<08
    """
    return write_mrz(holder, "TD3")


def write_mrz(holder: Holder, form: Format) -> str:
    """Return the lines of a zone in any format, all check digits right.

    Raises ValueError for an unknown country, a number or optional data that do not fit.
    """
    layout = LAYOUTS[form]
    lines = ["<" * layout.width] * layout.lines
    for field, text in _fields(holder, form).items():
        line, start, stop = layout.fields[field]
        if len(text) > stop - start:
            raise ValueError(f"{text!r} is too long for the {field} of {form}: at most {stop - start} characters.")
        lines[line] = lines[line][:start] + text.ljust(stop - start, "<") + lines[line][stop:]
    if layout.composite:
        covered = "".join(lines[line][start:stop] for line, start, stop in layout.composite)
        line, start, stop = layout.fields["composite_check"]
        lines[line] = f"{lines[line][:start]}{check_digit(covered)}{lines[line][stop:]}"
    return "\n".join(lines)


def _fields(holder: Holder, form: Format) -> dict[str, str]:
    """Return the text of each field, check digits among them, but not the composite one."""
    born, expires = _date(holder.born), _date(holder.expires)
    number, number_check, optional = _number_and_optional(holder, form)
    names = f"{_written(holder.surname)}<<{_written(holder.given_names)}"
    name_field = LAYOUTS[form].fields["names"]
    fields = {
        "document_code": _FIRST_LETTER[form],
        "issuer": _country(holder.issuer),
        "names": names[: name_field.stop - name_field.start],
        "number": number,
        "number_check": number_check,
        "nationality": _country(holder.nationality),
        "born": born,
        "born_check": str(check_digit(born)),
        "sex": holder.sex if holder.sex in ("F", "M", "X") else "<",
        "expires": expires,
        "expires_check": str(check_digit(expires)),
        "optional": optional,
    }
    if form == "TD3":
        fields["optional_check"] = str(check_digit(optional))
    return fields


def _number_and_optional(holder: Holder, form: Format) -> tuple[str, str, str]:
    """Return number, its check digit and optional data; a long number goes on in the optional data."""
    number, optional = _written(holder.number).replace("<", ""), _written(holder.optional)
    if len(number) <= 9 or form not in ("TD1", "TD2"):
        return number, str(check_digit(number)), optional
    return number[:9], "<", f"{number[9:]}{check_digit(number)}<{optional}".rstrip("<")


def _country(code: str) -> str:
    return code if is_mrz_code(code) else mrz_of_alpha2(code)


def _date(partial: str) -> str:
    """Return YYMMDD with fillers for what is unknown."""
    return partial[2:].replace("-", "").ljust(6, "<")


def _written(text: str) -> str:
    """Return a text in the letters of a zone: apostrophes go, every other sign becomes a filler."""
    plain = anyascii(text.upper().translate(_RECOMMENDED)).upper().replace("'", "")
    parts = "".join(char if char.isalnum() else " " for char in plain).split()
    return "<".join(parts)
