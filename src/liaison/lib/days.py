"""Days as the databases hand them out."""

from datetime import date, datetime


def as_day(value: object) -> date:
    """Return a date column as a date: SQLite's raw rows hold text."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))
