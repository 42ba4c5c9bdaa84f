"""Load the facts that `rules` decides on: who asks, and what holds today."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from liaison.access.models import Entitlement, SourceRestriction
from liaison.access.rules import Asker, Limit, narrowed, reads_whole_register
from liaison.agencies.actions import key_digest
from liaison.agencies.arrivals import Arrival, Bounds, require_arrival
from liaison.agencies.models import Agency, Key, Officer
from liaison.agencies.queries import agencies_under, key_in_force
from liaison.agencies.rules import Person, Terms
from liaison.errors import NotSignedIn, Refused

_CLOSED = ("account-closed", "This account is closed: ask your bureau's administrator.")


def entitlements_in_force(now: datetime) -> QuerySet[Entitlement]:
    """Return the entitlements that hold on the day of `now` (UTC)."""
    today = now.date()
    return Entitlement.objects.filter(starts_on__lte=today).filter(Q(ends_on=None) | Q(ends_on__gt=today))


def operations_of(agency: Agency, now: datetime) -> set[str]:
    """Return what an agency may do in one database or another today."""
    return {right.operation for right in rights_of(agency, now)}


def rights_of(agency: Agency, now: datetime) -> tuple[Limit, ...]:
    """Return the rights that an agency has today; those of a national entity within those of its bureau."""
    wanted = [agency.pk] if agency.bureau_id is None else [agency.pk, agency.bureau_id]
    held: dict[int, list[Entitlement]] = {number: [] for number in wanted}
    for right in entitlements_in_force(now).filter(agency__in=wanted):
        held[right.agency_id].append(right)
    return rights_within(agency, held[agency.pk], held.get(agency.bureau_id or 0, []))


def rights_within(agency: Agency, own: Iterable[Entitlement], above: Iterable[Entitlement]) -> tuple[Limit, ...]:
    """Return an agency's rights of today; of a national entity, within those `above`, of its bureau."""
    limits = [right.limit for right in own]
    return tuple(limits) if agency.bureau_id is None else narrowed(limits, [right.limit for right in above])


def asker_of_officer(officer: Officer, now: datetime) -> Asker:
    """Return the officer as an asker; raise NotSignedIn when the account or the agency is closed."""
    if not officer.is_active or officer.agency.is_closed:
        raise NotSignedIn(*_CLOSED)
    return _asker(officer.actor, officer.agency, officer.duty, now)


def asker_of_key(text: str, now: datetime, arrival: Arrival | None = None) -> Asker:
    """Return the system that holds this key as an asker; raise NotSignedIn for any other text.

    With `arrival`, which whoever comes over the network has, what is demanded with the key is demanded.
    """
    return _asker_of(Key.objects.filter(digest=key_digest(text)), now, arrival)


def asker_of_actor(actor: str, now: datetime) -> Asker:
    """Return an officer or a system as an asker, for what goes on without them.

    Raises NotSignedIn when the account or the agency is closed, or no key of the system holds any more.
    """
    kind, _, number = actor.partition(":")
    if kind == "system":
        return _asker_of(Key.objects.filter(system=int(number), revoked_at=None, expires_at__gt=now), now)
    officer = Officer.objects.select_related("agency__bureau").filter(pk=number).first()
    if kind != "officer" or officer is None:
        raise NotSignedIn(*_CLOSED)
    return asker_of_officer(officer, now)


def require_still_entitled(asker: Asker, database: str, operation: str, now: datetime) -> Asker:
    """Return the asker of a long work with the rights of now.

    Raises NotSignedIn when the key or the account that the work began with
    holds no more, and Refused when only the right has ended.
    """
    again = _again(asker, now)
    if (database, operation) not in again.entitlements:
        raise Refused("no-entitlement", f"Your right to {operation} the database {database} has ended.")
    return again


class KeyFacts(NamedTuple):
    """What counts of a key beside whose it is: its end, the terms of its checks, and what is demanded with it."""

    expires_at: datetime
    terms: Terms
    bounds: Bounds


def facts_of_key(text: str) -> KeyFacts:
    """Return what a key that is there says of itself."""
    key = Key.objects.get(digest=key_digest(text))
    return KeyFacts(key.expires_at, key.terms, key.bounds)


def _again(asker: Asker, now: datetime) -> Asker:
    """Read the asker anew, by the same key or the same account."""
    if asker.key:
        return _asker_of(Key.objects.filter(pk=asker.key), now)
    officer = Officer.objects.select_related("agency__bureau").get(pk=asker.actor.removeprefix("officer:"))
    return asker_of_officer(officer, now)


def _asker_of(keys: QuerySet[Key], now: datetime, arrival: Arrival | None = None) -> Asker:
    """Return the system that holds the first of these keys; raise NotSignedIn when it does not hold."""
    key = key_in_force(keys, now)
    if arrival is not None:
        require_arrival(key.bounds, key.pk, arrival)
    return _asker(key.system.actor, key.system.agency, Officer.Duty.OFFICER, now, key.pk)


def _asker(actor: str, agency: Agency, duty: str, now: datetime, key: int = 0) -> Asker:
    return asker_with(actor, agency, duty, rights_of(agency, now), key)


def asker_with(actor: str, agency: Agency, duty: str, rights: Sequence[Limit], key: int = 0) -> Asker:
    """Return somebody of an agency as an asker with these rights."""
    return Asker(
        actor=actor,
        agency=agency.pk,
        bureau=agency.answering_bureau_id,
        country=agency.country,
        duty=duty,
        entitlements=frozenset((right.database, right.operation) for right in rights),
        key=key,
        limits=tuple(right for right in rights if right != Limit(right.database, right.operation)),
    )


def restrictions_in_force() -> Iterator[tuple[int, str, int]]:
    """Yield (owner, database, against) of every general restriction that holds."""
    yield from SourceRestriction.objects.filter(lifted_at=None).values_list("owner_id", "database", "against_id")


def agencies_controlled_by(person: Person) -> tuple[int, ...] | None:
    """Return the agencies whose entries this person reads; None for all."""
    return None if reads_whole_register(person) else agencies_under(person.agency)
