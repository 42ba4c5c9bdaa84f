"""`liaison key`: give keys to systems and take them back, at the machine itself."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from liaison.agencies.models import Key

Out = Annotated[Path | None, typer.Option(help="File for the key; else it is printed once.")]
key_app = typer.Typer(help="Keys of systems.", no_args_is_help=True)


@key_app.command("create")
def key_create(
    agency: Annotated[str, typer.Option(help="Name of the agency.")],
    system: Annotated[str, typer.Option(help="Name of the system that gets the key.")],
    days: Annotated[int, typer.Option(help="How long the key lives.")] = 365,
    purpose: Annotated[str, typer.Option(help="For yente-client and the like: the purpose of their checks.")] = "",
    reference: Annotated[str, typer.Option(help="With --purpose: the agreement, case or operation.")] = "",
    network: Annotated[list[str] | None, typer.Option(help="Taken from this network only; may be repeated.")] = None,
    certificate: Annotated[str, typer.Option(help="Taken with this client certificate only: its SHA-256.")] = "",
    per_minute: Annotated[int, typer.Option(min=0, help="Most requests in a minute; 0: any number.")] = 0,
    names_officer: Annotated[bool, typer.Option("--names-officer", help="Each request must name the officer.")] = False,
    out: Out = None,
) -> None:
    """Give a system of an agency a key."""
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.agencies.actions import create_key
    from liaison.agencies.arrivals import Bounds, read_fingerprint, read_networks
    from liaison.agencies.queries import agency_named
    from liaison.agencies.rules import Terms
    from liaison.audit.actions import OPERATOR

    life, terms = timedelta(days=days), Terms(purpose, reference)
    bounds = Bounds(read_networks(" ".join(network or [])), read_fingerprint(certificate), per_minute, names_officer)
    key, text = create_key(
        agency_named(agency), system, life, by=OPERATOR, now=timezone.now(), terms=terms, bounds=bounds
    )
    _hand_over(key, text, out)


@key_app.command("replace")
def key_replace(
    label: Annotated[str, typer.Argument(help="The first eight characters of the key.")],
    overlap_days: Annotated[int, typer.Option(min=0, help="Days that both keys work.")] = 7,
    out: Out = None,
) -> None:
    """Give the same system another key alike; the old one ends after the overlap."""
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.agencies.actions import replace_key
    from liaison.audit.actions import OPERATOR

    old = _keys_like(label)[0]
    key, text = replace_key(old, timedelta(days=overlap_days), by=OPERATOR, now=timezone.now())
    _hand_over(key, text, out)


@key_app.command("revoke")
def key_revoke(label: Annotated[str, typer.Argument(help="The first eight characters of the key.")]) -> None:
    """Take a key back at once."""
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.agencies.actions import revoke_key
    from liaison.audit.actions import OPERATOR

    keys = _keys_like(label)
    for key in keys:
        revoke_key(key, by=OPERATOR, now=timezone.now())
    sys.stdout.write(f"{len(keys)} key revoked.\n")


def _keys_like(label: str) -> "list[Key]":
    """Return the keys in use that begin like this, the newest first; raise NotFound when there is none."""
    from liaison.agencies.models import Key
    from liaison.errors import NotFound

    keys = list(Key.objects.filter(label=label[:8], revoked_at=None))
    if not keys:
        raise NotFound("no-such-key", "No key that is in use begins like this.", at="label")
    return keys


def _hand_over(key: "Key", text: str, out: Path | None) -> None:
    """Print a new key, or write it into a file; take it back where nobody would ever see it."""
    from django.utils import timezone

    from liaison.agencies.actions import revoke_key
    from liaison.audit.actions import OPERATOR
    from liaison.errors import BadInput
    from liaison.lib.files import write_private

    if out is None:
        sys.stdout.write(text + "\n")
        return
    try:
        write_private(out, text + "\n")
    except OSError as error:
        revoke_key(key, by=OPERATOR, now=timezone.now())
        detail = f"The file cannot be written ({error.strerror}), so the key was taken back: name another file."
        raise BadInput("unwritable-file", detail, at="--out", value=str(out)) from None
