"""A whole service whose disk fails and whose clock moves when they are told to, or whose disk is small."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import httpx

from liaison.audit.series import series
from tests import warm
from tests.door.service import ROOT, Service, about_vehicle
from tests.door.test_crashes import vehicle_line
from tests.plugins import components

_FIU = Path("/usr/lib/fiu")
# libfaketime 0.9.10 lets no thread sleep by a clock that it does not move (EINVAL), so Python sleeps by select().
_SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds)\n"


class Exposed(Service):
    """A service whose system calls fail, and whose clock moves, when they are told to.

    libfiu and libfaketime come between it and the system, so it is begun as a program of its own.
    """

    def __init__(self) -> None:
        self._control = shutil.which("fiu-ctrl")
        clock = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        if not self._control or not _FIU.is_dir():
            components.missing("libfiu", "fiu-utils libfiu0")
        if clock is None:
            components.missing("libfaketime", "faketime")
        super().__init__(search_processes=0)
        self._between = tempfile.TemporaryDirectory(prefix="liaison-between-")
        folder = Path(self._between.name)
        (folder / "sitecustomize.py").write_text(_SLEEP, encoding="ascii")
        self._moved_by, self._pipe = folder / "by", str(folder / "fiu")
        self.move_clock("+0")
        self._with = {
            "LD_PRELOAD": f"{_FIU}/fiu_run_preload.so {_FIU}/fiu_posix_preload.so {clock}",
            "FIU_CTRL_FIFO": self._pipe, "FIU_ENABLE": "", "FAKETIME_TIMESTAMP_FILE": str(self._moved_by),
            "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": os.pathsep.join([str(folder), *sys.path]),
        }  # fmt: skip

    def command(self, *words: str) -> warm.Process:
        """Start a `liaison` command; the service itself with the libraries."""
        if words[0] != "serve":
            return super().command(*words)
        program = [sys.executable, "-c", "from liaison.cli import main; main()", *words]
        begun = subprocess.Popen(program, env=self.environment | self._with, cwd=ROOT, stderr=subprocess.DEVNULL)
        return cast(warm.Process, begun)

    @contextmanager
    def failing(self, calls: str, error: int) -> Iterator[None]:
        """Let calls of the service fail, such as "posix/io/sync/*", while the block lasts."""
        self._tell(f"enable name={calls},failinfo={error}")
        yield
        self._tell(f"disable name={calls}")

    def move_clock(self, by: str) -> None:
        """Move the clock to so much before or after the true time, such as "-40d" or "+3600"; it goes on from there."""
        self._moved_by.write_text(by, encoding="ascii")

    def remove(self) -> None:
        """Stop the service and remove its home and what is between."""
        super().remove()
        self._between.cleanup()

    def _tell(self, what: str) -> None:
        assert self.process is not None
        assert self._control
        subprocess.run([self._control, "-f", self._pipe, "-c", what, str(self.process.pid)], check=True)


class Small(Service):
    """A service on a disk of a few megabytes, a file system of its own in memory; root alone can make one."""

    MEGABYTES = 24

    def __init__(self) -> None:
        if os.geteuid() != 0:
            components.missing("A small disk", "sudo, and run the tests as root: mounting")
        super().__init__(search_processes=0)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(self.home, folder, dirs_exist_ok=True)
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.MEGABYTES}m", "none", self.home], check=True)
            shutil.copytree(folder, self.home, dirs_exist_ok=True)
        self._filler = self.home / "filler"

    def fill(self, *, but: int = 0) -> None:
        """Fill the disk up to the last byte, but for so many bytes."""
        with self._filler.open("wb", buffering=0) as file:
            room = shutil.disk_usage(self.home).free - but
            file.write(bytes(room))
        assert shutil.disk_usage(self.home).free <= but

    def clear(self) -> None:
        """Make room again."""
        self._filler.unlink()

    def remove(self) -> None:
        """Stop the service and remove its disk."""
        self.stop()
        subprocess.run(["umount", self.home], check=True)
        super().remove()


class Machine:
    """A national system that checks and feeds, and keeps what it was told."""

    def __init__(self, service: Service, name: str) -> None:
        self.acknowledged: dict[str, str] = {}
        self._service, self._name, self._asked = service, name, 0

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask the service."""
        with self._service.client("nairobi") as client:
            return client.request(method, path, **more)

    def check(self, vehicle: int = 1) -> httpx.Response:
        """Check a vehicle under a reference of its own."""
        self._asked += 1
        reference = f"{self._name}/{self._asked}"
        answer = self.ask("POST", "/api/check", json=about_vehicle(vin_of(vehicle), reference=reference))
        if answer.status_code == 200:
            self.acknowledged[str(answer.json()["entry"])] = reference
        return answer

    def finds(self, vehicle: int) -> bool:
        """Say whether a check finds a vehicle."""
        answer = self.check(vehicle)
        return answer.status_code == 200 and answer.json()["results"][0]["outcome"] == "matches"

    def is_true(self) -> bool:
        """Hold the register against what was answered: every answer has its entry, and no other check has one."""
        there = self._service.world("count")
        ordinary = [number for number in there["entries"] if number in series()]
        own = {number: reference for number, reference in there["checks"].items() if reference.startswith(self._name)}
        assert ordinary == list(range(1, len(ordinary) + 1))
        assert there["versions"] == list(range(1, len(there["versions"]) + 1))
        assert own == self.acknowledged
        return self._service.command("verify").wait(60) == 0

    def feed(self, first: int, count: int = 1, batch: str = "") -> httpx.Response:
        """Feed some vehicles, in a batch that was begun before if one is named."""
        content = b"".join(map(vehicle_line, range(first, first + count)))
        headers = {"Liaison-Batch": batch} if batch else {}
        return self.ask("POST", "/api/feed/vehicles", params={"format": "jsonl"}, content=content, headers=headers)


def vin_of(vehicle: int) -> str:
    """Return the number of a vehicle that `Machine.feed` feeds."""
    return f"WZZZZZ9ZZZ{vehicle:07}"


def refusal(answer: httpx.Response) -> tuple[int, str, Any]:
    """Return the status, the type and the code of an answer that refuses."""
    return answer.status_code, answer.headers["content-type"], answer.json().get("code")
