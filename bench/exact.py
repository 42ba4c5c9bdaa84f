"""How fast are exact keys looked up, beside LMDB, SQLite and PostgreSQL, and what does a key cost at 138 million.

    python -m bench.exact                      10 million keys of 12 characters, all four in one run
    python -m bench.exact --scale 138000000    from a generated file: built, saved, opened again, looked up

Every engine holds the same keys with a row number each and is asked for the same
ones, in the same order, all of them recorded.  What works in this process is measured
by the processor time of its thread, so that others on the machine cost it little, and
by the clock as well, which the comparison with PostgreSQL uses.  LMDB (`pip install lmdb`) and
PostgreSQL (`apt-get install postgresql`) are left out where they are not installed.
"""

import argparse
import importlib
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.report import Figure, Goal, print_table, this_machine, write_json
from liaison.engine.exact import ExactTable, build_exact, build_in_pieces, load_kernels
from liaison.engine.hashing import hash_joined, hash_key, hash_keys
from liaison.engine.segment import open_segment, write_segment
from tests.plugins.postgres_server import PostgresServer, find_programs

WIDTH = 12
KEYS = 10_000_000
SCALE = 138_000_000
_ASKED = 300_000
# PostgreSQL is asked fewer single questions, so that a round ends.
_ASKED_SLOWLY = 20_000
_BATCH = 1000
_CHUNK = 2_000_000
_SEED = 11
_LETTERS = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)
_TO_MILLIONS = 1e6
_ON_WALL = ", by the clock"
Keys = Sequence[bytes]


class Asking(NamedTuple):
    """How one engine is asked: a key for its row, and a batch of keys for their rows."""

    one: Callable[[bytes], Any]
    many: Callable[[Keys], Any]
    size_bytes: int


def texts(first: int, count: int) -> NDArray[np.uint8]:
    """Return invented keys, uint8[count, 12], that differ for all numbers and come in no order."""
    # A product with an odd number modulo a power of two is another number for each.
    left = np.arange(first, first + count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) & np.uint64((1 << 62) - 1)
    made = np.empty((count, WIDTH), dtype=np.uint8)
    for column in range(WIDTH):
        left, digit = np.divmod(left, np.uint64(36))
        made[:, column] = _LETTERS[digit]
    return made


def keys_of(made: NDArray[np.uint8]) -> list[bytes]:
    plain = made.tobytes()
    return [plain[start : start + WIDTH] for start in range(0, len(plain), WIDTH)]


def measure(rounds: int, count: int = KEYS) -> list[Figure]:
    """Ask all engines for the same keys in turn; ratios are of the same round."""
    keys = keys_of(texts(0, count))
    chosen = np.random.default_rng(_SEED).integers(0, count, _ASKED).tolist()
    asked = [keys[number] for number in chosen]
    rates: dict[str, list[float]] = {}
    load_kernels()
    with ExitStack() as opened:
        engines = {name: opened.enter_context(engine) for name, engine in _engines(keys).items()}
        for asking in engines.values():
            _require_right(asking, asked, chosen)
        # In turns and in short rounds, because others may use the machine.
        for _ in range(rounds):
            for name, asking in engines.items():
                slowly = asked[:_ASKED_SLOWLY] if name == "PostgreSQL" else asked
                _add_rates(rates, f"{name}, one by one", slowly, [(key,) for key in slowly], asking.one)
            for name, asking in engines.items():
                batches = [(asked[first : first + _BATCH],) for first in range(0, len(asked), _BATCH)]
                _add_rates(rates, f"{name}, {_BATCH} at a time", asked, batches, asking.many)
    table, hashes = ExactTable(_arrays_of(keys)), hash_keys(asked)
    rates["hashed before"] = [
        len(asked) / _seconds(lambda: table.places_of(hashes), time.thread_time) for _ in range(rounds)
    ]
    sizes = {f"{name}: a key": (asking.size_bytes / count,) for name, asking in engines.items()}
    return [*_figures(rates), *(Figure("exact", name, "bytes", size) for name, size in sizes.items())]


def _figures(rates: dict[str, list[float]]) -> Iterator[Figure]:
    for name, several in rates.items():
        goal = Goal(">=", 10) if name == "hashed before" else None
        yield Figure("exact", name, "M keys/s", tuple(rate / _TO_MILLIONS for rate in several), goal)
    goals = {"LMDB": 1.0, "SQLite": 3.0, "PostgreSQL": 20.0}
    for how, wanted in (("one by one", goals), (f"{_BATCH} at a time", dict.fromkeys(goals, 5.0))):
        for other, times in wanted.items():
            # A server works in processes of its own: both are measured by the clock on the wall.
            clock = _ON_WALL if other == "PostgreSQL" else ""
            theirs = rates.get(f"{other}, {how}{clock}", [])
            ratios = tuple(own / their for own, their in zip(rates[f"Liaison, {how}{clock}"], theirs, strict=False))
            if ratios:
                yield Figure("exact", f"Liaison : {other}, {how}", "times", ratios, Goal(">=", times))


def _require_right(asking: Asking, asked: Keys, rows: Sequence[int]) -> None:
    if [asking.one(key) for key in asked[:_BATCH]] != rows[:_BATCH]:
        raise SystemExit("An engine answers wrongly, so nothing is measured.")


def _add_rates(
    rates: dict[str, list[float]], name: str, asked: Keys, calls: Sequence[tuple[Any]], ask: Callable[[Any], Any]
) -> None:
    """Ask, and add the keys per second of this thread's processor time, and of the clock on the wall."""
    on_wall, of_thread = time.perf_counter(), time.thread_time()
    for (argument,) in calls:
        ask(argument)
    rates.setdefault(name, []).append(len(asked) / (time.thread_time() - of_thread))
    rates.setdefault(f"{name}{_ON_WALL}", []).append(len(asked) / (time.perf_counter() - on_wall))


def _seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    work()
    return clock() - started


def _engines(keys: Keys) -> dict[str, AbstractContextManager[Asking]]:
    engines: dict[str, AbstractContextManager[Asking]] = {"Liaison": _liaison(keys), "SQLite": _sqlite(keys)}
    if find_spec("lmdb"):
        engines["LMDB"] = _lmdb(keys)
    if find_programs():
        engines["PostgreSQL"] = _postgres(keys)
    return engines


def _arrays_of(keys: Keys) -> dict[str, NDArray[Any]]:
    arrays = build_exact(hash_keys(keys), np.arange(len(keys), dtype=np.uint32))
    for array in arrays.values():
        array.setflags(write=False)
    return arrays


@contextmanager
def _liaison(keys: Keys) -> Iterator[Asking]:
    with TemporaryDirectory(prefix="liaison-bench-") as folder:
        write_segment(Path(folder) / "keys", _arrays_of(keys), is_lasting=False)
        arrays = open_segment(Path(folder) / "keys")
        table, rows = ExactTable(arrays), arrays["key_row"]
        yield Asking(
            lambda key: table.rows_of(hash_key(key))[0],
            lambda batch: rows[table.places_of(hash_keys(batch))],
            sum(array.nbytes for array in arrays.values()),
        )


@contextmanager
def _sqlite(keys: Keys) -> Iterator[Asking]:
    with TemporaryDirectory(prefix="liaison-bench-") as folder:
        path = Path(folder) / "keys.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.execute("PRAGMA journal_mode = OFF")
            base.execute("PRAGMA synchronous = OFF")
            base.execute("PRAGMA cache_size = -1000000")
            base.execute("PRAGMA mmap_size = 4000000000")
            base.execute("CREATE TABLE filed (key BLOB PRIMARY KEY, row INTEGER) WITHOUT ROWID")
            base.execute("BEGIN")
            in_order = sorted(range(len(keys)), key=keys.__getitem__)
            base.executemany("INSERT INTO filed VALUES (?, ?)", ((keys[number], number) for number in in_order))
            base.execute("COMMIT")
            one = "SELECT row FROM filed WHERE key = ?"
            many = f"SELECT key, row FROM filed WHERE key IN ({','.join('?' * _BATCH)})"
            cursor = base.cursor()
            yield Asking(
                lambda key: cursor.execute(one, (key,)).fetchone()[0],
                lambda batch: cursor.execute(many, batch).fetchall(),
                path.stat().st_size,
            )


@contextmanager
def _lmdb(keys: Keys) -> Iterator[Asking]:
    lmdb = importlib.import_module("lmdb")
    with TemporaryDirectory(prefix="liaison-bench-") as folder:
        base = lmdb.open(folder, map_size=64 * len(keys) + (1 << 24), sync=False)
        with base.begin(write=True) as changing:
            for number in sorted(range(len(keys)), key=keys.__getitem__):
                changing.put(keys[number], number.to_bytes(4, "little"), append=True)
        size = (base.info()["last_pgno"] + 1) * base.stat()["psize"]
        with closing(base), base.begin() as reading:
            get, cursor = reading.get, reading.cursor()
            yield Asking(lambda key: int.from_bytes(get(key), "little"), cursor.getmulti, size)


@contextmanager
def _postgres(keys: Keys) -> Iterator[Asking]:
    import psycopg

    programs = find_programs()
    assert programs
    server = PostgresServer(programs, ("shared_buffers=2GB", "max_wal_size=8GB", "maintenance_work_mem=1GB"))
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute('CREATE UNLOGGED TABLE filed (key text COLLATE "C", row integer)')
            with connection.cursor().copy("COPY filed FROM STDIN") as sink:
                for start in range(0, len(keys), _CHUNK):
                    some = enumerate(keys[start : start + _CHUNK], start)
                    sink.write("".join(f"{key.decode()}\t{row}\n" for row, key in some))
            connection.execute("CREATE UNIQUE INDEX ON filed (key) INCLUDE (row)")
            connection.execute("VACUUM ANALYZE filed")
            size = connection.execute("SELECT pg_total_relation_size('filed')").fetchone()
            cursor = connection.cursor(binary=True)
            one, many = "SELECT row FROM filed WHERE key = %s", "SELECT key, row FROM filed WHERE key = ANY(%s)"

            def ask(key: bytes) -> Any:
                found = cursor.execute(one, (key.decode(),), prepare=True).fetchone()
                return found[0] if found else None

            def ask_many(batch: Keys) -> Any:
                return cursor.execute(many, ([key.decode() for key in batch],), prepare=True).fetchall()

            yield Asking(ask, ask_many, size[0] if size else 0)
    finally:
        server.stop()


def measure_scale(rounds: int, count: int = SCALE) -> list[Figure]:
    """Build the table of a generated file of keys, save it, open it again and look up some."""
    load_kernels()
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        folder = Path(name)
        _write_keys(folder / "keys.txt", count)
        before = _peak_mib()
        building = _seconds(lambda: _build(folder, count))
        peak = _peak_mib()
        started = time.perf_counter()
        arrays = open_segment(folder / "segment")
        table = ExactTable(arrays)
        opening = time.perf_counter() - started
        rows = np.random.default_rng(_SEED).integers(0, count, 1 << 20)
        hashes = hash_joined(
            np.concatenate([texts(int(row), 1) for row in rows[:_ASKED]]).reshape(-1), np.full(_ASKED, WIDTH)
        )
        if arrays["key_row"][table.places_of(hashes)].tolist() != rows[:_ASKED].tolist():
            raise SystemExit("The table answers wrongly, so nothing is measured.")
        rates = [
            len(hashes) / _seconds(lambda: table.places_of(hashes), time.thread_time) / _TO_MILLIONS
            for _ in range(rounds)
        ]
        size = sum(array.nbytes for array in arrays.values())
    million = f"{count / _TO_MILLIONS:,.0f} million keys"
    return [
        Figure("exact", f"{million}: a key", "bytes", (size / count,), Goal("<=", 13)),
        Figure("exact", f"{million}: read, hashed, built, on disk", "s", (building,)),
        Figure("exact", f"{million}: most memory", "MiB", (peak,), Goal("<=", 3500), f"before {before:.0f}"),
        Figure("exact", f"{million}: opened and verified", "s", (opening,)),
        Figure("exact", f"{million}: hashed before", "M keys/s", tuple(rates), Goal(">=", 10)),
    ]


def _write_keys(path: Path, count: int) -> None:
    with path.open("wb") as file:
        for first in range(0, count, _CHUNK):
            file.write(texts(first, min(_CHUNK, count - first)).data)


def _pieces_of(path: Path, count: int) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint32]]]:
    with path.open("rb") as file:
        for first in range(0, count, _CHUNK):
            some = min(_CHUNK, count - first)
            hashes = hash_joined(np.fromfile(file, np.uint8, some * WIDTH), np.full(some, WIDTH))
            yield hashes, np.arange(first, first + some, dtype=np.uint32)


def _build(folder: Path, count: int) -> None:
    write_segment(folder / "segment", build_in_pieces(lambda: _pieces_of(folder / "keys.txt", count), count))


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.exact", description="Measure the look-up of exact keys.")
    parser.add_argument("--keys", type=int, default=KEYS, help="how many are compared with the other engines")
    parser.add_argument("--scale", type=int, metavar="KEYS", help="build so many instead, from a generated file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures for machines")
    given = parser.parse_args()
    machine = this_machine()
    print(f"{machine.processor}, {machine.cores} cores, load {machine.load_before}, {machine.measured_at}", flush=True)
    figures = measure_scale(given.rounds, given.scale) if given.scale else measure(given.rounds, given.keys)
    print_table(figures)
    if given.json:
        write_json(given.json, machine, figures, machine.load_before)


if __name__ == "__main__":
    main()
