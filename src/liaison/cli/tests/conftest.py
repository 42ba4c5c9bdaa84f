"""One small demo world per run, built by the command line itself and copied for each test."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from liaison.cli.tests.homes import Home
from tests.plugins import components
from tests.plugins.postgres_server import new_database


def new_home(folder: Path, config: pytest.Config) -> Home:
    """Return an empty home on the engine that this run is about."""
    is_postgres = config.getoption("postgres")
    return Home(folder, new_database(os.environ["LIAISON_DATABASE_URL"]) if is_postgres else "")


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Home:
    """Return a demo home that no test may change."""
    if request.config.getoption("postgres") and "LIAISON_DATABASE_URL" not in os.environ:
        components.missing("PostgreSQL", "postgresql")
    home = new_home(tmp_path_factory.mktemp("built") / "home", request.config)
    done = home.run("demo", "build", "--persons", "40", "--documents", "40", "--vehicles", "40")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def demo_home(built_home: Home, tmp_path: Path) -> Home:
    """Return a demo home of the test's own."""
    return built_home.copied(tmp_path / "home")


@pytest.fixture
def make_empty_home(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Home]:
    """Return the maker of empty homes."""
    return lambda name: new_home(tmp_path / name, request.config)
