"""A story as the disk saw it: every change in its order, to be repeated up to any of them."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.durability.disk import Disk
from tests.durability.stage import Stage
from tests.durability.tracing import CHANGES, OTHERS, Call, read_calls, text_of, traced

# Its content is only in memory, whatever its file says: who comes first after a crash makes it anew.
_SHARED_MEMORY = "-shm"
_BELOW_TILES = re.compile(r"/tile/.*")
# Where the journal of a database is carried over into it: it happens in any step.
_CARRIED_OVER = ("liaison.sqlite3", "register.sqlite3")
_SYNCS = ("fsync", "fdatasync")
# A name that `write_once` draws.
_DRAFT = re.compile(r"(.+\.(?:json|key))\.\w{8}")


class Point(NamedTuple):
    """One place in a story: which call of its name the thread is about to make, and what that is for."""

    thread: str
    call: str
    nth: int
    name: str

    @property
    def place(self) -> str:
        """Return the step and the kind of file, as the points are listed: all of a log's tiles are one kind."""
        step, _, what = self.name.partition(": ")
        file = what.removeprefix(f"{self.call} ").removesuffix(".tmp")
        return f"{step}: {_BELOW_TILES.sub('/tile', file)}"


class Recording:
    """The calls of one story, and the home before and after it."""

    def __init__(self, stage: Stage, seed: int, folder: Path, *blows: str, careless: str = "") -> None:
        """Play a story and record it; `blows` are what strace is told beside, as to let calls fail."""
        self._stage, self._home, self._trace = stage, str(stage.home), folder / "trace"
        self.seed = seed
        stage.renew()
        with stage.play(seed, careless) as played:
            process = played.next()["process"]
            with traced(process, self._trace, (*CHANGES, *OTHERS), "-f", *blows):
                played.let_go_on()
                register = played.threads()["register"]
                played.let_go_on()
                played.end()
        self.threads = {process: "main", register: "register"}
        self.calls = read_calls(self._trace)
        self._trace.unlink()

    def points(self) -> list[Point]:
        """Return every change that the two threads make, each with a name that says what it is.

        The register's thread is counted from when the story says its threads: nobody can count it before.
        """
        counts: Counter[tuple[str, str]] = Counter()
        doing, has_begun, points = "begin", False, []
        for call in sorted(self.calls, key=lambda call: call.began):
            said = _said(call)
            thread = self.threads.get(call.thread, "")
            if call.name in CHANGES and (thread == "main" or (thread and has_begun)):
                counts[thread, call.name] += 1
                kind = self._kind(call)
                step = "carry over" if kind in _CARRIED_OVER else doing
                what = "tell" if said else f"{call.name} {kind}"
                points.append(Point(thread, call.name, counts[thread, call.name], f"{step}: {what}"))
            doing = said.get("doing", doing)
            has_begun = has_begun or "threads" in said
        return points

    def states(self) -> Iterator[tuple[Disk, list[dict[str, Any]]]]:
        """Yield the disk after each call, and what was said until then."""
        disk = Disk(self._stage.first)
        told: list[dict[str, Any]] = []
        repeated = _Repeated(disk, self._home)
        for call in self.calls:
            repeated.take(call)
            if said := _said(call):
                told.append(said)
            yield disk, told

    def _kind(self, call: Call) -> str:
        """Return which kind of file a call is about: its path in the home, without numbers."""
        path = call.path()
        if not path.startswith(self._home):
            return "a socket" if path.startswith("socket") else "another file"
        parts = path.removeprefix(self._home).strip("/").split("/")
        return "/".join(map(_without_numbers, parts)) or "the home"


def _without_numbers(part: str) -> str:
    if drawn := _DRAFT.fullmatch(part):
        return f"{drawn[1]}.*"
    stem, dot, rest = part.partition(".")
    return f"*{dot}{rest}" if any(letter.isdigit() for letter in stem) else part


def _said(call: Call) -> dict[str, Any]:
    """Return what the story said with this call, nothing if it did not."""
    if call.name != "sendto" or not (text := text_of(call.arguments[1])).startswith(b"{"):
        return {}
    said: dict[str, Any] = json.loads(text)
    return said


class _Repeated:
    """Repeats calls on a disk."""

    def __init__(self, disk: Disk, home: str) -> None:
        self._disk, self._home = disk, home
        # Where the next write into an open file goes.
        self._places: dict[str, int] = {}
        # How far the order was at the end of each call: what other threads wrote during a sync is not certain by it.
        self._orders: list[tuple[int, int]] = []

    def take(self, call: Call) -> None:
        """Repeat one call, if it succeeded and is about the home."""
        self._orders.append((call.ended, self._disk.now()))
        act = getattr(self, f"_{call.name.removesuffix('64')}", None)
        if call.result is None or not self._is_ours(call):
            return
        if call.result < 0:
            if call.name in _SYNCS:
                self._disk.fail_to_sync(self._inside(call.path()))
            return
        assert act, f"This changes a file in a way that cannot be repeated: {call.name} {call.path()}"
        act(call)

    def _is_ours(self, call: Call) -> bool:
        if call.name in ("sendto", "sendmsg", "io_uring_setup"):
            assert call.name != "io_uring_setup", "What goes through io_uring is not seen."
            return False
        place = 4 if call.name == "mmap" else 0
        if not any(sign in call.arguments[place] for sign in '"<'):
            return False
        path = call.path(place)
        return path.startswith(self._home) and not path.endswith((_SHARED_MEMORY, "(deleted)"))

    def _inside(self, path: str) -> str:
        return path.removeprefix(self._home).strip("/")

    def _openat(self, call: Call) -> None:
        path, flags = self._inside(call.path()), call.arguments[2]
        if "O_CREAT" in flags:
            self._disk.create(path)
        if "O_TRUNC" in flags and self._disk.length(path):
            self._disk.set_length(path, 0)
        if "O_DIRECTORY" not in flags and ("O_WRONLY" in flags or "O_RDWR" in flags):
            self._places[str(call.result)] = self._disk.length(path) if "O_APPEND" in flags else 0

    def _lseek(self, call: Call) -> None:
        self._places[_number(call)] = call.result or 0

    def _write(self, call: Call) -> None:
        at, content = self._places[_number(call)], text_of(call.arguments[1])[: call.result]
        self._disk.write(self._inside(call.path()), at, content)
        self._places[_number(call)] = at + len(content)

    def _pwrite(self, call: Call) -> None:
        self._disk.write(self._inside(call.path()), int(call.arguments[3]), text_of(call.arguments[1])[: call.result])

    def _ftruncate(self, call: Call) -> None:
        self._disk.set_length(self._inside(call.path()), int(call.arguments[1]))

    def _fsync(self, call: Call) -> None:
        before = self._disk.now()
        for ended, order in reversed(self._orders):
            if ended < call.began:
                break
            before = order
        self._disk.sync(self._inside(call.path()), before)

    _fdatasync = _fsync

    def _rename(self, call: Call) -> None:
        self._disk.rename(self._inside(call.path()), self._inside(call.path(1)))

    def _link(self, call: Call) -> None:
        self._disk.link(self._inside(call.path()), self._inside(call.path(1)))

    def _unlink(self, call: Call) -> None:
        self._disk.remove(self._inside(call.path()))

    _rmdir = _unlinkat = _unlink

    def _mkdir(self, call: Call) -> None:
        self._disk.make_folder(self._inside(call.path()))

    def _mmap(self, call: Call) -> None:
        flags = call.arguments[2:4]
        assert not ("PROT_WRITE" in flags[0] and "MAP_SHARED" in flags[1]), f"Written in memory: {call.path(4)}"


def _number(call: Call) -> str:
    """Return the number of the open file of a call."""
    return call.arguments[0].partition("<")[0]
