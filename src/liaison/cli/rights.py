"""`liaison key` and `liaison register`: keys for systems, and the register of processing, at the machine itself."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

key_app = typer.Typer(help="Keys of systems.", no_args_is_help=True)


@key_app.command("create")
def key_create(
    agency: Annotated[str, typer.Option(help="Name of the agency.")],
    system: Annotated[str, typer.Option(help="Name of the system that gets the key.")],
    days: Annotated[int, typer.Option(help="How long the key lives.")] = 365,
    out: Annotated[Path | None, typer.Option(help="File for the key; else it is printed once.")] = None,
) -> None:
    """Give a system of an agency a key."""
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.agencies.actions import create_key
    from liaison.agencies.queries import agency_named
    from liaison.audit.actions import OPERATOR
    from liaison.lib.files import write_private

    _, text = create_key(agency_named(agency), system, timedelta(days=days), by=OPERATOR, now=timezone.now())
    if out:
        write_private(out, text + "\n")
    else:
        sys.stdout.write(text + "\n")


@key_app.command("revoke")
def key_revoke(label: Annotated[str, typer.Argument(help="The first eight characters of the key.")]) -> None:
    """Take a key back at once."""
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.agencies.actions import revoke_key
    from liaison.agencies.models import Key
    from liaison.audit.actions import OPERATOR
    from liaison.errors import NotFound

    keys = list(Key.objects.filter(label=label[:8], revoked_at=None))
    if not keys:
        raise NotFound("no-such-key", "No key that is in use begins like this.", at="label")
    for key in keys:
        revoke_key(key, by=OPERATOR, now=timezone.now())
    sys.stdout.write(f"{len(keys)} key revoked.\n")


def register(
    agency: Annotated[str, typer.Option(help="Name of an agency.")] = "",
    reference: Annotated[str, typer.Option(help="Reference that a check named.")] = "",
    record: Annotated[str, typer.Option(help="Reference of a record that was shown.")] = "",
    event: Annotated[str, typer.Option(help="What happened, such as checked or record_read.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Search the register of processing. Searching is an entry itself."""
    from liaison.cli import setup

    setup.load()
    import msgspec
    from django.utils import timezone

    from liaison.agencies.queries import actor_label, agency_labels, agency_named
    from liaison.audit.actions import OPERATOR
    from liaison.audit.queries import Search, read_register
    from liaison.cli.screen_text import console, table

    wanted = Search(agency_named(agency).pk if agency else None, reference, record, event)
    entries = list(read_register(wanted, by=OPERATOR, now=timezone.now())[:limit])
    if as_json:
        for entry in entries:
            sys.stdout.write(msgspec.json.encode(entry.as_line()).decode() + "\n")
        return
    labels = agency_labels()
    rows = [
        (e.number, f"{e.at:%Y-%m-%d %H:%M:%S}", labels.get(e.agency, "-"), actor_label(e.actor), e.event, e.purpose,
         e.reference, e.searched[:80], " ".join(e.shown_references[:3]))
        for e in entries
    ]  # fmt: skip
    columns = ("entry", "at (UTC)", "agency", "who", "event", "purpose", "reference", "searched", "shown")
    console.print(table("Register of processing", columns, rows))
