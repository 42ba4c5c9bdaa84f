"""Run the tests that touch the database on PostgreSQL as well: `pytest --postgres`.

Without the option all tests run on SQLite.  With it, a server is started before
the settings are read, LIAISON_DATABASE_URL names it, and only the tests that
touch the database run: those with the marker `django_db` or `database`, those
that ask for a database fixture, and Django's own test cases.  Those that drive a
browser do not run again: what a page shows does not depend on the database.
"""

import atexit
import os
from collections.abc import Generator, Iterator

import pytest
from django.test import TransactionTestCase

from tests.plugins import components
from tests.plugins.postgres_server import PACKAGE, PostgresServer, find_programs, new_database

DATABASE_FIXTURES = {
    *("db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"),
    *("admin_user", "admin_client", "live_server", "fresh_database_url"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--postgres`."""
    parser.addoption("--postgres", action="store_true", help="run the tests that touch the database on PostgreSQL")


# A wrapper runs before pytest-django, and without `tryfirst` after `home`, which clears the environment.
@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start the server before pytest-django reads the settings; workers inherit its address."""
    wanted = early_config.known_args_namespace.postgres and "PYTEST_XDIST_WORKER" not in os.environ
    programs = find_programs()
    if wanted and programs:
        server = PostgresServer(programs)
        atexit.register(server.stop)
        os.environ["LIAISON_DATABASE_URL"] = server.url
    return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that touch the database, and with `--postgres` keep only these."""
    for item in items:
        if _touches_database(item):
            item.add_marker("database")
    if not config.getoption("postgres"):
        return
    others = [item for item in items if not _runs_again(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if _runs_again(item)]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say of each test why it cannot run on PostgreSQL, where there is none."""
    if item.config.getoption("postgres") and "LIAISON_DATABASE_URL" not in os.environ:
        components.missing("PostgreSQL", PACKAGE)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Return a real PostgreSQL server for tests that need one whatever the settings say."""
    programs = find_programs()
    if programs is None:
        components.missing("PostgreSQL", PACKAGE)
    server = PostgresServer(programs)
    yield server
    server.stop()


@pytest.fixture
def fresh_database_url(request: pytest.FixtureRequest) -> str:
    """Return LIAISON_DATABASE_URL for a process of its own: empty for SQLite, else a new empty database."""
    if not request.config.getoption("postgres"):
        return ""
    return new_database(os.environ["LIAISON_DATABASE_URL"])


def _runs_again(item: pytest.Item) -> bool:
    return item.get_closest_marker("database") is not None and item.get_closest_marker("browser") is None


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    of_django = isinstance(cls := getattr(item, "cls", None), type) and issubclass(cls, TransactionTestCase)
    return of_django or item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)
