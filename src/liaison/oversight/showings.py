"""Who was shown the records of a source: what its control may know of what others did (RPD 126).

The register is there to see whether a processing was lawful, and a source of data may have what it says of its own
data.  So of each entry that showed one of its records the source is told

- that it was shown, by which reference, and whether an answer showed it, the full record was read or a
  standing check told of it: otherwise it could not ask the other side why, nor tell whoever relied on a mistake;
- who was shown it, the agency and the officer or system by name: that is whom to ask;
- when, and for which purpose: whether that purpose was one for which the record may be used at all.

It is not told

- what was searched, nor the case reference of the asker.  They are the asker's data and tell of an
  investigation of another country; whoever wants to know why asks, and the asker decides what to say;
- which other records the same answer showed, nor how many: another source answers for them, and might have
  shown them to nobody else.  So everything here begins with the marks of the own records (`audit.showings`) and
  reads nothing of an entry but what stands there in the clear, and of the sealed words only the own references;
- that somebody searched and was not shown a record, whether for a restriction or because nothing fitted: of such a
  check the source has no data in the answer.

A restriction is not betrayed: whom the source keeps away is shown nothing, so there is no row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Q, QuerySet

from liaison.agencies.queries import agencies_under
from liaison.audit.actions import Actor, microseconds
from liaison.audit.models import Entry, Showing
from liaison.audit.queries import note_reading
from liaison.audit.sealed import mark
from liaison.audit.showings import owner_mark


class Wanted(NamedTuple):
    """What a source asks: of which of its records, or of all; in which time; by which agency, or by others only."""

    owner: int
    record: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    agency: int | None = None
    by_others: bool = False


class Seen(NamedTuple):
    """An entry that showed own records, and by which references; none where what is personal was erased."""

    entry: Entry
    records: list[str]


class OfAgency(NamedTuple):
    """How often an agency was shown own records: entries, different records, and when last (microseconds)."""

    agency: int
    times: int
    records: int
    last_us: int


def note_that_a_source_asks(wanted: Wanted, *, by: Actor, now: datetime) -> None:
    """Note that somebody looked who was shown the records of a source."""
    asked = {name: value for name, value in wanted._asdict().items() if value not in (None, "", False)}
    del asked["owner"]
    note_reading({"shown_records_of": wanted.owner} | asked, 0, by=by, now=now)


def seen_by(wanted: Wanted, most: int, behind: Sequence[int] | None = None) -> list[Seen]:
    """Return entries that showed own records, newest first, at most so many; `behind` is the place of the last one."""
    found = _showings(wanted)
    if behind:
        at_us, number = behind
        found = found.filter(Q(at_us__lt=at_us) | Q(at_us=at_us, entry_id__lt=number))
    places = found.values_list("entry_id", "at_us").distinct().order_by("-at_us", "-entry_id")
    numbers = [number for number, _ in places[:most]]
    entries = Entry.objects.in_bulk(numbers)
    own = _own_marks(wanted, numbers)
    return [Seen(entries[number], _records(entries[number], own)) for number in numbers]


def place_of(seen: Seen) -> list[int]:
    """Return where in the answer an entry stands, for `behind`."""
    return [seen.entry.at_us, seen.entry.number]


def in_all(wanted: Wanted) -> list[OfAgency]:
    """Return how often each agency was shown own records, most often first."""
    counted = (
        _showings(wanted)
        .order_by()
        .values_list("entry__agency")
        .annotate(Count("entry_id", distinct=True), Count("record_mark", distinct=True), Max("at_us"))
    )
    return sorted((OfAgency(*row) for row in counted), key=lambda one: (-one.times, one.agency))


def _showings(wanted: Wanted) -> QuerySet[Showing]:
    found = Showing.objects.filter(owner_mark=owner_mark(wanted.owner))
    if wanted.record:
        found = found.filter(record_mark=mark(wanted.record))
    if wanted.begins:
        found = found.filter(at_us__gte=microseconds(wanted.begins))
    if wanted.ends:
        found = found.filter(at_us__lt=microseconds(wanted.ends))
    if wanted.agency is not None:
        found = found.filter(entry__agency=wanted.agency)
    if wanted.by_others:
        found = found.exclude(entry__agency__in=agencies_under(wanted.owner))
    return found


def _own_marks(wanted: Wanted, numbers: Sequence[int]) -> Mapping[int, set[str]]:
    """Return the marks of the own records that each entry showed."""
    marks: dict[int, set[str]] = {number: set() for number in numbers}
    own = Showing.objects.filter(owner_mark=owner_mark(wanted.owner), entry_id__in=numbers)
    for number, record in own.values_list("entry_id", "record_mark"):
        marks[number].add(record)
    return marks


def _records(entry: Entry, own: Mapping[int, set[str]]) -> list[str]:
    shown = dict.fromkeys(entry.shown_references)
    return [reference for reference in shown if mark(reference) in own[entry.number]]
