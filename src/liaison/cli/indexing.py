"""`liaison index`: look at the index that checks search, make it again from the records, keep it fresh."""

import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from liaison.engine.index import Index

_COLLECT_AFTER = 50_000


def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make it again; the service goes on meanwhile.")] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Keep it fresh until standard input closes; a service starts this itself.")
    ] = False,
) -> None:
    """Say what the index holds, make it again from the records, or keep it fresh."""
    from liaison.cli import setup

    setup.load()
    if follow:
        _follow()
        return
    from liaison.cli.screen_text import console

    console.print_json(data=(make_index() if rebuild else open_as_it_is()).describe() | _making())


def _making() -> dict[str, int]:
    """Return how far a new index is that the service is making, nothing where it makes none."""
    from liaison.engine.manifest import read_progress

    progress = read_progress(index_folder())
    return {"making_done": progress[0], "making_goal": progress[1]} if progress else {}


def open_as_it_is() -> "Index":
    """Open the index on disk and change nothing in it; raise Unavailable when it is damaged."""
    from liaison.engine.index import Index, IndexDamaged
    from liaison.errors import Unavailable

    try:
        return Index(index_folder())
    except IndexDamaged as damage:
        detail = f"The index cannot be trusted ({damage}): make it again with `liaison index --rebuild`."
        raise Unavailable("damaged-index", detail) from None


def make_index() -> "Index":
    """Make the index again from the records, with a progress bar; the service does it where one runs."""
    from liaison.cli.screen_text import errors
    from liaison.engine.index import Index
    from liaison.records.indexing import make_current

    folder = index_folder()
    with index_progress() as tell:
        is_made = make_current(folder, tell, begin_again=True)
        if not is_made:
            errors.print("The service makes it again, and answers with the old one meanwhile.", markup=False)
            _wait_for_another(folder, tell)
    return Index(folder)


def _wait_for_another(folder: Path, tell: Callable[[int, int], None]) -> None:
    """Ask the process that writes the folder to make everything again; return when that is published."""
    from liaison.engine.manifest import read_progress, read_published
    from liaison.records.indexer import ask_to_rebuild

    before = read_published(folder)
    ask_to_rebuild(folder)
    while (now := read_published(folder)) is None or before is None or now.epoch == before.epoch:
        time.sleep(0.1)
        if progress := read_progress(folder):
            tell(*progress)


def _follow() -> None:
    """Run the indexer, and beside it what signs and what watches the register; tell its doings as JSON lines."""
    import signal

    import msgspec

    from liaison.audit.notary import Notary
    from liaison.engine.index import warm_up
    from liaison.lib.priority import INDEXING, step_back
    from liaison.oversight.watcher import Watcher
    from liaison.records.indexer import Indexer, Told

    step_back(INDEXING)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())

    def tell(told: Told) -> None:
        try:
            sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            stop.set()

    def wait_for_the_end() -> None:
        # Below the buffer, whose lock a thread must not hold when the program ends.
        while os.read(sys.stdin.fileno(), 4096):
            pass
        stop.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    # Before the first record, not with it: loading the kernels takes a tenth of a second.
    warm_up()
    # What is loaded stays: walking through it would now and then hold up what is new for a quarter of a second.
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    beside = (Notary(stop), Watcher(stop))
    for thread in beside:
        thread.start()
    Indexer(index_folder(), tell, stop).run()
    for thread in beside:
        thread.join()


@contextmanager
def index_progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error; give the function that moves it."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from liaison.cli.screen_text import errors

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors) as progress:
        task = progress.add_task("Making the index", total=None)
        yield lambda done, goal: progress.update(task, completed=done, total=goal)


def index_folder() -> Path:
    """Return the folder of the index of this home."""
    from django.conf import settings

    return Path(settings.LIAISON_HOME) / "index"
