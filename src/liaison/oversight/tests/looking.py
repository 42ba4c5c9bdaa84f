"""Checks in the register for tests of oversight, written as if officers had made them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.oversight.actions import Finding, bring_up
from liaison.oversight.flags import Flag
from liaison.oversight.models import SpotCheck
from liaison.oversight.watching import look_through
from tests.cast import Member


def checked(
    member: Member, at: datetime, name: str = "Oksana Tverdokhlib", reference: str = "PL-2026-18",
    shown: Sequence[str] = (), actor: str = "",
) -> int:  # fmt: skip
    """Write the entry of a check by this member, or by another actor of the same agency; return its number."""
    searched: list[dict[str, Any]] = [{"id": "1", "person": {"name": name}}]
    by = Actor(actor or member.officer.actor, member.agency.pk)
    return write_entry(
        Event.CHECKED, by=by, at=at, purpose="border", reference=reference, searched=searched, shown=list(shown)
    )


def brought_up(member: Member, at: datetime, *flags: Flag, actor: str = "") -> SpotCheck:
    """Return a spot check of a new check of this member."""
    number = checked(member, at, actor=actor)
    picked = flags or (Flag("drawn", str(number), {}),)
    finding = Finding(number, int(at.timestamp()) * 1_000_000, member.agency.pk, actor or member.officer.actor, picked)
    bring_up([finding])
    return SpotCheck.objects.get(entry=number)


def look_through_all(now: datetime) -> None:
    """Look through everything that is new."""
    while look_through(now):
        pass


def reasons() -> dict[int, list[str]]:
    """Return the reasons of every spot check by the number of its entry."""
    return {
        one.entry: sorted(reason.code for reason in one.reasons.all())
        for one in SpotCheck.objects.prefetch_related("reasons")
    }
