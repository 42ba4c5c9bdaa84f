"""Which system calls a process makes, read from strace, and how one of them is made to kill it or to fail.

strace counts the calls of each name and thread for itself, so "the 40th `fsync` of the
main thread" is the same place in the story every time.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.plugins import components

# Calls that change what is on disk, make it certain, or tell somebody.
CHANGES = (
    *("write", "pwrite64", "writev", "pwritev", "ftruncate", "truncate", "fallocate"),
    *("fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir", "sendto", "sendmsg"),
)
# What else a recording must know to repeat everything; the last ones, so that it sees what it could not repeat.
OTHERS = ("openat", "open", "creat", "lseek", "mmap", "sync_file_range", "copy_file_range", "sendfile", "splice",
          "io_uring_setup", "symlink", "symlinkat")  # fmt: skip
_LINE = re.compile(r"(?P<thread>\d+) +(?:<\.\.\. (?P<resumed>\w+) resumed>)?(?P<rest>.*)", re.DOTALL)
_ENDED = re.compile(r"(?P<arguments>.*)\) += (?P<result>-?\d+|\?)(?P<more>.*)", re.DOTALL)
_UNFINISHED = " <unfinished ...>"


class Call(NamedTuple):
    """One call: `began` and `ended` are places in the order of all; `result` is None where it never came back."""

    thread: int
    name: str
    arguments: tuple[str, ...]
    began: int
    ended: int
    result: int | None

    def path(self, place: int = 0) -> str:
        """Return the file of an argument: of an open file, or a name, which may follow on an open folder."""
        said = self.arguments[place]
        if said.startswith('"'):
            return text_of(said).decode()
        named = text_of(said.partition("<")[2].rpartition(">")[0]).decode()
        if place + 1 < len(self.arguments) and self.name.endswith("at") and self.arguments[place + 1][0] == '"':
            return str(Path(named) / self.path(place + 1))
        return named


def text_of(said: str) -> bytes:
    """Return the bytes that strace wrote as \\x68\\x69."""
    return bytes.fromhex(said.strip('"').replace("\\x", ""))


def read_calls(file: Path) -> list[Call]:
    """Return the calls of a trace in the order in which they ended."""
    open_calls: dict[int, tuple[int, str]] = {}
    calls = []
    with file.open(encoding="ascii") as lines:
        for place, line in enumerate(lines):
            found = _LINE.fullmatch(line.rstrip("\n"))
            if found is None or found["rest"].startswith(("+++", "---")):
                continue
            thread, rest, began = int(found["thread"]), found["rest"], place
            if found["resumed"]:
                began, before = open_calls.pop(thread)
                rest = before + rest
            if rest.endswith(_UNFINISHED):
                open_calls[thread] = began, rest.removesuffix(_UNFINISHED)
                continue
            calls.append(_call(thread, rest, began, place))
    return calls


def _call(thread: int, text: str, began: int, ended: int) -> Call:
    name, _, rest = text.partition("(")
    found = _ENDED.fullmatch(rest)
    assert found, f"strace said what cannot be read: {text[:200]}"
    result = None if found["result"] == "?" else int(found["result"])
    return Call(thread, name, tuple(found["arguments"].split(", ")), began, ended, result)


@contextmanager
def traced(thread: int, file: Path, calls: Sequence[str], *more: str) -> Iterator[None]:
    """Write the calls of a thread, with `-f` of all its process, into a file, until it ends; the block ends it."""
    program = shutil.which("strace") or components.missing("strace", "strace")
    command = [
        program,
        "-p",
        str(thread),
        "-o",
        str(file),
        "-y",
        "-xx",
        "-s",
        "16777216",
        "-e",
        f"trace={','.join(calls)}",
        *more,
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        attached = process.stderr.readline()
        assert "attached" in attached, attached
        yield
        # By itself, when the process has ended: before, the last lines might not be written.
        process.stderr.read()


@contextmanager
def tampered(process: int, file: Path, call: str, error: str) -> Iterator[None]:
    """Let every call of a name on a file fail, in a process and those that it starts, while the block lasts."""
    program = shutil.which("strace") or components.missing("strace", "strace")
    blow = ("-P", str(file), "-e", f"trace={call}", "-e", f"inject={call}:error={error}")
    command = [program, "-f", "-p", str(process), "-o", "/dev/null", *blow]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracing:
        assert tracing.stderr is not None
        attached = tracing.stderr.readline()
        assert "attached" in attached, attached
        yield
        tracing.terminate()
        tracing.stderr.read()
