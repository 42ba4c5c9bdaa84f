"""Feed in a process beside the service, so that no check waits while rows are judged.

What is small is fed here: starting a process costs more than a few hundred rows.

    service                         process
    task, blocks, an empty block -> feed, chunk by chunk
    the answer                   <- status and problems, nothing when all is well

Each is sent with its length before it.  A stream that breaks off has no empty
block, and so never looks as if it had ended.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO, Literal, cast

import msgspec
import structlog
from django.conf import settings
from django.utils import timezone

from liaison.access.rules import Asker
from liaison.errors import LiaisonError, Problem, Unavailable, error_of
from liaison.lib.priority import FEEDING, step_back
from liaison.records.feed import feed_rows
from liaison.records.formats import Limits, open_rows
from liaison.records.models import Batch
from liaison.records.pacing import Pace

SMALL_BYTES = 1 << 16
_LENGTH = 4
_PROGRAM = "import django; django.setup(); from liaison.records.beside import main; main()"

log = structlog.get_logger()


class Task(msgspec.Struct, frozen=True):
    """What the process is to feed: the stream that follows, or the kept files of a batch or of a trial."""

    kind: Literal["stream", "batch", "trial"]
    name: str
    asker: Asker


class _Answer(msgspec.Struct, frozen=True):
    status: int = 200
    problems: tuple[Problem, ...] = ()


def feed_stream(batch: Batch, source: BinaryIO, asker: Asker) -> Batch:
    """Feed the rows that a stream brings; return the batch as it stands at the end.

    Raises what `feed_rows` raises, and Unavailable when the process ended
    half-way: the batch is open then and can be resumed.
    """
    first = b"".join(_blocks(source, SMALL_BYTES))
    if len(first) < SMALL_BYTES:
        _feed(batch, BytesIO(first), asker)
    else:
        hand_on(Task("stream", batch.id, asker), _continued(first, source))
    batch.refresh_from_db()
    return batch


def _blocks(source: BinaryIO, at_most: int) -> Iterator[bytes]:
    """Yield what a source gives, up to a number of bytes."""
    while at_most and (block := source.read(min(at_most, SMALL_BYTES))):
        at_most -= len(block)
        yield block


def _continued(first: bytes, source: BinaryIO) -> Iterator[bytes]:
    yield first
    while block := source.read(SMALL_BYTES):
        yield block


def hand_on(task: Task, blocks: Iterable[bytes] = ()) -> None:
    """Let a process do a task, and wait for it; raise what it raised."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "liaison.settings"}
    command = (sys.executable, "-c", _PROGRAM)
    # A session of its own: Ctrl-C is for the service, which then lets this finish.
    with subprocess.Popen(  # noqa: S603  our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
    ) as process:
        broken_off = _send(process, task, blocks)
        told = process.stdout.read() if process.stdout else b""
    if broken_off:
        raise broken_off
    if not told:
        log.error("feed.ended", batch=task.name)
        detail = "The process that fed these rows ended. What was acknowledged is kept: go on with the same batch."
        raise Unavailable("feed-ended", detail, at="Liaison-Batch", value=task.name)
    answer = msgspec.json.decode(told, type=_Answer)
    if answer.problems:
        raise error_of(answer.status, answer.problems)


def _send(process: "subprocess.Popen[bytes]", task: Task, blocks: Iterable[bytes]) -> LiaisonError | None:
    """Send everything; return why the blocks broke off, if they did."""
    line = cast(BinaryIO, process.stdin)
    try:
        _write(line, msgspec.json.encode(task))
        for block in blocks:
            _write(line, block)
        _write(line, b"")
        line.flush()
    except LiaisonError as error:
        line.close()
        return error
    except BrokenPipeError:
        # It has refused the rest, and says why.
        with suppress(BrokenPipeError):
            line.close()
    return None


def _write(line: BinaryIO, block: bytes) -> None:
    line.write(len(block).to_bytes(_LENGTH, "big") + block)


def main() -> None:
    """Do the task that comes on standard input; answer on standard output."""
    from liaison.lib.logs import configure_logs

    configure_logs()
    step_back(FEEDING)
    # What a library prints must not be taken for the answer.
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    task = msgspec.json.decode(_read(sys.stdin.buffer), type=Task)
    answer = _Answer()
    try:
        _do(task)
    except LiaisonError as error:
        answer = _Answer(error.status, error.problems)
    except Exception as error:  # A door: the words of an exception may quote a row, so only its kind is told.
        log.error("feed.failed", batch=task.name, exc_info=error)
        sys.exit(1)
    answers.write(msgspec.json.encode(answer))
    answers.flush()


def _do(task: Task) -> None:
    from liaison.records import uploads

    if task.kind == "stream":
        _feed(Batch.objects.get(id=task.name), cast(BinaryIO, _Blocks(sys.stdin.buffer)), task.asker)
        return
    _read(sys.stdin.buffer)
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    if task.kind == "batch":
        uploads.feed_kept(Batch.objects.get(id=task.name), task.asker)
    else:
        uploads.try_kept(task.name, task.asker)


def _end_with_the_service() -> None:
    """End at once when the other side is gone: the batch stays open, and somebody lets it go on."""
    # Below the buffer, whose lock a thread must not hold when the program ends.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def _feed(batch: Batch, source: BinaryIO, asker: Asker) -> None:
    limits = Limits(max_uncompressed_bytes=settings.LIAISON_MAX_FEED_BYTES)
    pace = Pace(settings.LIAISON_HOME / "index")
    for _ in feed_rows(batch, open_rows(source, format=batch.format, limits=limits), asker, timezone.now, pace):
        pass


def _read(line: BinaryIO) -> bytes:
    """Read one block; raise Unavailable when the other side went away in its midst."""
    length = line.read(_LENGTH)
    block = line.read(int.from_bytes(length, "big"))
    if len(length) < _LENGTH or len(block) < int.from_bytes(length, "big"):
        raise Unavailable("gone", "The caller went away.")
    return block


class _Blocks:
    """The blocks that follow a task, read as one stream; a read may give less than it was asked for."""

    def __init__(self, line: BinaryIO) -> None:
        self._line, self._rest, self._is_over = line, b"", False

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; b"" at the end."""
        if not self._rest and not self._is_over:
            self._rest = _read(self._line)
            self._is_over = not self._rest
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
