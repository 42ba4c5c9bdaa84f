"""Who stands behind a page, and which methods it takes."""

from datetime import datetime

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

from liaison.agencies.actions import key_digest
from liaison.agencies.arrivals import Arrival, arrival_of, require_arrival
from liaison.agencies.models import Key, Officer, System
from liaison.agencies.queries import key_in_force
from liaison.agencies.second_factor import is_fresh
from liaison.audit.actions import Actor
from liaison.errors import LiaisonError, NotSignedIn, Refused

# How a key is sent in the Authorization header.
KEY_SCHEMES = ("bearer", "apikey")


class WrongMethod(LiaisonError):
    """Another HTTP method than the one this path takes."""

    status = 405


def officer_of_request(request: HttpRequest) -> Officer:
    """Return the signed-in officer; raise NotSignedIn for anybody else.

    A closed account, and an account of a closed agency, is nobody: `accounts.OpenAccounts` sees to it.
    """
    if not isinstance(request.user, Officer):
        raise NotSignedIn("not-signed-in", "Sign in first.")
    return request.user


def system_of_key(request: HttpRequest, now: datetime) -> System:
    """Return the system whose key is in the Authorization header; a session is not taken."""
    scheme, _, key = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() not in KEY_SCHEMES:
        raise NotSignedIn("no-key", "Send your key in the header `Authorization: Bearer KEY` (or `ApiKey KEY`).")
    found = key_in_force(Key.objects.filter(digest=key_digest(key.strip())), now)
    require_arrival(found.bounds, found.pk, arrival_of_request(request))
    return found.system


def arrival_of_request(request: HttpRequest) -> Arrival:
    """Return from where a request came, with which certificate, and for whom."""
    headers = ((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items())
    return arrival_of(request.META.get("REMOTE_ADDR", ""), headers)


def administrator_of_request(request: HttpRequest) -> Officer:
    """Return the signed-in administrator; raise Refused for any other duty.

    What an administrator sends changes who may do what.  So whoever showed long ago who they are shows it
    again first; what was sent waits in the session, and is done after that.
    """
    officer = officer_of_request(request)
    if officer.duty != Officer.Duty.ADMINISTRATOR:
        raise Refused("not-an-administrator", "Only an administrator of the agency does this.")
    if request.method == "POST" and not is_fresh(request):
        raise ReauthenticationRequired
    return officer


def acting_officer(officer: Officer) -> Actor:
    """Return the officer as the register names it."""
    return Actor(officer.actor, officer.agency_id)


def require_method(request: HttpRequest, *methods: str) -> None:
    """Refuse any other method with the ones that are taken."""
    if request.method not in methods:
        raise WrongMethod("wrong-method", f"Use {' or '.join(methods)} here.")


def posted_number(request: HttpRequest, name: str = "id") -> int:
    """Return the number of the thing that a button names; 0, which nothing has, where it is no number."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
