"""Who stands behind an HTTP request to Django: a signed-in officer, or a system with its key."""

from django.http import HttpRequest
from django.utils import timezone

from liaison.access.queries import asker_of_key, asker_of_officer
from liaison.access.rules import Asker
from liaison.agencies.models import Officer
from liaison.audit.actions import Actor
from liaison.errors import LiaisonError, NotSignedIn, Refused


class WrongMethod(LiaisonError):
    """Another HTTP method than the one this path takes."""

    status = 405


def asker_of_request(request: HttpRequest) -> Asker:
    """Return who asks: by the key in the Authorization header, else by the session.

    Raises NotSignedIn when there is neither.
    """
    now = timezone.now()
    scheme, _, key = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() in ("bearer", "apikey") and key:
        return asker_of_key(key.strip(), now)
    if isinstance(request.user, Officer):
        return asker_of_officer(request.user, now)
    raise NotSignedIn("no-key", "Send your key in the header `Authorization: Bearer KEY`, or sign in.")


def system_of_request(request: HttpRequest) -> Asker:
    """Return who asks by key; a session is not taken, so that no other site can act through a browser."""
    if not request.headers.get("Authorization"):
        raise NotSignedIn("no-key", "Send your key in the header `Authorization: Bearer KEY` (or `ApiKey KEY`).")
    return asker_of_request(request)


def officer_of_request(request: HttpRequest) -> Officer:
    """Return the signed-in officer; raise NotSignedIn for anybody else."""
    if not isinstance(request.user, Officer):
        raise NotSignedIn("not-signed-in", "Sign in first.")
    return request.user


def administrator_of_request(request: HttpRequest) -> Officer:
    """Return the signed-in administrator; raise Refused for any other duty."""
    officer = officer_of_request(request)
    asker_of_officer(officer, timezone.now())
    if officer.duty != Officer.Duty.ADMINISTRATOR:
        raise Refused("not-an-administrator", "Only an administrator of the agency does this.")
    return officer


def acting(asker: Asker) -> Actor:
    """Return the asker as the register names it."""
    return Actor(asker.actor, asker.agency)


def acting_officer(officer: Officer) -> Actor:
    """Return the officer as the register names it."""
    return Actor(officer.actor, officer.agency_id)


def require_method(request: HttpRequest, *methods: str) -> None:
    """Refuse any other method with the ones that are taken."""
    if request.method not in methods:
        raise WrongMethod("wrong-method", f"Use {' or '.join(methods)} here.")
