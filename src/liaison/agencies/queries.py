"""Look up agencies and people by what others know of them."""

import threading

from django.db import connection

from liaison.agencies.models import Agency, Officer, System
from liaison.errors import NotFound
from liaison.lib.suggest import did_you_mean

_lock = threading.Lock()
_labels: tuple[int, dict[int, str]] = (-1, {})


def rights_version() -> int:
    """Return the count of changes of agencies and rights so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM agencies_rightsversion WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def agency_labels() -> dict[int, str]:
    """Return the name of every agency by its number; read again when an agency changed."""
    global _labels  # noqa: PLW0603  one table per process
    version = rights_version()
    with _lock:
        if _labels[0] != version:
            _labels = (version, dict(Agency.objects.values_list("pk", "name")))
        return _labels[1]


def agency_named(name: str) -> Agency:
    """Return the agency with this name, in any case; raise NotFound with the names there are."""
    found = Agency.objects.filter(name__iexact=name.strip(), closed_at=None).first()
    if found is None:
        known = Agency.objects.filter(closed_at=None).values_list("name", flat=True)
        raise NotFound("no-such-agency", f"No agency is called {name[:60]!r}. {did_you_mean(name, known)}", at="agency")
    return found


def actor_label(actor: str) -> str:
    """Return the name of "officer:12" or "system:3" for people; the text itself when it is neither."""
    kind, _, number = actor.partition(":")
    if kind == "officer":
        return Officer.objects.filter(pk=number).values_list("full_name", flat=True).first() or actor
    if kind == "system":
        return System.objects.filter(pk=number).values_list("name", flat=True).first() or actor
    return actor
