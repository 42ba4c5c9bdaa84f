"""The home on which a story is played, killed and judged, again and again."""

import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from tests import warm
from tests.door.service import ROOT, Service

_MEMORY = "/dev/shm"  # noqa: S108  a folder of its own is drawn in it
Told = list[dict[str, Any]]


class Found(NamedTuple):
    """What the judge says: what is wrong, how the index was found, and how much had been acknowledged."""

    problems: list[str]
    index_was: str = ""
    rows: int = 0
    answers: int = 0
    acts: int = 0


class Played:
    """A process that plays a story: it waits to be let go on, and what it says is read line by line."""

    def __init__(self, line: socket.socket, lines: IO[str]) -> None:
        self._line, self._lines = line, lines
        self.told: Told = []

    def next(self) -> dict[str, Any]:
        """Return the next thing that it says."""
        said: dict[str, Any] = json.loads(self._lines.readline())
        self.told.append(said)
        return said

    def threads(self) -> dict[str, int]:
        """Return its threads by their names, when it has begun."""
        while "threads" not in (said := self.next()):
            pass
        threads: dict[str, int] = said["threads"]
        return threads

    def let_go_on(self) -> None:
        """Let it go on, if it is still there."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self._line.sendall(b"\n")

    def end(self) -> Told:
        """Return all that it said, when it has ended."""
        with suppress(ConnectionResetError):
            self.told += [json.loads(line) for line in self._lines if line.endswith("\n")]
        return self.told


class Stage:
    """A home, how it was at the beginning, and a process that has Liaison loaded on it.

    It lies in memory where there is room: nothing here depends on what a real disk does.
    """

    def __init__(self) -> None:
        made = Service(search_processes=0)
        memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
        self._folder = tempfile.TemporaryDirectory(prefix="liaison-stage-", dir=memory)
        self.home, self.first = Path(self._folder.name) / "home", Path(self._folder.name) / "first"
        self.keys = made.keys
        shutil.copytree(made.home, self.first)
        shutil.copytree(made.home, self.home)
        made.remove()
        self._address = f"{self._folder.name}/socket"
        environment = made.environment | {"LIAISON_HOME": str(self.home)}
        self._process = warm.start("tests.durability.loaded", self._address, env=environment, folder=ROOT)

    def renew(self) -> None:
        """Make the home what it was at the beginning."""
        shutil.rmtree(self.home)
        shutil.copytree(self.first, self.home)

    def lay(self, files: Mapping[str, bytes]) -> None:
        """Make the home what a power cut left; a name that ends with a stroke is an empty folder."""
        shutil.rmtree(self.home)
        for name, content in files.items():
            path = self.home / name
            (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                path.write_bytes(content)

    @contextmanager
    def play(self, seed: int, careless: str = "") -> Iterator[Played]:
        """Begin a story; it waits before it opens anything, says its process, and after its first check its threads."""
        with self._ask({"what": "play", "seed": seed, "careless": careless}) as line, line.makefile("r") as lines:
            yield Played(line, lines)

    def judge(self, told: Told) -> Found:
        """Return what is wrong with the home, after all that was said."""
        with self._ask({"what": "judge", "told": told}) as line, line.makefile("r") as lines:
            found: dict[str, Any] = json.loads(lines.readline())
        return Found([f"cannot be judged: {found['failed']}"]) if "failed" in found else Found(**found)

    def remove(self) -> None:
        """End the process and remove the home."""
        self._connected().close()
        self._process.wait(20)
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
