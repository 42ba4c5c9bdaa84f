"""Decide whether an asker may do something with a record, and say why.

Pure: knows no database, clock or request.  `queries.py` loads the facts.
"""

from typing import Literal

import msgspec

from liaison.agencies.rules import AgencyFacts, Person

Operation = Literal["check", "read", "feed"]


class Asker(msgspec.Struct, frozen=True):
    """Who asks, with the rights that hold today.

    `bureau` is the agency itself when it is a bureau, else the bureau that
    answers for it: a restriction against a bureau flows down to all its
    entities (RPD 58(3)).  `entitlements` holds (database, operation).  `key`
    is the number of the key that a system came with, 0 for an officer.
    """

    actor: str
    agency: int
    bureau: int
    country: str
    duty: str
    entitlements: frozenset[tuple[str, str]]
    key: int = 0


class Facts(msgspec.Struct, frozen=True):
    """What rights depend on in a record: its database, its owner, against whom it is restricted."""

    database: str
    owner: int
    restricted_against: frozenset[int] = frozenset()
    is_blocked: bool = False


class Decision(msgspec.Struct, frozen=True):
    """The verdict, and the code of the reason."""

    is_allowed: bool
    reason: str


# Who keeps data of its own, and so may restrict it.
_SOURCES = ("bureau", "international_entity")
_ALLOWED_OWN = Decision(True, "own-record")
_ALLOWED = Decision(True, "entitled")
_NO_DUTY = Decision(False, "duty-reads-no-records")
_NO_ENTITLEMENT = Decision(False, "no-entitlement")
_RESTRICTED = Decision(False, "restricted")
_BLOCKED = Decision(False, "blocked")


def decide_database(asker: Asker, operation: Operation, database: str) -> Decision:
    """Decide whether the asker may do the operation in the database at all."""
    if asker.duty != "officer":
        return _NO_DUTY
    if (database, operation) not in asker.entitlements:
        return _NO_ENTITLEMENT
    return _ALLOWED


def decide(asker: Asker, operation: Operation, facts: Facts) -> Decision:
    """Decide whether the asker may do the operation with a record of these facts.

    The owner always sees its own (RPD 58); anybody else needs the entitlement,
    and that neither the record nor its source is restricted against the
    asker's bureau, and that the record is not blocked while in doubt (RPD 129).
    """
    entitled = decide_database(asker, operation, facts.database)
    if not entitled.is_allowed:
        return entitled
    if asker.bureau == facts.owner:
        return _ALLOWED_OWN
    if operation == "feed":
        return _NO_ENTITLEMENT
    if asker.bureau in facts.restricted_against:
        return _RESTRICTED
    return _BLOCKED if facts.is_blocked else _ALLOWED


def may_grant(person: Person, agency: AgencyFacts) -> bool:
    """Let the bureau that answers for an agency, and no other, grant and end its rights (RPD 21, 108).

    Those that no bureau answers for grant their own; a national entity grants nothing, not even to itself.
    """
    if person.duty != "administrator" or agency.is_closed:
        return False
    return person.agency == (agency.bureau or agency.number)


def may_restrict(person: Person) -> bool:
    """Let the administrator of a source set, lift and see the restrictions of its data, and nobody else (RPD 58)."""
    return person.duty == "administrator" and person.agency_kind in _SOURCES


def may_read_register(person: Person) -> bool:
    """Let auditors and administrators control what was done (RPD 126); officers cannot look back at each other."""
    return person.duty in ("auditor", "administrator")


def reads_own_restrictions(person: Person) -> bool:
    """Let those who control a source read what it did about its restrictions, and nobody else (RPD 58)."""
    return may_read_register(person) and person.agency_kind in _SOURCES


def reads_whole_register(person: Person) -> bool:
    """Let the secretariat's auditor read every entry; all others read those of the own agency and its entities."""
    return person.duty == "auditor" and person.agency_kind == "general_secretariat"


def may_see_showings(person: Person) -> bool:
    """Let those who control whoever answers for records learn who was shown them (RPD 126): a source, of its own only.

    A national entity is the source of nothing: its bureau is, and its bureau is told.
    """
    return may_read_register(person) and person.agency_kind != "national_entity"


def may_spot_check(person: Person) -> bool:
    """Let auditors question single checks and judge them; who manages the officers does not judge them."""
    return person.duty == "auditor"


def may_export_register(person: Person) -> bool:
    """Let auditors take a part of the register, with its proof, to an authority that supervises (RPD 126)."""
    return person.duty == "auditor"
