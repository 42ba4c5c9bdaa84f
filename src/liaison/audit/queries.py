"""Search the register of processing; searching it is an entry itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from liaison.audit.actions import Actor, microseconds, write_confidential_entry, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry, Showing
from liaison.audit.sealed import mark
from liaison.audit.series import series

# What limits the reader, and is nothing that the reader asks.
_LIMITS = ("agencies", "confidential_to")


class Search(NamedTuple):
    """What is looked for; an empty field is not asked. `agencies` limits what the reader may see.

    `actors` is any of several, as a name can be of more than one; `()` finds nothing.  `confidential_to` asks for the
    entries that only this agency's people read, instead of all others.
    """

    agency: int | None = None
    reference: str = ""
    record: str = ""
    event: str = ""
    actor: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    agencies: tuple[int, ...] | None = None
    actors: tuple[str, ...] | None = None
    confidential_to: int = 0


def read_register(search: Search, *, by: Actor, now: datetime) -> QuerySet[Entry]:
    """Return the entries that fit, newest first, after noting that somebody looked."""
    asked = {name: value for name, value in search._asdict().items() if value not in (None, "") and name not in _LIMITS}
    note_reading(asked, search.confidential_to, by=by, now=now)
    return find_entries(search)


def note_reading(asked: Mapping[str, object], confidential_to: int, *, by: Actor, now: datetime) -> None:
    """Note that somebody looked, and what for."""
    if confidential_to:
        # Who looks at confidential entries tells by it that there are some, so this entry is confidential too.
        write_confidential_entry(Event.REGISTER_READ, confidential_to, by=by, at=now, searched=asked)
    else:
        write_entry(Event.REGISTER_READ, by=by, at=now, searched=asked)


def find_entries(search: Search) -> QuerySet[Entry]:
    """Return the entries that fit, newest first."""
    among = series(search.confidential_to)
    entries = Entry.objects.filter(number__gte=among.start, number__lt=among.stop)
    if search.agencies is not None:
        entries = entries.filter(agency__in=search.agencies)
    if search.agency is not None:
        entries = entries.filter(agency=search.agency)
    found = {"reference_mark": mark(search.reference), "event": search.event, "actor": search.actor}
    entries = entries.filter(**{field: value for field, value in found.items() if value})
    if search.actors is not None:
        entries = entries.filter(actor__in=search.actors)
    if search.record:
        showings = Showing.objects.filter(record_mark=mark(search.record))
        entries = entries.filter(number__in=showings.values("entry"))
    if search.begins:
        entries = entries.filter(at_us__gte=microseconds(search.begins))
    if search.ends:
        entries = entries.filter(at_us__lt=microseconds(search.ends))
    return entries
