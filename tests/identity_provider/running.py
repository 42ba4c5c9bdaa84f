"""Start the identity provider of tests as a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

CLIENT_ID, SECRET = "liaison", "a secret of tests"
_START_SECONDS = 60


def start_provider(port: int, folder: Path, callback: str, people: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start a provider that knows people by address and password; return its process once it listens."""
    known = [word for one in people.items() for word in one]
    command = [sys.executable, "-m", "tests.identity_provider", str(port), str(folder), callback, *known]
    process = subprocess.Popen(command)
    _wait_for(port)
    return process


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "the identity provider did not start"
            time.sleep(0.1)
        else:
            return
