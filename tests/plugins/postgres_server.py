"""A real PostgreSQL for tests: Debian's own programs, a new cluster on loopback, gone at the end.

It never runs as root (PostgreSQL refuses that): as root it runs as the user
`postgres` that Debian's package made.  Only the process started here is
stopped, by its own id.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

PACKAGE = "postgresql"
START_SECONDS = 60.0
# A test database lives for minutes: what it holds need not survive a power cut.
OPTIONS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200", "jit=off")


def find_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL that Debian installed, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class PostgresServer:
    """A running server; `url` is its superuser's address of the database `liaison`."""

    def __init__(self, programs: Path, options: Sequence[str] = ()) -> None:
        self._programs, self._options = programs, (*OPTIONS, *options)
        self._folder = Path(tempfile.mkdtemp(prefix="liaison-postgres-"))
        self._password = secrets.token_hex(16)
        self._as_user = _unprivileged()
        self._port = _free_port()
        try:
            self._make_cluster()
            self._process = self._start()
            self._await_answer()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        """Return the address as LIAISON_DATABASE_URL takes it."""
        return self.url_of("liaison")

    def url_of(self, database: str) -> str:
        """Return the address of one database of this server."""
        return f"postgresql://liaison:{self._password}@127.0.0.1:{self._port}/{database}"

    def new_database(self) -> str:
        """Create an empty database and return its address."""
        return new_database(self.url)

    def stop(self) -> None:
        """Stop the server that was started here, and remove its folder."""
        process = getattr(self, "_process", None)
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=START_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make_cluster(self) -> None:
        password_file = self._folder / "password"
        password_file.write_text(self._password, encoding="ascii")
        if os.getuid() == 0:
            shutil.chown(self._folder, "postgres")
            shutil.chown(password_file, "postgres")
        self._run(
            *("initdb", "--pgdata", str(self._folder / "cluster"), "--username", "liaison"),
            *("--pwfile", str(password_file), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        )

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._programs / program), *arguments]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stderr}")

    def _start(self) -> subprocess.Popen[bytes]:
        options = [word for option in (*self._options, f"port={self._port}") for word in ("-c", option)]
        command = [*self._as_user, str(self._programs / "postgres"), "-D", str(self._folder / "cluster"), *options]
        with (self._folder / "log").open("wb") as log:
            return subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=subprocess.STDOUT)

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with psycopg.connect(self.url_of("postgres"), autocommit=True, connect_timeout=5) as connection:
                    connection.execute("CREATE DATABASE liaison")
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self._folder / "log").read_text(encoding="utf-8", errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start: {log[-2000:]}") from None
                time.sleep(0.05)


def copied_database(url: str) -> str:
    """Copy a PostgreSQL database that nobody is connected to; return the address of the copy."""
    server, _, name = url.rpartition("/")
    return new_database(f"{server}/postgres", name)


def new_database(server_url: str, template: str = "template1") -> str:
    """Create a database, empty or as another, on the server of this address, and return its own address."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return server_url.rpartition("/")[0] + "/" + name


def _unprivileged() -> tuple[str, ...]:
    """Return the words before a command: stop with the test run; as root, be the user `postgres` first."""
    if os.getuid() != 0:
        return ("setpriv", "--pdeathsig=INT", "--")
    pwd.getpwnam("postgres")
    return ("setpriv", "--pdeathsig=INT", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
