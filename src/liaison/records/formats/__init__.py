"""The file formats that can be fed: one module reads one format.

`open_rows` reads any of them; OFAC's list comes in three files, so
`open_ofac` and `find_companions` stand beside it.
"""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liaison.errors import BadInput
from liaison.lib.suggest import did_you_mean
from liaison.records.formats.base import DEFAULT_LIMITS, Limits, Row
from liaison.records.formats.csv_rows import read_csv
from liaison.records.formats.ftm import read_ftm
from liaison.records.formats.jsonl import read_jsonl
from liaison.records.formats.ofac import find_companions, open_ofac, read_ofac
from liaison.records.formats.un import read_un

__all__ = [
    "DEFAULT_LIMITS",
    "FORMATS",
    "Format",
    "Limits",
    "Row",
    "find_companions",
    "guess_format",
    "open_ofac",
    "open_rows",
]


class Format(msgspec.Struct, frozen=True):
    """One format: its code, a title for people, the names its files have, and its reader."""

    code: str
    title: str | Promise
    file_name: re.Pattern[str]
    read: Callable[[BinaryIO, Limits], Iterator[Row]]


def _named(pattern: str) -> re.Pattern[str]:
    return re.compile(rf".*{pattern}(\.gz)?", re.IGNORECASE | re.DOTALL)


# In the order in which a file name is tried, the narrower first.
FORMATS: dict[str, Format] = {
    declared.code: declared
    for declared in (
        Format("ofac", _("OFAC SDN list (CSV, three files)"), _named(r"(?<![a-z])sdn\.csv"), read_ofac),
        Format("csv", _("CSV with a header"), _named(r"\.(csv|tsv)"), read_csv),
        Format("ftm", _("FollowTheMoney entities (JSON lines)"), _named(r"(\.ftm\.jsonl?|\.ftm|\.ijson)"), read_ftm),
        Format("jsonl", _("JSON lines"), _named(r"\.(jsonl|ndjson)"), read_jsonl),
        Format("un", _("UN Security Council consolidated list (XML)"), _named(r"\.xml"), read_un),
    )
}


def open_rows(source: BinaryIO, *, format: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[Row]:
    """Yield the rows of `source`, read as the format with this code.

    Raises BadInput at once for a format that is not known; what is wrong with
    the whole file raises BadInput when the row is reached, mostly the first.
    """
    if format not in FORMATS:
        raise BadInput(
            "unknown-format",
            f"There is no format {format[:40]!r}. {did_you_mean(format, FORMATS)}",
            at="format",
            value=format,
        )
    return FORMATS[format].read(source, limits)


def guess_format(file_name: str) -> str:
    """Return the code of the format that a file of this name most likely has.

    Raises BadInput naming the formats when the name tells nothing.

    >>> guess_format("stolen.csv.gz")
    'csv'
    """
    for code, declared in FORMATS.items():
        if declared.file_name.fullmatch(file_name):
            return code
    known = ", ".join(FORMATS)
    raise BadInput(
        "unknown-format",
        f"The name {file_name[-60:]!r} does not tell the format: name the format, one of {known}.",
        at="format",
        value=file_name,
    )
