"""Whose records did an entry show, so that a source finds what was shown of its own (RPD 126).

A reference tells nothing of its owner (`docs/decisions/0005`), and the register knows no records.  So whoever
keeps them declares at start-up how owners are looked up, and the writer asks that before it writes: beside an
entry that showed records stands one row for each, with a mark of the record and a mark of its owner.
They are no part of what is signed, since they can be made again from the entries.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from liaison.audit.sealed import mark

# Returns the owner of each of some references that is known.
OwnersOf = Callable[[Sequence[str]], Mapping[str, int]]

_declared: list[OwnersOf] = []
_NOBODY = 0


def declare_owners(look_up: OwnersOf) -> None:
    """Say how the owners of records are looked up, by their references."""
    _declared[:] = [look_up]


def owners_of(references: Iterable[str]) -> dict[str, int]:
    """Return the agency that each of the records belongs to, 0 where nobody knows the record."""
    wanted = list(dict.fromkeys(references))
    owners = dict.fromkeys(wanted, _NOBODY)
    for look_up in _declared:
        owners |= look_up(wanted)
    return owners


def owner_mark(agency: int) -> str:
    """Return by what the records of an owner are found; "" for nobody."""
    return mark(f"owner:{agency}") if agency else ""
