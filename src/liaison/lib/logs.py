"""Structured logs: one JSON object a line on standard error, and no personal data in it.

What may stand in a line is a code, a number, a place in the program or a
reference; names, documents and queries belong to the register of processing,
not here.  So the words of other libraries' messages and of exceptions, which
may quote a query, are left out: an exception is told by its type and its way.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

_INNERMOST = 12


def configure_logs() -> None:
    """Send our own log and the standard library's to standard error as JSON."""
    level = logging.getLevelNamesMapping()[str(settings.LIAISON_LOG_LEVEL).upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            tell_exception,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WordlessFormatter())
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


class WordlessFormatter(logging.Formatter):
    """Write a record of the standard library's log as where it happened and how grave it is, without its words."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one JSON object."""
        told: dict[str, object] = {
            "event": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, tz=UTC).isoformat(),
            "at": f"{record.module}:{record.lineno}",
        }
        if isinstance(status := getattr(record, "status_code", None), int):
            told["status"] = status
        if record.exc_info and record.exc_info[1]:
            told["exception"] = way_of(record.exc_info[1])
        return json.dumps(told)


def tell_exception(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the exception that a line was logged with by its type and its way."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = way_of(error)
    return event


def way_of(error: BaseException) -> list[str]:
    """Return the types and places of an exception and of what caused it, innermost place last; no message."""
    return [step for one in _causes(error) for step in _steps(one)]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _steps(error: BaseException) -> Iterator[str]:
    yield type(error).__name__
    for frame in traceback.extract_tb(error.__traceback__)[-_INNERMOST:]:
        path = Path(frame.filename)
        yield f"{path.parent.name}/{path.name}:{frame.lineno} {frame.name}"
