"""How many checks a second one process answers at the hot door, beside an empty handler of the same server.

The server has one core, wrk with 64 connections the other.  The rounds of the
door, of the empty handler and of batches take turns, and who is not measured
is frozen.
"""

import http.client
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.homes import copy_of, key_of
from bench.processes import (
    CLIENT_CORE,
    SERVER_CORE,
    Process,
    cpu_seconds,
    environment,
    free_port,
    frozen,
    liaison,
    pinned,
    python,
    require_tools,
    run,
    serving,
)
from bench.questions import exact_bodies
from bench.report import Figure, Goal

CONNECTIONS = 64
BATCH = 100
_SECONDS = 8
_SINGLES, _BATCHES = 20_000, 400

_SCRIPT = """
local key, file = os.getenv("BENCH_KEY"), os.getenv("BENCH_BODIES")
local headers = { ["Authorization"] = "Bearer " .. key, ["Content-Type"] = "application/json" }
local requests, place = {}, 0
function init()
  for line in io.lines(file) do requests[#requests + 1] = wrk.format("POST", "/api/check", headers, line) end
end
function request()
  place = place % #requests + 1
  return requests[place]
end
"""


class Target(NamedTuple):
    """A server to load, and what it is asked."""

    process: Process
    port: int
    bodies: Path


class Rate(NamedTuple):
    """What one round came to; the processor time says more than the rate where others use the machine."""

    per_second: float
    cpu_us: float


def measure(world: Path, rounds: int) -> list[Figure]:
    """Measure the door with the demo world in `world`."""
    require_tools("wrk", "taskset")
    with TemporaryDirectory(prefix="liaison-bench-") as name, copy_of(world) as home:
        folder = Path(name)
        (folder / "load.lua").write_text(_SCRIPT, encoding="ascii")
        singles = _write(folder / "singles", exact_bodies(_SINGLES, 1))
        batches = _write(folder / "batches", exact_bodies(_BATCHES, BATCH))
        with _door(home) as (process, port), _empty(_answer_bytes(port, key_of(home), singles)) as (empty, empty_port):
            door, bare = Target(process, port, singles), Target(empty, empty_port, singles)
            many = Target(process, port, batches)
            for target in (door, bare, many):
                _load(target, folder, key_of(home), seconds=2)
            rounds_ = [[_alone(target, door, bare, folder, key_of(home)) for target in (door, bare, many)]
                     for _ in range(rounds)]  # fmt: skip
    return _figures(rounds_)


def _figures(rounds: list[list[Rate]]) -> list[Figure]:
    single, empty, many = (tuple(rate.per_second for rate in column) for column in zip(*rounds, strict=True))
    single_us, empty_us, many_us = (tuple(rate.cpu_us for rate in column) for column in zip(*rounds, strict=True))
    share = tuple(100 * one / bare for one, bare in zip(single, empty, strict=True))
    cpu_share = tuple(100 * bare / one for one, bare in zip(single_us, empty_us, strict=True))
    return [
        Figure("door", "single exact checks", "requests/s", single),
        Figure("door", "empty handler of the same server", "requests/s", empty),
        Figure("door", "single checks : empty handler", "%", share, Goal(">=", 40)),
        Figure("door", "processor time: a single check", "us", single_us),
        Figure("door", "processor time: the empty handler", "us", empty_us),
        Figure("door", "processor time: empty handler : single check", "%", cpu_share),
        Figure("door", f"batches of {BATCH} exact checks", "checks/s", tuple(BATCH * rate for rate in many),
               Goal(">=", 50_000)),
        Figure("door", "processor time: a check in a batch", "us", tuple(us / BATCH for us in many_us)),
    ]  # fmt: skip


def _write(path: Path, bodies: Iterator[bytes]) -> Path:
    path.write_bytes(b"\n".join(bodies) + b"\n")
    return path


@contextmanager
def _door(home: Path) -> Iterator[tuple[Process, int]]:
    port = free_port()
    with serving(pinned(liaison("serve", "--port", str(port)), SERVER_CORE), environment(home), port) as process:
        yield process, port


@contextmanager
def _empty(size: int) -> Iterator[tuple[Process, int]]:
    port = free_port()
    command = pinned(python("bench.empty", str(port), str(size)), SERVER_CORE)
    with serving(command, environment(), port) as process:
        yield process, port


def _answer_bytes(port: int, key: str, bodies: Path) -> int:
    """Return the size of the door's answer to the first body, which the empty handler then returns too."""
    with bodies.open("rb") as lines:
        first = next(lines)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/api/check", first, {"Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    size = len(answer.read())
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"The door answered {answer.status}.")
    return size


def _alone(target: Target, door: Target, bare: Target, folder: Path, key: str) -> Rate:
    """Load one server while the other is frozen."""
    other = bare if target.process is door.process else door
    with frozen(other.process):
        return _load(target, folder, key, _SECONDS)


def _load(target: Target, folder: Path, key: str, seconds: int) -> Rate:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "-s", str(folder / "load.lua")]
    env = environment(BENCH_KEY=key, BENCH_BODIES=str(target.bodies))
    before = cpu_seconds(target.process)
    told = run(pinned([*command, f"http://127.0.0.1:{target.port}"], CLIENT_CORE), env).decode()
    if "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"Not every request was answered:\n{told}")
    used = cpu_seconds(target.process) - before
    found = re.search(r"(\d+) requests in .*Requests/sec:\s+([\d.]+)", told, re.DOTALL)
    if not found:
        raise SystemExit(f"wrk did not say how fast it was:\n{told}")
    return Rate(float(found.group(2)), used * 1_000_000 / int(found.group(1)))
