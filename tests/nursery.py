"""Fork processes that have the libraries loaded: `python -m tests.nursery SOCKET`, begun and asked by `warm.py`.

It ends when its standard input closes.  Of each process a minder is the parent, which
tells who asked the number of the process and how it ended.
"""

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
from contextlib import suppress
from types import ModuleType
from typing import NamedTuple

# What takes long to load, and reads no settings of Liaison.
LIBRARIES = (
    *("typer", "rich.console", "httpx", "uvicorn", "uvicorn.protocols.http.httptools_impl", "a2wsgi"),
    *("structlog", "msgspec", "django.db.models", "django.forms", "django.urls", "django.template", "django.test"),
    *("django.core.management", "django.views", "sqlite3", "psycopg", "uvloop"),
)
LARGEST_ORDER = 1 << 18
_STREAMS = 3


class Order(NamedTuple):
    """What to run, and in what surroundings."""

    words: list[str]
    environment: dict[str, str]
    folder: str


def main(path: str) -> None:
    """Load the libraries, then fork a process for every order."""
    _load()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(path)
        door.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        order = _serve(door)
    if order:
        _run(order)


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
    process = os.fork()
    if process == 0:
        asking.close()
        for stream, file in enumerate(files):
            os.dup2(file, stream)
            os.close(file)
        return Order(*json.loads(told))
    with suppress(OSError):
        asking.send(str(process).encode())
        _, status = os.waitpid(process, 0)
        asking.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


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
    else:
        runpy.run_module(order.words[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1])
