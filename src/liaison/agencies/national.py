"""Sign officers in through the identity provider of their own country, and nobody else.

The provider speaks for its bureau and the entities under it: whoever it names by an address
that another country's officer has is a stranger.  Nobody gets an account this way.
"""

from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from liaison.agencies.models import Officer
from liaison.agencies.requests import officer_of_request, require_method
from liaison.errors import Unavailable
from liaison.lib.identity_providers import IdentityProvider

_PATIENCE_SECONDS = 5.0


class NationalAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """How what an identity provider says becomes an officer."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002  allauth names them
        """Accounts come from a bureau's invitation only (RPD 108-111)."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Take the officer of this country whom the provider names; turn everybody else away."""
        provider = provider_of(sociallogin.account.provider)
        officer = _officer_named(sociallogin, provider)
        if officer is None:
            raise ImmediateHttpResponse(render(request, "agencies/not_known_here.html", status=403))
        if not sociallogin.is_existing:
            sociallogin.connect(request, officer)

    def get_requests_session(self) -> requests.Session:
        """Return a session that waits for no server longer than a person would."""
        return _Session()


class _Session(requests.Session):
    def request(self, *said: Any, **named: Any) -> requests.Response:
        named.setdefault("timeout", _PATIENCE_SECONDS)
        return super().request(*said, **named)


def _officer_named(sociallogin: Any, provider: IdentityProvider | None) -> Officer | None:
    """Return the officer of the provider's country behind a login: the one known from before, else by address."""
    said = sociallogin.account.extra_data
    claims = {**said.get("id_token", {}), **said.get("userinfo", {})}
    if provider is None or claims.get("email_verified") is False:
        return None
    officers = Officer.objects.filter(agency__country=provider.country, is_active=True)
    if sociallogin.is_existing:
        return officers.filter(pk=sociallogin.user.pk).first()
    return officers.filter(email__iexact=str(claims.get("email", ""))).first()


def provider_of(key: str) -> IdentityProvider | None:
    """Return the identity provider of this name, if there is one."""
    return next((one for one in settings.LIAISON_IDENTITY_PROVIDERS if one.key == key), None)


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the identity provider."""
    require_method(request, "POST")
    return _ask(views.login, request, provider_id)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take what the identity provider says of who came back."""
    return _ask(views.callback, request, provider_id)


def _ask(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view(request, provider_id)
    except requests.RequestException:
        detail = "Your country's sign-in does not answer now: try again in a moment, or sign in with your password."
        raise Unavailable("national-sign-in-away", detail) from None
    return answer


def again(request: HttpRequest) -> HttpResponse:
    """Ask whoever has no factor here to sign in through the country again, before an act that could do harm."""
    officer = officer_of_request(request)
    provider = provider_of(officer.agency.country.lower())
    if provider is None:
        return redirect("mfa_index")
    shown = {"provider": provider, "next": request.GET.get("next", reverse("home"))}
    return render(request, "agencies/national_again.html", shown)
