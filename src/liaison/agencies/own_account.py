"""What an officer sees and does about the own account: second factors, recovery codes, sessions.

allauth's views do the work; here each act becomes an entry in the register.
"""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.agencies.models import Officer
from liaison.agencies.requests import acting_officer, officer_of_request, posted_number, require_method
from liaison.agencies.second_factor import has_shown_second_factor
from liaison.audit.actions import write_entry
from liaison.audit.events import Event
from liaison.errors import NotFound


def own_account(request: HttpRequest) -> HttpResponse:
    """Show an officer the own account, or end one of its sessions."""
    require_method(request, "GET", "POST")
    officer = officer_of_request(request)
    if request.method == "POST":
        return _ACTS.get(request.POST.get("action", ""), _no_act)(request, officer)
    return render(request, "agencies/own_account.html", _described(request, officer))


def _described(request: HttpRequest, officer: Officer) -> dict[str, Any]:
    factors = list(Authenticator.objects.filter(user=officer).order_by("created_at"))
    return {
        "must_enrol": not has_shown_second_factor(request),
        "email": officer.email,
        "factors": [_factor_row(one) for one in factors if one.type != Authenticator.Type.RECOVERY_CODES],
        "codes_left": _codes_left(factors),
        "has_app": any(one.type == Authenticator.Type.TOTP for one in factors),
        "sessions": [_session_row(one) for one in UserSession.objects.purge_and_list(officer)],
    }


def _factor_row(factor: Authenticator) -> dict[str, Any]:
    is_passkey = factor.type == Authenticator.Type.WEBAUTHN
    remove = reverse("mfa_remove_webauthn", args=[factor.pk]) if is_passkey else reverse("mfa_deactivate_totp")
    return {
        "name": str(factor) if is_passkey else _("Authenticator app"),
        "added_at": factor.created_at, "used_at": factor.last_used_at, "remove_url": remove,
    }  # fmt: skip


def _codes_left(factors: list[Authenticator]) -> int | None:
    codes = next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return len(codes.wrap().get_unused_codes()) if codes else None


def _session_row(session: UserSession) -> dict[str, Any]:
    return {
        "id": session.pk, "began_at": session.created_at, "address": session.ip, "browser": session.user_agent,
        "is_this": session.is_current(),
    }  # fmt: skip


def _end_session(request: HttpRequest, officer: Officer) -> HttpResponse:
    session = UserSession.objects.filter(user=officer, pk=posted_number(request)).first()
    if session is None:
        raise NotFound("no-such-session", "There is no such session: it has ended already.")
    return _end(request, officer, [session])


def _end_others(request: HttpRequest, officer: Officer) -> HttpResponse:
    others = [one for one in UserSession.objects.filter(user=officer) if not one.is_current()]
    return _end(request, officer, others)


def _end(request: HttpRequest, officer: Officer, sessions: list[UserSession]) -> HttpResponse:
    end_sessions(officer, sessions)
    messages.success(request, _("The session has ended."))
    return redirect("mfa_index")


def end_sessions(officer: Officer, sessions: list[UserSession]) -> None:
    """End sessions of an account and write the entry, or neither."""
    with transaction.atomic():
        for session in sessions:
            session.end()
        write_entry(
            Event.SESSIONS_ENDED, by=acting_officer(officer), at=timezone.now(), detail={"sessions": len(sessions)}
        )


def _no_act(_request: HttpRequest, _officer: Officer) -> HttpResponse:
    return redirect("mfa_index")


_ACTS: Mapping[str, Callable[[HttpRequest, Officer], HttpResponse]] = {
    "end_session": _end_session,
    "end_others": _end_others,
}


def _added(request: HttpRequest, kind: str) -> None:
    """Count the new factor as shown in this session, end all others, and write the entry."""
    officer = officer_of_request(request)
    record_authentication(request, officer, "mfa", type=kind)
    # Whoever signed in elsewhere did it without this factor.
    for session in UserSession.objects.filter(user=officer):
        if not session.is_current():
            session.end()
    _write(request, Event.FACTOR_ADDED, kind)


def _write(request: HttpRequest, event: Event, kind: str) -> None:
    write_entry(event, by=acting_officer(officer_of_request(request)), at=timezone.now(), detail={"factor": kind})


class AddApp(ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Add an authenticator app; its secret is shown as a picture and as text."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Add the app and write the entry, or neither."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _added(self.request, "totp")
        return response


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Remove the authenticator app, where the account keeps a passkey."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Remove the app and write the entry, or neither."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _write(self.request, Event.FACTOR_REMOVED, "totp")
        return response


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Add a passkey."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Add the passkey and write the entry, or neither."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _added(self.request, "webauthn")
        return response


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Remove a passkey, where the account keeps another factor."""

    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **said: Any) -> dict[str, Any]:
        """Say whether it is the only factor, which stays."""
        is_only = not get_adapter().can_delete_authenticator(self.object)
        return {**super().get_context_data(**said), "is_only": is_only}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Remove the passkey and write the entry, or neither; the only factor stays."""
        if not get_adapter().can_delete_authenticator(self.object):
            refused: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=409)
            return refused
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _write(self.request, Event.FACTOR_REMOVED, "webauthn")
        return response


class NewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    """Make new recovery codes; the old ones work no more."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Make the codes and write the entry, or neither."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _write(self.request, Event.FACTOR_ADDED, "recovery_codes")
        return response
