"""Say of a refused row what its source calls things: its reference, the column, and the row back in its columns."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from liaison.errors import Problem
from liaison.lib.sheets import csv_lines
from liaison.records.databases import all_databases
from liaison.records.feed import Receipt
from liaison.records.formats.csv_rows import PROBLEM_COLUMNS, column_names, read_again

_ONE_CELL = ("row", "code", "field", "value", "reason", "sent")


def shown_refusal(receipt: Receipt, database: str) -> dict[str, Any]:
    """Return a refused row as the page of its batch takes it."""
    cells = read_again(receipt.header, receipt.raw) if receipt.header else None
    return {
        "number": receipt.row,
        "reference": receipt.source_reference,
        "is_csv": bool(receipt.header),
        "problems": [
            {"problem": problem, "column": column_of(problem, database, receipt.header, cells or {})}
            for problem in receipt.problems
        ],
    }


def column_of(problem: Problem, database: str, header: str, cells: dict[str, str]) -> str:
    """Return the column of the file that a problem is about, as the file writes it; "" where that is not known.

    One field may come from several columns (`first_name` and `full_name` are
    both names): the one that is called like the part of the field, then the one
    that holds the value, then the first of them.
    """
    names = column_names(header)
    field, part = problem.at.split("[")[0].split(".")[0], problem.at.rsplit(".", 1)[-1]
    if field in names:
        return names[field]
    known = all_databases().get(database)
    found = [name for name, of in known.columns.items() if of == field and name in names] if known else []
    called = [name for name in found if name.endswith(f"_{part}")]
    holding = [name for name in found if problem.value and problem.value in cells.get(names[name], "")]
    return next((names[name] for name in (*called, *holding, *found)), "")


def refused_sheet(receipts: Iterable[Receipt], database: str) -> Iterator[bytes]:
    """Yield the lines of the download; a spreadsheet must take no cell for a formula.

    Rows of CSV come back in their own columns, to be corrected and fed again;
    rows of other formats stand in one cell.
    """
    rest = iter(receipts)
    first = next(rest, None)
    rows = chain([first] if first else [], rest)
    header = first.header if first else ""
    lines = _columns_back(rows, header, database) if header else csv_lines(_ONE_CELL, _in_one_cell(rows))
    for line in lines:
        yield line.encode("utf-8", "backslashreplace")


def _columns_back(receipts: Iterable[Receipt], header: str, database: str) -> Iterator[str]:
    columns = list(column_names(header).values())
    return csv_lines((*columns, *PROBLEM_COLUMNS), (_line(receipt, columns, database) for receipt in receipts))


def _line(receipt: Receipt, columns: list[str], database: str) -> list[object]:
    """Return one row in its columns, with its problems beside it; one that cannot be divided whole in the last cell."""
    cells = read_again(receipt.header, receipt.raw) if receipt.header else None
    places = [column_of(one, database, receipt.header, cells or {}) or one.at for one in receipt.problems]
    said = ("; ".join(dict.fromkeys(one.code for one in receipt.problems)), "; ".join(filter(None, places)),
            " ".join(one.detail for one in receipt.problems))  # fmt: skip
    own = [(cells or {}).get(column, "") for column in columns]
    return [*own, receipt.row, *said, "" if cells else receipt.raw]


def _in_one_cell(receipts: Iterable[Receipt]) -> Iterator[tuple[object, ...]]:
    for receipt in receipts:
        for problem in receipt.problems:
            yield receipt.row, problem.code, problem.at, problem.value, problem.detail, receipt.raw
