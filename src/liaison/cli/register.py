"""`liaison register`: search the register of processing at the machine itself, and export a part of it.

For people each entry is a few short lines; for programs, one line with tabs or
one JSON object.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

if TYPE_CHECKING:
    from liaison.audit.models import Entry

app = typer.Typer(invoke_without_command=True, help="Search the register of processing. Searching is an entry itself.")
_SHOWN_QUERIES = 5
_SHOWN_RECORDS = 10


@app.callback()
def register(
    context: typer.Context,
    agency: Annotated[str, typer.Option(help="Name of an agency.")] = "",
    reference: Annotated[str, typer.Option(help="Reference that a check named.")] = "",
    record: Annotated[str, typer.Option(help="Reference of a record that was shown.")] = "",
    event: Annotated[str, typer.Option(help="What happened, such as checked or record_read.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many entries at most, the newest.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Search the register of processing. Searching is an entry itself.

    Into a pipe or a file, each entry is one line with tabs.
    """
    if context.invoked_subcommand:
        return
    from liaison.cli import setup

    setup.load()
    import msgspec
    from django.utils import timezone

    from liaison.agencies.queries import agency_named
    from liaison.audit.actions import OPERATOR
    from liaison.audit.queries import Search, read_register
    from liaison.cli.screen_text import errors

    wanted = Search(agency_named(agency).pk if agency else None, reference, record, _known(event))
    entries = list(read_register(wanted, by=OPERATOR, now=timezone.now())[: limit + 1])
    shown = entries[:limit]
    if as_json:
        sys.stdout.writelines(msgspec.json.encode(entry.as_line()).decode() + "\n" for entry in shown)
    elif sys.stdout.isatty():
        _show(shown)
    else:
        sys.stdout.writelines("\t".join(cells) + "\n" for cells in _rows(shown))
    if not entries:
        errors.print("No entry fits.")
    elif len(entries) > limit:
        errors.print(f"These are the newest {limit}; there are more: --limit shows them.", highlight=False)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="A file that does not exist yet.")],
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day.")],
    recipient: Annotated[str, typer.Option("--for", help="The authority, and its reference; it is registered.")],
    agency: Annotated[str, typer.Option(help="Name of an agency: of it and its entities only.")] = "",
) -> None:
    """Write a part of the register, with its proof, into a file for an authority that supervises."""
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.agencies.queries import agencies_under, agency_named
    from liaison.audit.actions import OPERATOR
    from liaison.audit.log import register_log
    from liaison.cli.log import contradiction_told
    from liaison.oversight.exporting import Part, export

    _require_sensible(since, until, recipient)
    with contradiction_told():
        register_log().sign_new()
    agencies = agencies_under(agency_named(agency).pk) if agency else None
    with _new_file(file) as out:
        lines = export(
            Part(since.date(), until.date(), agencies), recipient.strip(), by=OPERATOR, now=timezone.now()
        )  # fmt: skip
        # Without the first line and the last.
        count = sum(out.write(line) > 0 for line in lines) - 2
    sys.stdout.write(f"{count} entries are in {file}. Check it with `liaison verify --export {file}`.\n")


def _require_sensible(since: datetime, until: datetime, recipient: str) -> None:
    from liaison.errors import BadInput

    if until < since:
        raise BadInput("ends-before-start", "The end lies before the start: give a later day.", at="--until")
    if not recipient.strip():
        raise BadInput("missing-field", "Say for whom the export is.", at="--for")


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that only its owner reads; raise where it exists, and leave none that is half written."""
    from liaison.errors import Conflict

    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict("file-exists", "Name a file that does not exist yet.", at="FILE", value=str(path)) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink()
        raise


def _known(event: str) -> str:
    from liaison.audit.events import Event
    from liaison.errors import BadInput
    from liaison.lib.suggest import did_you_mean

    if event and event not in list(Event):
        raise BadInput(
            "unknown-value", f"There is no event {event[:60]!r}. {did_you_mean(event, map(str, Event))}", at="--event"
        )
    return event


def _rows(entries: "list[Entry]") -> Iterator[list[str]]:
    """Yield the cells of each entry: nothing in them ends a line or a cell."""
    from liaison.cli.screen_text import printable

    for entry, agency, who in _named(entries):
        cells = [
            entry.written_number, f"{entry.at:%Y-%m-%dT%H:%M:%SZ}", agency, who, entry.event, entry.purpose,
            entry.reference, entry.database, entry.searched, " ".join(entry.shown_references), entry.detail,
        ]  # fmt: skip
        yield [printable(cell) for cell in cells]


def _show(entries: "list[Entry]") -> None:
    """Print each entry as a head and what belongs to it, indented; long lines are folded at words."""
    from rich.padding import Padding
    from rich.text import Text

    from liaison.cli.screen_text import console, printable

    for entry, agency, who in _named(entries):
        head = f"{entry.written_number}  {entry.at:%Y-%m-%d %H:%M:%S} UTC  {entry.event}"
        console.print(Text(printable(head), style="bold"), highlight=False)
        for line in _lines(entry, agency, who):
            console.print(Padding(Text(printable(line)), (0, 0, 0, 4), expand=False), highlight=False)


def _lines(entry: "Entry", agency: str, who: str) -> Iterator[str]:
    yield "by: " + ", ".join(filter(None, (who, agency)))
    if entry.purpose or entry.reference:
        yield "why: " + ", ".join(filter(None, (entry.purpose, entry.reference)))
    asked = entry.searched_data
    queries = asked if isinstance(asked, list) else [asked] if asked else []
    for query in queries[:_SHOWN_QUERIES]:
        yield f"asked: {_words(query)}"
    if len(queries) > _SHOWN_QUERIES:
        yield f"asked: {len(queries) - _SHOWN_QUERIES} more (--json shows all)"
    if references := entry.shown_references:
        more = f" and {len(references) - _SHOWN_RECORDS} more" if len(references) > _SHOWN_RECORDS else ""
        yield f"shown: {', '.join(references[:_SHOWN_RECORDS])}{more}"
    if detail := entry.as_line()["detail"]:
        yield f"detail: {_words(detail)}"


def _words(value: Any) -> str:
    """Return what was asked as words: names of fields before their values, the number of the query left out."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(inner)}" for name, inner in value.items() if name != "id")
    return " ".join(map(_words, value)) if isinstance(value, list) else str(value)


def _named(entries: "list[Entry]") -> "Iterator[tuple[Entry, str, str]]":
    """Yield each entry with the names of its agency and of who acted."""
    from liaison.agencies.queries import actor_labels, agency_labels

    agencies, people = agency_labels(), actor_labels({entry.actor for entry in entries})
    for entry in entries:
        yield entry, agencies.get(entry.agency, ""), people[entry.actor]
