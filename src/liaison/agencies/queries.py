"""Look up agencies and people by what others know of them."""

import threading
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Q, QuerySet

from liaison.agencies import rules
from liaison.agencies.models import Agency, Key, Officer, System
from liaison.agencies.rules import AgencyFacts, Person
from liaison.errors import NotFound, NotSignedIn
from liaison.lib.suggest import did_you_mean

_NO_KEY = (
    "no-valid-key",
    "This needs a key that is known, not expired and not revoked: ask your bureau's administrator.",
)
_lock = threading.Lock()
_labels: tuple[int, dict[int, str]] = (-1, {})


def rights_version() -> int:
    """Return the count of changes of agencies and rights so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM agencies_rightsversion WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def agency_labels() -> dict[int, str]:
    """Return the name of every agency by its number; read again when an agency changed."""
    global _labels  # noqa: PLW0603  one table per process
    version = rights_version()
    with _lock:
        if _labels[0] != version:
            _labels = (version, dict(Agency.objects.values_list("pk", "name")))
        return _labels[1]


def agency_named(name: str) -> Agency:
    """Return the agency with this name, in any case; raise NotFound with the names there are."""
    found = Agency.objects.filter(name__iexact=name.strip(), closed_at=None).first()
    if found is None:
        known = Agency.objects.filter(closed_at=None).values_list("name", flat=True)
        raise NotFound("no-such-agency", f"No agency is called {name[:60]!r}. {did_you_mean(name, known)}", at="agency")
    return found


def key_in_force(keys: QuerySet[Key], now: datetime) -> Key:
    """Return the first of these keys with its system; raise NotSignedIn when there is none, or it does not hold."""
    key = keys.select_related("system__agency__bureau").first()
    if key is None or key.revoked_at or key.expires_at <= now or key.system.agency.is_closed:
        raise NotSignedIn(*_NO_KEY)
    return key


def officer_at(email: str) -> Officer:
    """Return the officer whose account has this address and is open; raise NotFound otherwise."""
    found = Officer.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if found is None:
        raise NotFound("no-such-officer", "No open account has this address.", at="email")
    return found


def actor_label(actor: str) -> str:
    """Return the name of "officer:12" or "system:3" for people; the text itself when it is neither."""
    kind, _, number = actor.partition(":")
    if kind == "officer":
        return Officer.objects.filter(pk=number).values_list("full_name", flat=True).first() or actor
    if kind == "system":
        return System.objects.filter(pk=number).values_list("name", flat=True).first() or actor
    return actor


def actor_labels(actors: Iterable[str]) -> dict[str, str]:
    """Return the names of many actors at once, as `actor_label` gives one."""
    wanted = {actor: actor.partition(":") for actor in actors}
    officers = [int(number) for kind, _, number in wanted.values() if kind == "officer"]
    systems = [int(number) for kind, _, number in wanted.values() if kind == "system"]
    labels = {actor: actor for actor in wanted}
    labels |= {officer.actor: officer.full_name for officer in Officer.objects.filter(pk__in=officers)}
    labels |= {system.actor: system.name for system in System.objects.filter(pk__in=systems)}
    return labels


def actors_called(text: str, agencies: Iterable[int] | None) -> tuple[str, ...]:
    """Return the actors whose name or address holds the text, or who are it; only of these agencies, None for all."""
    officers = Officer.objects.filter(Q(full_name__icontains=text) | Q(email__icontains=text))
    systems = System.objects.filter(name__icontains=text)
    if agencies is not None:
        officers, systems = officers.filter(agency__in=agencies), systems.filter(agency__in=agencies)
    return (text, *(officer.actor for officer in officers), *(system.actor for system in systems))


def person_of(officer: Officer) -> Person:
    """Return what the rules want to know of an officer."""
    return Person(officer.pk, officer.duty, officer.agency_id, officer.agency.kind)


def facts_of(agency: Agency) -> AgencyFacts:
    """Return what the rules want to know of an agency."""
    administrators = agency.officers.filter(duty=Officer.Duty.ADMINISTRATOR)
    # A password that was ended by a new link, or an account that was closed, still counts: the bureau has begun.
    had_one = administrators.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login=None)
    return AgencyFacts(agency.pk, agency.kind, agency.bureau_id, agency.is_closed, had_one.exists())


def agencies_seen_by(person: Person) -> QuerySet[Agency]:
    """Return the agencies that an administrator sees."""
    seen = Agency.objects.select_related("bureau")
    if rules.may_admit(person):
        return seen
    return seen.filter(Q(pk=person.agency) | Q(bureau=person.agency))


def count_people(agencies: Iterable[Agency]) -> tuple[Counter[int], Counter[int]]:
    """Return how many open accounts and how many systems each agency has."""
    numbers = [agency.pk for agency in agencies]
    officers = Officer.objects.filter(agency__in=numbers, is_active=True)
    systems = System.objects.filter(agency__in=numbers)
    return Counter(officers.values_list("agency_id", flat=True)), Counter(systems.values_list("agency_id", flat=True))


def agency_seen_by(person: Person, number: int) -> Agency:
    """Return one agency; raise NotFound alike where there is none and where this person may not see it."""
    agency = Agency.objects.select_related("bureau").filter(pk=number).first()
    if agency is None or not rules.may_see(person, facts_of(agency)):
        raise NotFound("no-such-agency", "There is no such agency.")
    return agency


def agencies_under(number: int) -> tuple[int, ...]:
    """Return the numbers of an agency and of the entities that it answers for, closed ones too."""
    return (number, *Agency.objects.filter(bureau=number).values_list("pk", flat=True))
