"""`liaison key`: give keys to systems and take them back, at the machine itself."""

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
    purpose: Annotated[str, typer.Option(help="For yente-client and the like: the purpose of their checks.")] = "",
    reference: Annotated[str, typer.Option(help="With --purpose: the agreement, case or operation.")] = "",
    out: Annotated[Path | None, typer.Option(help="File for the key; else it is printed once.")] = None,
) -> None:
    """Give a system of an agency a key."""
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.agencies.actions import create_key, revoke_key
    from liaison.agencies.queries import agency_named
    from liaison.agencies.rules import Terms
    from liaison.audit.actions import OPERATOR
    from liaison.errors import BadInput
    from liaison.lib.files import write_private

    life, terms = timedelta(days=days), Terms(purpose, reference)
    key, text = create_key(agency_named(agency), system, life, by=OPERATOR, now=timezone.now(), terms=terms)
    if out is None:
        sys.stdout.write(text + "\n")
        return
    try:
        write_private(out, text + "\n")
    except OSError as error:
        # Nobody would ever have seen it.
        revoke_key(key, by=OPERATOR, now=timezone.now())
        detail = f"The file cannot be written ({error.strerror}), so the key was taken back: name another file."
        raise BadInput("unwritable-file", detail, at="--out", value=str(out)) from None


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
