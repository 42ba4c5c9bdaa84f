"""Look up spot checks: those that an auditor controls, and those that somebody is to explain."""

from typing import NamedTuple

from django.db.models import QuerySet

from liaison.access.queries import agencies_controlled_by
from liaison.agencies.models import Officer
from liaison.agencies.rules import Person
from liaison.errors import NotFound
from liaison.oversight.models import SpotCheck
from liaison.oversight.rules import may_explain

# What waits for the auditor, and what for the answer of somebody else.
TO_LOOK_AT = (SpotCheck.State.OPEN, SpotCheck.State.ANSWERED)


class Chosen(NamedTuple):
    """Which spot checks: in which states, for which reason, of which agency; empty for all."""

    states: tuple[str, ...] = TO_LOOK_AT
    reason: str = ""
    agency: int | None = None


def spot_checks_of(person: Person, chosen: Chosen) -> QuerySet[SpotCheck]:
    """Return the spot checks that an auditor controls, the newest first."""
    found = SpotCheck.objects.prefetch_related("reasons")
    scope = agencies_controlled_by(person)
    if scope is not None:
        found = found.filter(agency__in=scope)
    if chosen.states:
        found = found.filter(state__in=chosen.states)
    if chosen.reason:
        found = found.filter(reasons__code=chosen.reason).distinct()
    return found if chosen.agency is None else found.filter(agency=chosen.agency)


def count_to_look_at(person: Person) -> int:
    """Return how many wait for an auditor."""
    return spot_checks_of(person, Chosen()).count()


def spot_check_of(person: Person, number: int) -> SpotCheck:
    """Return one that an auditor controls; raise NotFound alike for others' and none."""
    return _one(spot_checks_of(person, Chosen(states=())), number)


def spot_check_to_explain(officer: Officer, number: int) -> SpotCheck:
    """Return one about which this person was asked; raise NotFound alike for others', for none and before that."""
    found = _one(SpotCheck.objects.filter(asked_at__isnull=False), number)
    if not may_explain(
        found.actor, found.agency_id, asker=officer.actor, duty=officer.duty, asker_agency=officer.agency_id
    ):
        raise _nothing()
    return found


def _one(among: QuerySet[SpotCheck], number: int) -> SpotCheck:
    found = among.filter(pk=number).first()
    if found is None:
        raise _nothing()
    return found


def _nothing() -> NotFound:
    return NotFound("no-such-spot-check", "There is no such spot check.")
