"""A process that has Liaison loaded on one home, and forks a process for every order: `stage.py` begins and asks it.

Loading takes seconds, and a kill every half a second.  What is forked has done nothing
yet: no thread, no connection, no file of the home is open.
"""

import json
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import Any


def main(path: str) -> None:
    """Fork a process for each connection, until the first one that brings no order."""
    from liaison.cli import setup

    setup.load()
    from tests.durability import judge, story  # noqa: F401  loaded before the fork

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        while True:
            asking, _ = door.accept()
            with asking, asking.makefile("r") as lines:
                order = lines.readline()
                if not order:
                    return
                if os.fork() == 0:
                    door.close()
                    _end_after(asking, lines, json.loads(order))


def _end_after(asking: socket.socket, lines: Any, order: dict[str, Any]) -> None:
    try:
        _obey(asking, lines, order)
    except BaseException:
        _say(asking, {"failed": traceback.format_exc()})
    finally:
        os._exit(0)


def _obey(asking: socket.socket, lines: Any, order: dict[str, Any]) -> None:
    from tests.durability.judge import findings
    from tests.durability.story import Plan, Story

    if order["what"] == "judge":
        _say(asking, findings(order["told"], order["keys"]))
        return
    story = Story(Plan(order["seed"], order["keys"], order["careless"]), lambda said: _say(asking, said))
    _say(asking, {"process": os.getpid()})
    lines.readline()
    story.begin()
    _say(asking, {"threads": {one.name: one.native_id for one in threading.enumerate()}})
    lines.readline()
    story.go_on()


def _say(asking: socket.socket, said: Mapping[str, object]) -> None:
    asking.sendall(json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
