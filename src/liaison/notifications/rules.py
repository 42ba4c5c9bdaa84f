"""Decide which inboxes are whose.

Pure: knows no database, clock or request.
"""

from typing import NamedTuple


class Reader(NamedTuple):
    """Who looks into the list: the actor, the agency, and the duty of an officer ("" for a system)."""

    actor: str
    agency: int
    duty: str


def inbox_of_agency(agency: int, duty: str) -> str:
    """Return the tray of all officers of an agency who have a duty."""
    return f"agency:{agency}:{duty}"


def inboxes_of(reader: Reader) -> tuple[str, ...]:
    """Return the inboxes that a reader sees: the own one, and for officers the tray of the agency.

    A system sees its own only: what a machine has read, no officer would look at any more.
    """
    return (reader.actor, inbox_of_agency(reader.agency, reader.duty)) if reader.duty else (reader.actor,)
