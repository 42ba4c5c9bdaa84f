"""Look up standing checks, for whoever set them and for control."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from liaison.access.rules import Asker
from liaison.agencies.queries import agency_labels
from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.errors import NotFound
from liaison.standing.models import Place, StandingCheck


def active(today: date) -> QuerySet[StandingCheck]:
    """Return what runs on this day: after its last day a standing check runs no more, whatever jobs have run."""
    return StandingCheck.objects.filter(ended_at=None, ends_on__gte=today)


def ended(today: date) -> QuerySet[StandingCheck]:
    """Return what runs no more and is not erased yet."""
    return StandingCheck.objects.filter(~Q(ended_at=None) | Q(ends_on__lt=today))


def compared_until() -> int:
    """Return up to which version everything was compared; 0 before the first standing check."""
    return Place.objects.filter(pk=1).values_list("sequence", flat=True).first() or 0


def own_standing_check(asker: Asker, number: str) -> StandingCheck:
    """Return one of the asker's own; raise NotFound alike for others' and none."""
    found = StandingCheck.objects.filter(actor=asker.actor, id=number).first()
    if found is None:
        raise NotFound("no-such-standing-check", "You have no such standing check.")
    return found


def read_for_control(
    agencies: Iterable[int] | None, *, by: Actor, now: datetime
) -> QuerySet[StandingCheck]:  # fmt: skip
    """Return the standing checks of agencies (None: of all), after noting that somebody looked (RPD 126)."""
    found = StandingCheck.objects.select_related("agency")
    if agencies is not None:
        found = found.filter(agency__in=agencies)
    write_entry(Event.STANDING_CHECKS_READ, by=by, at=now)
    return with_counts(found)


def with_counts(found: QuerySet[StandingCheck]) -> QuerySet[StandingCheck]:
    """Return them, the newest first, with the number of records that each told of (`told_of`)."""
    return found.annotate(told_of=Count("told")).order_by("-created_at", "-id")


def count_by_agency(agencies: Iterable[int], today: date) -> list[dict[str, Any]]:
    """Return how many standing checks run for each agency: of officers, and of systems."""
    found = active(today).filter(agency__in=agencies).order_by().values("agency")
    counted = found.annotate(
        officers=Count("pk", filter=Q(actor__startswith="officer:")),
        systems=Count("pk", filter=Q(actor__startswith="system:")),
    )
    labels = agency_labels()
    rows = [dict(row) | {"agency": labels[row["agency"]]} for row in counted]
    return sorted(rows, key=lambda row: row["agency"])
