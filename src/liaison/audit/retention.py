"""Let go of what is personal in the register when its time is over (RPD 126): `LIAISON_REGISTER_DAYS`.

The entries stay, and the signed tree over them; what was asked and shown becomes unreadable, and is not
found by references any more.
"""

from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings

from liaison.audit.actions import SERVICE, microseconds, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry, PeriodKey, Showing
from liaison.audit.sealed import erase_keys, month_of

# So many numbers at a time, so that no entry waits long for its turn to be written.
_AT_ONCE = 5000

log = structlog.get_logger()


def erase_old(now: datetime) -> int:
    """Erase the months that are over as a whole; return how many keys were forgotten, each of an agency and a month."""
    month = month_of(microseconds(now - timedelta(days=settings.LIAISON_REGISTER_DAYS)))
    if not PeriodKey.objects.filter(month__lt=month, sealed__isnull=False).exists():
        return 0
    if not _is_confirmed(now):
        log.error("register.not_erased", before=month)
        return 0
    begins_us = microseconds(datetime(month // 100, month % 100, 1, tzinfo=UTC))
    _forget_marks(begins_us)
    _forget_showings(begins_us)
    # Last: where this is cut off before, it is done again.
    erased = erase_keys(month)
    write_entry(Event.REGISTER_ERASED, by=SERVICE, at=now, detail={"before": month, "keys": erased})
    return erased


def _is_confirmed(now: datetime) -> bool:
    """Say whether the register was written in the month before: if not, the clock may have jumped ahead by years.

    What such a clock erased would be gone for good, and in the true month nothing could be written any more.
    """
    month_before = month_of(microseconds(now.replace(day=1) - timedelta(days=1)))
    return PeriodKey.objects.filter(month=month_before).exists()


def _forget_marks(before_us: int) -> None:
    """Take away by what entries before a moment are found, in every series."""
    last = 0
    while True:
        some = list(
            Entry.objects.filter(number__gt=last).order_by("number").values_list("number", flat=True)[:_AT_ONCE]
        )
        if not some:
            return
        newest = some[-1]
        old = Entry.objects.filter(number__gt=last, number__lte=newest, at_us__lt=before_us)
        old.exclude(reference_mark="", shown_marks="").update(reference_mark="", shown_marks="")
        last = newest


def _forget_showings(before_us: int) -> None:
    """Take away which records were shown before a moment; the oldest rows are the first."""
    old = Showing.objects.filter(at_us__lt=before_us).order_by("pk")
    while some := list(old.values_list("pk", flat=True)[:_AT_ONCE]):
        Showing.objects.filter(at_us__lt=before_us, pk__lte=some[-1]).delete()
