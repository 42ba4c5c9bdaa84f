"""How accounts behave here: nobody signs up, whoever is closed is nobody, and signing in and out are entries."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from liaison.agencies.actions import change_password, note_refused_sign_in
from liaison.agencies.attempts import count_wrong, counter_of, forget, is_closed, remember_browser
from liaison.agencies.models import Officer
from liaison.agencies.requests import acting_officer
from liaison.agencies.second_factor import has_shown_second_factor, is_fresh
from liaison.audit.actions import write_entry
from liaison.audit.events import Event


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come from a bureau's invitation only (RPD 108-111); what allauth does with one is an entry too."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth names it
        """Nobody signs up."""
        return False

    def pre_login(self, request: HttpRequest, user: Officer, **_said: Any) -> HttpResponse | None:
        """Turn away whoever knows the password of an account that is closed, or whose agency is."""
        if is_open(user):
            return None
        request.session.flush()
        response: HttpResponse = self.respond_user_inactive(request, user)
        return response

    def login(self, request: HttpRequest, user: Officer) -> None:
        """Begin a session and write the entry, or neither."""
        with transaction.atomic():
            super().login(request, user)
            if has_shown_second_factor(request):
                # Both locks were opened by whoever holds their keys: who opened one before counts no more.
                Officer.objects.filter(pk=user.pk).update(password_ended_by="", factors_ended_by="")
            write_entry(Event.SIGNED_IN, by=acting_officer(user), at=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        """End the session, then write the entry: nobody stays signed in because the register cannot be written."""
        by = acting_officer(request.user) if isinstance(request.user, Officer) else None
        super().logout(request)
        if by:
            write_entry(Event.SIGNED_OUT, by=by, at=timezone.now())

    def post_login(self, request: HttpRequest, user: Officer, **said: Any) -> HttpResponse:
        """Remember the browser as one of this officer's, so that others' guesses do not shut it out."""
        response: HttpResponse = super().post_login(request, user, **said)
        remember_browser(response, user.email)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse to try one more password after too many wrong ones, and note it."""
        email = str(credentials.get("email", ""))
        try:
            super().pre_authenticate(request, **credentials)
            if is_closed(counter_of(request, email)):
                raise self.validation_error("too_many_login_attempts")
        except ValidationError:
            note_refused_sign_in(email, now=timezone.now())
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Officer | None:
        """Try a password, and count it: a wrong one against the account, whether there is one or not."""
        found: Officer | None = super().authenticate(request, **credentials)
        counter = counter_of(request, str(credentials.get("email", "")))
        (forget if found else count_wrong)(counter)
        return found

    def reauthenticate(self, user: Officer, password: str) -> bool:
        """Tell whether this is the password of whoever is signed in; allauth looks for an address that it keeps."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **_said: Any) -> bool:  # noqa: ARG002  allauth names it
        """Ask again where the last proof of who somebody is has become old."""
        return not is_fresh(context.request)

    def get_reauthentication_methods(self, user: Officer) -> list[dict[str, Any]]:
        """Offer the second factors, for a password alone may have been seen; else the password, else the country."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        national = {"id": "national", "description": "", "url": reverse("national_again")}
        return [one for one in methods if one["id"] != "reauthenticate"] or methods or [national]

    def set_password(self, user: Officer, password: str) -> None:
        """Change the password as one act with its entry in the register."""
        change_password(user, password, now=timezone.now())


class OpenAccounts(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Only an open account of an open agency signs in, and each request asks again.

    The answer is the one place for sessions: were it given by a page instead, a
    closed agency's officer would be sent to sign in, and from there back.
    """

    def user_can_authenticate(self, user: Officer) -> bool:
        """Tell whether neither the account, nor its agency, nor the bureau that answers for it is closed."""
        return is_open(user)

    def get_user(self, user_id: int) -> Officer | None:
        """Return the officer of a session, with the agency in the same query."""
        officer = Officer.objects.select_related("agency__bureau").filter(pk=user_id).first()
        return officer if officer and is_open(officer) else None


def is_open(officer: Officer) -> bool:
    """Tell whether neither the account, nor its agency, nor the bureau that answers for it is closed."""
    return officer.is_active and not officer.agency.is_closed
