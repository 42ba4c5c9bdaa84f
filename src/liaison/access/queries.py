"""Load the facts that `rules` decides on: who asks, and what holds today."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from liaison.access.models import Entitlement, SourceRestriction
from liaison.access.rules import Asker
from liaison.agencies.actions import key_digest
from liaison.agencies.models import Agency, Key, Officer
from liaison.errors import NotSignedIn, Refused

_NO_KEY = (
    "no-valid-key",
    "This needs a key that is known, not expired and not revoked: ask your bureau's administrator.",
)


def entitlements_in_force(now: datetime) -> QuerySet[Entitlement]:
    """Return the entitlements that hold on the day of `now` (UTC)."""
    today = now.date()
    return Entitlement.objects.filter(starts_on__lte=today).filter(Q(ends_on=None) | Q(ends_on__gt=today))


def asker_of_officer(officer: Officer, now: datetime) -> Asker:
    """Return the officer as an asker; raise NotSignedIn when the account or the agency is closed."""
    if not officer.is_active or officer.agency.is_closed:
        raise NotSignedIn("account-closed", "This account is closed: ask your bureau's administrator.")
    return _asker(officer.actor, officer.full_name, officer.agency, officer.duty, now)


def asker_of_key(text: str, now: datetime) -> Asker:
    """Return the system that holds this key as an asker; raise NotSignedIn for any other text."""
    key = Key.objects.select_related("system__agency__bureau").filter(digest=key_digest(text)).first()
    if key is None or key.revoked_at or key.expires_at <= now or key.system.agency.is_closed:
        raise NotSignedIn(*_NO_KEY)
    return _asker(key.system.actor, key.system.name, key.system.agency, Officer.Duty.OFFICER, now)


def require_still_entitled(asker: Asker, database: str, operation: str, now: datetime) -> None:
    """Raise Refused when the right that a long work began with has ended meanwhile."""
    rights = entitlements_in_force(now).filter(agency=asker.agency, database=database, operation=operation)
    if not rights.exists():
        raise Refused("no-entitlement", f"Your right to {operation} the database {database} has ended.")


def expiry_of_key(text: str) -> datetime:
    """Return the moment from which a key is refused."""
    return Key.objects.values_list("expires_at", flat=True).get(digest=key_digest(text))


def _asker(actor: str, label: str, agency: Agency, duty: str, now: datetime) -> Asker:
    rights = entitlements_in_force(now).filter(agency=agency).values_list("database", "operation")
    return Asker(
        actor=actor,
        agency=agency.pk,
        bureau=agency.answering_bureau_id,
        country=agency.country,
        label=label,
        agency_label=agency.name,
        duty=duty,
        entitlements=frozenset(rights),
    )


def restrictions_in_force() -> Iterator[tuple[int, str, int]]:
    """Yield (owner, database, against) of every general restriction that holds."""
    yield from SourceRestriction.objects.filter(lifted_at=None).values_list("owner_id", "database", "against_id")
