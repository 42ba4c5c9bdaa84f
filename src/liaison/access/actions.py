"""Every write about rights: grant and end entitlements, set and lift restrictions."""

from datetime import date, datetime
from typing import get_args

from django.db import transaction

from liaison.access.catalogue import declared_databases
from liaison.access.models import Entitlement, SourceRestriction
from liaison.access.rules import Operation
from liaison.agencies.models import Agency, Officer, RightsVersion
from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.errors import BadInput


def grant_entitlement(
    agency: Agency, database: str, operation: Operation, *, starts_on: date, ends_on: date | None, reason: str,
    granted_by: Officer | None, by: Actor, now: datetime,
) -> Entitlement:  # fmt: skip
    """Let an agency do one operation in one database; its own bureau does this (RPD 21)."""
    if ends_on is not None and ends_on <= starts_on:
        raise BadInput("ends-before-start", "The end lies before the start: give a later day.", at="ends_on")
    if not reason.strip():
        raise BadInput("missing-field", "Say why the right is granted.", at="reason")
    with transaction.atomic():
        entitlement = Entitlement.objects.create(
            agency=agency, database=database, operation=operation, starts_on=starts_on, ends_on=ends_on,
            reason=reason, granted_by=granted_by, granted_at=now,
        )  # fmt: skip
        RightsVersion.bump()
        detail = {"agency": agency.pk, "operation": operation, "reason": reason}
        write_entry(Event.ENTITLEMENT_GRANTED, by=by, at=now, database=database, detail=detail)
    return entitlement


def entitle_bureau(bureau: Agency, *, by: Actor, now: datetime) -> None:
    """Give a bureau that was admitted every operation in every database (RPD 5, 6: direct access of bureaux)."""
    for database in declared_databases():
        for operation in get_args(Operation):
            grant_entitlement(
                bureau, database, operation, starts_on=now.date(), ends_on=None, reason="Bureau of a member",
                granted_by=None, by=by, now=now,
            )  # fmt: skip


def end_entitlement(entitlement: Entitlement, *, by: Actor, now: datetime) -> None:
    """End a right today: the next request finds it gone."""
    with transaction.atomic():
        entitlement.ends_on = now.date()
        entitlement.save(update_fields=["ends_on"])
        RightsVersion.bump()
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
        write_entry(Event.RESTRICTION_SET, by=by, at=now, database=database, detail={"against": against.pk})
    return restriction


def lift_restriction(restriction: SourceRestriction, *, by: Actor, now: datetime) -> None:
    """End a general restriction; only its owner does this."""
    with transaction.atomic():
        restriction.lifted_at = now
        restriction.save(update_fields=["lifted_at"])
        RightsVersion.bump()
        detail = {"against": restriction.against_id}
        write_entry(Event.RESTRICTION_LIFTED, by=by, at=now, database=restriction.database, detail=detail)
