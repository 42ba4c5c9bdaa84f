"""What the tests of standing checks do again and again: set one, and let the versions be compared."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from liaison.access.rules import Asker
from liaison.checks.live import catch_up_if_alone
from liaison.notifications.catalogue import Shown
from liaison.notifications.models import Notification
from liaison.notifications.queries import describe, notifications_of
from liaison.notifications.rules import Reader
from liaison.standing.actions import Created, create_standing_check
from liaison.standing.matching import Questions
from liaison.standing.request import StandingRequest
from liaison.standing.telling import Overtaken, step
from tests.cast import Member

OKSANA: Mapping[str, Any] = {"person": {"name": "Oksana Tverdokhlib", "born": "1984-02-29"}}


def standing_check(
    asker: Asker, query: Mapping[str, Any] = OKSANA, *, days: int = 30, now: datetime | None = None, **more: str
) -> Created:  # fmt: skip
    """Set a standing check."""
    moment = now or timezone.now()
    catch_up_if_alone()
    said = {"purpose": "locate", "reference": "CASE-7", "reason": "The family looks for her"} | more
    ends_on = str((moment + timedelta(days=days)).date())
    return create_standing_check(asker, StandingRequest(**said, ends_on=ends_on, query=dict(query)), moment)  # type: ignore[arg-type]


def compare_all(now: datetime | None = None, questions: Questions | None = None) -> int:
    """Compare every version that is committed; return in how many steps."""
    own = questions or Questions()
    steps = 0
    while _one_step(own, now or timezone.now()):
        steps += 1
    return steps


def _one_step(questions: Questions, now: datetime) -> bool:
    try:
        return step(questions, now)
    except Overtaken:
        return True


def told(member: Member, *, system: bool = False) -> list[Notification]:
    """Return what a member was told, the oldest first."""
    return list(notifications_of(reader(member, system=system)).order_by("number"))


def shown(member: Member, now: datetime | None = None) -> list[Shown]:
    """Return the same as the member sees it now."""
    return describe(reader(member), told(member), now or timezone.now())


def reader(member: Member, *, system: bool = False) -> Reader:
    """Return the member, or the member's system, as a reader of notifications."""
    if system:
        return Reader(member.system.actor, member.agency.pk, "")
    return Reader(member.officer.actor, member.agency.pk, member.officer.duty)
