"""The migrations say what the models say, and each can be undone or says why not."""

import sys

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

OURS = "liaison."


def one_way_steps() -> dict[str, list[Operation]]:
    """Return the operations of our migrations that cannot be undone, where the migration gives no reason."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {key: step for key, step in loader.disk_migrations.items() if type(step).__module__.startswith(OURS)}
    steps = {
        f"{app}.{name}": [operation for operation in step.operations if not operation.reversible]
        for (app, name), step in ours.items()
        if "Cannot be undone:" not in (sys.modules[type(step).__module__].__doc__ or "")
    }
    return {name: operations for name, operations in steps.items() if operations}


@pytest.mark.django_db(databases="__all__")
def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_every_migration_can_be_undone_or_says_why_not() -> None:
    assert one_way_steps() == {}


@pytest.mark.django_db(databases="__all__")
def test_every_migration_has_run() -> None:
    loaders = [MigrationLoader(connections[alias]) for alias in connections]

    assert [set(loader.disk_migrations) - set(loader.applied_migrations) for loader in loaders] == [set()] * len(
        loaders
    )
