"""Go on through the pages of one answer of the register: the way to the next page is signed.

Each search is an entry; going on in it is not.  So the way leads on for whoever began the search, in that search
and in no other, for half a day.
"""

from collections.abc import Sequence

from django.core import signing
from django.http import HttpRequest

from liaison.agencies.models import Officer

_SALT = "register-page"
_SECONDS = 12 * 3600
NAME = "before"


def address_of(request: HttpRequest, **changes: str) -> str:
    """Return the same search with something changed, from its beginning."""
    query = request.GET.copy()
    query.pop(NAME, None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def address_behind(request: HttpRequest, officer: Officer, place: Sequence[int]) -> str:
    """Return where the answer goes on behind a place in it."""
    signed = signing.dumps([officer.pk, request.path, _asked(request), list(place)], salt=_SALT)
    return address_of(request, **{NAME: signed})


def place_in_search(request: HttpRequest, officer: Officer) -> list[int] | None:
    """Return the place to go on from in a search that this officer began; None where it is a new search."""
    try:
        number, path, asked, place = signing.loads(request.GET.get(NAME, ""), salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    return list(place) if (number, path, asked) == (officer.pk, request.path, _asked(request)) else None


def _asked(request: HttpRequest) -> list[list[str]]:
    """Return what the address asks, without where in the answer it is."""
    return sorted([name, str(value)] for name, value in request.GET.items() if name != NAME)
