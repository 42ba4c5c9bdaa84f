"""Which databases rights can be granted for: `records` declares them here at start-up.

So `access` need not know what a database holds, and a new one needs no change here.
"""

_titles: dict[str, str] = {}


def declare_database(code: str, title: str) -> None:
    """Make a database known to the pages and forms of rights."""
    _titles[code] = title


def declared_databases() -> dict[str, str]:
    """Return code -> title of every database."""
    return dict(_titles)
