"""What is there after a kill, a power cut or a failing disk, held against what was said before.

The laws, each with its own words when it is broken:

- what was acknowledged is there: rows, answers' entries, withdrawals, what was confided;
- nothing is half there: a batch has as many rows as it says, each with one receipt, and as many versions as its
  receipts say; every record is as its newest version says; versions and entries have no gap;
- nothing happened without its entry; and no more entries than answers, but for the one that was on its way;
- the signed log has grown out of every checkpoint that was published, and is the register's;
- the index finds every record that is to be found and no other;
- all of it goes on: the batch is fed to its end, a check is answered, the log is signed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connections
from django.utils import timezone

from liaison.access.queries import asker_of_key
from liaison.audit.events import Event
from liaison.audit.log import Contradicted, register_log
from liaison.audit.models import Entry
from liaison.audit.series import series
from liaison.audit.verifying import Demands, verify_home
from liaison.checks.actions import check
from liaison.checks.live import close_live
from liaison.checks.request import request_from
from liaison.engine.index import Index, IndexDamaged
from liaison.engine.types import Item
from liaison.records.feed import feed_rows, receipts_of, resume_batch
from liaison.records.indexing import changes, day_number, last_sequence, make_current
from liaison.records.models import Batch, Record, Version
from tests.durability.story import ROWS, rows

Told = Sequence[dict[str, Any]]
# The rows after which a batch of the story is written.
CHUNKS_END = {0, 101, ROWS}


def findings(told: Told, keys: dict[str, str]) -> dict[str, Any]:
    """Return what is wrong, law by law, how the index was found, and how much had been acknowledged."""
    notes = said(told, "note")
    problems = [*_of_databases(), *_of_batches(told), *_of_records(told), *_of_entries(told)]
    index_was = _index_as_found(problems)
    problems += [*_of_log(notes), *_of_index()]
    if not problems:
        problems += [f"afterwards: {problem}" for problem in _of_going_on(notes, keys)]
    fed = {line["fed"]: line["rows"] for line in told if "fed" in line}
    acts = sum(len(said(told, act)) for act in ("closed", "withdrawn", "confidential", "signed"))
    figures = {"rows": sum(fed.values()), "answers": len(said(told, "answered")), "acts": acts}
    return {"problems": problems, "index_was": index_was, **figures}


def said(told: Told, what: str) -> list[Any]:
    """Return what was said of one thing, in order."""
    return [line[what] for line in told if what in line]


def _of_databases() -> Iterator[str]:
    for alias in ("default", "register"):
        with connections[alias].cursor() as cursor:
            for pragma in ("integrity_check", "foreign_key_check"):
                cursor.execute(f"PRAGMA {pragma}")
                if (found := cursor.fetchall()) not in ([], [("ok",)]):
                    yield f"damaged: {alias}, {pragma}: {found[:3]}"


def _of_batches(told: Told) -> Iterator[str]:
    batches = {batch.id: batch for batch in Batch.objects.all()}
    written = Counter(Version.objects.exclude(batch="").values_list("batch", flat=True))
    if unknown := written.keys() - batches.keys():
        yield f"half: versions of batches that are not there: {unknown}"
    for batch in batches.values():
        yield from _of_batch(batch, written[batch.id])
    for line in [line for line in told if "fed" in line]:
        found = batches.get(line["batch"])
        if found is None:
            yield f"lost: batch {line['batch']}"
        elif found.rows_done < line["rows"]:
            yield f"lost: rows {found.rows_done + 1} to {line['rows']} of batch {line['fed']}"
    closed = {batch.file_name for batch in batches.values() if batch.state == Batch.State.CLOSED}
    yield from (f"lost: that batch {number} was closed" for number in said(told, "closed") if str(number) not in closed)


def _of_batch(batch: Batch, versions: int) -> Iterator[str]:
    receipts = list(receipts_of(batch))
    outcomes = Counter(receipt.outcome for receipt in receipts)
    if [receipt.row for receipt in receipts] != list(range(1, batch.rows_done + 1)):
        yield f"half: batch {batch.file_name} of {batch.rows_done} rows has receipts of {len(receipts)}"
    if batch.rows_done not in CHUNKS_END:
        yield f"half: batch {batch.file_name} ends in the midst of a chunk, at row {batch.rows_done}"
    if outcomes["accepted"] + outcomes["updated"] != versions:
        yield f"half: batch {batch.file_name} has {versions} versions, and its receipts say {dict(outcomes)}"
    if any(getattr(batch, outcome) != outcomes[outcome] for outcome in ("accepted", "updated", "refused")):
        yield f"half: batch {batch.file_name} has other counts than receipts"
    named = {receipt.reference for receipt in receipts if receipt.reference}
    if missing := len(named) - Record.objects.filter(reference__in=named).count():
        yield f"lost: {missing} records that receipts of batch {batch.file_name} name"


def _of_records(told: Told) -> Iterator[str]:
    versions = dict(Version.objects.order_by("sequence").values_list("sequence", "record"))
    if list(versions) != list(range(1, len(versions) + 1)):
        yield "half: the versions have a gap"
    newest = {record: sequence for sequence, record in versions.items()}
    if dict(Record.objects.values_list("number", "sequence")) != newest:
        yield "half: records that are not as their newest version says"
    # Asked of the versions: a record that is fed again after it was withdrawn is there again.
    ever = Version.objects.filter(change="withdrawn").values("record")
    withdrawn = set(Record.objects.filter(number__in=ever).values_list("reference", flat=True))
    yield from (f"lost: the withdrawal of {one}" for one in said(told, "withdrawn") if one not in withdrawn)
    entered = {one for entry in Entry.objects.filter(event=Event.RECORD_WITHDRAWN) for one in entry.shown_references}
    if withdrawn - entered:
        yield f"without its entry: the withdrawal of {withdrawn - entered}"


def _of_entries(told: Told) -> Iterator[str]:
    numbers = list(Entry.objects.filter(number__in=_ordinary()).order_by("number").values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        yield "half: the entries have a gap"
    yield from (f"half: entry {entry.number} is {entry.trouble}" for entry in Entry.objects.all() if entry.trouble)
    checked = {entry.reference: entry.number for entry in Entry.objects.filter(event=Event.CHECKED)}
    answered = {line["answered"]: line["entry"] for line in told if "answered" in line}
    yield from (f"lost: the entry of {one}" for one in answered if checked.get(one) != answered[one])
    # One check at a time is asked, so one entry may be there whose answer was on its way; where the disk fails, more.
    refused = set(said(told, "reference"))
    if len(checked.keys() - answered.keys() - refused) > 1:
        yield f"more entries than answers: {checked.keys() - answered.keys()}"
    yield from _of_acts(told)


def _of_acts(told: Told) -> Iterator[str]:
    there = set(Entry.objects.values_list("number", flat=True))
    yield from (f"lost: confidential entry {one}" for one in said(told, "confidential") if one not in there)
    for event, states in ((Event.FEED_OPENED, Batch.State.values), (Event.FEED_CLOSED, ["closed", "failed"])):
        acts = Batch.objects.filter(state__in=states).count()
        if acts > (entered := Entry.objects.filter(event=event).count()):
            yield f"without its entry: {acts} batches, {entered} entries {event}"


def _ordinary() -> Any:
    return Entry.objects.filter(number__lt=series().stop).values("number")


def _index_as_found(problems: list[str]) -> str:
    """Open the index as it was left: it may be behind, and after a power cut of no use, but never wrong."""
    try:
        index = Index(settings.LIAISON_HOME / "index")
    except IndexDamaged:
        return "damaged"
    if index.sequence > last_sequence():
        return "ahead"
    problems += _compared(index, index.sequence)
    return "sound"


def _of_index() -> Iterator[str]:
    folder = settings.LIAISON_HOME / "index"
    make_current(folder)
    index = Index(folder)
    if index.sequence != last_sequence():
        yield f"index: it is at {index.sequence}, the records at {last_sequence()}"
    yield from _compared(index, index.sequence)


def _compared(index: Index, until: int) -> Iterator[str]:
    """Compare the index with the table, of the records whose newest version it must know."""
    known = changes(0, until)
    items = [one for one in known if isinstance(one, Item)]
    gone = {one.record for one in known} - {one.record for one in items}
    everybody, today = np.ones(64, dtype=np.bool_), day_number(timezone.now().date())
    found = index.find_exact([one.keys[0] for one in items], everybody, today)
    if missing := [item.record for item, numbers in zip(items, found, strict=True) if item.record not in numbers]:
        yield f"index: {len(missing)} records are not found"
    if false := {number for numbers in found for number in numbers} & gone:
        yield f"index: {len(false)} records are found that were withdrawn"
    if until == last_sequence() and index.record_count != len(items):
        yield f"index: it has {index.record_count} records, the table {len(items)}"


def _of_log(notes: Sequence[str]) -> Iterator[str]:
    """Sign what is new, then verify: all that was published must have grown into what is there."""
    kept = register_log()
    try:
        size = kept.sign_new()
    except Contradicted as error:
        yield f"log: {error}"
        return
    if size != (there := Entry.objects.filter(number__in=_ordinary()).count()):
        yield f"log: {size} entries are signed, {there} are there"
    yield from (f"log: {problem}" for problem in verify_home(kept, Demands(older=notes)).problems)


def _of_going_on(notes: Sequence[str], keys: dict[str, str]) -> Iterator[str]:
    """Resume what was cut off, answer a check and sign."""
    now = timezone.now()
    asker = asker_of_key(keys["nairobi"], now)
    for batch in list(Batch.objects.exclude(state=Batch.State.CLOSED)):
        resumed = resume_batch(asker, batch.id, now)
        for _ in feed_rows(resumed, rows(int(batch.file_name)), asker, timezone.now):
            pass
        if resumed.rows_done != ROWS:
            yield f"batch {batch.file_name} ends at {resumed.rows_done}"
    yield from _of_batches([])
    yield from _of_records([])
    yield from _of_index()
    close_live()
    last = Entry.objects.filter(number__in=_ordinary()).count()
    request = {
        "purpose": "border",
        "reference": "K/last",
        "queries": [{"id": "q1", "vehicle": {"vin": "WZZZZZ9ZZZ0009999"}}],
    }
    answer = check(request_from(request), asker_of_key(keys["warsaw"], now), now)
    if answer.entry != last + 1:
        yield f"the next entry is {answer.entry}, after {last}"
    yield from _of_log(notes)
