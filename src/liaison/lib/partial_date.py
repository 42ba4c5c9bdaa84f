"""Dates of which only the year, or the year and month, may be known.

ISO 8601 reduced precision: "1984", "1984-02", "1984-02-29".
"""

import re
from datetime import date
from typing import NamedTuple

_SHAPE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_REMEDY = "write YYYY, YYYY-MM or YYYY-MM-DD"


class PartialDate(NamedTuple):
    """A year, perhaps a month (1-12), perhaps a day (1-31)."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        known = [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part]
        return "-".join(known)


def readable_part(text: str) -> PartialDate | None:
    """Return the longest beginning of a date that the calendar has, or None.

    >>> str(readable_part("1974-01-32"))
    '1974-01'
    """
    pieces = text.strip().split("-")
    for length in range(len(pieces), 0, -1):
        try:
            return parse_partial_date("-".join(pieces[:length]))
        except ValueError:
            continue
    return None


def parse_partial_date(text: str) -> PartialDate:
    """Read "YYYY", "YYYY-MM" or "YYYY-MM-DD"; months and days need not be padded.

    Raises ValueError naming the text and the remedy for another shape, for a
    date that the calendar does not have, and for a year before 1800.

    >>> str(parse_partial_date("1984-2"))
    '1984-02'
    """
    found = _SHAPE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text[:40]!r} is not a date: {_REMEDY}")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None  # noqa: S101  the shape demands it
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not in the calendar: {_REMEDY}") from None
    if 0 in (month, day):
        raise ValueError(f"{text[:40]!r} has a zero month or day: leave the unknown part out and {_REMEDY}")
    if year < 1800:
        raise ValueError(f"{text[:40]!r} is before 1800: check the year and {_REMEDY}")
    return PartialDate(year, month, day)
