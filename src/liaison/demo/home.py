"""Whether this home was made by the demonstration, and where its accounts lie."""

from pathlib import Path

from django.conf import settings


def accounts_file() -> Path:
    """Return the file of the demo accounts and their passwords (mode 0600)."""
    return Path(settings.LIAISON_HOME) / "demo-accounts.txt"


def key_file() -> Path:
    """Return the file of the demo's own API key (mode 0600)."""
    return Path(settings.LIAISON_HOME) / "demo.key"


def is_demo_home() -> bool:
    """Say whether the demonstration made this home."""
    return accounts_file().exists()
