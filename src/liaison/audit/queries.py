"""Search the register of processing; searching it is an entry itself."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from liaison.audit.actions import Actor, microseconds, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry


class Search(NamedTuple):
    """What is looked for; an empty field is not asked. `agencies` limits what the reader may see.

    `actors` is any of several, as a name can be of more than one; `()` finds nothing.
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


def read_register(search: Search, *, by: Actor, now: datetime) -> QuerySet[Entry]:
    """Return the entries that fit, newest first, after noting that somebody looked."""
    asked = {name: value for name, value in search._asdict().items() if value not in (None, "") and name != "agencies"}
    write_entry(Event.REGISTER_READ, by=by, at=now, searched=asked)
    return find_entries(search)


def find_entries(search: Search) -> QuerySet[Entry]:
    """Return the entries that fit, newest first."""
    entries = Entry.objects.all()
    if search.agencies is not None:
        entries = entries.filter(agency__in=search.agencies)
    if search.agency is not None:
        entries = entries.filter(agency=search.agency)
    for field, value in (("reference", search.reference), ("event", search.event), ("actor", search.actor)):
        if value:
            entries = entries.filter(**{field: value})
    if search.actors is not None:
        entries = entries.filter(actor__in=search.actors)
    if search.record:
        entries = entries.filter(shown__contains=f'"{search.record}"')
    if search.begins:
        entries = entries.filter(at_us__gte=microseconds(search.begins))
    if search.ends:
        entries = entries.filter(at_us__lt=microseconds(search.ends))
    return entries
