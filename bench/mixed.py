"""How long a check waits at 1,000 mixed checks a second while a bulk feed runs, and how soon a new record is found.

A bulk feed runs in two ways: `liaison feed` on the same machine, and a national system
that sends it to the service.  All but the load generator, which is bound to one core,
is left to the scheduler, as in life.  The same load goes to an empty handler beside
the same feed: what that waits is the machine's own share, not ours.
"""

import asyncio
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.connections import Pool
from bench.homes import copy_of, key_of
from bench.processes import (
    CLIENT_CORE,
    Process,
    environment,
    free_port,
    liaison,
    pinned,
    python,
    require_tools,
    run,
    serving,
    stop,
)
from bench.questions import body
from bench.report import Figure, Goal
from bench.rows import PERSONS, write_jsonl
from liaison.demo.numbers import document_number
from liaison.demo.world import DEMO_KEY_COUNTRY

RATE = 1000
_SECONDS = 12
# More than a feed writes while the load lasts, so that it runs all the time.
_FED_PERSONS = 400_000
_RECORDS = 200
_ANSWER_BYTES = 100
_UNUSED_SERIALS = 20_000_000
Latencies = dict[str, list[float]]
_PERCENTILES = ((50, "p50"), (99, "p99"), (99.9, "p99.9"))


def measure(world: Path, rounds: int) -> list[Figure]:
    """Measure with the demo world in `world`."""
    require_tools("taskset")
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        file = write_jsonl(Path(name) / "persons.jsonl", PERSONS, _FED_PERSONS)
        by_command = [_latencies_beside_a_feed(world, file, by_http=False) for _ in range(rounds)]
        by_http = [_latencies_beside_a_feed(world, file, by_http=True) for _ in range(rounds)]
        empty = [_latencies_of_an_empty_handler(world, file) for _ in range(rounds)]
        quiet = [_latencies(world) for _ in range(rounds)]
        found_beside = [_delays_beside_a_feed(world, count, file) for count in _shares(_RECORDS, rounds)]
    found = [_delays(world, count) for count in _shares(_RECORDS, rounds)]
    return [
        *_figures("while a feed runs", by_command, Goal("<=", 20)),
        *_kind_figures("while a feed runs", by_command),
        *_figures("while a feed is sent to it", by_http, Goal("<=", 20)),
        *_figures("to an empty handler while a feed runs", empty, None),
        *_figures("without a feed", quiet, None),
        *_delay_figures("from commit in another process to found", found, Goal("<=", 20)),
        *_delay_figures("the same while a feed runs", found_beside, Goal("<=", 100)),
    ]


def _figures(when: str, rounds: Sequence[Latencies], goal: Goal | None) -> list[Figure]:
    together = [[value for kind in latencies.values() for value in kind] for latencies in rounds]
    return [
        Figure("mixed", f"{RATE} checks/s {when}, {name}", "ms", tuple(percentile(all_, share) for all_ in together),
               goal if name == "p99" else None)
        for share, name in _PERCENTILES
    ]  # fmt: skip


def _kind_figures(when: str, rounds: Sequence[Latencies]) -> list[Figure]:
    return [
        Figure("mixed", f"{RATE} checks/s {when}, p99 of {kind}s", "ms",
               tuple(percentile(latencies[kind], 99) for latencies in rounds))
        for kind in sorted(rounds[0])
    ]  # fmt: skip


def _delay_figures(what: str, found: Sequence[list[float]], goal: Goal) -> list[Figure]:
    return [
        Figure("mixed", f"{what}, {name}", "ms",
               tuple(percentile(delays, share) for delays in found), goal if name == "p99" else None)
        for share, name in _PERCENTILES[:2]
    ]  # fmt: skip


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` percent of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]


def _shares(total: int, parts: int) -> list[int]:
    return [total // parts + (place < total % parts) for place in range(parts)]


def _latencies_beside_a_feed(world: Path, file: Path, *, by_http: bool) -> Latencies:
    with _served(world) as (home, port), _feeding(home, file, port if by_http else 0) as feed:
        latencies = _load(home, port)
        if feed.poll() is not None:
            raise SystemExit("The feed ended before the load did: feed more.")
    return latencies


def _latencies_of_an_empty_handler(world: Path, file: Path) -> Latencies:
    port = free_port()
    with (
        copy_of(world) as home,
        serving(python("bench.empty", str(port), str(_ANSWER_BYTES)), environment(), port),
        _feeding(home, file),
    ):
        return _load(home, port)


def _latencies(world: Path) -> Latencies:
    with _served(world) as (home, port):
        return _load(home, port)


def _load(home: Path, port: int) -> Latencies:
    command = pinned(python("bench.load", str(port), str(RATE), str(_SECONDS)), CLIENT_CORE)
    output = run(command, environment(home, BENCH_KEY=key_of(home)))
    try:
        told: Latencies = msgspec.json.decode(output)
    except msgspec.DecodeError:
        raise SystemExit(f"The load generator said nothing usable: {output[-200:]!r}") from None
    return told


@contextmanager
def _served(world: Path) -> Iterator[tuple[Path, int]]:
    """Serve a copy of the world, warmed up by a few seconds of the same load."""
    port = free_port()
    with copy_of(world) as home, serving(liaison("serve", "--port", str(port)), environment(home), port):
        run(python("bench.load", str(port), "200", "3"), environment(home, BENCH_KEY=key_of(home)))
        yield home, port


@contextmanager
def _feeding(home: Path, file: Path, port: int = 0) -> Iterator[Process]:
    """Run `liaison feed` in a process of its own, or send the file to a port; the block begins when it is written."""
    command = liaison("feed", str(file), "--database", PERSONS.database)
    if port:
        command += ["--url", f"http://127.0.0.1:{port}"]
    before = _size_bytes(home)
    process = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while _size_bytes(home) == before and process.poll() is None:
            time.sleep(0.05)
        yield process
    finally:
        stop(process)


def _size_bytes(home: Path) -> int:
    """Return the size of the database's log, which grows when somebody writes."""
    log = home / "liaison.sqlite3-wal"
    return log.stat().st_size if log.exists() else 0


def _delays(world: Path, count: int) -> list[float]:
    """Return for each of `count` records the milliseconds from its commit until a check found it."""
    with _served(world) as (home, port):
        return _delays_in(home, port, count)


def _delays_beside_a_feed(world: Path, count: int, file: Path) -> list[float]:
    with _served(world) as (home, port), _feeding(home, file) as feed:
        delays = _delays_in(home, port, count)
        if feed.poll() is not None:
            raise SystemExit("The feed ended before all was found: feed more.")
    return delays


def _delays_in(home: Path, port: int, count: int) -> list[float]:
    feeder = subprocess.Popen(
        python("bench.feed_singly"), env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        return asyncio.run(_follow(feeder, port, key_of(home), count))
    finally:
        stop(feeder)


async def _follow(feeder: Process, port: int, key: str, count: int) -> list[float]:
    if feeder.stdin is None or feeder.stdout is None:
        raise SystemExit("The feeder has no pipes.")
    pool = Pool(port, key)
    await pool.open(1)
    feeder.stdout.readline()
    delays = []
    for place in range(count):
        number = document_number("C", _UNUSED_SERIALS + place)
        feeder.stdin.write(number.encode() + b"\n")
        feeder.stdin.flush()
        found = await _until_found(pool, number)
        delays.append((found - float(feeder.stdout.readline())) * 1000)
    pool.close()
    return delays


async def _until_found(pool: Pool, number: str) -> float:
    """Ask again and again; return the moment of the first answer that has the record."""
    query = {"id": "q1", "document": {"number": number, "issuer": DEMO_KEY_COUNTRY}}
    request = pool.request(body([query], "BENCH/FOUND"))
    while b'"matches"' not in await pool.ask(request):
        await asyncio.sleep(0.001)
    return time.monotonic()
