"""Say in sentences why an agency may do something, or see a record: the reasons of `rules`, and what is behind."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, get_args

from django.utils.translation import gettext as _

from liaison.access.catalogue import declared_databases
from liaison.access.models import Entitlement
from liaison.access.queries import asker_with, entitlements_in_force, rights_within
from liaison.access.rules import LEVELS, Facts, Limit, Operation, decide
from liaison.access.words import DECISIONS
from liaison.agencies.models import Agency, Officer
from liaison.agencies.words import PURPOSES


class Explained(NamedTuple):
    """Whether an agency may do one operation in one database today, and the chain of reasons."""

    database: str
    operation: str
    is_allowed: bool
    reasons: tuple[str, ...]
    limit: Limit | None


class Viewer(NamedTuple):
    """Whether an agency may find and read one record, and why."""

    agency: Agency
    may_check: bool
    may_read: bool
    reason: str


def explain_agency(agency: Agency, now: datetime) -> list[Explained]:
    """Return what an agency may do in each database, with its own right and, below a bureau, the bureau's."""
    rights = list(_rights_by_agency([agency], now).get(agency.pk, ()))
    above = list(_rights_by_agency([agency.bureau], now).get(agency.bureau.pk, ())) if agency.bureau else []
    allowed = {(one.database, one.operation): one for one in rights_within(agency, rights, above)}
    return [
        _explained(agency, database, operation, rights, above, allowed.get((database, operation)))
        for database in declared_databases() for operation in get_args(Operation)
    ]  # fmt: skip


def _explained(
    agency: Agency, database: str, operation: str, rights: Sequence[Entitlement], above: Sequence[Entitlement],
    limit: Limit | None,
) -> Explained:  # fmt: skip
    reasons = [_own_reason(agency, _find(rights, database, operation))]
    if agency.bureau:
        reasons.append(_bureaus_reason(agency.bureau, _find(above, database, operation)))
    if agency.is_closed:
        reasons, limit = [_("The agency is closed: nobody there may do anything.")], None
    if limit is not None:
        reasons += _limits(limit)
    return Explained(database, operation, limit is not None, tuple(reasons), limit)


def _find(rights: Iterable[Entitlement], database: str, operation: str) -> Entitlement | None:
    return next((one for one in rights if (one.database, one.operation) == (database, operation)), None)


def _own_reason(agency: Agency, right: Entitlement | None) -> str:
    if right is None:
        return _("%(agency)s has no right to this.") % {"agency": agency.name}
    said = {"agency": agency.name, "since": f"{right.starts_on:%Y-%m-%d}", "reason": right.reason}
    return _("%(agency)s has the right since %(since)s: %(reason)s") % said


def _bureaus_reason(bureau: Agency, right: Entitlement | None) -> str:
    if right is None:
        return _("Its bureau, %(bureau)s, has no right to this itself, so that the entity has none.") % {
            "bureau": bureau.name
        }
    return _("Its bureau, %(bureau)s, has the right itself.") % {"bureau": bureau.name}


def _limits(limit: Limit) -> list[str]:
    found = []
    if limit.purposes:
        names = ", ".join(str(PURPOSES[purpose]) for purpose in sorted(limit.purposes))
        found.append(_("Only for: %(purposes)s.") % {"purposes": names})
    if limit.highest_level == LEVELS[0]:
        found.append(_("Only records for official use: neither restricted nor confidential ones."))
    elif limit.highest_level != LEVELS[-1]:
        found.append(_("No confidential records."))
    return found


def viewers_of(facts: Facts, agencies: Sequence[Agency], now: datetime) -> list[Viewer]:
    """Return for each agency whether its officers may find and read a record of these facts, and the reason."""
    rights = _rights_by_agency([*agencies, *(one.bureau for one in agencies if one.bureau)], now)
    return [_viewer(facts, agency, rights) for agency in agencies]


def _viewer(facts: Facts, agency: Agency, rights: dict[int, list[Entitlement]]) -> Viewer:
    own, above = rights.get(agency.pk, []), rights.get(agency.bureau_id or 0, [])
    asker = asker_with("", agency, Officer.Duty.OFFICER, rights_within(agency, own, above))
    check, read = (decide(asker, operation, facts) for operation in ("check", "read"))
    return Viewer(agency, check.is_allowed, read.is_allowed, str(DECISIONS[check.reason]))


def _rights_by_agency(agencies: Iterable[Agency], now: datetime) -> dict[int, list[Entitlement]]:
    found: dict[int, list[Entitlement]] = {}
    for right in entitlements_in_force(now).filter(agency__in={agency.pk for agency in agencies}):
        found.setdefault(right.agency_id, []).append(right)
    return found
