"""Write a part of the register into a file for an authority that supervises, with its proof (`audit.exported`)."""

from array import array
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from liaison.access.describing import actor_word, agency_word
from liaison.agencies.queries import actor_labels, agency_labels
from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.audit.exported import FORMAT, Head, foot_line, head_line, line_of
from liaison.audit.log import published_folder, published_note, register_log
from liaison.audit.models import Entry
from liaison.audit.queries import Search, find_entries
from liaison.audit.signer import REGISTER
from liaison.errors import Unavailable
from liaison.lib.days import midnight
from liaison.lib.tlog.notes import divided, parse_checkpoint
from liaison.lib.tlog.tiles import Tiles

_CHUNK = 1000


class Part(NamedTuple):
    """Which part of the register: from a day until another, both included, of some agencies (None: of all)."""

    since: date
    until: date
    agencies: tuple[int, ...] | None


def export(part: Part, recipient: str, *, by: Actor, now: datetime) -> Iterator[bytes]:
    """Note that a part is exported and for whom; return the lines of the file, for which nothing more can be refused.

    It ends with the last entry that is signed, which is a moment ago where a service runs.
    Raises Unavailable where nothing was signed yet.
    """
    note = published_note()
    checkpoint = parse_checkpoint(divided(note)[0]) if note else None
    if checkpoint is None:
        why = "The register has not been signed yet: sign it with `liaison log sign`, or let a service run."
        raise Unavailable("register-unsigned", why)
    found = _entries(part, checkpoint.size)
    said = {
        "since": part.since, "until": part.until, "entries": found.count(), "signed_entries": checkpoint.size,
    }  # fmt: skip
    write_entry(Event.REGISTER_EXPORTED, by=by, at=now, reference=recipient, detail=said)
    labels = agency_labels()
    agencies = tuple(agency_word(number, labels) for number in part.agencies or ())
    key = register_log().signer.verifier_of(REGISTER).text()
    head = Head(FORMAT, recipient, str(part.since), str(part.until), agencies, key, note)
    return _lines(head, found, checkpoint.size)


def _entries(part: Part, size: int) -> QuerySet[Entry]:
    """Return the signed entries of a part, in the order of their numbers."""
    ends = midnight(part.until) + timedelta(days=1)
    search = Search(begins=midnight(part.since), ends=ends, agencies=part.agencies)
    return find_entries(search).filter(number__lte=size).order_by("number")


def _lines(head: Head, found: QuerySet[Entry], size: int) -> Iterator[bytes]:
    yield head_line(head)
    numbers = array("q")
    last = 0
    while chunk := list(found.filter(number__gt=last)[:_CHUNK]):
        agencies, actors = agency_labels(), actor_labels(entry.actor for entry in chunk)
        for entry in chunk:
            numbers.append(entry.number)
            yield line_of(
                entry, agency_name=agency_word(entry.agency, agencies), who=actor_word(entry.actor, actors)
            )  # fmt: skip
        last = chunk[-1].number
    yield foot_line(numbers, size, Tiles(published_folder(), size))
