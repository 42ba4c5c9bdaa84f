"""Read JSON lines: the object that stands on each line."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from liaison.errors import BadInput, Problem
from liaison.lib.strict_json import StrictJsonError, decode
from liaison.records.formats.base import Limits, Row, refused, shortened
from liaison.records.formats.plain import empty_file, text_lines


class ObjectLine(NamedTuple):
    """One line that is not blank: its object, or the problem with it."""

    number: int
    line: int
    found: dict[str, object]
    raw: str
    problem: Problem | None


def read_jsonl(source: BinaryIO, limits: Limits) -> Iterator[Row]:
    """Yield one row for each line that is not blank; its object is the row's fields as they stand."""
    for number, line, found, raw, problem in object_lines(source, limits):
        if problem is not None:
            yield refused(number, line, raw, problem)
        else:
            yield Row(number, found, None, shortened(raw), "", line)


def object_lines(source: BinaryIO, limits: Limits) -> Iterator[ObjectLine]:
    """Yield the object of every line that is not blank, or the problem with the line.

    Raises BadInput when no line holds anything, and when the file is one
    JSON value over many lines.
    """
    number = 0
    for line, raw in enumerate(text_lines(source, limits), start=1):
        if raw.isspace():
            continue
        number += 1
        if number == 1:
            _refuse_single_value(raw, line)
        try:
            found = decode(raw) if len(raw) <= limits.max_row_bytes else None
        except StrictJsonError as error:
            yield ObjectLine(number, line, {}, raw, _problem_of(error, line))
            continue
        if isinstance(found, dict):
            yield ObjectLine(number, line, found, raw, None)
        else:
            yield ObjectLine(number, line, {}, raw, _not_an_object(raw, limits))
    if not number:
        raise empty_file()


def _refuse_single_value(raw: str, line: int) -> None:
    if raw.strip() in ("[", "{", "[{"):
        raise BadInput(
            "not-json-lines",
            "The file is one JSON value over many lines: write one object per line, each line complete.",
            at=f"line {line}",
        )


def _problem_of(error: StrictJsonError, line: int) -> Problem:
    place = error.at.removeprefix("line 1, ")
    return Problem(error.code, error.detail, f"line {line}, {place}" if place else f"line {line}")


def _not_an_object(raw: str, limits: Limits) -> Problem:
    if len(raw) > limits.max_row_bytes:
        return Problem("row-too-long", f"The line is longer than {limits.max_row_bytes} characters: shorten it.")
    return Problem("not-an-object", "The line is JSON, but not an object: write {...} with the fields of one record.")
