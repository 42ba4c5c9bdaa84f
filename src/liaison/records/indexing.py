"""Carry versions from the truth into the index, in commit order.

The index is derived: when it is damaged it is made again from the first version.
"""

from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path

import msgspec
import structlog
from django.db import connection

from liaison.engine.index import Index, IndexDamaged
from liaison.engine.segment import OtherFormat
from liaison.engine.types import Item, Removal
from liaison.engine.writer import FLUSH_AT, IndexInUse, IndexWriter
from liaison.errors import Unavailable
from liaison.lib.days import as_day
from liaison.records.building import changes_beside
from liaison.records.databases import all_databases
from liaison.records.models import State
from liaison.records.patterns import texts_of

# So many versions are taken in before readers are shown them, and more at a time where many wait: that costs less for
# each.  Larger parts are built beside this process.
STEP = 500
LARGEST_STEP = 2000
PART = 25_000
BESIDE_AT = 4 * PART
_EPOCH = date(1970, 1, 1)

_CHANGES = (
    "SELECT v.sequence, r.number, r.database, r.state, r.rights_class, r.expires_on, v.payload "
    "FROM records_version v JOIN records_record r ON r.number = v.record "
    "WHERE v.sequence > %s AND v.sequence <= %s AND v.sequence = r.sequence ORDER BY v.sequence"
)

log = structlog.get_logger()
Progress = Callable[[int, int], None]


def day_number(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - _EPOCH).days


def last_sequence() -> int:
    """Return the sequence number of the newest committed version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(sequence), 0) FROM records_version")
        return int(cursor.fetchone()[0])


def changes(after: int, until: int) -> list[Item | Removal]:
    """Return what the index must learn of the versions after one sequence number, until another.

    A version that is no longer current is left out: the newer one follows.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [after, until])
        rows = cursor.fetchall()
    return [_change(*row) for row in rows]


def _change(
    sequence: int, number: int, database: str, state: str, rights: int, expires_on: object, payload: str
) -> Item | Removal:
    if state != State.ACTIVE or not payload:
        return Removal(number, sequence)
    declared = all_databases()[database]
    fields = msgspec.json.decode(payload, type=declared.record)
    keys = tuple(declared.exact_keys(fields))
    day, encoded = day_number(as_day(expires_on)), tuple(key.encoded() for key in keys)
    return Item(number, sequence, rights, day, encoded, declared.subject(fields), texts_of(keys))


def catch_up(index: Index, progress: Progress | None = None) -> int:
    """Bring the index to the newest version; return its sequence number.

    `progress` is told (done, goal) after every step.  Raises IndexAhead when the
    index knows more than there is.
    """
    goal = last_sequence()
    if goal < index.sequence:
        raise IndexAhead(f"The index is at {index.sequence} and the records at {goal}.")
    if isinstance(index, IndexWriter) and goal - index.sequence >= BESIDE_AT:
        _build_beside(index, goal, progress)
    while index.sequence < goal:
        step = max(STEP, min((goal - index.sequence) // 2, LARGEST_STEP))
        until = min(index.sequence + step, goal)
        index.apply(changes(index.sequence, until), until)
        if isinstance(index, IndexWriter):
            index.merge_in_time()
        if progress:
            progress(index.sequence, goal)
    return index.sequence


def _build_beside(writer: IndexWriter, goal: int, progress: Progress | None) -> None:
    """Have large parts built by processes beside this one; where one ends, this one goes on alone."""
    if progress:
        progress(writer.sequence, goal)
    try:
        for done in writer.build_beside([*range(writer.sequence, goal, PART), goal], changes_beside):
            if progress:
                progress(done, goal)
    except BrokenProcessPool:
        log.error("index.builder_ended")


class IndexAhead(Exception):
    """The index belongs to other records: to those before an old backup was restored."""


def open_index(folder: Path, progress: Progress | None = None) -> Index:
    """Open the index to answer with, up to date with every version that is committed now.

    What is missing or damaged is made first where no other process writes the
    folder.  Raises Unavailable when it is damaged and another process writes it.
    """
    try:
        index = Index(folder)
        if last_sequence() - index.sequence < FLUSH_AT:
            catch_up(index, progress)
            return index
    except (IndexDamaged, IndexAhead) as trouble:
        log.error("index.unusable", trouble=str(trouble))
    make_current(folder, progress)
    index = _opened(folder)
    catch_up(index, progress)
    return index


def _opened(folder: Path) -> Index:
    try:
        return Index(folder)
    except IndexDamaged as damage:
        detail = f"The index cannot be trusted ({damage}), and the service that writes it has not made it again yet."
        raise Unavailable("damaged-index", detail) from None


def make_current(folder: Path, progress: Progress | None = None, *, begin_again: bool = False) -> bool:
    """Bring what is on disk to the newest version; return False when another process writes it anyway."""
    try:
        with open_writer(folder, begin_again=begin_again) as writer:
            catch_up_or_begin_again(writer, progress)
            # Whoever waits for it has it now; what was built in parts is then merged.
            writer.publish()
            writer.flush()
            writer.publish()
    except IndexInUse:
        return False
    return True


def open_writer(folder: Path, *, begin_again: bool = False) -> IndexWriter:
    """Open the index to write it, an empty one in its place when it is damaged; raise IndexInUse."""
    try:
        return IndexWriter(folder, begin_again=begin_again)
    except OtherFormat as damage:
        log.warning("index.of_another_version", found=str(damage))
    except IndexDamaged as damage:
        log.error("index.damaged", damage=str(damage))
    return IndexWriter(folder, begin_again=True)


def catch_up_or_begin_again(writer: IndexWriter, progress: Progress | None = None) -> None:
    """Bring a writer to the newest version, whatever it holds."""
    try:
        catch_up(writer, progress)
    except IndexAhead as trouble:
        log.error("index.ahead", trouble=str(trouble))
        writer.begin_again()
        catch_up(writer, progress)
