"""A real service in a process of its own, with a home and a database of its own."""

import atexit
import json
import os
import shutil
import signal
import socket
import sqlite3
import tempfile
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg

from tests import warm
from tests.plugins.postgres_server import copied_database, new_database

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
VIN = "WZZZZZ9ZZZZ000001"


class Service:
    """A home, and the service that runs on it.

    `keys` are those of warsaw, nairobi and outsider, two for screening and an expired one.
    """

    def __init__(self, search_processes: int = 1) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="liaison-door-")
        self.home = Path(self._folder.name)
        made = _made(os.environ.get("LIAISON_DATABASE_URL", ""))
        shutil.copytree(made.folder.name, self.home, dirs_exist_ok=True)
        self.environment = _environment(self.home, made.database_url and copied_database(made.database_url))
        self.environment["LIAISON_SEARCH_PROCESSES"] = str(search_processes)
        self.keys = made.keys
        self.process: warm.Process | None = None
        self.port = 0

    def world(self, what: str) -> Any:
        """Ask `tests.door.world` in a process of this home."""
        return _ask_world(what, self.environment)

    def start(self) -> None:
        """Serve, and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = self.command("serve", "--port", str(self.port))
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None, "The service ended before it answered."
            assert time.monotonic() < deadline, "The service does not answer."
            time.sleep(0.05)

    def command(self, *words: str) -> warm.Process:
        """Start a `liaison` command on this home."""
        return warm.start("liaison", *words, env=self.environment, folder=ROOT)

    def client(self, who: str | None = "warsaw", **more: Any) -> httpx.Client:
        """Return a client with the key of one of the members, or without one."""
        headers = {"Authorization": f"Bearer {self.keys[who]}"} if who else {}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=30, **more)

    def raw(self, request: bytes, *, half_close: bool = False) -> bytes:
        """Send bytes as they are; return all that comes back until the other side closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while more := connection.recv(65536):
                answer += more
        return answer

    def begin(self, request: bytes) -> socket.socket:
        """Send the beginning of a request and fall silent; the caller closes the connection."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.sendall(request)
        return connection

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop the service; return its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=START_SECONDS)

    def remove(self) -> None:
        """Stop the service and remove its home."""
        if self.process is not None:
            self.stop()
        self._folder.cleanup()

    def rows_on_the_way(self) -> int:
        """Return how many rows of open batches are durable, asked of the database itself."""
        asked = "SELECT COALESCE(SUM(rows_done), 0) FROM records_batch WHERE state = 'open'"
        if url := self.environment.get("LIAISON_DATABASE_URL"):
            with psycopg.connect(url) as connection:
                row = connection.execute(asked).fetchone()
        else:
            with closing(sqlite3.connect(self.home / "liaison.sqlite3")) as file:
                row = file.execute(asked).fetchone()
        return int(row[0]) if row else 0

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


class _Made(NamedTuple):
    """A small home that every service begins with: its folder, its PostgreSQL database or an empty text, its keys."""

    folder: tempfile.TemporaryDirectory[str]
    database_url: str
    keys: dict[str, str]


@cache
def _made(server_url: str) -> _Made:
    folder = tempfile.TemporaryDirectory(prefix="liaison-door-made-")
    atexit.register(folder.cleanup)
    url = new_database(server_url) if server_url else ""
    return _Made(folder, url, _ask_world("make", _environment(Path(folder.name), url)))


def _environment(home: Path, database_url: str) -> dict[str, str]:
    own = {"LIAISON_HOME": str(home), "LIAISON_MAX_FEED_BYTES": "67108864", "LIAISON_DATABASE_URL": database_url}
    return dict(os.environ) | own


def _ask_world(what: str, environment: dict[str, str]) -> Any:
    told, complained = warm.start("tests.door.world", what, env=environment, folder=ROOT).communicate()
    assert told, complained
    return json.loads(told)


def about_vehicle(vin: str = VIN, **more: Any) -> dict[str, Any]:
    """Return the body of a check of one vehicle."""
    return {"purpose": "border", "reference": "DOOR/1", "queries": [{"id": "q1", "vehicle": {"vin": vin}}]} | more


def about_person(name: Any, **more: Any) -> dict[str, Any]:
    """Return the body of a check of one person."""
    return about_vehicle() | {"queries": [{"id": "q1", "person": {"name": name, **more}}]}
