"""The urgent procedure (RPD 59): ask a source to hold nothing back from a bureau in need; silence lifts it.

The secretariat learns neither whether anything was held back nor what the source decided about it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from liaison.access.catalogue import declared_databases
from liaison.access.models import UrgentRequest
from liaison.agencies.models import Agency, Officer, RightsVersion
from liaison.audit.actions import SERVICE, Actor, write_confidential_entry, write_entry
from liaison.audit.events import Event
from liaison.errors import BadInput, Conflict
from liaison.notifications.actions import News, tell
from liaison.notifications.rules import inbox_of_agency

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=14)
_Answer = UrgentRequest.Answer


def ask_urgently(
    owner: Agency, database: str, bureau: Agency, reason: str, deadline: datetime, *, by: Actor, now: datetime
) -> UrgentRequest:
    """Ask a source, until a deadline; it is told at once."""
    if not reason.strip():
        raise BadInput("missing-field", "Say why it is urgent: the source decides by it.", at="reason")
    if not now + SHORTEST <= deadline <= now + LONGEST:
        detail = "The source gets an hour at least to answer, and a fortnight at most."
        raise BadInput("bad-deadline", detail, at="deadline")
    if owner.pk == bureau.pk or bureau.kind == Agency.Kind.NATIONAL_ENTITY:
        raise BadInput("restrict-another", "Name the bureau in need, and another as the source.", at="bureau")
    if database not in declared_databases():
        raise BadInput("unknown-database", f"There is no database {database[:40]!r}.", at="database")
    with transaction.atomic():
        request = UrgentRequest.objects.create(
            owner=owner, database=database, bureau=bureau, reason=reason, asked_at=now, deadline=deadline
        )
        _tell_owner(request, "urgent_request", now)
        said = {"owner": owner.pk, "bureau": bureau.pk, "reason": reason, "ends_on": deadline.isoformat()}
        write_entry(Event.URGENT_REQUEST_MADE, by=by, at=now, database=database, detail=said)
    return request


def answer_urgent(request: UrgentRequest, answer: str, reason: str, *, by: Actor, now: datetime) -> None:
    """Keep what is held back, with a reason, or lift it; only the source decides, until the deadline."""
    if answer not in (_Answer.KEPT, _Answer.LIFTED):
        raise BadInput("unknown-value", "Answer with kept or lifted.", at="answer", value=answer)
    if answer == _Answer.KEPT and not reason.strip():
        raise BadInput("missing-field", "Say why you hold it back although it is urgent.", at="reason")
    if not _settle(request, answer, reason, by, now):
        raise Conflict("urgent-request-over", "This request was answered already, or its deadline is over.")


def settle_urgent_requests(now: datetime) -> int:
    """Take silence at the deadline as consent; return how many requests that was."""
    over = UrgentRequest.objects.filter(answer=_Answer.OPEN, deadline__lte=now).select_related("owner")
    return sum(_settle(request, _Answer.SILENT, "", SERVICE, now) for request in over)


def _settle(request: UrgentRequest, answer: str, reason: str, by: Actor, now: datetime) -> bool:
    is_open = Q(answer=_Answer.OPEN) & (Q(deadline__lte=now) if answer == _Answer.SILENT else Q(deadline__gt=now))
    with transaction.atomic():
        said: dict[str, Any] = {"answer": answer, "answer_reason": reason, "answered_at": now}
        if not UrgentRequest.objects.filter(is_open, pk=request.pk).update(**said):
            return False
        RightsVersion.bump()
        if answer == _Answer.SILENT:
            _tell_owner(request, "urgent_request_silent", now)
        detail = {"urgent_request": request.pk, "answer": answer, "reason": reason}
        write_confidential_entry(
            Event.URGENT_REQUEST_ANSWERED, request.owner_id, by=by, at=now, database=request.database, detail=detail
        )
    return True


def hold_back_again(request: UrgentRequest, *, by: Actor, now: datetime) -> None:
    """Let the source hold back again what it lifted, or what silence did."""
    with transaction.atomic():
        lifted = lifts_in_force().filter(pk=request.pk)
        if not lifted.update(ended_at=now):
            raise Conflict("urgent-request-over", "Nothing is lifted by this request.")
        RightsVersion.bump()
        detail = {"urgent_request": request.pk, "answer": "held_back_again"}
        write_confidential_entry(
            Event.URGENT_REQUEST_ANSWERED, request.owner_id, by=by, at=now, database=request.database, detail=detail
        )


def lifts_in_force() -> QuerySet[UrgentRequest]:
    """Return the requests by which restrictions are lifted now."""
    return UrgentRequest.objects.filter(answer__in=(_Answer.LIFTED, _Answer.SILENT), ended_at=None)


def lifted_for_bureaux() -> Iterator[tuple[int, str, int]]:
    """Yield (owner, database, bureau) for which nothing is held back now."""
    yield from lifts_in_force().values_list("owner_id", "database", "bureau_id")


def _tell_owner(request: UrgentRequest, kind: str, now: datetime) -> None:
    inbox = inbox_of_agency(request.owner_id, Officer.Duty.ADMINISTRATOR)
    tell([News(inbox, request.owner_id, kind, {"urgent_request": request.pk})], now=now)
