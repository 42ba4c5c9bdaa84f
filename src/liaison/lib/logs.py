"""Structured logs: one JSON object a line on standard error, and no personal data in it.

What may stand in a line is a code, a number or a reference; names, documents
and queries belong to the register of processing, not here.
"""

import logging
import sys

import structlog
from django.conf import settings


def configure_logs() -> None:
    """Send our own log and the standard library's to standard error as JSON."""
    level = logging.getLevelNamesMapping()[str(settings.LIAISON_LOG_LEVEL).upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(level, logging.WARNING), format='{"event": "%(name)s", "level": "%(levelname)s"}',
                        stream=sys.stderr, force=True)  # fmt: skip
