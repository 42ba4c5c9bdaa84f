"""Look into the list of notifications, and say what is in it to whoever reads it now."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liaison.notifications.catalogue import Shown, describer_of
from liaison.notifications.models import Notification
from liaison.notifications.rules import Reader, inboxes_of

# More unread ones are shown as so many and a plus sign: nobody counts further, and neither does the database.
MOST_COUNTED = 99


def notifications_of(reader: Reader) -> QuerySet[Notification]:
    """Return what lies in the inboxes of a reader."""
    return Notification.objects.filter(inbox__in=inboxes_of(reader))


def count_unread(reader: Reader) -> int:
    """Return how many are not read, at most one more than MOST_COUNTED."""
    return notifications_of(reader).filter(read_at=None)[: MOST_COUNTED + 1].count()


def describe(reader: Reader, found: Sequence[Notification], now: datetime) -> list[Shown]:
    """Return what the reader may see of each now, in the same order; each kind is asked once for all of its own."""
    said: dict[int, Shown] = {}
    for kind in dict.fromkeys(one.kind for one in found):
        some = [one for one in found if one.kind == kind]
        describer = describer_of(kind)
        shown = describer(reader, [one.about for one in some], now) if describer else [_unknown()] * len(some)
        said |= {one.pk: text for one, text in zip(some, shown, strict=True)}
    return [said[one.pk] for one in found]


def _unknown() -> Shown:
    return Shown(title=_("Something was told that this version of Liaison does not know"))
