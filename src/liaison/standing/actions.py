"""Every write about standing checks: set, extend, end; end and erase what is over.  `telling.py` tells."""

from datetime import date, datetime, timedelta

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from liaison.access.rules import Asker
from liaison.agencies.models import Agency, Officer
from liaison.audit.actions import SERVICE, Actor, write_entry
from liaison.audit.events import Event
from liaison.checks.actions import Answer, check, require_fresh
from liaison.checks.request import CheckRequest
from liaison.errors import BadInput, Conflict, Refused
from liaison.lib.ids import dated_id
from liaison.standing.models import Place, StandingCheck
from liaison.standing.queries import active, ended, own_standing_check
from liaison.standing.request import StandingRequest, check_of, day_of, digest_of, placed, question_of
from liaison.standing.rules import is_last_day_allowed


class Created(msgspec.Struct, frozen=True):
    """A new standing check, and what a check answers to the same question now."""

    standing_check: StandingCheck
    answer: Answer


def create_standing_check(asker: Asker, wanted: StandingRequest, now: datetime) -> Created:
    """Ask a question now, and put it from then on to every version that is committed.

    The check of now is one like any other, so that nothing falls between what is
    recorded already and what will be.  Raises BadInput where the question finds
    too many to be worked with, Refused where no database may be checked.
    """
    request = check_of(wanted.purpose, wanted.reference, wanted.query)
    last_day = _last_day(wanted.ends_on, now)
    if not wanted.reason.strip():
        raise BadInput("missing-field", "Say why you want to be told.", at="reason")
    # Before anything is asked, because a check is registered; and once more below, where nobody comes between.
    _require_room(asker, request, now.date())
    since = require_fresh().index.sequence
    answer = _ask(request, asker, now)
    standing_check = StandingCheck(
        id=dated_id(now), actor=asker.actor, agency_id=asker.agency, bureau_id=asker.bureau,
        question=question_of(request), purpose=request.purpose, reference=request.reference,
        reason=wanted.reason.strip(), digest=digest_of(request), created_at=now, since=since, ends_on=last_day,
    )  # fmt: skip
    with transaction.atomic():
        _take_place(since)
        _require_room(asker, request, now.date())
        _save_new(standing_check)
        detail = {"standing_check": standing_check.id, "ends_on": last_day, "reason": standing_check.reason}
        write_entry(
            Event.STANDING_CHECK_CREATED, by=_actor(asker), at=now, purpose=request.purpose,
            reference=request.reference, searched=[standing_check.query], detail=detail,
        )  # fmt: skip
    return Created(standing_check, answer)


def _ask(request: CheckRequest, asker: Asker, now: datetime) -> Answer:
    try:
        answer = check(request, asker, now)
    except BadInput as error:
        raise placed(error) from None
    if answer.results[0].outcome == "refused":
        raise Refused("no-entitlement", "You may not check any database that answers this: ask your bureau.")
    if answer.results[0].outcome == "too_many":
        detail = "Too many records resemble this already: add a date of birth, a nationality or a document."
        raise BadInput("standing-check-too-wide", detail, at="query")
    return answer


def _take_place(since: int) -> None:
    """Take the one row, so that nobody else counts now; go back to `since` where the comparing is further already."""
    if not Place.objects.filter(pk=1).update(revision=F("revision") + 1):
        Place.objects.get_or_create(pk=1, defaults={"sequence": since})
    # What was compared before this one was known is compared again; who was told is not told again.
    Place.objects.filter(pk=1, sequence__gt=since).update(sequence=since)


def _save_new(standing_check: StandingCheck) -> None:
    """Save it; where one of the same question came first, or has ended only by its day, see which."""
    same = StandingCheck.objects.filter(actor=standing_check.actor, digest=standing_check.digest, ended_at=None)
    over = same.filter(ends_on__lt=standing_check.created_at.date())
    over.update(ended_at=standing_check.created_at, ended_by=StandingCheck.Ended.LAST_DAY)
    try:
        with transaction.atomic():
            standing_check.save(force_insert=True)
    except IntegrityError:
        raise _exists() from None


def _require_room(asker: Asker, request: CheckRequest, today: date) -> None:
    """Refuse the same question twice, and more standing checks than one may have."""
    running = active(today)
    if running.filter(actor=asker.actor, digest=digest_of(request)).exists():
        raise _exists()
    most = settings.LIAISON_STANDING_CHECKS_PER_ACCOUNT
    if running.filter(actor=asker.actor).count() >= most:
        detail = f"You have {most} standing checks, and more are not allowed at a time: end one that is not needed."
        raise Conflict("too-many-standing-checks", detail)
    most = settings.LIAISON_STANDING_CHECKS_PER_BUREAU
    if running.filter(bureau=asker.bureau).count() >= most:
        detail = f"Your bureau has {most} standing checks, and more are not allowed at a time: ask it to end some."
        raise Conflict("too-many-standing-checks", detail)


def _exists() -> Conflict:
    return Conflict("standing-check-exists", "You have this standing check already: extend it instead.")


def extend_standing_check(asker: Asker, number: str, ends_on: str, reason: str, now: datetime) -> StandingCheck:
    """Let one of the asker's own run until another day, earlier or later, for a reason."""
    found = _running(asker, number, now)
    last_day = _last_day(ends_on, now)
    if not reason.strip():
        raise BadInput("missing-field", "Say why it goes on.", at="reason")
    with transaction.atomic():
        if not active(now.date()).filter(pk=found.pk).update(ends_on=last_day):
            raise _over()
        Place.objects.filter(pk=1).update(revision=F("revision") + 1)
        detail = {"standing_check": found.id, "ends_on": last_day, "reason": reason.strip()}
        write_entry(
            Event.STANDING_CHECK_EXTENDED, by=_actor(asker), at=now, purpose=found.purpose,
            reference=found.reference, detail=detail,
        )  # fmt: skip
    found.ends_on = last_day
    return found


def end_standing_check(asker: Asker, number: str, now: datetime) -> StandingCheck:
    """End one of the asker's own at once; what it told stays told."""
    found = _running(asker, number, now)
    with transaction.atomic():
        if not _end(found, StandingCheck.Ended.BY_HAND, _actor(asker), now):
            raise _over()
    return found


def _running(asker: Asker, number: str, now: datetime) -> StandingCheck:
    found = own_standing_check(asker, number)
    if found.ended_at or found.ends_on < now.date():
        raise _over()
    return found


def _over() -> Conflict:
    return Conflict("standing-check-ended", "This standing check has ended: set a new one.")


def _end(found: StandingCheck, why: StandingCheck.Ended, by: Actor, now: datetime) -> bool:
    """End one that nobody has ended; inside the caller's transaction."""
    if not StandingCheck.objects.filter(pk=found.pk, ended_at=None).update(ended_at=now, ended_by=why):
        return False
    Place.objects.filter(pk=1).update(revision=F("revision") + 1)
    write_entry(
        Event.STANDING_CHECK_ENDED, by=by, at=now, purpose=found.purpose, reference=found.reference,
        detail={"standing_check": found.id, "reason": str(why)},
    )  # fmt: skip
    return True


def end_what_is_over(now: datetime) -> int:
    """End what has passed its last day, and what belongs to an account or an agency that is closed; say how many.

    Nothing depends on when this runs: past its day, or for a closed account, nothing is told anyway.
    """
    open_ones = StandingCheck.objects.filter(ended_at=None)
    closed = Officer.objects.filter(
        Q(is_active=False) | Q(agency__closed_at__isnull=False) | Q(agency__bureau__closed_at__isnull=False)
    )
    gone = [officer.actor for officer in closed.only("pk")]
    of_closed = Agency.objects.filter(Q(closed_at__isnull=False) | Q(bureau__closed_at__isnull=False))
    count = 0
    for why, which in (
        (StandingCheck.Ended.LAST_DAY, open_ones.filter(ends_on__lt=now.date())),
        (StandingCheck.Ended.ACCOUNT_CLOSED, open_ones.filter(Q(actor__in=gone) | Q(agency__in=of_closed))),
    ):
        for found in which:
            with transaction.atomic():
                count += _end(found, why, SERVICE._replace(agency=found.agency_id), now)
    return count


def erase_ended(now: datetime) -> int:
    """Erase what ended long ago (LIAISON_NOTIFICATION_DAYS), with what it was told; the register keeps its entries."""
    before = now - timedelta(days=settings.LIAISON_NOTIFICATION_DAYS)
    with transaction.atomic():
        old = ended(now.date()).filter(ended_at__lt=before)
        count = old.count()
        if count:
            old.delete()
            write_entry(Event.STANDING_CHECKS_ERASED, by=SERVICE, at=now, detail={"standing_checks": count})
    return count


def _last_day(text: str, now: datetime) -> date:
    last, longest = day_of(text), settings.LIAISON_STANDING_CHECK_DAYS
    if not is_last_day_allowed(last, now.date(), longest):
        detail = f"A standing check ends today at the earliest and after {longest} days at the latest."
        raise BadInput("bad-last-day", detail, at="ends_on", value=text)
    return last


def _actor(asker: Asker) -> Actor:
    return Actor(asker.actor, asker.agency)
