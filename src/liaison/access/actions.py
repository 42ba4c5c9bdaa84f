"""Every write about rights: grant and end entitlements, set and lift restrictions."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import get_args

from django.db import transaction
from django.db.models import F, Q

from liaison.access.catalogue import declared_databases
from liaison.access.models import Entitlement, SourceRestriction
from liaison.access.rules import LEVELS, Operation
from liaison.agencies.actions import (
    admit_bureau,
    admit_international_entity,
    invite_officer,
    require_free_address,
)  # fmt: skip
from liaison.agencies.models import Agency, Officer, RightsVersion
from liaison.agencies.rules import Purpose
from liaison.audit.actions import Actor, write_confidential_entry, write_entries, write_entry
from liaison.audit.events import Event
from liaison.errors import BadInput
from liaison.lib.suggest import did_you_mean
from liaison.notifications.actions import News, tell
from liaison.notifications.rules import inbox_of_agency


def grant_entitlement(  # noqa: PLR0913  a right is all of this
    agency: Agency, database: str, operation: Operation, *, starts_on: date, ends_on: date | None, reason: str,
    granted_by: Officer | None, by: Actor, now: datetime, purposes: Collection[str] = (),
    highest_level: str = LEVELS[-1],
) -> Entitlement:  # fmt: skip
    """Let an agency do one operation in one database; its own bureau does this (RPD 21).

    `purposes` are those it is for (none: any), `highest_level` is how confidential a record may be.  The secretariat
    and all bureaux are told at once.
    """
    if ends_on is not None and ends_on <= starts_on:
        raise BadInput("ends-before-start", "The end lies before the start: give a later day.", at="ends_on")
    if not reason.strip():
        raise BadInput("missing-field", "Say why the right is granted.", at="reason")
    _require_known(database, operation, purposes, highest_level)
    _require_new(agency, database, operation, starts_on, ends_on)
    with transaction.atomic():
        entitlement = Entitlement.objects.create(
            agency=agency, database=database, operation=operation, starts_on=starts_on, ends_on=ends_on,
            reason=reason, granted_by=granted_by, granted_at=now, purposes=" ".join(sorted(purposes)),
            highest_level=highest_level,
        )  # fmt: skip
        RightsVersion.bump()
        tell_all_bureaux("entitlement_granted", {"entitlement": entitlement.pk}, now=now)
        write_entry(Event.ENTITLEMENT_GRANTED, by=by, at=now, database=database, detail=_said_of(entitlement, reason))
    return entitlement


def _said_of(right: Entitlement, reason: str) -> dict[str, object]:
    """Return what the register says of a right."""
    said: dict[str, object] = {"agency": right.agency_id, "operation": right.operation, "reason": reason}
    if right.purposes:
        said["purposes"] = right.purposes
    if right.highest_level != LEVELS[-1]:
        said["highest_level"] = right.highest_level
    return said


def tell_all_bureaux(kind: str, about: Mapping[str, object], *, now: datetime) -> None:
    """Tell those who administer the secretariat and every bureau: a change of rights is everybody's business (RPD 21).

    Call it inside the transaction of the change.
    """
    told = Agency.objects.filter(kind__in=(Agency.Kind.BUREAU, Agency.Kind.GENERAL_SECRETARIAT), closed_at=None)
    duty = Officer.Duty.ADMINISTRATOR
    tell([News(inbox_of_agency(number, duty), number, kind, about) for number in told.values_list("pk", flat=True)],
         now=now)  # fmt: skip


def _require_known(database: str, operation: str, purposes: Collection[str], highest_level: str) -> None:
    """Refuse a right that would never hold, because nothing has its name."""
    databases, operations = declared_databases(), get_args(Operation)
    if database not in databases:
        hint = did_you_mean(database, databases)
        raise BadInput("unknown-database", f"There is no database {database[:40]!r}. {hint}", at="database",
                       value=database)  # fmt: skip
    if operation not in operations:
        hint = did_you_mean(operation, operations)
        raise BadInput("unknown-operation", f"There is no operation {operation[:40]!r}. {hint}", at="operation",
                       value=operation)  # fmt: skip
    for at, words, known in (("purposes", purposes, get_args(Purpose)), ("highest_level", [highest_level], LEVELS)):
        for word in words:
            if word not in known:
                raise BadInput("unknown-value", f"{word[:40]!r} is none of {', '.join(known)}.", at=at, value=word)


def _require_new(agency: Agency, database: str, operation: str, starts_on: date, ends_on: date | None) -> None:
    """Refuse a right that the agency has in a part of that time: with two of a kind, ending one would end nothing."""
    same = Entitlement.objects.filter(agency=agency, database=database, operation=operation)
    overlapping = same.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lt=ends_on)
    # One that was ended before it began holds on no day, and stands in nobody's way.
    if overlapping.exclude(ends_on__lte=F("starts_on")).exists():
        raise BadInput("already-entitled", "The agency has this right already in that time.", at="operation")


def admit_member(
    name: str, country: str, email: str, full_name: str, *, admitted_by: Officer, by: Actor, now: datetime
) -> Officer:
    """Admit a bureau with the rights of a bureau and return its first administrator, invited: all of it or nothing."""
    # The likeliest refusals come before anything is written, because entries in the register are never taken back.
    require_free_address(email)
    with transaction.atomic():
        bureau = admit_bureau(name, country, by=by, now=now)
        entitle_bureau(bureau, granted_by=admitted_by, by=by, now=now)
        tell_all_bureaux("agency_admitted", {"agency": bureau.pk}, now=now)
        return invite_officer(bureau, email, full_name, Officer.Duty.ADMINISTRATOR, by=by, now=now)


def admit_organisation(name: str, email: str, full_name: str, *, by: Actor, now: datetime) -> Officer:
    """Admit an international entity, by agreement (RPD 1(9), 27), and return its first administrator, invited.

    It has no rights yet: the secretariat grants what the agreement says.
    """
    require_free_address(email)
    with transaction.atomic():
        entity = admit_international_entity(name, by=by, now=now)
        tell_all_bureaux("agency_admitted", {"agency": entity.pk}, now=now)
        return invite_officer(entity, email, full_name, Officer.Duty.ADMINISTRATOR, by=by, now=now)


def entitle_bureau(bureau: Agency, *, granted_by: Officer | None = None, by: Actor, now: datetime) -> None:
    """Give a bureau that was just admitted every operation in every database (RPD 5, 6: direct access of bureaux)."""
    reason = "Bureau of a member"
    if Entitlement.objects.filter(agency=bureau).exists():
        raise BadInput("already-entitled", "The bureau has rights already: grant what it lacks one by one.")
    granted = [
        Entitlement(
            agency=bureau, database=database, operation=operation, starts_on=now.date(), reason=reason,
            granted_by=granted_by, granted_at=now,
        )
        for database in declared_databases() for operation in get_args(Operation)
    ]  # fmt: skip
    with transaction.atomic():
        Entitlement.objects.bulk_create(granted)
        RightsVersion.bump()
        details = [
            (one.database, {"agency": bureau.pk, "operation": one.operation, "reason": reason}) for one in granted
        ]
        write_entries(Event.ENTITLEMENT_GRANTED, details, by=by, at=now)


def end_entitlement(entitlement: Entitlement, *, by: Actor, now: datetime) -> None:
    """End a right today: the next request finds it gone."""
    with transaction.atomic():
        # What has ended already stays as it was: ending it must not prolong it.
        entitlement.ends_on = min(entitlement.ends_on or now.date(), now.date())
        entitlement.save(update_fields=["ends_on"])
        RightsVersion.bump()
        tell_all_bureaux("entitlement_ended", {"entitlement": entitlement.pk}, now=now)
        detail = {"agency": entitlement.agency_id, "operation": entitlement.operation}
        write_entry(Event.ENTITLEMENT_ENDED, by=by, at=now, database=entitlement.database, detail=detail)


def restrict_source(owner: Agency, database: str, against: Agency, *, by: Actor, now: datetime) -> SourceRestriction:
    """Keep all of the owner's records of a database from a bureau, at once (RPD 58)."""
    if against.kind == Agency.Kind.NATIONAL_ENTITY:
        raise BadInput("restrict-a-bureau", "Restrict the bureau: it flows down to its entities.", at="against")
    if against.pk == owner.pk:
        raise BadInput("restrict-another", "A source cannot keep its records from itself.", at="against")
    with transaction.atomic():
        restriction, _ = SourceRestriction.objects.get_or_create(
            owner=owner, database=database, against=against, lifted_at=None, defaults={"set_at": now}
        )
        RightsVersion.bump()
        detail = {"against": against.pk}
        write_confidential_entry(Event.RESTRICTION_SET, owner.pk, by=by, at=now, database=database, detail=detail)
    return restriction


def lift_restriction(restriction: SourceRestriction, *, by: Actor, now: datetime) -> None:
    """End a general restriction; only its owner does this."""
    with transaction.atomic():
        restriction.lifted_at = now
        restriction.save(update_fields=["lifted_at"])
        RightsVersion.bump()
        detail = {"against": restriction.against_id}
        write_confidential_entry(
            Event.RESTRICTION_LIFTED, restriction.owner_id, by=by, at=now, database=restriction.database, detail=detail
        )
