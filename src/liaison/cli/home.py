"""`liaison migrate`, `init`, `doctor`, `backup`, `restore`: the care of a home."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def migrate() -> None:
    """Bring the databases to this version; safe to run again."""
    from liaison.cli import setup

    setup.load_to_make()
    migrate_home()
    sys.stdout.write("The home is up to date.\n")


def init(
    secretariat: Annotated[str, typer.Option(help="Name of the general secretariat.")],
    email: Annotated[str, typer.Option(help="Address of its first administrator.")],
    full_name: Annotated[str, typer.Option(help="Name of that person.")] = "First administrator",
) -> None:
    """Make the first account of an empty home and print a one-time link to its password."""
    from liaison.cli import setup

    setup.load_to_make()
    from django.conf import settings
    from django.utils import timezone

    from liaison.agencies.actions import found_secretariat, invitation_link, invite_officer
    from liaison.agencies.models import Officer
    from liaison.audit.actions import OPERATOR

    migrate_home()
    now = timezone.now()
    agency = found_secretariat(secretariat, by=OPERATOR, now=now)
    officer = invite_officer(agency, email, full_name, Officer.Duty.ADMINISTRATOR, by=OPERATOR, now=now)
    sys.stdout.write(f"Set a password within three days, once:\n{invitation_link(officer, settings.LIAISON_ADDRESS)}\n")


def link(
    email: Annotated[str, typer.Argument(help="Address of the account.")],
    factors: Annotated[bool, typer.Option("--factors", help="End the second factors too.")] = False,
) -> None:
    """Print a new one-time link for an account whose password is lost; the old password ends."""
    from liaison.cli import setup

    setup.load()
    from django.conf import settings
    from django.utils import timezone

    from liaison.agencies.actions import end_factors, invitation_link, renew_link
    from liaison.agencies.queries import officer_at
    from liaison.audit.actions import OPERATOR

    officer = officer_at(email)
    renew_link(officer, by=OPERATOR, now=timezone.now())
    if factors:
        end_factors(officer, by=OPERATOR, now=timezone.now())
    sys.stdout.write(f"Set a password within three days, once:\n{invitation_link(officer, settings.LIAISON_ADDRESS)}\n")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for monitoring.")] = False,
) -> None:
    """Examine the home and say what is wrong and what to do. Exit 0: nothing is wrong."""
    from liaison.cli.doctor import Finding, examine
    from liaison.cli.screen_text import console, table

    findings = examine() if (trouble := _trouble()) is None else [Finding("home", "wrong", trouble)]
    if as_json:
        sys.stdout.writelines(f"{json.dumps(finding._asdict())}\n" for finding in findings)
    else:
        console.print(table("Doctor", ("what", "state", "detail"), findings))
    raise typer.Exit(4 if any(finding.state == "wrong" for finding in findings) else 0)


def backup(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]) -> None:
    """Copy everything while the service runs, and verify the copy by counts and hashes."""
    from liaison.cli import setup

    setup.load()
    from liaison.cli.backup import back_up

    sys.stdout.write(back_up(folder) + "\n")


def restore(folder: Annotated[Path, typer.Argument(help="A folder that `liaison backup` made.")]) -> None:
    """Bring a backup into an empty home, and verify it by counts and hashes."""
    from liaison.cli import setup
    from liaison.cli.backup_manifest import key_of, read_sound_manifest

    folder = folder.absolute()
    manifest = read_sound_manifest(folder)
    # With the backup's own key: a home in which a restore was refused is not given one that fits nothing.
    setup.load_to_restore(key_of(folder, manifest))
    from liaison.cli.backup import bring_back

    sys.stdout.write(bring_back(folder, manifest) + "\n")


def _trouble() -> str | None:
    """Load the settings of the home; return what keeps it from being examined, None for nothing."""
    from liaison.cli import setup
    from liaison.errors import LiaisonError

    try:
        setup.load_to_examine()
    except LiaisonError as error:
        return error.problems[0].detail
    return None


def migrate_home() -> None:
    """Apply what is missing of the migrations, on every database of the home."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    settings.LIAISON_HOME.mkdir(parents=True, exist_ok=True)
    settings.LIAISON_HOME.chmod(0o700)
    for alias in connections:
        executor = MigrationExecutor(connections[alias])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def require_migrated() -> None:
    """Refuse to serve a home of another version."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from liaison.errors import Unavailable

    for alias in connections:
        executor = MigrationExecutor(connections[alias])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise Unavailable("not-migrated", "The home is of another version: run `liaison migrate` first.")
