"""Homes to run the command line in: real processes, real files, one engine or the other."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg

from tests import warm
from tests.plugins.postgres_server import copied_database

PROGRAM = Path(sys.executable).with_name("liaison")
START_SECONDS = 60.0


class Home(NamedTuple):
    """A home of its own: its folder, and the address of its PostgreSQL database or an empty text."""

    folder: Path
    database_url: str = ""

    @property
    def key(self) -> str:
        return (self.folder / "demo.key").read_text(encoding="ascii").strip()

    def environment(self, **more: str) -> dict[str, str]:
        """Return what a process of this home needs; nothing of the environment of the tests goes with it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIAISON_")}
        return kept | {"LIAISON_HOME": str(self.folder), "LIAISON_DATABASE_URL": self.database_url} | more

    def run(self, *words: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run `liaison` to its end."""
        process = self.begin(*words, **more)
        said, complained = process.communicate(timeout=120)
        return subprocess.CompletedProcess(words, process.wait(), said, complained)

    def begin(self, *words: str | Path, **more: str) -> warm.Process:
        """Start `liaison` and do not wait for it."""
        return warm.start("liaison", *words, env=self.environment(**more))

    def copied(self, folder: Path) -> "Home":
        """Copy the home, its database included."""
        shutil.copytree(self.folder, folder)
        return Home(folder, self.database_url and copied_database(self.database_url))

    def sql(self, statement: str, *, register: bool = False) -> list[tuple[object, ...]]:
        """Read or change the database behind the back of Liaison; return the rows that it answers."""
        if self.database_url:
            with psycopg.connect(self.database_url, autocommit=True) as server:
                answered = server.execute(statement.encode())
                return answered.fetchall() if answered.description else []
        name = "register.sqlite3" if register else "liaison.sqlite3"
        with closing(sqlite3.connect(self.folder / name, isolation_level=None)) as file:
            return file.execute(statement).fetchall()

    def findings(self, state: str = "wrong") -> list[tuple[str, str]]:
        """Return what the doctor says of this state; that a server of tests may lose data at a power cut is known."""
        lines = self.run("doctor", "--json").stdout.splitlines()
        said = [json.loads(line) for line in lines]
        return [
            (finding["what"], finding["detail"])
            for finding in said
            if finding["state"] == state and "fsync is off" not in finding["detail"]
        ]


def await_versions(home: Home, number: int) -> None:
    """Wait until so many versions of records are committed."""
    deadline = time.monotonic() + START_SECONDS
    while home.sql("SELECT COUNT(*) FROM records_version")[0][0] < number:  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise RuntimeError("The feed did not get on.")
        time.sleep(0.05)


class Service(NamedTuple):
    """A service that runs: where it answers, and what it writes to its log when it has stopped."""

    address: str
    log: Path


@contextmanager
def serving(home: Home, log: Path, **more: str) -> Iterator[Service]:
    """Serve a home on a free port until the end, and stop it as systemd does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as sink:
        process = warm.start("liaison", "serve", "--port", str(port), env=home.environment(**more), sink=sink)
    try:
        await_answer(process, f"http://127.0.0.1:{port}/healthz", log)
        yield Service(f"http://127.0.0.1:{port}", log)
    finally:
        process.terminate()
        process.wait(timeout=60)


def await_answer(process: "warm.Process | subprocess.Popen[bytes]", address: str, log: Path) -> None:
    """Wait until the service is well; fail with its log when it never is."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The service did not start: {log.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.1)
