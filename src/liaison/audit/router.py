"""On SQLite the register lives in a file of its own; this sends its table there."""

from typing import Any

from django.conf import settings
from django.db.models import Model


class RegisterRouter:
    """Route the `audit` application to the register's database, and nothing else."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str | None:
        """Return the database that holds the model."""
        return settings.REGISTER_ALIAS if model._meta.app_label == "audit" else None

    def db_for_write(self, model: type[Model], **_hints: Any) -> str | None:
        """Return the database that holds the model."""
        return self.db_for_read(model)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool | None:
        """Make each table in one database only."""
        wanted = settings.REGISTER_ALIAS if app_label == "audit" else "default"
        return db == wanted
