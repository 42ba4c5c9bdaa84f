"""Bring one row to the house's normal form before its types are checked.

Pure helpers for the `normalise` of each database.  A row comes from CSV, where
every value is text, or from JSON, where lists and objects nest.  `trimmed`
makes a copy; the other helpers change that copy in place and raise BadInput
with every problem they found.

Invisible characters: bidi controls and other marks of no width go from texts,
because spreadsheets and word processors leave them there; joiners, which Persian
and Indic spelling needs, stay.  Identifiers keep them, so that
`identifiers.py` refuses a number that is not what it looks like.  Control
characters are refused everywhere, except line breaks and tabs.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from liaison.errors import BadInput, Problem
from liaison.lib.countries import country_code, issuer_code
from liaison.lib.partial_date import parse_partial_date
from liaison.records.identifiers import BadCheckDigit

Row = dict[str, object]

SEXES = {
    "m": "M",
    "male": "M",
    "man": "M",
    "f": "F",
    "female": "F",
    "woman": "F",
    "x": "X",
    "other": "X",
    "non-binary": "X",
    "nonbinary": "X",
    "diverse": "X",
    "u": "U",
    "unknown": "U",
    "unspecified": "U",
    "not specified": "U",
}
# No record nests deeper (names -> one name -> parts -> one part -> text); the types refuse what does.
_DEEPEST = 5
_BIDI_AND_WIDTHLESS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def trimmed(row: Row, identifiers: Collection[str] = ()) -> Row:
    """Return a copy without empty values, without spaces around texts and without invisible marks in them.

    `identifiers` names the fields, at any depth, whose marks are kept to be refused.
    Raises BadInput "control-character" naming each field that has one.
    """
    problems: list[Problem] = []
    copy: Row = {}
    for field, value in row.items():
        if type(value) is str:
            kept: object = value.strip() if value.isprintable() else _cleaned(value, field, identifiers, problems)
        else:
            kept = _trimmed_value(value, field, identifiers, problems, 1)
        if not _is_empty(kept):
            copy[field] = kept
    if problems:
        raise BadInput.of(problems)
    return copy


def _trimmed_value(value: object, at: str, identifiers: Collection[str], problems: list[Problem], depth: int) -> object:
    """Trim what a JSON row nests; a value deeper than any record goes on as it is."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() else _cleaned(value, at, identifiers, problems)
    if depth > _DEEPEST:
        return value
    if isinstance(value, list):
        items = [_trimmed_value(v, f"{at}[{i}]", identifiers, problems, depth + 1) for i, v in enumerate(value)]
        return [item for item in items if not _is_empty(item)]
    if isinstance(value, dict):
        pairs = ((k, _trimmed_value(v, f"{at}.{k}", identifiers, problems, depth + 1)) for k, v in value.items())
        return {key: item for key, item in pairs if not _is_empty(item)}
    return value


def _is_empty(value: object) -> bool:
    """Say whether it says nothing; False and 0 say something."""
    return value is None or value in ("", [])


def _cleaned(text: str, at: str, identifiers: Collection[str], problems: list[Problem]) -> str:
    """Trim a text that has characters which do not print."""
    bad = _REFUSED.search(text)
    if bad:
        code = ord(bad.group())
        detail = f"{at[:60]!r} contains the control character U+{code:04X}: remove it and send the row again."
        problems.append(Problem("control-character", detail, at[:200]))
    if identifiers and at.rsplit(".", 1)[-1].split("[", 1)[0] in identifiers:
        return text.strip()
    return _BIDI_AND_WIDTHLESS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def in_one_refusal(*steps: Callable[[], None]) -> None:
    """Run every step; raise one BadInput with the problems of all that refused."""
    problems: list[Problem] = []
    for step in steps:
        try:
            step()
        except BadInput as refusal:
            problems.extend(refusal.problems)
    if problems:
        raise BadInput.of(problems)


def dates_as_iso(row: Row, fields: Iterable[str], at: str = "") -> None:
    """Pad the dates of these fields ("1984-2-9" to "1984-02-09"), lists too.

    `at` stands before the field's name in a problem.
    Raises BadInput "impossible-date".
    """
    _change_each(row, fields, at, _iso_date, "impossible-date")


def countries_as_codes(row: Row, fields: Iterable[str], at: str = "") -> None:
    """Turn the countries of these fields from names or alpha-3 to alpha-2, lists too.

    Raises BadInput "unknown-country" with a suggestion, for example at "nationalities[1]".
    """
    _change_each(row, fields, at, country_code, "unknown-country")


def issuers_as_codes(row: Row, fields: Iterable[str], at: str = "") -> None:
    """Turn issuers of documents into two-letter codes: countries, and UN and EU.

    Raises BadInput "unknown-country" with a suggestion.
    """
    _change_each(row, fields, at, issuer_code, "unknown-country")


def identifier_as(row: Row, field: str, read: Callable[[str], str], *, keep: bool = False) -> None:
    """Turn a field into its normal form, or only make sure that it has one (`keep`).

    Raises BadInput "bad-check-digit" or "bad-identifier".
    """
    value = row.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        # JSON writers send numbers of digits as numbers.
        row[field] = value = str(value)
    if not isinstance(value, str):
        return
    try:
        normal = read(value)
    except ValueError as error:
        code = "bad-check-digit" if isinstance(error, BadCheckDigit) else "bad-identifier"
        raise BadInput(code, str(error), at=field, value=value) from None
    if not keep:
        row[field] = normal


def whole_number(row: Row, field: str) -> None:
    """Turn a text of digits into the number; another text is left to the types, which refuse it."""
    value = row.get(field)
    if isinstance(value, str) and len(value) < 10 and value.isascii() and value.isdigit():
        row[field] = int(value)


def sex_as_code(row: Row, field: str = "sex") -> None:
    """Turn "male", "F", "other" and the like into M, F, X or U; raise BadInput "unknown-sex" otherwise."""
    value = row.get(field)
    if isinstance(value, str) and value not in ("M", "F"):
        code = SEXES.get(value.lower())
        if code is None:
            detail = f"{value[:40]!r} is not a sex: write F, M, X (other) or U (unknown)."
            raise BadInput("unknown-sex", detail, at=field, value=value)
        row[field] = code


def words_as_codes(row: Row, fields: Iterable[str]) -> None:
    """Write the words of these fields as the house does: lower case, "_" for spaces and hyphens, lists too."""
    for field in fields:
        value = row.get(field)
        if isinstance(value, str):
            row[field] = _word(value)
        elif isinstance(value, list):
            row[field] = [_word(item) if isinstance(item, str) else item for item in value]


def split_list(value: object, separator: str = ";") -> object:
    """Return the parts of a CSV cell as a list, empty ones left out; a value that is no text stays as it is."""
    if not isinstance(value, str):
        return value
    return [part for part in (piece.strip() for piece in value.split(separator)) if part]


def lists_from_cells(row: Row, fields: Iterable[str]) -> None:
    """Split the CSV cells of these fields at ";"."""
    for field in fields:
        if isinstance(row.get(field), str):
            row[field] = split_list(row[field])


def renamed(row: Row, columns: dict[str, str]) -> None:
    """Give columns of a CSV file the names of their fields.

    Raises BadInput "conflicting-fields" when both names are there.
    """
    for column, field in columns.items():
        if column in row:
            if field in row:
                raise both_given(column, field)
            row[field] = row.pop(column)


def both_given(column: str, field: str) -> BadInput:
    """Make the refusal of a row that says one thing under two names."""
    detail = f"{column!r} and {field!r} say the same thing: keep one of them."
    return BadInput("conflicting-fields", detail, at=column)


def _change_each(row: Row, fields: Iterable[str], at: str, change: Callable[[str], str], code: str) -> None:
    """Apply `change` to each text of these fields; what is no text is left to the types."""
    problems: list[Problem] = []
    for field in fields:
        value = row.get(field)
        if isinstance(value, str):
            row[field] = _changed(value, f"{at}{field}", change, code, problems)
        elif isinstance(value, list):
            row[field] = [
                _changed(item, f"{at}{field}[{i}]", change, code, problems) if isinstance(item, str) else item
                for i, item in enumerate(value)
            ]
    if problems:
        raise BadInput.of(problems)


def _changed(value: str, at: str, change: Callable[[str], str], code: str, problems: list[Problem]) -> str:
    try:
        return change(value)
    except ValueError as error:
        problems.append(Problem(code, str(error), at, value[:200]))
        return value


@lru_cache(maxsize=65536)
def _iso_date(text: str) -> str:
    """Return a partial date padded; a file of persons repeats its dates."""
    return str(parse_partial_date(text))


def _word(text: str) -> str:
    return text.lower().replace(" ", "_").replace("-", "_")
