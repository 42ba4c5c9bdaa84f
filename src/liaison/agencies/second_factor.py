"""Ask for a second factor: nobody goes on with a password alone (RPD 111).

allauth asks at sign-in for the second factor that an account has; `SecondFactorMiddleware`
sends an account that has none to choose one, whatever page it asked for.
"""

import base64
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from liaison.agencies.models import Officer
from liaison.errors import Refused, Unavailable, problem_json

# What can end an account's lack of a second factor, or the session; everything else waits.
OPEN_WITHOUT = frozenset({
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "account_logout", "set_language",
    "national_again", "about",
})  # fmt: skip
_MISSING = Refused("second-factor-missing", "Choose a second factor for your account first, in a browser.")
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """How second factors behave here: secrets are encrypted, and an account keeps at least one factor."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it may lie in the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; raise Unavailable where the key of the installation is another than it was."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            detail = "The second factor cannot be read with this key: ask your bureau's administrator for a new link."
            raise Unavailable("second-factor-unreadable", detail) from None

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to leave an account without a second factor."""
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=_FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return for which address passkeys are made: that of the installation."""
        return {"id": urlsplit(settings.LIAISON_ADDRESS).hostname or "", "name": settings.LIAISON_NAME}

    def generate_authenticator_name(self, user: Officer, type: Authenticator.Type) -> str:
        """Return the name that a new passkey has until its owner gives another."""
        return _("Passkey %(number)s") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}


def _cipher() -> Fernet:
    # Of the installation's key, so that a copy of the database alone opens no account.
    key = HKDF(SHA256(), 32, salt=None, info=b"liaison second factors").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))


class SecondFactorMiddleware:
    """Sends whoever signed in with a password alone to choose a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on: only with the view is it known what was asked for."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _named: Any
    ) -> HttpResponse | None:
        """Answer in place of the page that was asked for, until there is a second factor."""
        match = request.resolver_match
        if not isinstance(request.user, Officer) or (match and match.url_name in OPEN_WITHOUT):
            return None
        if has_shown_second_factor(request):
            return None
        if request.path.startswith("/api/"):
            # Raised here it would be nobody's: errors of views are answered further in.
            return HttpResponse(problem_json(_MISSING), status=403, content_type="application/problem+json")
        return redirect("mfa_index")


def has_shown_second_factor(request: HttpRequest) -> bool:
    """Tell whether whoever is signed in showed more than a password in this session, here or to their country."""
    vouching = {one.key for one in settings.LIAISON_IDENTITY_PROVIDERS if one.has_second_factor}
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" or record.get("provider") in vouching for record in records)


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether whoever is signed in showed who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0.0)
    return bool(time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def holders_of_factors(officers: Iterable[Officer]) -> set[int]:
    """Return the numbers of those of these officers who have a second factor."""
    found = Authenticator.objects.filter(user__in=list(officers), type__in=_FACTORS)
    return set(found.values_list("user_id", flat=True))


def has_factors(officer: Officer) -> bool:
    """Tell whether an account has a second factor."""
    return bool(holders_of_factors([officer]))


def remove_factors(officer: Officer) -> None:
    """Take every second factor from an account, so that the next one to sign in chooses anew."""
    Authenticator.objects.filter(user=officer).delete()
