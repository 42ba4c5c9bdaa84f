"""Read the machine-readable zone of a travel document: who holds it, and is it whole.

Written after ICAO Doc 9303, parts 3-7: TD1 (3 lines of 30), TD2 (2 of 36), TD3
(2 of 44), and the visas MRV-A (2 of 44) and MRV-B (2 of 36).  Pure: today's
date is an argument.

Characters that cameras confuse are repaired where the grammar of the field or
a check digit proves what was meant, and every repair is reported.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from operator import mul
from typing import Literal, NamedTuple

import msgspec

from liaison.errors import BadInput, Problem
from liaison.lib.countries import alpha2_of_mrz, is_mrz_code
from liaison.lib.partial_date import parse_partial_date

Format = Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]
DocumentType = Literal["passport", "identity_card", "visa", "other"]

_VALUES = bytes.maketrans(
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<",
    bytes([*range(36), 0]),
)
_WEIGHTS = (7, 3, 1) * 30
_ALLOWED = re.compile("[0-9A-Z<]*")
_WHITE = re.compile(r"\s+")
_TO_DIGITS = dict(zip("OQDILZSGB", "000112568", strict=True))
_TO_LETTERS = dict(zip("012568", "OIZSGB", strict=True))
_EITHER_WAY = _TO_LETTERS | dict(zip("OIZSGB", "012568", strict=True))
_DIGITS_MEANT = str.maketrans(_TO_DIGITS)
_LETTERS_MEANT = str.maketrans(_TO_LETTERS)


class Repair(msgspec.Struct, frozen=True):
    """One character read as `read` and taken as `taken`; line and position count from 1."""

    line: int
    position: int
    read: str
    taken: str


class Mrz(msgspec.Struct, frozen=True, kw_only=True):
    """What a machine-readable zone says.

    Countries are two-letter codes, None where a code has none (stateless
    persons, specimens); `..._mrz` keep the code as it is written.  Dates are
    ISO, partial where the zone leaves a part out.  `names_may_be_cut` says
    that the names fill their line, so that more may follow on the document.
    `number_as_read` differs from `number` where a character of it was repaired:
    the repair is likely and not certain, so look for both.  `problems` is
    empty unless the reader was told to be lenient.
    """

    format: Format
    document_type: DocumentType
    document_code: str
    issuer: str | None
    issuer_mrz: str
    number: str
    number_as_read: str
    surname: str
    given_names: str
    names_may_be_cut: bool
    nationality: str | None
    nationality_mrz: str
    born: str | None
    sex: Literal["F", "M", "X", "U"]
    expires: str | None
    optional_data: str
    repairs: tuple[Repair, ...] = ()
    problems: tuple[Problem, ...] = ()

    def notes(self) -> list[str]:
        """Return in sentences what was repaired, what is cut off, and what is wrong."""
        said = [f"Line {r.line}, position {r.position}: {r.read} was read as {r.taken}." for r in self.repairs]
        if self.names_may_be_cut:
            said.append("The names fill their line: more of them may stand on the document.")
        return said + [problem.detail for problem in self.problems]


class _Span(NamedTuple):
    """A run of characters: line and places count from 0, `stop` is not in it."""

    line: int
    start: int
    stop: int


class Layout(NamedTuple):
    """Where a format has its fields; `composite` is what the last check digit covers."""

    format: Format
    lines: int
    width: int
    fields: dict[str, _Span]
    composite: tuple[_Span, ...]


_TWO_LINES = {
    "document_code": _Span(0, 0, 2),
    "issuer": _Span(0, 2, 5),
    "number": _Span(1, 0, 9),
    "number_check": _Span(1, 9, 10),
    "nationality": _Span(1, 10, 13),
    "born": _Span(1, 13, 19),
    "born_check": _Span(1, 19, 20),
    "sex": _Span(1, 20, 21),
    "expires": _Span(1, 21, 27),
    "expires_check": _Span(1, 27, 28),
}
_TD1 = Layout(
    "TD1",
    3,
    30,
    {
        "document_code": _Span(0, 0, 2),
        "issuer": _Span(0, 2, 5),
        "number": _Span(0, 5, 14),
        "number_check": _Span(0, 14, 15),
        "optional": _Span(0, 15, 30),
        "born": _Span(1, 0, 6),
        "born_check": _Span(1, 6, 7),
        "sex": _Span(1, 7, 8),
        "expires": _Span(1, 8, 14),
        "expires_check": _Span(1, 14, 15),
        "nationality": _Span(1, 15, 18),
        "optional_2": _Span(1, 18, 29),
        "composite_check": _Span(1, 29, 30),
        "names": _Span(2, 0, 30),
    },
    (_Span(0, 5, 30), _Span(1, 0, 7), _Span(1, 8, 15), _Span(1, 18, 29)),
)
_TD2 = Layout(
    "TD2",
    2,
    36,
    _TWO_LINES | {"names": _Span(0, 5, 36), "optional": _Span(1, 28, 35), "composite_check": _Span(1, 35, 36)},
    (_Span(1, 0, 10), _Span(1, 13, 20), _Span(1, 21, 35)),
)
_TD3 = Layout(
    "TD3",
    2,
    44,
    _TWO_LINES
    | {
        "names": _Span(0, 5, 44),
        "optional": _Span(1, 28, 42),
        "optional_check": _Span(1, 42, 43),
        "composite_check": _Span(1, 43, 44),
    },
    (_Span(1, 0, 10), _Span(1, 13, 20), _Span(1, 21, 43)),
)
_MRV_A = Layout("MRV-A", 2, 44, _TWO_LINES | {"names": _Span(0, 5, 44), "optional": _Span(1, 28, 44)}, ())
_MRV_B = Layout("MRV-B", 2, 36, _TWO_LINES | {"names": _Span(0, 5, 36), "optional": _Span(1, 28, 36)}, ())
LAYOUTS: dict[str, Layout] = {layout.format: layout for layout in (_TD1, _TD2, _TD3, _MRV_A, _MRV_B)}

_OF_LETTERS = ("document_code", "issuer", "nationality", "sex", "names")
_OF_DIGITS = ("born", "expires", "number_check", "born_check", "expires_check", "optional_check", "composite_check")
_SEXES: dict[str, Literal["F", "M", "X", "U"]] = {"F": "F", "M": "M", "X": "X", "<": "U"}
_WORDS = {
    "number": "document number",
    "born": "date of birth",
    "expires": "date of expiry",
    "optional": "optional data",
}


def check_digit(field: str) -> int:
    """Return the check digit (0-9) of a field of a machine-readable zone, of at most 90 characters.

    A-Z count 10-35, the filler "<" counts 0; weights repeat 7, 3, 1.
    Raises ValueError naming the first other character.
    Source: ICAO Doc 9303, part 3, section 4.9.

    >>> check_digit("L898902C3")
    6
    """
    if not _ALLOWED.fullmatch(field):
        raise ValueError(f"{re.sub('[0-9A-Z<]', '', field)[0]!r} cannot stand in a machine-readable zone.")
    return _check_digit(field)


def _check_digit(field: str) -> int:
    """Return the check digit of a field whose characters are known to be allowed."""
    total: int = sum(map(mul, field.encode().translate(_VALUES), _WEIGHTS))
    return total % 10


def read_mrz(text: str, today: date, *, lenient: bool = False) -> Mrz:
    """Read a zone from text: lines or one line, spaces, lower case and "«" for "<" are accepted.

    Raises BadInput: "bad-mrz" (which line has which length, or which character
    cannot be there), "bad-check-digit" (field, expected and found digit),
    "impossible-date" and "unknown-country", all that were found.  A lenient
    reading raises for the shape only and lists the others in `problems`: an
    officer who holds a forged document wants its number checked all the same.
    """
    lines, layout = _lines_of(text)
    page = _Page(lines, layout)
    page.repair_by_grammar()
    number, optional = page.number_and_optional()
    page.verify("born")
    page.verify("expires")
    if layout is _TD3:
        optional = page.verify("optional")
    page.verify_composite()
    mrz = _interpreted(page, number, optional, today)
    if mrz.problems and not lenient:
        raise BadInput.of(mrz.problems)
    return mrz


def _lines_of(text: str) -> tuple[list[str], Layout]:
    """Split a text into the lines of the one format that it fits; raise BadInput when none does."""
    if len(text) > 1000:
        raise BadInput("bad-mrz", f"The text has {len(text)} characters: paste the machine-readable zone only.")
    plain = text.replace("&lt;", "<").replace("«", "<")
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain)
    lines = [line for line in (_WHITE.sub("", line).upper() for line in plain.splitlines()) if line]
    _require_characters(lines)
    joined = "".join(lines)
    layout = _layout_of(joined)
    if layout is None and "«" in text:
        # Many fonts have no "<<" of their own, and readers then write one "«" for both.
        return _lines_of(text.replace("«", "<<"))
    if layout is None or (len(lines) > 1 and {len(line) for line in lines} != {layout.width}):
        raise BadInput("bad-mrz", _length_problem(lines))
    width = layout.width
    return [joined[start : start + width] for start in range(0, len(joined), width)], layout


def _require_characters(lines: list[str]) -> None:
    for number, line in enumerate(lines, start=1):
        end = len(_ALLOWED.match(line).group())  # type: ignore[union-attr]  # it matches the empty text too
        if end < len(line):
            detail = (
                f"Line {number} has {line[end]!r} at position {end + 1}: only A-Z, 0-9 and '<' stand in a "
                "machine-readable zone."
            )
            raise BadInput("bad-mrz", detail, value=line)


def _layout_of(joined: str) -> Layout | None:
    is_visa = joined.startswith("V")
    by_length = {90: _TD1, 72: _MRV_B if is_visa else _TD2, 88: _MRV_A if is_visa else _TD3}
    return by_length.get(len(joined))


def _length_problem(lines: list[str]) -> str:
    """Say which line has which length, and which one was wanted."""
    if len(lines) < 2:
        count = len(lines[0]) if lines else 0
        return (
            f"The text has {count} characters: a zone has 88 (passport, 2 lines of 44), "
            "72 (2 lines of 36) or 90 (identity card, 3 lines of 30)."
        )
    if len(lines) > 3:
        return f"The text has {len(lines)} lines: a zone has 2 or 3; leave out what is above it."
    widths = (30,) if len(lines) == 3 else (44, 36)
    wanted = min(widths, key=lambda width: sum(abs(len(line) - width) for line in lines))
    number, line = next((n, line) for n, line in enumerate(lines, start=1) if len(line) != wanted)
    return f"Line {number} has {len(line)} characters and should have {wanted}: scan or type it again."


class _Page:
    """The lines of a zone while they are read: what was repaired, and what is wrong."""

    def __init__(self, lines: list[str], layout: Layout) -> None:
        self.lines = lines
        self.layout = layout
        self.repairs: list[Repair] = []
        self.problems: list[Problem] = []
        self.number_as_read = ""

    def text(self, field: str) -> str:
        """Return a field as it stands now; a field that the format does not have is empty."""
        span = self.layout.fields.get(field)
        return self.lines[span.line][span.start : span.stop] if span else ""

    def repair_by_grammar(self) -> None:
        """Make letters of digits in fields of letters, and digits of letters in fields of digits."""
        if not "".join(map(self.text, _OF_LETTERS)).replace("<", "").isalpha():
            for field in _OF_LETTERS:
                self._replace(field, self.text(field).translate(_LETTERS_MEANT))
        if not "".join(map(self.text, _OF_DIGITS)).isdigit():
            for field in _OF_DIGITS:
                self._replace(field, self.text(field).translate(_DIGITS_MEANT))

    def _replace(self, field: str, taken: str) -> None:
        """Put a text of the same length in the place of a field and report each changed character."""
        span = self.layout.fields.get(field)
        if span is None:
            return
        line = self.lines[span.line]
        for place, (old, new) in enumerate(zip(line[span.start : span.stop], taken, strict=True), span.start):
            if old != new:
                self.repairs.append(Repair(span.line + 1, place + 1, old, new))
        self.lines[span.line] = line[: span.start] + taken + line[span.stop :]

    def verify(self, field: str) -> str:
        """Compare a field with its check digit, repairing one confused character if that proves right."""
        text, found = self.text(field), self.text(f"{field}_check")
        if found == str(_check_digit(text)) or (found == "<" and not text.strip("<") and field != "number"):
            return text
        proven = list(_proven(text, found)) if field in ("number", "optional") else []
        if len(proven) == 1:
            self._replace(field, proven[0])
            return proven[0]
        self._report(field, text, found)
        return text

    def number_and_optional(self) -> tuple[str, str]:
        """Return the document number and what else the issuer wrote, both with their fillers.

        A number of more than nine characters goes on in the optional data,
        ends with its check digit, and has a filler where that digit would
        stand (Doc 9303, part 5, 4.2.4 and part 6, 4.2.4).
        """
        number, optional = self.text("number"), self.text("optional")
        self.number_as_read = number
        goes_on = self.text("number_check") == "<" and not optional.startswith("<")
        if not goes_on or self.layout not in (_TD1, _TD2):
            return self.verify("number"), optional
        rest, _, further = optional.partition("<")
        found = rest[-1].translate(_DIGITS_MEANT)
        if found != rest[-1]:
            self._replace("optional", rest[:-1] + found + optional[len(rest) :])
        self.number_as_read = whole = number + rest[:-1]
        # Issuers differ in whether the filler between the two parts counts; both kinds of card are in use.
        if found not in (str(_check_digit(whole)), str(_check_digit(f"{number}<{rest[:-1]}"))):
            self._report("number", whole, found)
        return whole, further

    def verify_composite(self) -> None:
        """Compare what the last check digit covers with it, unless a digit inside is known to be wrong."""
        found = self.text("composite_check")
        if not found or any(problem.code == "bad-check-digit" for problem in self.problems):
            return
        covered = "".join(self.lines[line][start:stop] for line, start, stop in self.layout.composite)
        if str(_check_digit(covered)) != found:
            self._report("composite", covered, found)

    def _report(self, field: str, text: str, found: str) -> None:
        expected = _check_digit(text)
        span = self.layout.fields[f"{field}_check"]
        what = _WORDS.get(field, "whole zone")
        detail = (
            f"The check digit of the {what} (line {span.line + 1}, position {span.start + 1}) is {found!r} and "
            f"{expected} was expected: compare the zone with the document and scan or type it again."
        )
        self.problems.append(Problem("bad-check-digit", detail, field, text.rstrip("<")))


def _proven(text: str, found: str) -> Iterator[str]:
    """Yield each text with one confused character exchanged to which the check digit belongs."""
    for place, char in enumerate(text):
        meant = _EITHER_WAY.get(char)
        if meant:
            other = text[:place] + meant + text[place + 1 :]
            if str(_check_digit(other)) == found:
                yield other


def _interpreted(page: _Page, number: str, optional: str, today: date) -> Mrz:
    """Give the fields of a verified page their meaning."""
    names = page.text("names")
    surname, _, given = names.partition("<<")
    code = page.text("document_code").rstrip("<")
    more = [optional, page.text("optional_2")] if page.layout is _TD1 else [optional]
    return Mrz(
        format=page.layout.format,
        document_type=_document_type(page.layout, code),
        document_code=code,
        issuer=_country(page, "issuer"),
        issuer_mrz=page.text("issuer").rstrip("<"),
        number=_number(page, number),
        number_as_read=page.number_as_read.replace("<", ""),
        surname=_spaced(surname),
        given_names=_spaced(given),
        names_may_be_cut=not names.endswith("<"),
        nationality=_country(page, "nationality"),
        nationality_mrz=page.text("nationality").rstrip("<"),
        born=_date(page, "born", today),
        sex=_sex(page),
        expires=_date(page, "expires", today),
        optional_data=" ".join(filter(None, map(_spaced, more))),
        repairs=tuple(page.repairs),
        problems=tuple(page.problems),
    )


def _document_type(layout: Layout, code: str) -> DocumentType:
    """Name the kind of document; cards begin with A, C or I, but AC is a crew member's certificate."""
    if layout in (_MRV_A, _MRV_B):
        return "visa"
    if code.startswith("P"):
        return "passport"
    return "identity_card" if code[:1] in "ACI" and code not in ("", "AC") else "other"


def _number(page: _Page, number: str) -> str:
    """Return the number without fillers, which stand for signs that the zone does not have."""
    bare = number.replace("<", "")
    if not bare:
        page.problems.append(Problem("bad-mrz", "The zone has no document number: type it by hand.", "number"))
    return bare


def _country(page: _Page, field: str) -> str | None:
    code = page.text(field)
    if not is_mrz_code(code):
        detail = f"{code!r} is not a code of ICAO Doc 9303, part 3: compare the {field} with the document."
        page.problems.append(Problem("unknown-country", detail, field, code))
    return alpha2_of_mrz(code)


def _sex(page: _Page) -> Literal["F", "M", "X", "U"]:
    found = page.text("sex")
    if found not in _SEXES:
        detail = f"The sex is {found!r}: F, M, X or '<' stands there. Compare it with the document."
        page.problems.append(Problem("bad-mrz", detail, "sex", found))
    return _SEXES.get(found, "U")


def _date(page: _Page, field: str, today: date) -> str | None:
    """Return a date as partial ISO, None when the zone leaves it out.

    A birth date lies in this century unless it would be in the future; an
    expiry date at most fifty years ahead.
    """
    text = page.text(field)
    known = text.rstrip("<")
    if not known:
        return None
    year, month, day = known[:2], known[2:4], known[4:6]
    # Some issuers write 00 for an unknown month or day instead of fillers.
    parts = [part for part in (month, day) if part not in ("", "00")]
    is_ordered = month not in ("", "00") or not parts
    try:
        if not known.isdigit() or len(known) % 2 or not is_ordered:
            raise ValueError(text)
        return _in_its_century(year, parts, field, today)
    except ValueError:
        detail = f"The {_WORDS[field]} {text!r} is not in the calendar: compare it with the document."
        page.problems.append(Problem("impossible-date", detail, field, text))
        return None


def _in_its_century(year: str, parts: list[str], field: str, today: date) -> str:
    full = today.year // 100 * 100 + int(year)
    if field == "expires":
        full += 100 * ((full < today.year - 50) - (full > today.year + 50))
    elif "-".join([str(full), *parts]) > today.isoformat()[: 4 + 3 * len(parts)]:
        full -= 100
    return str(parse_partial_date("-".join([str(full), *parts])))


def _spaced(text: str) -> str:
    """Return words that fillers separate with one space between them."""
    return " ".join(filter(None, text.split("<")))
