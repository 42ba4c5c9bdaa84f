"""Days as the databases hand them out, and when they begin."""

from datetime import UTC, date, datetime, time


def as_day(value: object) -> date:
    """Return a date column as a date: SQLite's raw rows hold text."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def midnight(day: date) -> datetime:
    """Return the moment in which a day begins (UTC).

    >>> midnight(date(2026, 11, 28)).isoformat()
    '2026-11-28T00:00:00+00:00'
    """
    return datetime.combine(day, time.min, tzinfo=UTC)
