"""Fork processes that have the libraries loaded: `python -m tests.nursery SOCKET`, begun and asked by `warm.py`.

It ends when its standard input closes.  Of each process a minder is the parent, which
tells who asked the number of the process and how it ended.

What a process forked here starts with `sys.executable` is forked here too: there it is
STAND_IN, a small program that asks for the process, passes signals on, and ends as it ends.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

# What takes long to load, and reads no settings of Liaison.
LIBRARIES = (
    *("typer", "rich.console", "httpx", "uvicorn", "uvicorn.protocols.http.httptools_impl", "a2wsgi"),
    *("structlog", "msgspec", "django.db.models", "django.forms", "django.urls", "django.template", "django.test"),
    *("django.core.management", "django.views", "sqlite3", "psycopg", "uvloop"),
    # Before there is a stand-in: what pools start takes more than three files along.
    "multiprocessing.spawn",
)
LARGEST_ORDER = 1 << 18
_STREAMS = 3
STAND_IN = """#!{python} -IS
import json, os, signal, socket, sys
nursery = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
nursery.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, {largest})
nursery.connect({path!r})
order = [sys.argv[1:], dict(os.environ), os.getcwd(), True]
socket.send_fds(nursery, [json.dumps(order).encode()], [0, 1, 2])
process = int(nursery.recv(16))
for one in (signal.SIGTERM, signal.SIGINT):
    signal.signal(one, lambda number, frame: os.kill(process, number))
for stream in range(3):
    os.close(stream)
code = int(nursery.recv(16))
if code < 0:
    if -code != signal.SIGKILL:
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
os._exit(code)
"""


class Order(NamedTuple):
    """What to run, and in what surroundings; what is `tied` ends when who asked for it does."""

    words: list[str]
    environment: dict[str, str]
    folder: str
    is_tied: bool = False


def main(path: str) -> None:
    """Load the libraries, then fork a process for every order."""
    _load()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(path)
        door.listen(64)
        stand_in = _write_stand_in(path)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        order = _serve(door)
    if order:
        sys.executable = stand_in
        _run(order)


def _write_stand_in(path: str) -> str:
    """Write the program that stands in for Python in what is forked here; return its path."""
    file = Path(path).with_name("python")
    file.write_text(STAND_IN.format(python=sys.executable, largest=LARGEST_ORDER, path=path), encoding="utf-8")
    file.chmod(0o700)
    return str(file)


def _load() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    from liaison.engine.index import warm_up

    warm_up()
    gc.collect()
    gc.freeze()


def _serve(door: socket.socket) -> Order | None:
    """Return an order in the process that is to obey it; None in the nursery, at its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        ready, _, _ = select.select([door, sys.stdin], [], [])
        if sys.stdin in ready:
            return None
        asking, _ = door.accept()
        with asking:
            told, files, _, _ = socket.recv_fds(asking, LARGEST_ORDER, _STREAMS)
            if os.fork() == 0:
                return _mind(door, asking, told, files)
            for file in files:
                os.close(file)


def _mind(door: socket.socket, asking: socket.socket, told: bytes, files: list[int]) -> Order:
    """Fork the process and wait for its end; only in the process itself this returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    door.close()
    order = Order(*json.loads(told))
    process = os.fork()
    if process == 0:
        asking.close()
        for stream, file in enumerate(files):
            os.dup2(file, stream)
            os.close(file)
        return order
    for file in files:
        os.close(file)
    with contextlib.suppress(OSError):
        asking.send(str(process).encode())
        if order.is_tied:
            _tie(process, asking)
        _, status = os.waitpid(process, 0)
        asking.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _tie(process: int, asking: socket.socket) -> None:
    """Wait until the process ends; end it when who asked for it does."""
    life = os.pidfd_open(process)
    ready, _, _ = select.select([life, asking.fileno()], [], [])
    if asking.fileno() in ready:
        os.kill(process, signal.SIGKILL)


def _run(order: Order) -> None:
    """Do what `liaison` or `python -m` does with these words, and end with this process."""
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    sys.argv = order.words
    # What is spawned from here must not begin with this module.
    sys.modules["__main__"] = ModuleType("__main__")
    if order.words[0] == "liaison":
        from liaison.cli import main as liaison

        liaison()
    elif order.words[0] == "-c":
        sys.argv = ["-c", *order.words[2:]]
        exec(order.words[1], {"__name__": "__main__"})  # noqa: S102  what `python -c` does
    else:
        runpy.run_module(order.words[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1])
