"""The code that the authenticator app of somebody of the demonstration would show now."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings

from liaison.agencies.factor_forms import was_used
from liaison.agencies.models import Officer
from liaison.demo.world import ACCOUNTS
from liaison.errors import NotFound
from liaison.lib.suggest import did_you_mean


def officer_called(name: str) -> Officer:
    """Return the account of a role ("warsaw_officer") or of an address; raise NotFound with the roles there are."""
    roles = {account.role: account.email for account in ACCOUNTS}
    officer = Officer.objects.filter(email__iexact=roles.get(name, name)).first()
    if officer is None:
        raise NotFound("no-such-officer", f"Nobody is called {name[:60]!r}. {did_you_mean(name, roles)}", at="NAME")
    return officer


def unused_code(officer: Officer) -> str:
    """Return a code that the service takes now: it takes each once, so the next one where this one was used."""
    app = Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).first()
    if app is None:
        detail = f"{officer.email} has no authenticator app of the demonstration: choose one by signing in."
        raise NotFound("no-authenticator-app", detail, at="NAME")
    counter, secret = int(time.time()) // settings.MFA_TOTP_PERIOD, decrypt(app.data["secret"])
    codes: list[str] = [format_hotp_value(hotp_value(secret, counter + later)) for later in (0, 1, -1)]
    return next((code for code in codes if not was_used(officer, code)), codes[0])
