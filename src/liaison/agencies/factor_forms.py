"""What an officer types or touches to show a second factor."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liaison.agencies.actions import note_refused_sign_in
from liaison.agencies.attempts import count_wrong, forget, is_closed
from liaison.agencies.forms import VISIBLE
from liaison.agencies.models import Officer

_LIFE_SECONDS = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)


class _OnceMixin:
    """A code counts once, however long its time is; a wrong one is noted, because the password was right."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _as_digits(self.fields["code"], _("Code"))  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """Return the code where it is right and was not used; raise ValidationError else."""
        officer: Officer = self.user  # type: ignore[attr-defined]
        counter = f"attempts:code:{officer.pk}"
        try:
            if is_closed(counter):
                raise get_account_adapter().validation_error("too_many_login_attempts")
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            count_wrong(counter)
            note_refused_sign_in(officer.email, now=timezone.now())
            raise
        forget(counter)
        if not cache.add(_mark(officer, code), 1, timeout=_LIFE_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_OnceMixin, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The code of an authenticator app, or a recovery code, after the password."""


class CodeAgainForm(_OnceMixin, ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The same, before an act that could do harm."""


class AuthenticatorAppForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _as_digits(self.fields["code"], _("Code that the app shows"))


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey, with a name by which its owner knows it."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        name = self.fields["name"]
        name.label, name.max_length, name.validators = _("Name of this passkey"), 60, [*name.validators, VISIBLE]
        self.fields["passwordless"].label = _("Sign in with this passkey alone, without a password")
        self.fields["passwordless"].help_text = _("The device then asks for its PIN, a finger or a face.")


def was_used(officer: Officer, code: str) -> bool:
    """Tell whether a code has counted already, as each does once."""
    return cache.get(_mark(officer, code)) is not None


def _mark(officer: Officer, code: str) -> str:
    return f"second-factor-used:{officer.pk}:{''.join(code.split())}"


def _as_digits(field: forms.Field, label: Any) -> None:
    field.label = label
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
