"""What a reader of files yields, and how large anything may be.

A reader streams: it holds one record at a time.  One bad row becomes a refused
`Row` and never stops the others; only what is wrong with the whole file raises.
"""

from typing import NamedTuple

import msgspec

from liaison.errors import Problem

RAW_CHARACTERS = 2000
# A refused row of CSV goes back to its source in its columns, so it is kept whole but for monsters.
RAW_CSV_CHARACTERS = 32_000
_MEBIBYTE = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How large a file and its parts may be.

    A row is measured in characters once decoded.  A compressed file may
    grow `max_expansion` times; the first `free_expansion_bytes` are not judged,
    since small files of equal rows compress well.
    """

    max_row_bytes: int = _MEBIBYTE
    max_uncompressed_bytes: int = 20 << 30
    max_expansion: int = 200
    free_expansion_bytes: int = 10 * _MEBIBYTE
    max_columns: int = 500
    # The OFAC files of aliases and addresses are held in memory while the main one streams.
    max_companion_bytes: int = 256 * _MEBIBYTE


DEFAULT_LIMITS = Limits()


class Row(NamedTuple):
    """One record of a file: its `fields` as the database's JSON row has them, or why it was refused.

    `number` counts records from 1, without header and blank lines; `line` is
    where the record starts in the file (1-based; 0 where the format has no
    lines).  `database` is set where the format itself knows it ("vessels"), and
    `header` where a file names its columns in one: by it `raw` can be read again.
    """

    number: int
    fields: dict[str, object] | None
    refusal: Problem | None
    raw: str
    database: str = ""
    line: int = 0
    header: str = ""


def refused(number: int, line: int, raw: str, problem: Problem) -> Row:
    """Return the row that carries a refusal, with the place filled in when the problem has none."""
    if not problem.at and line:
        problem = msgspec.structs.replace(problem, at=f"line {line}")
    return Row(number, None, problem, shortened(raw), "", line)


def shortened(raw: str, characters: int = RAW_CHARACTERS) -> str:
    """Return the text of a row without its line end, at most so many characters."""
    return raw[:characters].rstrip("\r\n")
