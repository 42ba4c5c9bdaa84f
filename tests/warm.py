"""Run `liaison`, or a module, in a process forked from one that has loaded its libraries already (`nursery.py`).

To a test it is a process as any other, with an environment, a folder and files of its own,
that can be killed; but numba, Django and the compiled kernels are there when it begins,
which would take seconds of every command.  Nothing of Liaison is loaded before the fork
but its engine, which reads no settings.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO

from tests.nursery import LARGEST_ORDER, Order

ROOT = Path(__file__).parents[1]


class Process:
    """A process that was begun: what `subprocess.Popen` tells of one, as far as tests ask."""

    def __init__(self, minder: socket.socket, out: IO[bytes], err: IO[bytes]) -> None:
        self.pid = int(minder.recv(16))
        self.returncode: int | None = None
        self._minder, self._out, self._err = minder, out, err
        weakref.finalize(self, _close, minder, out, err)

    def poll(self) -> int | None:
        """Return how it ended, or None while it runs."""
        try:
            return self.wait(0.0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends; return its exit code, or below nought the signal that ended it."""
        if self.returncode is None:
            self._minder.settimeout(timeout)
            try:
                self.returncode = int(self._minder.recv(16))
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0) from None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait until it ends; return what it said, and what it complained of."""
        self.wait(timeout)
        return _text(self._out), _text(self._err)


def start(
    *words: str | Path, env: Mapping[str, str], folder: str | Path | None = None, sink: IO[bytes] | None = None
) -> Process:
    """Begin `liaison` with some words, or another module as `python -m` does; `sink` takes all that it says."""
    out, err = (sink or tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115  closed with the process
    order = Order([*map(str, words)], dict(env), str(folder or Path.cwd()))
    minder = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    minder.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST_ORDER)
    minder.connect(_nursery())
    with Path(os.devnull).open("rb") as nothing:
        socket.send_fds(minder, [json.dumps(order).encode()], [nothing.fileno(), out.fileno(), err.fileno()])
    return Process(minder, out, err)


@cache
def _nursery() -> str:
    """Begin the process that forks; return its address."""
    folder = tempfile.TemporaryDirectory(prefix="liaison-nursery-")
    command = [sys.executable, "-m", "tests.nursery", f"{folder.name}/socket"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    atexit.register(folder.cleanup)
    atexit.register(process.communicate)
    return f"{folder.name}/socket"


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _close(*several: IO[bytes] | socket.socket) -> None:
    for one in several:
        one.close()
