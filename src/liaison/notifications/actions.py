"""Every write about notifications: tell, mark as read, erase what is old."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from liaison.audit.actions import SERVICE, Actor, microseconds, write_entry
from liaison.audit.events import Event
from liaison.lib.sequence import lock_order
from liaison.notifications.models import Notification
from liaison.notifications.queries import notifications_of
from liaison.notifications.rules import Reader

_ORDER = "notifications"
_AT_ONCE = 500


class News(NamedTuple):
    """What an inbox is to be told: a kind of the catalogue, and what it is about."""

    inbox: str
    agency: int
    kind: str
    about: Mapping[str, Any]


def tell(news: Sequence[News], *, now: datetime) -> None:
    """Put news into inboxes, numbered in the order in which they become visible.

    Call it inside the transaction of what is told; the entry in the register is the caller's, who knows what it is.
    """
    if not news:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        lock_order(cursor, _ORDER)
        last = _last_numbers({one.inbox for one in news})
        rows = []
        for one in news:
            # By the clock, so that numbers tell nothing of others and never come again after an erasure.
            last[one.inbox] = max(last.get(one.inbox, 0) + 1, microseconds(now))
            about = msgspec.json.encode(one.about).decode()
            rows.append(
                Notification(inbox=one.inbox, number=last[one.inbox], agency_id=one.agency, kind=one.kind,
                             parameters=about, at=now)
            )  # fmt: skip
        Notification.objects.bulk_create(rows, batch_size=_AT_ONCE)


def _last_numbers(inboxes: set[str]) -> dict[str, int]:
    named = sorted(inboxes)
    last: dict[str, int] = {}
    for start in range(0, len(named), _AT_ONCE):
        some = Notification.objects.filter(inbox__in=named[start : start + _AT_ONCE])
        last |= dict(some.order_by().values_list("inbox").annotate(Max("number")))
    return last


def mark_read(reader: Reader, places: Sequence[str], *, now: datetime) -> int:
    """Mark notifications of the reader's own inboxes as read; return how many were not yet."""
    return _mark(reader, notifications_of(reader).filter(_at(places)), now)


def mark_all_read(reader: Reader, until: int, *, now: datetime) -> int:
    """Mark all up to a number as read, so that none is that came after the list was shown."""
    return _mark(reader, notifications_of(reader).filter(number__lte=until), now)


def _mark(reader: Reader, which: QuerySet[Notification], now: datetime) -> int:
    with transaction.atomic():
        count = which.filter(read_at=None).update(read_at=now, read_by=reader.actor)
        if count:
            by = Actor(reader.actor, reader.agency)
            write_entry(Event.NOTIFICATIONS_READ, by=by, at=now, detail={"notifications": count})
    return count


def _at(places: Sequence[str]) -> Q:
    found = Q(pk__in=[])
    for place in places[:1000]:
        inbox, _, number = place.rpartition(".")
        if number.isascii() and number.isdigit() and len(number) <= 18:
            found |= Q(inbox=inbox, number=int(number))
    return found


def erase_old(*, now: datetime) -> int:
    """Erase what was told long ago, read or not (LIAISON_NOTIFICATION_DAYS); the register keeps that it was told."""
    before = now - timedelta(days=settings.LIAISON_NOTIFICATION_DAYS)
    with transaction.atomic():
        count, _ = Notification.objects.filter(at__lt=before).delete()
        if count:
            write_entry(Event.NOTIFICATIONS_ERASED, by=SERVICE, at=now, detail={"notifications": count})
    return count
