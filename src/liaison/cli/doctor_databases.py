"""What is examined in the databases and in the index made from them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from liaison.audit.log import register_log
from liaison.audit.series import series
from liaison.audit.signer import REGISTER, signed_size
from liaison.audit.verifying import Demands, verify_home
from liaison.cli.doctor import (
    RESTORE,
    Examination,
    Finding,
    databases,
    is_sqlite,
    now_us,
    number_of,
    register,
    value_of,
)
from liaison.cli.indexing import index_folder
from liaison.engine.index import Index, IndexDamaged
from liaison.records.indexing import STEP, changes, day_number, last_sequence

_REBUILD = "Make it again with `liaison index --rebuild`; the service may go on."
# So many entries are compared with what was signed; `liaison verify` compares all.
_NEWEST = 10_000
# So many records are looked up in the index each way.
_SAMPLE = 500
# Clocks that are kept by NTP differ by less.
_CLOCK_TOLERANCE_US = 60_000_000
_LONG_OPEN = timedelta(hours=6)


def integrity() -> Iterator[Finding]:
    """Say whether the databases can be read and are sound."""
    for alias in databases():
        if is_sqlite():
            path = Path(connections[alias].settings_dict["NAME"])
            if not path.exists():
                yield Finding("database", "wrong", f"{path.name} is missing: run `liaison migrate` in a new home, else "
                              f"restore. {RESTORE}")  # fmt: skip
                continue
            said = str(value_of("PRAGMA quick_check", alias))
            is_sound = said == "ok"
            yield Finding("database", "ok" if is_sound else "wrong",
                          f"{path.name}: {said}{'' if is_sound else '. ' + RESTORE}")  # fmt: skip
        else:
            yield Finding("database", "ok", f"PostgreSQL {value_of('SHOW server_version', alias)} answers")


def durability() -> Iterator[Finding]:
    """Say whether what is acknowledged survives a power cut."""
    for alias in databases():
        wanted = _SQLITE_SAFE if is_sqlite() else _POSTGRES_SAFE
        found = {name: str(value_of(sql, alias)).lower() for name, (sql, _) in wanted.items()}
        unsafe = [f"{name} is {found[name]}" for name, (_, safe) in wanted.items() if found[name] not in safe]
        if unsafe:
            yield Finding("durability", "wrong", f"{alias}: {', '.join(unsafe)}, so a power cut can take what was "
                          "acknowledged: set it to its default.")  # fmt: skip
        else:
            yield Finding("durability", "ok", f"{alias}: {', '.join(f'{name} {value}' for name, value in found.items())}")  # fmt: skip  # noqa: E501


_SQLITE_SAFE = {"journal mode": ("PRAGMA journal_mode", ("wal",)), "synchronous": ("PRAGMA synchronous", ("2", "3"))}
_POSTGRES_SAFE = {
    "fsync": ("SHOW fsync", ("on",)),
    "synchronous_commit": ("SHOW synchronous_commit", ("on", "remote_write", "remote_apply")),
    "full_page_writes": ("SHOW full_page_writes", ("on",)),
}


def migrations() -> Iterator[Finding]:
    """Say whether the tables are those of this version."""
    from django.db.migrations.executor import MigrationExecutor

    missing = []
    for alias in databases():
        executor = MigrationExecutor(connections[alias])
        missing += executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield Finding("migrations", "wrong", f"{len(missing)} are missing: run `liaison migrate`.")
    else:
        yield Finding("migrations", "ok", "the tables are those of this version")


def entries() -> Iterator[Finding]:
    """Say whether the register has every number up to its last, and whether it can be written."""
    counted = _series_counted()
    broken = [(count, last) for count, last in counted if count != last]
    for count, last in broken:
        yield Finding("register", "wrong", f"The last entry is {last} and there are {count}: entries were removed or "
                      "put in past Liaison. Tell who oversees the register; compare with the last backup.")  # fmt: skip
    if not broken:
        yield Finding("register", "ok", f"{sum(count for count, _ in counted)} entries without a gap")
    with transaction.atomic(using=register()), connections[register()].cursor() as cursor:
        # Takes the lock of a writer and asks for the right to write, and touches no row.
        cursor.execute("UPDATE audit_entry SET number = number WHERE number = -1")
    yield Finding("register", "ok", "can be written")


def log() -> Iterator[Finding]:
    """Say whether the newest entries are what was signed."""
    size = signed_size(Path(settings.LIAISON_HOME), REGISTER)
    if not size:
        yield Finding("log", "ok", "nothing is signed yet: a service does, or `liaison log sign`")
        return
    found = verify_home(register_log(), Demands(), range(max(1, size - _NEWEST + 1), size + 1))
    for problem in found.problems:
        yield Finding("log", "wrong", f"{problem} Tell who oversees the register; see `liaison verify`, "
                      "`liaison log repair`.")  # fmt: skip
    if not found.problems:
        yield Finding("log", "ok", f"{size} entries are signed, the newest {found.compared} are what was signed")


def _series_counted() -> list[tuple[int, int]]:
    """Return the number of entries of each series of the register, and the last number in it."""
    ordinary, length = series().stop, series(2).start - series(1).start
    with connections[register()].cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*), MAX(CASE WHEN number < {ordinary} THEN number ELSE number % {length} END) "  # noqa: S608  numbers only
            f"FROM audit_entry GROUP BY CASE WHEN number < {ordinary} THEN 0 ELSE number / {length} END"
        )
        return [(int(count), int(last)) for count, last in cursor.fetchall()]


def clock() -> Iterator[Finding]:
    """Say whether the clock of this machine stands before what was written already."""
    # Of the ordinary series: the numbers of a confidential one say nothing about which entry is newer.
    newest = f"SELECT at_us FROM audit_entry WHERE number < {series().stop} ORDER BY number DESC LIMIT 1"  # noqa: S608
    last = max(
        number_of(newest, register()),
        number_of("SELECT at_us FROM records_version ORDER BY sequence DESC LIMIT 1"),
    )
    ahead = (last - now_us()) / 1_000_000
    if last > now_us() + _CLOCK_TOLERANCE_US:
        yield Finding("clock", "wrong", f"The newest entry lies {ahead:.0f} s in the future: set the clock (NTP), "
                      "because records expire by it.")  # fmt: skip
    else:
        yield Finding("clock", "ok", f"{timezone.now():%Y-%m-%d %H:%M:%S} UTC, after everything that was written")


def batches() -> Iterator[Finding]:
    """Say which feeds were begun and never ended."""
    from liaison.records.models import Batch

    late = timezone.now() - _LONG_OPEN
    left = list(Batch.objects.filter(state=Batch.State.OPEN, opened_at__lt=late).values_list("id", flat=True)[:100])
    if left:
        yield Finding("batches", "look", f"{len(left)} were left open, such as {left[0]}: the feeder goes on with the "
                      f"same file and `--resume {left[0]}`.")  # fmt: skip
    else:
        yield Finding("batches", "ok", "none was left open")


def search_index() -> Iterator[Finding]:
    """Say whether the index can be trusted, keeps up, finds what it must, and nothing else."""
    try:
        index = Index(index_folder())
    except IndexDamaged as damage:
        yield Finding("index", "wrong", f"It cannot be trusted ({damage}). {_REBUILD}")
        return
    truth = last_sequence()
    if index.sequence > truth:
        yield Finding("index", "wrong", f"It is at {index.sequence} and the records at {truth}: it belongs to other "
                      f"records. {_REBUILD}")  # fmt: skip
        return
    yield Finding("index", "ok", f"on disk to change {index.sequence} of {truth}, {index.record_count} records")
    # Carried on in memory only: what is on disk stays as it was found.
    while index.sequence < truth:
        until = min(index.sequence + STEP, truth)
        index.apply(changes(index.sequence, until), until)
    yield from _answers(index)


def demonstration() -> Iterator[Finding]:
    """Say whether accounts whose passwords lie in a file of the home live beside real ones."""
    from liaison.agencies.models import Officer

    path = Path(settings.LIAISON_HOME) / "demo-accounts.txt"
    if not path.exists():
        yield Finding("demo", "ok", "this home was not made by the demonstration")
        return
    invented = {word for word in path.read_text(encoding="utf-8").split() if "@" in word}
    real = Officer.objects.filter(is_active=True).exclude(email__in=invented).count()
    if real:
        yield Finding("demo", "wrong", f"{real} accounts that the demonstration did not make live beside those whose "
                      f"passwords lie in {path.name}: move real work to a new home (`liaison init`).")  # fmt: skip
    else:
        yield Finding("demo", "ok", "made by the demonstration: keep no real record here")


def _answers(index: Index) -> Iterator[Finding]:
    """Look records up in the index: those that must not be found, and those that must."""
    today = timezone.now().date()
    hidden = _sample("r.expires_on <= %s OR r.state <> 'active'", today)
    found = _found(index, hidden)
    if found:
        yield Finding("index", "wrong", f"It still finds {len(found)} records that expired, were blocked or withdrawn. "
                      f"{_REBUILD}")  # fmt: skip
    else:
        yield Finding("index", "ok", f"finds none of {len(hidden)} that expired, are blocked or were withdrawn")
    alive = _sample("r.expires_on > %s AND r.state = 'active'", today)
    missed = set(alive) - _found(index, alive)
    if missed:
        yield Finding(
            "index", "wrong", f"It does not find {len(missed)} of the {len(alive)} newest records. {_REBUILD}"
        )
    else:
        yield Finding("index", "ok", f"finds each of the {len(alive)} newest records that have a number")


def _sample(condition: str, *arguments: date) -> dict[int, tuple[bytes, ...]]:
    """Return the newest records of a condition that have exact keys, and their keys."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"SELECT r.number, r.database, v.payload FROM records_record r JOIN records_version v ON v.record = r.number "  # noqa: S608, E501
            f"WHERE ({condition}) AND v.payload <> '' AND v.sequence = (SELECT MAX(w.sequence) FROM records_version w "
            f"WHERE w.record = r.number AND w.payload <> '') ORDER BY r.sequence DESC LIMIT {_SAMPLE}",
            arguments,
        )
        rows = cursor.fetchall()
    keys = {number: _keys(database, payload) for number, database, payload in rows}
    return {number: known for number, known in keys.items() if known}


def _keys(database: str, payload: str) -> tuple[bytes, ...]:
    import msgspec

    from liaison.records.databases import database_named

    declared = database_named(database)
    fields: Any = msgspec.json.decode(payload, type=declared.record)
    return tuple(key.encoded() for key in declared.exact_keys(fields))


def _found(index: Index, sample: dict[int, tuple[bytes, ...]]) -> set[int]:
    """Return those of the sample that the index finds today, for somebody who may see every class."""
    keys: Sequence[bytes] = [key for known in sample.values() for key in known]
    everybody = np.ones(number_of("SELECT MAX(id) FROM records_rightsclass") + 1, dtype=np.bool_)
    answered = index.find_exact(keys, everybody, day_number(timezone.now().date()))
    return {number for numbers in answered for number in numbers} & set(sample)


GROUND: tuple[Examination, ...] = (integrity, migrations)
EXAMINATIONS: tuple[Examination, ...] = (
    durability, entries, log, clock, batches, search_index, demonstration,
)  # fmt: skip
