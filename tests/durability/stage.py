"""The home on which a story is played, killed and judged, again and again."""

import json
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tests import warm
from tests.door.service import ROOT, Service

Told = list[dict[str, Any]]


class Played:
    """A process that plays a story: it waits to be let go on, and what it says is read line by line."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._lines: IO[str] = line.makefile("r")
        self.told: Told = []

    def next(self) -> dict[str, Any]:
        """Return the next thing that it says."""
        said: dict[str, Any] = json.loads(self._lines.readline())
        self.told.append(said)
        return said

    def threads(self) -> dict[str, int]:
        """Return its threads by their names, when it has begun."""
        while "threads" not in (said := self.next()):
            assert "failed" not in said, said["failed"]
        threads: dict[str, int] = said["threads"]
        return threads

    def let_go_on(self) -> None:
        """Let it go on."""
        self._line.sendall(b"\n")

    def end(self) -> Told:
        """Return all that it said, when it has ended."""
        with suppress(ConnectionResetError):
            self.told += [json.loads(line) for line in self._lines if line.endswith("\n")]
        failed = [line["failed"] for line in self.told if "failed" in line]
        assert not failed, failed[0]
        return self.told


class Stage:
    """A home, how it was at the beginning, and a process that has Liaison loaded on it."""

    def __init__(self) -> None:
        self._service = Service(search_processes=0)
        self._folder = tempfile.TemporaryDirectory(prefix="liaison-stage-")
        self.home, self.keys = self._service.home, self._service.keys
        self.first = Path(self._folder.name) / "first"
        shutil.copytree(self.home, self.first)
        self._address = f"{self._folder.name}/socket"
        environment = self._service.environment
        self._process = warm.start("tests.durability.loaded", self._address, env=environment, folder=ROOT)

    def renew(self) -> None:
        """Make the home what it was at the beginning."""
        self.put(self.first)

    def put(self, folder: Path) -> None:
        """Put another home in its place."""
        shutil.rmtree(self.home)
        shutil.copytree(folder, self.home)

    @contextmanager
    def play(self, seed: int, careless: str = "") -> Iterator[Played]:
        """Begin a story; it waits before it opens anything, says its process, and after its first check its threads."""
        with self._ask({"what": "play", "seed": seed, "careless": careless}) as line:
            yield Played(line)

    def judge(self, told: Told) -> dict[str, Any]:
        """Return what is wrong with the home, after all that was said."""
        with self._ask({"what": "judge", "told": told}) as line, line.makefile("r") as lines:
            found: dict[str, Any] = json.loads(lines.readline())
        assert "failed" not in found, found["failed"]
        return found

    def remove(self) -> None:
        """End the process and remove the home."""
        self._connected().close()
        self._process.wait(20)
        self._service.remove()
        self._folder.cleanup()

    def _ask(self, order: dict[str, Any]) -> socket.socket:
        line = self._connected()
        line.sendall(json.dumps({**order, "keys": self.keys}).encode() + b"\n")
        return line

    def _connected(self) -> socket.socket:
        deadline = time.monotonic() + 60
        while True:
            line = socket.socket(socket.AF_UNIX)
            try:
                line.connect(self._address)
            except (FileNotFoundError, ConnectionRefusedError):
                line.close()
                assert self._process.poll() is None, self._process.communicate()[1]
                assert time.monotonic() < deadline, "Liaison is not loaded."
                time.sleep(0.02)
            else:
                return line
