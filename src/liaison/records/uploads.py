"""Feed an uploaded file while its sender looks on, and keep the file until its batch is complete.

A batch outlives the process that feeds it: the file lies in the home, so that
after a restart somebody can let it go on.  A trial (a dry run) has no batch;
its counts and refusals lie in the folder of its file for a day.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Literal

import msgspec
import structlog
from django.conf import settings
from django.db import connections
from django.utils import timezone

from liaison.access.grants import grant
from liaison.access.rules import Asker
from liaison.errors import LiaisonError, Unavailable
from liaison.lib.files import sync
from liaison.lib.ids import dated_id
from liaison.records.beside import SMALL_BYTES, Task, hand_on
from liaison.records.feed import Receipt, feed_rows, open_batch, try_rows, with_headers
from liaison.records.formats import Limits, Row, open_ofac, open_rows
from liaison.records.models import Batch
from liaison.records.pacing import Pace

# Feeds beside each other share one writer; more threads would only wait for it.
FEEDING_AT_ONCE = 2
KEEP_TRIALS = timedelta(days=1)
# How the name of a file ends, in the home, while it arrives from a browser: Django's own mark.
ARRIVING = ".upload"
_TELL_EVERY = 1000

log = structlog.get_logger()
_seats = threading.BoundedSemaphore(FEEDING_AT_ONCE)
_lock = threading.Lock()
_running: dict[str, threading.Thread] = {}


class Trial(msgspec.Struct):
    """How a dry run stands; `state` is "open", "closed" or "failed", as that of a batch."""

    id: str
    bureau: int
    database: str
    format: str
    file_name: str
    defaults: dict[str, object]
    actor: str
    opened_at: datetime
    closed_at: datetime | None = None
    state: str = "open"
    failure: str = ""
    rows_done: int = 0
    accepted: int = 0
    refused: int = 0


def open_kept_batch(
    asker: Asker, database: str, format: str, file_name: str, defaults: Mapping[str, object], files: Mapping[str, Any],
    now: datetime,
) -> Batch:  # fmt: skip
    """Keep the files, and only then open the batch that is fed from them: none is open without its file.

    A crash in between leaves a folder of no batch, which `forget_left_overs` finds.
    """
    grant(asker, "feed", database)
    name = dated_id(now)
    keep_files(name, files)
    try:
        return open_batch(asker, database, format, file_name, defaults, now, batch_id=name)
    except BaseException:
        shutil.rmtree(_folder(name), ignore_errors=True)
        raise


def keep_files(name: str, files: Mapping[str, Any]) -> None:
    """Put the sent files into the folder of a batch or trial, readable by nobody else, there after a power cut.

    Raises Unavailable, and leaves nothing, when the disk refuses.
    """
    folder = _folder(name)
    try:
        _keep(folder, files)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        detail = f"The disk of the service refuses the file: {error.strerror}. Nothing was fed; tell its operator."
        raise Unavailable("disk-unusable", detail) from None


def _keep(folder: Path, files: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, mode=0o700)
    # The file that a batch is fed from comes last and whole: one that a crash cut short is not there to go on with.
    for role, file in sorted(files.items(), key=lambda sent: sent[0] == "file"):
        beside = folder / f"{role}~"
        with beside.open("wb") as kept:
            kept.writelines(file.chunks())
            kept.flush()
            os.fsync(kept.fileno())
        beside.rename(folder / role)
    sync(folder)
    sync(folder.parent)


def has_files(name: str) -> bool:
    """Say whether the file of a batch is still here."""
    return (_folder(name) / "file").exists()


def is_running(name: str) -> bool:
    """Say whether this process feeds the batch or trial now."""
    with _lock:
        return name in _running


def wait_for(name: str) -> None:
    """Wait until this process no longer feeds the batch or trial."""
    with _lock:
        thread = _running.get(name)
    if thread:
        thread.join()


def start_feeding(batch: Batch, asker: Asker) -> None:
    """Feed the kept file of an open batch from where it stands."""
    _start(batch.id, lambda: _do("batch", batch.id, asker, lambda: feed_kept(batch, asker)))


def start_trial(trial: Trial, asker: Asker) -> None:
    """Judge every row of the kept file, and write nothing into the databases."""
    _save(trial)
    _start(trial.id, lambda: _do("trial", trial.id, asker, lambda: _try(trial, asker)))


def new_trial(
    asker: Asker, database: str, format: str, file_name: str, defaults: dict[str, object], now: datetime
) -> Trial:  # fmt: skip
    """Return a trial that has not begun."""
    return Trial(dated_id(now), asker.bureau, database, format, file_name[-200:], defaults, asker.actor, now)


def trial_of(name: str, bureau: int) -> Trial | None:
    """Return a trial of this bureau, or None."""
    path = _folder(name) / "trial.json"
    # Only names as `dated_id` makes them: nothing that could lead out of the folder.
    if not name.replace("-", "").isalnum() or not path.exists():
        return None
    trial = msgspec.json.decode(path.read_bytes(), type=Trial)
    return trial if trial.bureau == bureau else None


def refused_rows_of(trial: Trial, start: int, stop: int) -> Iterator[Receipt]:
    """Yield some of the refused rows of a trial, in row order."""
    path = _folder(trial.id) / "refused.jsonl"
    if stop and path.exists():
        with path.open("rb") as lines:
            # The first one names the columns for all.
            first = [msgspec.json.decode(line, type=Receipt) for line in islice(lines, 1)]
            asked = (msgspec.json.decode(line, type=Receipt) for line in islice(lines, max(start - 1, 0), stop - 1))
            yield from islice(with_headers([*first, *asked]), 1 if start else 0, None)


def forget_left_overs(now: datetime) -> None:
    """Remove old trials, and what crashes left: files of no open batch, files that had not arrived."""
    home, oldest = Path(settings.LIAISON_HOME), (now - KEEP_TRIALS).timestamp()
    going_on = set(Batch.objects.filter(state=Batch.State.OPEN).values_list("id", flat=True))
    for folder in (home / "uploads").glob("*"):
        if folder.name not in going_on and not is_running(folder.name) and _is_older(folder, oldest):
            shutil.rmtree(folder, ignore_errors=True)
    for arriving in home.glob(f"*{ARRIVING}"):
        if _is_older(arriving, oldest):
            arriving.unlink(missing_ok=True)


def _is_older(path: Path, moment: float) -> bool:
    """Say whether nothing has changed since a moment; what somebody else removed just now is not there to be old."""
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False


def _folder(name: str) -> Path:
    return Path(settings.LIAISON_HOME) / "uploads" / name


def _start(name: str, work: Callable[[], None]) -> None:
    """Run the work in a thread, unless this process is at it already."""
    with _lock:
        if name in _running:
            return
        _running[name] = threading.Thread(target=_run, args=(name, work), name=f"feed {name}", daemon=True)
        _running[name].start()


def _run(name: str, work: Callable[[], None]) -> None:
    try:
        with _seats:
            work()
    except Exception as error:  # A door: the thread has no caller; the batch stays open and can go on.
        log.error("upload.failed", batch=name, reason=type(error).__name__)
    finally:
        connections.close_all()
        with _lock:
            del _running[name]


def _do(kind: Literal["batch", "trial"], name: str, asker: Asker, here: Callable[[], None]) -> None:
    """Work through small files here, through large ones in a process beside this one."""
    if sum(path.stat().st_size for path in _folder(name).glob("*")) < SMALL_BYTES:
        here()
    else:
        hand_on(Task(kind, name, asker))


def feed_kept(batch: Batch, asker: Asker) -> None:
    """Feed the kept file of a batch to its end, and remove it when it is no longer needed."""
    try:
        pace = Pace(settings.LIAISON_HOME / "index")
        for _ in feed_rows(batch, _rows(batch.id, batch.format), asker, timezone.now, pace):
            pass
    except LiaisonError as error:
        # The batch itself says what was wrong with the file.
        log.info("upload.refused", batch=batch.id, code=error.problems[0].code)
    batch.refresh_from_db(fields=["state"])
    if batch.state != Batch.State.OPEN:
        shutil.rmtree(_folder(batch.id), ignore_errors=True)


def try_kept(name: str, asker: Asker) -> None:
    """Judge every row of the kept file of a trial."""
    if trial := trial_of(name, asker.bureau):
        _try(trial, asker)


def _try(trial: Trial, asker: Asker) -> None:
    try:
        with (_folder(trial.id) / "refused.jsonl").open("wb") as refused:
            for receipt in _judged(trial, asker):
                _count(trial, receipt, refused)
        trial.state = "closed"
    except LiaisonError as error:
        trial.state, trial.failure = "failed", str(error)
    trial.closed_at = timezone.now()
    _save(trial)
    for role in ("file", "alt", "add"):
        (_folder(trial.id) / role).unlink(missing_ok=True)


def _judged(trial: Trial, asker: Asker) -> Iterator[Receipt]:
    rows = _rows(trial.id, trial.format)
    return try_rows(rows, trial.database, asker, trial.defaults, timezone.now, format=trial.format)


def _count(trial: Trial, receipt: Receipt, refused: BinaryIO) -> None:
    trial.rows_done = receipt.row
    if receipt.problems:
        trial.refused += 1
        refused.write(msgspec.json.encode(receipt) + b"\n")
    else:
        trial.accepted += 1
    if trial.rows_done % _TELL_EVERY == 0:
        refused.flush()
        _save(trial)


def _save(trial: Trial) -> None:
    """Write how the trial stands, so that a reader never sees half of it."""
    path = _folder(trial.id) / "trial.json"
    draft = path.with_suffix(".draft")
    draft.write_bytes(msgspec.json.encode(trial))
    draft.replace(path)


def _rows(name: str, format: str) -> Iterator[Row]:
    """Open the kept file in its format; the OFAC list brings its two companions."""
    limits = Limits(max_uncompressed_bytes=settings.LIAISON_MAX_FEED_BYTES)
    with ExitStack() as stack:
        files = {
            role: stack.enter_context((_folder(name) / role).open("rb"))
            for role in ("file", "alt", "add")
            if (_folder(name) / role).exists()
        }
        if format == "ofac":
            yield from open_ofac(files["file"], files.get("alt"), files.get("add"), limits=limits)
        else:
            yield from open_rows(files["file"], format=format, limits=limits)
