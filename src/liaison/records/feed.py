"""Feed rows into the databases: judge each, write in chunks, keep a receipt of each, resume anywhere.

A chunk is one transaction: its records, its receipts and the batch's counts
are durable together before the next chunk is read.  Rows are independent.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

import msgspec
from django.db import transaction

from liaison.access.grants import grant
from liaison.access.queries import require_still_entitled
from liaison.access.rules import Asker
from liaison.agencies.models import Agency
from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.errors import BadInput, Conflict, LiaisonError, NotFound, Problem, Refused
from liaison.lib.ids import dated_id
from liaison.records.databases import database_named
from liaison.records.formats import Row
from liaison.records.models import Batch, Receipts
from liaison.records.pacing import Pace
from liaison.records.parsing import FeedContext, Parsed, parse_row
from liaison.records.writing import Author, Turn

CHUNK_ROWS = 1000
# Beside an index that is being written: what others commit meanwhile is found behind no more than this.
PACED_ROWS = 500
# A chunk is cut short after this time, so that slow rows are found soon too.
CHUNK_SECONDS = 0.5

Clock = Callable[[], datetime]


class _BatchMoved(Conflict):
    """Another feeder of the same batch was faster."""


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one row; a refused one carries its problems, its text and the reference its source gave it.

    `header` names the columns of the text where the file is CSV; it is kept with
    the first refused row of a chunk only, and `with_headers` gives it to the others.
    """

    row: int
    outcome: str
    reference: str = ""
    problems: tuple[Problem, ...] = ()
    raw: str = ""
    source_reference: str = ""
    header: str = ""


def open_batch(
    asker: Asker, database: str, format: str, file_name: str, defaults: Mapping[str, object], now: datetime, *,
    batch_id: str = "",
) -> Batch:  # fmt: skip
    """Begin a batch, under an id that was drawn before if one is given.

    Raises Refused when the asker may not feed the database.
    """
    database_named(database)
    grant(asker, "feed", database)
    batch = Batch(
        id=batch_id or dated_id(now), bureau_id=asker.bureau, database=database, format=format,
        file_name=file_name[-200:], defaults=msgspec.json.encode(defaults).decode(), actor=asker.actor, opened_at=now,
    )  # fmt: skip
    with transaction.atomic():
        batch.save(force_insert=True)
        detail = {"batch": batch.id, "format": format}
        write_entry(Event.FEED_OPENED, by=_actor(asker), at=now, database=database, detail=detail)
    return batch


def resume_batch(asker: Asker, batch_id: str, now: datetime) -> Batch:
    """Take up a batch of the asker's own bureau again; rows that it has a receipt for are passed over."""
    batch = Batch.objects.filter(id=batch_id, bureau_id=asker.bureau).first()
    if batch is None:
        raise NotFound("no-such-batch", "There is no such batch of your bureau.", at="Liaison-Batch")
    if batch.state == Batch.State.CLOSED:
        raise Conflict("batch-closed", "This batch is complete: open a new one.", at="Liaison-Batch")
    grant(asker, "feed", batch.database)
    batch.state = Batch.State.OPEN
    with transaction.atomic():
        if not Batch.objects.filter(id=batch.id).exclude(state=Batch.State.CLOSED).update(state=batch.state):
            raise Conflict("batch-closed", "This batch is complete: open a new one.", at="Liaison-Batch")
        detail = {"batch": batch.id, "after_row": batch.rows_done}
        write_entry(Event.FEED_RESUMED, by=_actor(asker), at=now, database=batch.database, detail=detail)
    return batch


def feed_rows(
    batch: Batch, rows: Iterable[Row], asker: Asker, clock: Clock, pace: Pace | None = None
) -> Iterator[Batch]:
    """Write the rows chunk by chunk; yield the batch after each chunk is durable, and at the end closed.

    With a pace, what a chunk brought is waited for before the next is written.

    A problem with the whole file, or that the right, the key or the account has
    ended, closes the batch as failed, keeps what was written, and is raised.
    Raises Conflict when somebody else feeds it.
    """
    fresh = (row for row in rows if row.number > batch.rows_done)
    try:
        while chunk := _next_chunk(fresh, PACED_ROWS if pace and pace.is_kept else CHUNK_ROWS):
            now = clock()
            asker = require_still_entitled(asker, batch.database, "feed", now)
            _write_chunk(batch, chunk, asker, now)
            yield batch
            if pace:
                pace.keep()
    except _BatchMoved:
        # It is the other feeder's now, who also closes it.
        raise
    except LiaisonError as error:
        _close(batch, asker, clock(), Batch.State.FAILED, str(error))
        raise
    _close(batch, asker, clock(), Batch.State.CLOSED, "")
    yield batch


def try_rows(
    rows: Iterable[Row],
    database: str,
    asker: Asker,
    defaults: Mapping[str, object],
    clock: Clock,
    *,
    format: str,
) -> Iterator[Receipt]:
    """Judge every row as a feed would, and write nothing."""
    yield from _without_repeated_headers(_tried(rows, database, asker, defaults, clock, format))


def _tried(
    rows: Iterable[Row], database: str, asker: Asker, defaults: Mapping[str, object], clock: Clock, format: str
) -> Iterator[Receipt]:
    grant(asker, "feed", database)
    rows = iter(rows)
    while chunk := _next_chunk(rows, CHUNK_ROWS):
        now = clock()
        asker = require_still_entitled(asker, database, "feed", now)
        context = _context(asker, defaults, format, now)
        for row in chunk:
            judged = _judge(row, database, asker, context)
            yield judged if isinstance(judged, Receipt) else Receipt(row.number, "acceptable")


def receipts_of(batch: Batch, *, refused_only: bool = False) -> Iterator[Receipt]:
    """Yield the receipts of a batch in row order."""
    stored = batch.receipts.order_by("first_row")
    if refused_only:
        stored = stored.filter(refused__gt=0)
    for body in stored.values_list("body", flat=True).iterator(chunk_size=20):
        # Not splitlines(): a row's own text may hold U+2028 and the like, which are no line ends here.
        for line in body.split("\n"):
            receipt = msgspec.json.decode(line, type=Receipt)
            if not refused_only or receipt.outcome == "refused":
                yield receipt


def with_headers(receipts: Iterable[Receipt]) -> Iterator[Receipt]:
    """Yield receipts with the header of their file on each that was refused."""
    header = ""
    for receipt in receipts:
        header = receipt.header or header
        yield msgspec.structs.replace(receipt, header=header) if receipt.problems and header else receipt


def _without_repeated_headers(receipts: Iterable[Receipt]) -> Iterator[Receipt]:
    header = ""
    for receipt in receipts:
        is_told = bool(receipt.header) and receipt.header == header
        header = receipt.header or header
        yield msgspec.structs.replace(receipt, header="") if is_told else receipt


def feed_one(asker: Asker, database: str, fields: dict[str, object], now: datetime) -> Receipt:
    """Write one record entered by hand, as a batch of one; raise BadInput when it is refused.

    It never changes a record: under a reference that the bureau has used, only the same content is taken (`unchanged`).
    """
    row = Row(1, fields, None, "")
    batch = open_batch(asker, database, "hand", "", {}, now)
    for _ in feed_rows(batch, [row], asker, lambda: now):
        pass
    receipt = next(receipts_of(batch))
    if receipt.problems:
        raise BadInput.of(receipt.problems)
    return receipt


def _next_chunk(rows: Iterator[Row], most: int) -> list[Row]:
    chunk = list(islice(rows, 1))
    enough = time.monotonic() + CHUNK_SECONDS
    while chunk and len(chunk) < most and time.monotonic() < enough:
        more = list(islice(rows, 100))
        if not more:
            break
        chunk += more
    return chunk


def _write_chunk(batch: Batch, rows: list[Row], asker: Asker, now: datetime) -> None:
    """Judge and write some rows with their receipts, in one transaction."""
    context = _context(asker, msgspec.json.decode(batch.defaults), batch.format, now)
    judged = [_judge(row, batch.database, asker, context) for row in rows]
    with transaction.atomic():
        turn = Turn(Author(batch.bureau_id, asker.actor, batch.id, now))
        turn.look_up([parsed for parsed in judged if isinstance(parsed, Parsed)])
        receipts = [
            result if isinstance(result, Receipt) else _put(turn, row, result, only_new=batch.format == "hand")
            for row, result in zip(rows, judged, strict=True)
        ]
        turn.save()
        _count(batch, list(_without_repeated_headers(receipts)))


def _put(turn: Turn, row: Row, parsed: Parsed, *, only_new: bool) -> Receipt:
    if only_new and turn.would_change(parsed):
        return _refused(row, _reference_taken())
    try:
        written = turn.put(parsed)
    except BadInput as error:
        return _refused(row, error)
    return Receipt(row.number, written.outcome, written.reference)


def _reference_taken() -> BadInput:
    """Make the refusal of a second record under one reference, as it is said to who enters one by hand."""
    detail = "Your bureau has a record under this reference: choose another."
    return BadInput("reference-taken", detail, at="source_reference")


def _refused(row: Row, error: LiaisonError) -> Receipt:
    return _refusal(row, error.problems)


def _refusal(row: Row, problems: tuple[Problem, ...]) -> Receipt:
    named = row.fields.get("source_reference") if row.fields else None
    reference = named[:200] if isinstance(named, str) else ""
    return Receipt(row.number, "refused", problems=problems, raw=row.raw, source_reference=reference, header=row.header)


def _judge(row: Row, database: str, asker: Asker, context: FeedContext) -> Parsed | Receipt:
    """Return the row ready to be written, or the receipt that refuses it."""
    if row.refusal is not None or row.fields is None:
        problem = row.refusal or Problem("empty-row", "The row says nothing.")
        return _refusal(row, (problem,))
    try:
        code = row.database or database
        if code != database:
            grant(asker, "feed", code)
        return parse_row(database_named(code), row.fields, context)
    except (BadInput, Refused) as error:
        return _refused(row, error)


def _context(asker: Asker, defaults: Mapping[str, object], format: str, now: datetime) -> FeedContext:
    bureaux = Agency.objects.filter(kind=Agency.Kind.BUREAU, closed_at=None).values_list("country", "pk")
    return FeedContext(asker.country, now.date(), dict(bureaux), defaults, names_by_content=format == "csv")


def _count(batch: Batch, receipts: list[Receipt]) -> None:
    outcomes = [receipt.outcome for receipt in receipts]
    for outcome in ("accepted", "unchanged", "updated", "refused"):
        setattr(batch, outcome, getattr(batch, outcome) + outcomes.count(outcome))
    # First, because two feeders that resume the same batch must not both count the same rows.
    moved = Batch.objects.filter(id=batch.id, rows_done=batch.rows_done).update(
        rows_done=receipts[-1].row,
        accepted=batch.accepted, unchanged=batch.unchanged, updated=batch.updated, refused=batch.refused,
    )  # fmt: skip
    if not moved:
        raise _BatchMoved("batch-moved", "Somebody else is feeding this batch: let one of you go on.")
    Receipts.objects.create(
        batch=batch,
        first_row=receipts[0].row,
        last_row=receipts[-1].row,
        refused=outcomes.count("refused"),
        body="\n".join(msgspec.json.encode(receipt).decode() for receipt in receipts),
    )
    batch.rows_done = receipts[-1].row


def _close(batch: Batch, asker: Asker, now: datetime, state: str, failure: str) -> None:
    batch.state, batch.closed_at, batch.failure = state, now, failure
    counts = {name: getattr(batch, name) for name in ("accepted", "unchanged", "updated", "refused")}
    with transaction.atomic():
        batch.save(update_fields=["state", "closed_at", "failure"])
        detail = {"batch": batch.id, "state": state, **counts}
        write_entry(Event.FEED_CLOSED, by=_actor(asker), at=now, database=batch.database, detail=detail)


def _actor(asker: Asker) -> Actor:
    return Actor(asker.actor, asker.agency)
