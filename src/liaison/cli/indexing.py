"""`liaison index`: look at the index that checks search, and make it again from the records."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from liaison.engine.index import Index


def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make it again; the service may go on.")] = False,
) -> None:
    """Say what the index holds, or make it again from the records."""
    from liaison.cli import setup

    setup.load()
    from liaison.cli.screen_text import console

    console.print_json(data=(make_index() if rebuild else open_as_it_is()).describe())


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
    """Make the index beside the one in use, with a progress bar, and exchange the two in one step."""
    from liaison.engine.index import Index
    from liaison.engine.manifest import folder_lock
    from liaison.records.indexing import catch_up

    folder = index_folder()
    fresh, old = folder.with_name("index~"), folder.with_name("index.old~")
    for left_over in (fresh, old):
        shutil.rmtree(left_over, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    made = Index.emptied(fresh)
    with _progress() as tell:
        catch_up(made, tell)
    made.flush()
    # A service that is about to write into the old folder waits here, and then finds the new one.
    with folder_lock(folder):
        folder.rename(old)
        fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return Index(folder)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error; give the function that moves it."""
    from rich.progress import Progress

    from liaison.cli.screen_text import errors

    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("Making the index", total=None)
        yield lambda done, goal: progress.update(task, completed=done, total=goal)


def index_folder() -> Path:
    """Return the folder of the index of this home."""
    from django.conf import settings

    return Path(settings.LIAISON_HOME) / "index"
