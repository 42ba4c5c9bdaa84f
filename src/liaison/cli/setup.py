"""Load Django once, and only for the commands that need it: `--help` must not wait."""

import os


def load() -> None:
    """Read the settings and make the models usable."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()

    from liaison.lib.logs import configure_logs

    configure_logs()
