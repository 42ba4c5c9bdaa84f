"""The services that tests of the door talk to."""

from collections.abc import Iterator

import pytest

from tests.door.service import Service


@pytest.fixture(scope="package")
def service() -> Iterator[Service]:
    """Return a running service that many tests share: they add to it and rely on nothing that is there."""
    running = Service()
    running.start()
    yield running
    running.remove()


@pytest.fixture
def own_service() -> Iterator[Service]:
    """Return a home of this test alone, whose service the test starts and stops; it searches in its own threads."""
    home = Service(search_processes=0)
    yield home
    home.remove()


@pytest.fixture
def service_with_searchers() -> Iterator[Service]:
    """Return another, that searches in processes beside it."""
    home = Service(search_processes=2)
    yield home
    home.remove()
