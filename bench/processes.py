"""Start what is measured as processes of its own, pinned to a core, and stop them by their number."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

SERVER_CORE, CLIENT_CORE = 0, 1
_START_SECONDS = 60
# 10 is no failure: a feed refused some rows, a screening found somebody.
_FINE = (0, 10)
Process = subprocess.Popen[bytes]


def require_tools(*names: str) -> None:
    """Stop with the remedy when a tool is missing."""
    packages = {"taskset": "util-linux"}
    for name in names:
        if not shutil.which(name):
            sys.exit(f"This benchmark needs {name}: sudo apt-get install {packages.get(name, name)}")


def pinned(command: list[str], core: int) -> list[str]:
    """Return the command bound to one core; on a machine of one core, as it is."""
    if len(os.sched_getaffinity(0)) < 2:
        return command
    return ["taskset", "--cpu-list", str(core), *command]


def python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def liaison(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from liaison.cli import main; main()", *arguments]


def environment(home: Path | None = None, **more: str) -> dict[str, str]:
    """Return our environment without the settings of another home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIAISON_", "BENCH_"))}
    return kept | ({"LIAISON_HOME": str(home)} if home else {}) | more


def run(command: list[str], env: Mapping[str, str]) -> bytes:
    """Run a command to its end and return what it prints; stop everything when it fails."""
    # Through a file: an event loop leaves its pipes non-blocking, and long output would be cut short without a word.
    with TemporaryFile() as printed:
        done = subprocess.run(command, env=dict(env), stdout=printed, stderr=subprocess.PIPE, check=False)
        if done.returncode not in _FINE:
            sys.exit(f"{command[-3:]} failed with {done.returncode}:\n{done.stderr.decode()[-2000:]}")
        printed.seek(0)
        return printed.read()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], env: Mapping[str, str], port: int) -> Iterator[Process]:
    """Run a server until the block ends; the block begins when it accepts connections."""
    process = subprocess.Popen(command, env=dict(env), stdout=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(process, port)
        yield process
    finally:
        stop(process)


def _wait_until_it_listens(process: Process, port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    sys.exit("A server of the benchmark did not start.")


def stop(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)
        process.terminate()
    process.wait(timeout=60)


def cpu_seconds(process: Process) -> float:
    """Return the processor time that a process has used, all its threads together."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def frozen(process: Process) -> Iterator[None]:
    """Let a process do nothing at all while another one is measured on its core."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
