"""Ask single checks at a fixed rate, whatever the server does: an open loop, a process of its own.

`python -m bench.load PORT RATE SECONDS`, with BENCH_KEY set; prints the
latencies in milliseconds by kind as one JSON object.  Each runs from the moment
at which its request was due, not from when it was sent, so that a server that
stands still is charged for every request that would have come meanwhile
(corrected for coordinated omission).
"""

import asyncio
import gc
import os
import sys
import time
from collections.abc import Sequence

import msgspec
import uvloop

from bench.connections import Pool
from bench.questions import mixed_bodies

_CONNECTIONS = 128
Latencies = dict[str, list[float]]


async def drive(port: int, key: str, rate: int, seconds: float) -> Latencies:
    """Ask `rate` checks a second for some seconds; return the latencies by kind."""
    pool = Pool(port, key)
    await pool.open(_CONNECTIONS)
    requests = [(kind, pool.request(body)) for kind, body in mixed_bodies(int(rate * seconds))]
    # What is measured is the server: the collector must not stop this process.
    gc.freeze()
    gc.disable()
    latencies: Latencies = {kind: [] for kind, _ in requests}
    await _send_on_time(pool, requests, rate, latencies)
    pool.close()
    return latencies


async def _send_on_time(pool: Pool, requests: Sequence[tuple[str, bytes]], rate: int, latencies: Latencies) -> None:
    start = time.perf_counter() + 0.1
    waiting: set[asyncio.Task[None]] = set()
    for place, (kind, request) in enumerate(requests):
        due = start + place / rate
        # The timer of the loop counts whole milliseconds, so that some are sent up to one late, and charged for it:
        # looking at the clock all the time instead would take a core from the server.
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        task = asyncio.create_task(_ask(pool, request, due, latencies[kind]))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
    await asyncio.gather(*waiting)


async def _ask(pool: Pool, request: bytes, due: float, latencies: list[float]) -> None:
    await pool.ask(request)
    latencies.append((time.perf_counter() - due) * 1000)


def main() -> None:
    port, rate, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    latencies = uvloop.run(drive(port, os.environ["BENCH_KEY"], rate, seconds))
    sys.stdout.buffer.write(msgspec.json.encode(latencies) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
