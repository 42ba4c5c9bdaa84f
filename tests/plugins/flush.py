"""Empty the databases between tests by deleting what is there, in one transaction.

Django asks for a whole management command for each database, which empties fifty tables
(on PostgreSQL each a file anew) and makes permissions that nobody here asks for: half the
time of a small test that writes to a database.
"""

from functools import cache

from django.db import connections, transaction
from django.test import TransactionTestCase


def pytest_sessionstart() -> None:
    """Run after pytest-django has set Django up."""
    # Django has no public way to say so.
    setattr(TransactionTestCase, "_fixture_teardown", _empty_databases)  # noqa: B010


def _empty_databases(_: TransactionTestCase) -> None:
    for alias in connections:
        connection = connections[alias]
        with transaction.atomic(using=alias), connection.cursor() as cursor:
            cursor.execute(_which_have_rows(alias))
            # Foreign keys are checked when the transaction ends.
            for (table,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608


@cache
def _which_have_rows(alias: str) -> str:
    """Return the question which tables of Django's models have rows."""
    connection = connections[alias]
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = connection.ops.quote_name
    return " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quoted(table)})" for table in tables)  # noqa: S608
