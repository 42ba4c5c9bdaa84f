"""Load Django once, and only for the commands that need it: `--help` must not wait.

Only a command that makes a home may leave something where none was.  The
settings draw a key into a home that has none, so whether there is a home is
decided here, before they are read.
"""

import os
import secrets
from pathlib import Path

from liaison.errors import NotFound, Unavailable

DATABASES = ("liaison.sqlite3", "register.sqlite3")


def load() -> None:
    """Read the settings of a home that is there; raise, and make nothing, where none is."""
    load_to_examine()
    home = _home()
    missing = [name for name in DATABASES if not (home / name).exists()]
    if missing and not os.environ.get("LIAISON_DATABASE_URL"):
        detail = f"The home at {home} has no {missing[0]}: run `liaison migrate` in a new home, else restore a backup."
        raise Unavailable("not-migrated", detail)


def load_to_examine() -> None:
    """Read the settings of a home that is there, whatever state it is in; raise where none is."""
    if _is_home(_home()):
        _load()
        return
    # A mistyped setting is said first: it may be the reason why no home is found.
    load_elsewhere()
    if any((_home() / name).exists() for name in DATABASES):
        detail = (
            f"The home at {_home()} has no secret.key: set LIAISON_SECRET_KEY as the service has it, or put the "
            "file back from a backup."
        )
        raise Unavailable("home-without-key", detail)
    detail = f"There is no home at {_home()}: make it with `make run` or `liaison init`, or name one with LIAISON_HOME."
    raise NotFound("no-home", detail)


def load_to_make() -> None:
    """Read the settings, for a command that makes a home where none is."""
    _load()


def load_to_restore(secret_key: str) -> None:
    """Read the settings, for a command that brings this key with it; empty when it brings none."""
    if not os.environ.get("LIAISON_SECRET_KEY"):
        os.environ["LIAISON_SECRET_KEY"] = secret_key or secrets.token_urlsafe(50)
    _load()


def load_elsewhere() -> None:
    """Read the settings, for a command that asks a service: it needs no home on this machine, and makes none."""
    if not _is_home(_home()):
        # Nothing is signed with it, and it is gone with the process.
        os.environ["LIAISON_SECRET_KEY"] = secrets.token_urlsafe(50)
    _load()


def _home() -> Path:
    return Path(os.environ.get("LIAISON_HOME", "var")).absolute()


def _is_home(folder: Path) -> bool:
    """Say whether a folder has what makes it a home: a key, in it or in the settings."""
    if not folder.is_dir():
        return False
    if not os.access(folder, os.R_OK | os.X_OK):
        detail = f"You may not look into {folder}: call this command as the user to whom it belongs."
        raise Unavailable("home-unreadable", detail)
    return bool(os.environ.get("LIAISON_SECRET_KEY") or (folder / "secret.key").exists())


def _load() -> None:
    """Make the models usable."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()

    from liaison.lib.logs import configure_logs

    configure_logs()
