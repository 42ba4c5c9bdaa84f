"""Count wrong passwords and codes: five close an account to guessing for a quarter of an hour.

A browser in which its owner signed in before is counted by itself, so that a stranger who guesses, or
means to shut somebody out, does not shut out the owner ("device cookies" of OWASP).  The counts lie in
the database, by account alone: not by host, address or process.
"""

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from liaison.agencies.actions import key_digest

MOST: Final = 5
SECONDS: Final = 15 * 60
_KNOWN_DAYS: Final = 90
_SALT: Final = "liaison.agencies.attempts"


def counter_of(request: HttpRequest, email: str) -> str:
    """Return the name of the counter of this account, in this browser where it knows the account's owner."""
    account = key_digest(email.strip().lower()).hex()
    try:
        owner, browser = signing.loads(
            request.COOKIES.get(settings.LIAISON_KNOWN_COOKIE, ""), salt=_SALT, max_age=_KNOWN_DAYS * 86400
        )
    except (signing.BadSignature, ValueError, TypeError):
        return f"attempts:{account}"
    return f"attempts:{account}:{browser}" if owner == account else f"attempts:{account}"


def is_closed(counter: str) -> bool:
    """Tell whether there were too many wrong attempts lately."""
    return int(cache.get(counter, 0)) >= MOST


def count_wrong(counter: str) -> None:
    """Count one wrong attempt; the time begins with the first."""
    if not cache.add(counter, 1, timeout=SECONDS):
        try:
            cache.incr(counter)
        except ValueError:  # Its time ran out between the two.
            cache.add(counter, 1, timeout=SECONDS)


def forget(counter: str) -> None:
    """Begin anew, after the right one."""
    cache.delete(counter)


def remember_browser(response: HttpResponse, email: str) -> None:
    """Let this browser be known as one of the account's owner."""
    account = key_digest(email.strip().lower()).hex()
    response.set_cookie(
        settings.LIAISON_KNOWN_COOKIE, signing.dumps([account, secrets.token_hex(8)], salt=_SALT),
        max_age=_KNOWN_DAYS * 86400, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
