"""Who stands behind an HTTP request to Django: a signed-in officer, or a system with its key."""

from django.http import HttpRequest
from django.utils import timezone

from liaison.access.queries import asker_of_key, asker_of_officer
from liaison.access.rules import Asker, may_read_register
from liaison.agencies.models import Officer
from liaison.agencies.queries import person_of
from liaison.agencies.requests import (
    WrongMethod,
    acting_officer,
    administrator_of_request,
    arrival_of_request,
    officer_of_request,
    posted_number,
    require_method,
)  # fmt: skip
from liaison.agencies.rules import Person
from liaison.audit.actions import Actor
from liaison.errors import NotSignedIn, Refused

# Those who know an asker find here all that they need of a request.
__all__ = (
    "WrongMethod", "acting", "acting_officer", "administrator_of_request", "arrival_of_request", "asker_of_request",
    "controller_of_request", "officer_asker_of_request", "officer_of_request", "posted_number", "require_method",
    "system_of_request",
)  # fmt: skip

_SCHEMES = ("bearer", "apikey")


def asker_of_request(request: HttpRequest) -> Asker:
    """Return who asks: by the key in the Authorization header, else by the session.

    Raises NotSignedIn when there is neither.
    """
    now = timezone.now()
    scheme, _, key = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() in _SCHEMES:
        return asker_of_key(key.strip(), now, arrival_of_request(request))
    if isinstance(request.user, Officer):
        return asker_of_officer(request.user, now)
    raise NotSignedIn("no-key", "Send your key in the header `Authorization: Bearer KEY`, or sign in.")


def officer_asker_of_request(request: HttpRequest) -> Asker:
    """Return who asks for a page about records; raise Refused for a duty that reads none (RPD 109)."""
    asker = asker_of_request(request)
    if asker.duty != Officer.Duty.OFFICER:
        raise Refused("duty-reads-no-records", "An account that administers or audits reads no records.")
    return asker


def controller_of_request(request: HttpRequest) -> tuple[Officer, Person]:
    """Return who asks for a page of control; raise Refused for a duty that controls nothing (RPD 126)."""
    officer = officer_of_request(request)
    person = person_of(officer)
    if not may_read_register(person):
        raise Refused("not-an-auditor", "Only auditors and administrators read the register of processing.")
    return officer, person


def system_of_request(request: HttpRequest) -> Asker:
    """Return who asks by key; a session is not taken, so that no other site can act through a browser."""
    if request.headers.get("Authorization", "").partition(" ")[0].lower() not in _SCHEMES:
        raise NotSignedIn("no-key", "Send your key in the header `Authorization: Bearer KEY` (or `ApiKey KEY`).")
    return asker_of_request(request)


def acting(asker: Asker) -> Actor:
    """Return the asker as the register names it."""
    return Actor(asker.actor, asker.agency)
