"""Write rows as CSV that a spreadsheet opens as it was meant: as text, in the right encoding."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# What makes a spreadsheet take a cell for a formula and run it (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
                   "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
# Without this mark spreadsheets take the file for one in the encoding of their country.
_MARK = "\ufeff"


def harmless_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe stands before one that could be.

    >>> harmless_cell("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def plain_cell(text: str) -> str:
    """Return what stood in a cell before `harmless_cell`.

    >>> plain_cell("'=1+1"), plain_cell("'quoted'")
    ('=1+1', "'quoted'")
    """
    return text[1:] if text.startswith("'") and harmless_cell(text[1:]) == text else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a CSV file, the mark of its encoding first; every cell is harmless."""
    yield _MARK + _line(header)
    for row in rows:
        yield _line([harmless_cell(str(cell)) for cell in row])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()
