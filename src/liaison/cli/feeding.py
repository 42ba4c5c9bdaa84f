"""`liaison feed`: give a file of records to a database."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

_STOPPED = (
    "Stopped; the rows that were taken are kept. Feed the same file again, or go on with\n"
    "--resume and the number of the batch: `liaison register --event feed_opened` tells it.\n"
)


def feed(
    file: Annotated[Path, typer.Argument(help="The file; for the OFAC list the one called sdn.csv.")],
    database: Annotated[str, typer.Option(help="nominal, travel_documents, vehicles or vessels.")],
    format: Annotated[str, typer.Option(help="csv, jsonl, ftm, ofac or un; default by the file's name.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row, write nothing.")] = False,
    resume: Annotated[str, typer.Option(help="Number of a batch to go on with.")] = "",
    purpose: Annotated[str, typer.Option(help="Purposes of rows that name none, by commas.")] = "",
    status: Annotated[str, typer.Option(help="Status of persons whose rows name none.")] = "",
    retention: Annotated[str, typer.Option(help="Days, or a day YYYY-MM-DD, for rows without an expiry.")] = "",
    key_file: Annotated[Path | None, typer.Option(help="File that holds the key.")] = None,
    url: Annotated[str, typer.Option(help="Address of the service; default the home on this machine.")] = "",
) -> None:
    """Give a file of records to a database. Exit 0: every row was taken, 10: some were refused."""
    from liaison.cli.client import find_key, load_for
    from liaison.cli.feeder import Order, feed_file

    address = load_for(url)
    given = {"purpose": [purpose], "status": [status], "retention": [retention]}
    order = Order(file, database, format, given, resume, dry_run, find_key(key_file), address)
    try:
        summary = _with_progress(order, feed_file)
    except KeyboardInterrupt:
        sys.stderr.write(_STOPPED)
        raise
    raise typer.Exit(10 if summary["refused"] else 0)


def _with_progress(order: Any, feed_file: Any) -> dict[str, Any]:
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from liaison.cli.screen_text import console, errors

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} rows"), TimeElapsedColumn())
    bar = Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)
    with bar as progress, _stopped_between_chunks(order) as stop_if_asked:
        task = progress.add_task("Feeding", total=None)

        def tell(rows: int) -> None:
            progress.update(task, completed=rows)
            stop_if_asked()

        summary: dict[str, Any] = feed_file(order, tell)
    for line in summary.pop("refusals"):
        errors.print(line, markup=False, soft_wrap=True)
    console.print_json(data=summary)
    return summary


@contextmanager
def _stopped_between_chunks(order: Any) -> Iterator[Callable[[], None]]:
    """Let Ctrl-C wait for the end of a transaction; a second one does not. Give what stops when it was pressed."""
    asked: list[int] = []

    def ask(number: int, _: object) -> None:
        asked.append(number)
        signal.signal(signal.SIGINT, before)

    def stop_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    # A service that feeds for us is not told between chunks: there Ctrl-C ends the command at once.
    if not order.address:
        signal.signal(signal.SIGINT, ask)
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, before)
