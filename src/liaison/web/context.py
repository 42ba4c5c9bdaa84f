"""What the frame of every page shows: the installation, the person, where they may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liaison.access.queries import operations_of
from liaison.agencies.models import Officer
from liaison.notifications.pages import bell_of, reader_of
from liaison.notifications.queries import count_unread

# A home that the demonstration made holds this file; nothing else is drawn from it.
DEMO_ACCOUNTS = "demo-accounts.txt"

# The name of the page, what it is called, who has its duty, and the operation without which it leads to nothing.
_PLACES = (
    ("check", _("Check"), (Officer.Duty.OFFICER,), "check"),
    ("standing_checks", _("Standing checks"), (Officer.Duty.OFFICER,), "check"),
    ("batches", _("Feed"), (Officer.Duty.OFFICER,), "feed"),
    ("own_records", _("Our records"), (Officer.Duty.OFFICER,), "feed"),
    ("agencies", _("Agencies"), (Officer.Duty.ADMINISTRATOR,), ""),
    ("entitlements", _("Access"), (Officer.Duty.OFFICER, Officer.Duty.ADMINISTRATOR, Officer.Duty.AUDITOR), ""),
    ("standing_checks", _("Standing checks"), (Officer.Duty.ADMINISTRATOR, Officer.Duty.AUDITOR), ""),
    ("register", _("Register"), (Officer.Duty.ADMINISTRATOR, Officer.Duty.AUDITOR), ""),
)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of `base.html`."""
    officer = getattr(request, "user", None)
    frame: dict[str, Any] = {
        "identity_providers": settings.LIAISON_IDENTITY_PROVIDERS,
        "installation_name": settings.LIAISON_NAME,
        "is_demo": (settings.LIAISON_HOME / DEMO_ACCOUNTS).exists(),
        "disclaimer_url": reverse("about"),
        "navigation": [],
        "signed_in": None,
        "bell": None,
    }
    if isinstance(officer, Officer):
        frame["signed_in"] = {"name": officer.full_name, "agency": officer.agency.name}
        frame["bell"] = bell_of(count_unread(reader_of(officer)))
        frame["navigation"] = _places(officer, request.path)
    return frame


def _places(officer: Officer, path: str) -> list[dict[str, Any]]:
    """Return the links to what this officer may do: none of them leads to a refusal."""
    may = {"", *operations_of(officer.agency, timezone.now())} if officer.duty == Officer.Duty.OFFICER else {""}
    return [
        {"label": label, "url": reverse(name), "current": path.startswith(reverse(name))}
        for name, label, duties, operation in _PLACES
        if officer.duty in duties and operation in may
    ]
