"""How many entries a second the register makes durable, for one caller and for many, beside a bare write and fdatasync.

The bare program writes as many bytes as an entry has in the table, and waits for the disk each time.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.homes import build_empty_world, copy_of
from bench.processes import environment, python, run
from bench.report import Figure, Goal

_ALONE, _CALLERS, _EACH = 3000, 64, 1000
_SEARCHED = '[{"id":"1","person":{"name":"Zofia Kowalska","born":"1984-02-29","nationality":["PL"]}}]'
_SHOWN = '["3MM3-9QKG-R4VM-74H7"]'
# What such an entry takes as a row, its sealed words above all.
_BYTES = 260


class Rates(msgspec.Struct):
    """Entries a second."""

    bare: float
    alone: float
    together: float


def measure(rounds: int) -> list[Figure]:
    """Append to the register of a fresh home, each round anew."""
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        world = build_empty_world(Path(name) / "world")
        rates = [_round(world) for _ in range(rounds)]
    share = tuple(100 * rate.alone / rate.bare for rate in rates)
    return [
        Figure(
            "register", "bare write and fdatasync of the bytes of an entry", "1/s", tuple(rate.bare for rate in rates)
        ),
        Figure("register", "one caller", "entries/s", tuple(rate.alone for rate in rates)),
        Figure("register", "one caller : bare write and fdatasync", "%", share, Goal(">=", 60)),
        Figure("register", f"{_CALLERS} callers", "entries/s", tuple(r.together for r in rates), Goal(">=", 50_000)),
    ]


def _round(world: Path) -> Rates:
    with copy_of(world) as home:
        done = run(python("bench.register"), environment(home, DJANGO_SETTINGS_MODULE="liaison.settings"))
        return msgspec.json.decode(done, type=Rates)


def main() -> None:
    """Measure in the home of this process, and print the rates."""
    import django

    django.setup()
    from django.conf import settings

    from liaison.audit.events import Event
    from liaison.audit.register import NewEntry, register

    now = int(time.time() * 1_000_000)
    entry = NewEntry(now, Event.CHECKED, 3, "system:12", "nominal", "border", "CASE/2026/17", _SEARCHED, _SHOWN)
    register().append(entry)

    async def together() -> None:
        loop = asyncio.get_running_loop()

        async def caller() -> None:
            for _ in range(_EACH):
                await register().submit(entry, loop)

        await asyncio.gather(*(caller() for _ in range(_CALLERS)))

    bare = _rate(_ALONE, lambda: _write_bare(Path(settings.LIAISON_HOME) / "bare"))
    alone = _rate(_ALONE, lambda: [register().append(entry) for _ in range(_ALONE)])
    asyncio.run(together())
    crowd = _rate(_CALLERS * _EACH, lambda: asyncio.run(together()))
    register().close()
    sys.stdout.buffer.write(msgspec.json.encode(Rates(bare, alone, crowd)))


def _rate(count: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def _write_bare(path: Path) -> None:
    file, content = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND), os.urandom(_BYTES)
    for _ in range(_ALONE):
        os.write(file, content)
        os.fdatasync(file)
    os.close(file)


if __name__ == "__main__":
    main()
