"""What a one-time link opens: the officer chooses a password, once, within three days.

A link that never was, that was used or that is too old gets one and the same page.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.agencies.actions import choose_password
from liaison.agencies.models import Officer


class Invitation(PasswordResetConfirmView):
    """Django's page moves the token out of the address into the session; the rest is ours."""

    template_name = "agencies/invitation.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> Officer | None:
        """Return the officer whom the link is for, unless the account or the agency was closed."""
        officer = super().get_user(uidb64)
        is_open = isinstance(officer, Officer) and officer.is_active and not officer.agency.is_closed
        return officer if is_open else None

    def form_valid(self, form: "SetPasswordForm[Officer]") -> HttpResponse:
        """Set the password as one act with its entry in the register."""
        choose_password(form.user, form.cleaned_data["new_password1"], now=timezone.now())
        self.request.session.flush()
        messages.success(self.request, _("Your password is set: sign in with it."))
        return HttpResponseRedirect(str(self.success_url))

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Say by the status too that the link opens nothing (410, gone)."""
        response_kwargs.setdefault("status", 200 if context["validlink"] else 410)
        return super().render_to_response(context, **response_kwargs)
