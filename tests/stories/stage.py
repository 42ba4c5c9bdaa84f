"""Where a story plays: a running Liaison of its own, with people at browsers and systems at the command line.

A story acts only through what is here; only the operator of a story touches the database.
"""

import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from playwright.sync_api import Page

LIAISON = Path(sys.executable).with_name("liaison")
START_SECONDS = 60
SIZES = ("--persons", "2000", "--documents", "4000", "--vehicles", "500")


class WitnessAtWork(NamedTuple):
    """A witness that listens: its public key, and how a service is told of it."""

    key: str
    setting: str


class Stage:
    """A home with the demo world in it, its server, and the ways to act on it."""

    def __init__(self, home: Path, database_url: str, open_page: Callable[..., Page]) -> None:
        self.home = home
        self.port = _free_port()
        self.address = f"http://localhost:{self.port}"
        self._open_page = open_page
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("LIAISON_", "DJANGO_"))},
            "LIAISON_HOME": str(home),
            "LIAISON_ADDRESS": self.address,
            "LIAISON_DATABASE_URL": database_url,
        }

    @contextmanager
    def running(self) -> Iterator["Stage"]:
        """Build the world, serve it, and stop the server at the end."""
        self.liaison("demo", "build", *SIZES)
        server = subprocess.Popen([LIAISON, "serve", "--port", str(self.port)], env=self._environment)
        try:
            self._wait_until_well(server)
            yield self
        finally:
            server.terminate()
            server.wait(timeout=30)

    def liaison(self, *arguments: str | Path, expect: int = 0, witnesses: str = "") -> str:
        """Run a command of Liaison; return what it prints. Another exit code than expected fails the story."""
        environment = self._environment | {"LIAISON_WITNESSES": witnesses}
        done = subprocess.run([LIAISON, *arguments], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == expect, f"liaison {' '.join(map(str, arguments))}: {done.returncode}\n{done.stderr}"
        return done.stdout

    def ask(self, key: str, queries: list[dict[str, Any]], reference: str = "STORY/1") -> tuple[int, bytes]:
        """Check over HTTP as a system; return the status and the body as it came."""
        body = {"purpose": "border", "reference": reference, "queries": queries}
        return self.http("POST", "/api/check", key, json.dumps(body).encode())

    def http(self, method: str, path: str, key: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Send one request with a key; return the status and the body as it came."""
        headers = {"Authorization": f"Bearer {key}"}
        request = urllib.request.Request(self.address + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()

    def key_of(self, agency: str, system: str) -> str:
        """Let the operator give a system of an agency a key."""
        return self.liaison("key", "create", "--agency", agency, "--system", system).strip()

    @contextmanager
    def witnessed(self, name: str) -> Iterator["WitnessAtWork"]:
        """Let a witness listen that knows the log of this home, in a folder of its own."""
        folder, port = self.home.with_name(name), _free_port()
        key = self.liaison("witness", "init", "--folder", folder, "--name", name).strip()
        self.liaison("witness", "trust", "--folder", folder, self.liaison("log", "key").strip())
        command = [str(word) for word in (LIAISON, "witness", "serve", "--folder", folder, "--port", port)]
        process = subprocess.Popen(command, env=self._environment)
        try:
            _wait_for_port(port)
            yield WitnessAtWork(key, f"{key} http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=30)

    def rewrite_the_register(self) -> None:
        """Do what somebody at the machine can: change an entry, and forget that it was signed."""
        statement = "UPDATE audit_entry SET actor = 'officer:999' WHERE number = 3"
        if url := self._environment["LIAISON_DATABASE_URL"]:
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(statement)
        else:
            with closing(sqlite3.connect(self.home / "register.sqlite3", isolation_level=None, timeout=30)) as file:
                file.execute(statement)
        # The service signs all of it anew at once.
        (self.home / "signer" / "signed.json").unlink()

    def sign_in(self, role: str, *, locale: str = "en", width: int = 1280, lands_on: str = "/check/") -> Page:
        """Open a browser for somebody of the cast and sign in as a person would."""
        email, password = self._account(role)
        page = self._open_page(locale=locale, width=width)
        page.goto(self.address + lands_on)
        page.locator("input[name=login]").fill(email)
        page.locator("input[name=password]").fill(password)
        page.keyboard.press("Enter")
        page.locator("input[name=code]").fill(self._code(role))
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{lands_on}")
        page.locator("main h1").wait_for()
        return page

    def write(self, name: str, text: str) -> Path:
        """Write a file of the story beside the home."""
        path = self.home.with_name(f"{secrets.token_hex(4)}-{name}")
        path.write_text(text, encoding="utf-8")
        return path

    def _code(self, role: str) -> str:
        """Return the code that the authenticator app of somebody of the cast shows."""
        return self.liaison("demo", "code", role).strip()

    def _account(self, role: str) -> tuple[str, str]:
        for line in (self.home / "demo-accounts.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith(f"{role} "):
                return line.split()[1], line.split()[2]
        raise AssertionError(f"nobody plays {role}")

    def _wait_until_well(self, server: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert server.poll() is None, "the server stopped while it started"
            try:
                with urllib.request.urlopen(self.address + "/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the server did not answer within {START_SECONDS} s")


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "the witness did not listen"
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
