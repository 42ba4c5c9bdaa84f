"""How the command line speaks: tables, refusals, the words of an explanation."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from liaison.errors import BadInput, Conflict, LiaisonError, NotFound, NotSignedIn, Refused

console = Console()
errors = Console(stderr=True)

# They cannot be seen, and are letters of Persian and Indian names.
_JOINERS = "\u200c\u200d"
NO_MATCH, MATCHES, WRONG_CALL, REFUSED, FAILED = 0, 10, 2, 3, 4


def exit_code_of(error: LiaisonError) -> int:
    """Return 2 for a wrong call, 3 for a refusal, 4 for everything else."""
    if isinstance(error, NotSignedIn | Refused):
        return REFUSED
    return WRONG_CALL if isinstance(error, BadInput | NotFound | Conflict) else FAILED


def complain(error: LiaisonError) -> None:
    """Say on standard error what is wrong, where, and what to do."""
    for problem in error.problems[:20]:
        at = f" at {problem.at}" if problem.at else ""
        sys.stderr.write(printable(f"liaison: {problem.code}{at}: {problem.detail}") + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Return a table of plain text; nothing in it is read as markup."""
    made = Table(title=title, title_justify="left")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(_plain(cell) for cell in row))
    return made


def explain(term: Mapping[str, Any]) -> str:
    """Say one reason in words: what was compared, both sides, what was found."""
    from liaison.web.words import word

    sides = " / ".join(filter(None, (term["query"], term["record"])))
    return f"{word('term', term['kind'])}: {sides + ': ' if sides else ''}{word('finding', term['finding'])}"


def printable(text: str) -> str:
    """Return the text with a space for each character that would move the cursor, colour or reverse what follows."""
    return "".join(letter if letter.isprintable() or letter in _JOINERS else " " for letter in text)


def _plain(cell: object) -> str:
    from rich.markup import escape

    return escape("" if cell is None else printable(str(cell)))
