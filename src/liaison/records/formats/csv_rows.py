"""Read CSV (RFC 4180) with a header: which cell stands under which column.

Every cell is text and stays text, whatever a spreadsheet would make of it.
A broken row is refused alone: after a quote that nobody closes, reading goes on with the next line.

Refused rows can be downloaded, corrected and fed again: the columns that say
what was wrong are passed over, and what made their cells harmless is taken back.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from io import StringIO
from itertools import chain
from typing import BinaryIO, NamedTuple

from liaison.errors import BadInput, Problem
from liaison.lib.sheets import plain_cell
from liaison.records.formats.base import RAW_CSV_CHARACTERS, Limits, Row, refused, shortened
from liaison.records.formats.plain import empty_file, text_lines

SEPARATORS = ",;\t"
# The columns that the download of refused rows adds; no database has fields of these names.
PROBLEM_COLUMNS = ("problem_row", "problem_code", "problem_field", "problem_detail", "problem_sent")
_COLUMN_NAME = re.compile(r"[^\W\d][\w .:/()#?-]{0,99}")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_MAX_LINES_OF_A_ROW = 1000


class CellRow(NamedTuple):
    """The cells of one row, or the problem with it; `line` is where the row starts, `raw` its text."""

    line: int
    cells: list[str]
    raw: str
    problem: Problem | None


class _Layout(NamedTuple):
    """What the header says: the names of the columns, whether problems stand among them, and its own text."""

    names: list[str]
    has_problems: bool
    header: str


class _TooMuch(Exception):
    """A row went past its limits."""


def read_csv(source: BinaryIO, limits: Limits) -> Iterator[Row]:
    """Yield the rows of a CSV file as {column: cell}, every column present.

    Column names come in lower case with "_" for spaces.  The separator is
    guessed from the header.  Raises BadInput when the header cannot be used.
    """
    lines = _without_leading_blanks(text_lines(source, limits))
    top, head = next(lines, (0, ""))
    if not head.strip():
        raise empty_file()
    rest = (line for _, line in lines)
    rows = split_rows(chain([head], rest), _separator_of(head), limits, first_line=top)
    first = next(rows)
    names = _column_names(first, limits)
    header = first.raw.rstrip("\r\n") if len(first.raw) < RAW_CSV_CHARACTERS else ""
    layout = _Layout(names, not set(PROBLEM_COLUMNS).isdisjoint(names), header)
    for number, row in enumerate(rows, start=1):
        yield _row(number, row, layout)


def read_again(header: str, raw: str) -> dict[str, str] | None:
    """Return the cells of a kept row under the names that its file gave the columns, without the problems.

    None when the row was cut, or cannot be divided into these columns.

    >>> read_again("Full Name;Born", 'Testova;"1984"')
    {'Full Name': 'Testova', 'Born': '1984'}
    """
    separator = _separator_of(header)
    try:
        [columns] = csv.reader(StringIO(header, newline=""), delimiter=separator, strict=True)
        [cells] = csv.reader(StringIO(raw, newline=""), delimiter=separator, strict=True)
    except (csv.Error, ValueError):
        return None
    columns = [column.strip() for column in columns]
    while columns and not columns[-1]:
        columns.pop()
    if len(raw) >= RAW_CSV_CHARACTERS - 2 or any(cells[len(columns) :]):
        return None
    filled = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
    has_problems = any(_name_of(column) in PROBLEM_COLUMNS for column in columns)
    kept = {column: cell for column, cell in filled.items() if _name_of(column) not in PROBLEM_COLUMNS}
    return {column: plain_cell(cell) for column, cell in kept.items()} if has_problems else kept


def column_names(header: str) -> dict[str, str]:
    """Return the columns of a kept header as the file writes them, by the names that rows have them under.

    >>> column_names("Full Name;Born")
    {'full_name': 'Full Name', 'born': 'Born'}
    """
    cells = read_again(header, header) or {}
    return {_name_of(column): column for column in cells}


def split_rows(lines: Iterator[str], separator: str, limits: Limits, *, first_line: int = 1) -> Iterator[CellRow]:
    """Yield the rows of cells in `lines`, leaving blank lines out.

    Each line is read at most a few times: when a row fails after several
    lines, only its first line is refused and the others are read again.
    """
    physical = _PhysicalLines(lines, limits)
    taken = physical.taken
    line = first_line
    while True:
        try:
            for cells in csv.reader(iter(physical), delimiter=separator, strict=True):
                raw = taken[0] if len(taken) == 1 else "".join(taken)
                if cells:
                    yield CellRow(line, cells, raw, None)
                line += len(taken)
                taken.clear()
        except (csv.Error, _TooMuch) as error:
            yield CellRow(line, [], taken[0], _problem_of(error, taken))
            physical.read_again()
            line += 1
            continue
        return


class _PhysicalLines:
    """Lines that can be read again: `taken` holds those of the row being read."""

    def __init__(self, lines: Iterator[str], limits: Limits) -> None:
        self.lines = lines
        self.max_row = limits.max_row_bytes
        self.taken: list[str] = []
        self.again: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        taken, max_row = self.taken, self.max_row
        for line in chain(self._put_back(), self.lines):
            taken.append(line)
            if len(line) > max_row or (len(taken) > 1 and self._is_too_much()):
                raise _TooMuch
            yield line

    def read_again(self) -> None:
        """Put all lines of the failed row back but its first."""
        self.again.extendleft(reversed(self.taken[1:]))
        self.taken.clear()

    def _put_back(self) -> Iterator[str]:
        while self.again:
            yield self.again.popleft()

    def _is_too_much(self) -> bool:
        return len(self.taken) > _MAX_LINES_OF_A_ROW or sum(map(len, self.taken)) > self.max_row


def _problem_of(error: Exception, taken: list[str]) -> Problem:
    text = str(error)
    if len(taken) > 1 or "unexpected end" in text:
        return Problem("unclosed-quote", 'A cell begins with a quote (") that is never closed: close it, or double it.')
    if isinstance(error, _TooMuch):
        return Problem("row-too-long", "The row is longer than the limit: shorten its cells.")
    if "field limit" in text:
        return Problem("cell-too-long", f"A cell has more than {csv.field_size_limit()} characters: shorten it.")
    return Problem("bad-quotes", 'After a closing quote (") another character stands: double a quote inside a cell.')


def _row(number: int, row: CellRow, layout: _Layout) -> Row:
    line, cells, raw, problem = row
    names = layout.names
    if problem is None and len(cells) > len(names) and any(cells[len(names) :]):
        problem = _ragged(len(cells), len(names))
    if problem is None and "\0" in raw:
        problem = Problem("bad-character", "The row holds the character U+0000: leave it out.")
    if problem is not None:
        kept = shortened(raw, RAW_CSV_CHARACTERS)
        return refused(number, line, raw, problem)._replace(raw=kept, header=layout.header)
    fields: dict[str, object] = dict.fromkeys(names, "") if len(cells) < len(names) else {}
    fields.update(zip(names, cells, strict=False))
    if layout.has_problems:
        fields = {name: plain_cell(str(cell)) for name, cell in fields.items() if name not in PROBLEM_COLUMNS}
    return Row(number, fields, None, shortened(raw, RAW_CSV_CHARACTERS), "", line, layout.header)


def _ragged(found: int, expected: int) -> Problem:
    detail = f"The row has {found} cells and the header {expected}: put a cell that holds the separator into quotes."
    return Problem("ragged-row", detail)


def _without_leading_blanks(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    numbered = enumerate(lines, start=1)
    for number, line in numbered:
        if line.strip():
            yield number, line
            break
    yield from numbered


def _separator_of(head: str) -> str:
    unquoted = _QUOTED.sub("", head)
    return max(SEPARATORS, key=unquoted.count)


def _name_of(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def _column_names(header: CellRow, limits: Limits) -> list[str]:
    """Return the names of the columns; trailing unnamed ones, which spreadsheets leave, are dropped."""
    at = f"line {header.line}"
    if header.problem:
        raise BadInput("bad-header", f"The header cannot be read. {header.problem.detail}", at=at)
    names = [_name_of(cell) for cell in header.cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise BadInput("missing-header", "The header names no column: the first line must name the columns.", at=at)
    if len(names) > limits.max_columns:
        raise BadInput("too-many-columns", f"The header has {len(names)} columns, at most {limits.max_columns}.", at=at)
    for position, (name, cell) in enumerate(zip(names, header.cells, strict=False), start=1):
        _require_column_name(name, cell, f"{at}, column {position}")
        if name in names[: position - 1]:
            raise BadInput(
                "duplicate-column", f"The column {name!r} stands twice in the header: keep one.", at=at, value=cell
            )
    return names


def _require_column_name(name: str, cell: str, at: str) -> None:
    if not name:
        raise BadInput("unnamed-column", "A column has no name in the header: name it, or remove the column.", at=at)
    if not _COLUMN_NAME.fullmatch(name):
        raise BadInput(
            "missing-header",
            f"{cell[:40]!r} is not the name of a column: the first line must name the columns.",
            at=at,
            value=cell,
        )
