"""Decide who administers which agency: its officers, its entities, its systems and their keys.

Pure: knows no database, clock or request.  `queries.py` loads the facts.
An account has one duty, so whoever administers reads no records.
"""

from typing import Literal, NamedTuple

# What police data may be recorded and checked for (RPD 10(2)).
Purpose = Literal[
    "arrest", "locate", "information", "warn", "identify", "forensic", "security_check", "border", "analysis"
]
_ADMINISTRATOR = "administrator"
_BUREAU = "bureau"
_SECRETARIAT = "general_secretariat"
# Whom the secretariat admits and closes: those that no bureau answers for.
_MEMBERS = (_BUREAU, "international_entity")


class Person(NamedTuple):
    """What counts of whoever asks: number, duty, agency and what kind of agency that is."""

    number: int
    duty: str
    agency: int
    agency_kind: str


class Terms(NamedTuple):
    """Purpose and reference of the checks that a key makes where a request cannot say them; empty when it makes none.

    Clients of other services (`liaison.exchange`) know neither, and no check is without (RPD 10, 126).
    """

    purpose: str = ""
    reference: str = ""


NO_TERMS = Terms()


class AgencyFacts(NamedTuple):
    """What counts of an agency; `bureau` is the one that authorised it, `has_administrator` that one can sign in."""

    number: int
    kind: str
    bureau: int | None = None
    is_closed: bool = False
    has_administrator: bool = True


def may_admit(person: Person) -> bool:
    """Allow the secretariat's administrator to admit bureaux."""
    return person.duty == _ADMINISTRATOR and person.agency_kind == _SECRETARIAT


def may_see(person: Person, agency: AgencyFacts) -> bool:
    """Show administrators the own agency and its entities, and all agencies to the secretariat's."""
    return person.duty == _ADMINISTRATOR and (person.agency_kind == _SECRETARIAT or _answers_for(person, agency))


def may_administer(person: Person, agency: AgencyFacts) -> bool:
    """Decide about an agency's officers, systems and keys: only its own administrator, or its bureau's (RPD 21, 108).

    The secretariat is nobody's bureau, so it manages no member's officers.
    """
    return person.duty == _ADMINISTRATOR and not agency.is_closed and _answers_for(person, agency)


def may_authorise(person: Person, agency: AgencyFacts) -> bool:
    """Let a bureau, and nobody else, authorise its national entities (RPD 21)."""
    return may_administer(person, agency) and agency.kind == _BUREAU


def may_close(person: Person, agency: AgencyFacts) -> bool:
    """Let a bureau close its entities and the secretariat close members; nobody closes the own agency."""
    if person.duty != _ADMINISTRATOR or agency.is_closed:
        return False
    return agency.bureau == person.agency or (person.agency_kind == _SECRETARIAT and agency.kind in _MEMBERS)


def may_appoint_first(person: Person, agency: AgencyFacts) -> bool:
    """Let the secretariat invite a member's administrator until one has chosen a password, and never after."""
    return may_admit(person) and agency.kind in _MEMBERS and not agency.is_closed and not agency.has_administrator


def may_close_officer(person: Person, agency: AgencyFacts, officer: int) -> bool:
    """Let an administrator close accounts, but not the own one: an agency never loses its last administrator."""
    return officer != person.number and (may_administer(person, agency) or may_appoint_first(person, agency))


def may_open_lock(person: str, other_lock_opened_by: str) -> bool:
    """Let nobody who ended the password of an account end its second factors too, or the other way about.

    Whoever could do both could sign in as that officer, and the register would name the officer.  Somebody at the
    machine itself can do anything, and the register names the machine.
    """
    return person == "operator" or person != other_lock_opened_by


def _answers_for(person: Person, agency: AgencyFacts) -> bool:
    return person.agency in (agency.number, agency.bureau)
