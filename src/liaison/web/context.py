"""What the frame of every page shows: the installation, the person, where they may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liaison.agencies.models import Officer

# A home that the demonstration made holds this file; nothing else is drawn from it.
DEMO_ACCOUNTS = "demo-accounts.txt"

_PLACES = (
    ("check", _("Check"), (Officer.Duty.OFFICER,)),
    ("batches", _("Feed"), (Officer.Duty.OFFICER,)),
    ("own_records", _("Our records"), (Officer.Duty.OFFICER,)),
    ("agencies", _("Agencies"), (Officer.Duty.ADMINISTRATOR,)),
    ("entitlements", _("Access"), (Officer.Duty.OFFICER, Officer.Duty.ADMINISTRATOR, Officer.Duty.AUDITOR)),
    ("register", _("Register"), (Officer.Duty.ADMINISTRATOR, Officer.Duty.AUDITOR)),
)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of `base.html`."""
    officer = getattr(request, "user", None)
    frame: dict[str, Any] = {
        "installation_name": settings.LIAISON_NAME,
        "is_demo": (settings.LIAISON_HOME / DEMO_ACCOUNTS).exists(),
        "disclaimer_url": reverse("about"),
        "navigation": [],
        "signed_in": None,
    }
    if isinstance(officer, Officer):
        frame["signed_in"] = {"name": officer.full_name, "agency": officer.agency.name}
        frame["navigation"] = [
            {"label": label, "url": reverse(name), "current": request.path.startswith(reverse(name))}
            for name, label, duties in _PLACES
            if officer.duty in duties
        ]
    return frame
