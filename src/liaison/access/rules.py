"""Decide whether an asker may do something with a record, and say why.

Pure: knows no database, clock or request.  `queries.py` loads the facts.
"""

from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from liaison.agencies.rules import AgencyFacts, Person

Operation = Literal["check", "read", "feed"]
# How confidential a record is, the least first (RPD 112); each includes those before it.
Level = Literal["official_use", "restricted", "confidential"]
LEVELS: tuple[Level, ...] = get_args(Level)
# For the decision itself: comparing two small numbers is quicker than looking for a place in a tuple.
_HEIGHT: dict[str, int] = {level: height for height, level in enumerate(LEVELS)}


class Limit(msgspec.Struct, frozen=True):
    """What narrows one entitlement: the purposes it is for (none named: any), and how confidential a record may be."""

    database: str
    operation: str
    purposes: frozenset[str] = frozenset()
    highest_level: str = LEVELS[-1]


class Asker(msgspec.Struct, frozen=True):
    """Who asks, with the rights that hold today.

    `bureau` is the agency itself when it is a bureau, else the bureau that
    answers for it: a restriction against a bureau flows down to all its
    entities (RPD 58(3)).  `entitlements` holds (database, operation), `limits`
    what narrows some of them.  `key` is the number of the key that a system
    came with, 0 for an officer.  `purpose` is what is asked for, "" where a
    right is looked at and nothing is asked.
    """

    actor: str
    agency: int
    bureau: int
    country: str
    duty: str
    entitlements: frozenset[tuple[str, str]]
    key: int = 0
    limits: tuple[Limit, ...] = ()
    purpose: str = ""

    def for_purpose(self, purpose: str) -> "Asker":
        """Return the same asker who asks for this purpose; itself where the purpose decides nothing."""
        return msgspec.structs.replace(self, purpose=purpose) if self.limits else self


class Facts(msgspec.Struct, frozen=True):
    """What rights depend on in a record: its database, its owner, against whom it is restricted, how confidential."""

    database: str
    owner: int
    restricted_against: frozenset[int] = frozenset()
    is_blocked: bool = False
    level: str = LEVELS[0]


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
_OTHER_PURPOSE = Decision(False, "other-purpose")
_TOO_CONFIDENTIAL = Decision(False, "too-confidential")


def decide_database(asker: Asker, operation: Operation, database: str) -> Decision:
    """Decide whether the asker may do the operation in the database at all."""
    if asker.duty != "officer":
        return _NO_DUTY
    if (database, operation) not in asker.entitlements:
        return _NO_ENTITLEMENT
    for limit in asker.limits:
        if limit.database == database and limit.operation == operation and asker.purpose:
            return _OTHER_PURPOSE if limit.purposes and asker.purpose not in limit.purposes else _ALLOWED
    return _ALLOWED


def decide(asker: Asker, operation: Operation, facts: Facts) -> Decision:
    """Decide whether the asker may do the operation with a record of these facts.

    The owner always sees its own (RPD 58); anybody else needs the entitlement,
    and that neither the record nor its source is restricted against the
    asker's bureau, that the record is not blocked while in doubt (RPD 129), and
    that it is within the limits of the entitlement.  A bureau limits its own
    entities in its own records too (RPD 21(2)).
    """
    entitled = decide_database(asker, operation, facts.database)
    if not entitled.is_allowed:
        return entitled
    if asker.limits and asker.agency != facts.owner and _is_too_confidential(asker, operation, facts):
        return _TOO_CONFIDENTIAL
    if asker.bureau == facts.owner:
        return _ALLOWED_OWN
    if operation == "feed":
        return _NO_ENTITLEMENT
    if asker.bureau in facts.restricted_against:
        return _RESTRICTED
    return _BLOCKED if facts.is_blocked else _ALLOWED


def _is_too_confidential(asker: Asker, operation: Operation, facts: Facts) -> bool:
    for limit in asker.limits:
        if limit.database == facts.database and limit.operation == operation:
            return _HEIGHT[facts.level] > _HEIGHT[limit.highest_level]
    return False


def narrowed(own: Iterable[Limit], bureau: Iterable[Limit]) -> tuple[Limit, ...]:
    """Return the rights of an entity within those of its bureau: what both have, and no more of it than either.

    Both are whole rights, each with its limits; a bureau can only narrow what it has itself (RPD 21).
    """
    above = {(limit.database, limit.operation): limit for limit in bureau}
    both = ((limit, above.get((limit.database, limit.operation))) for limit in own)
    return tuple(
        Limit(
            limit.database, limit.operation, _both_purposes(limit.purposes, other.purposes),
            min(limit.highest_level, other.highest_level, key=LEVELS.index),
        )
        for limit, other in both if other and not _are_apart(limit.purposes, other.purposes)
    )  # fmt: skip


def _both_purposes(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    return one & other if one and other else one | other


def _are_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def may_grant(person: Person, agency: AgencyFacts) -> bool:
    """Let the bureau that answers for an agency, and no other, grant and end its rights (RPD 21, 108).

    A bureau and the secretariat grant their own; an international entity has what the secretariat grants by
    agreement, and a national entity grants nothing, not even to itself.
    """
    if person.duty != "administrator" or agency.is_closed:
        return False
    if agency.kind == "international_entity":
        return person.agency_kind == "general_secretariat"
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
