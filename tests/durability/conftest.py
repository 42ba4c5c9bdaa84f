"""The stage that all of these tests use, and one recorded story."""

import shutil
from collections.abc import Iterator

import pytest

from tests.durability.recording import Recording
from tests.durability.stage import Stage
from tests.plugins import components


@pytest.fixture(scope="package")
def stage() -> Iterator[Stage]:
    """Return the home on which stories are played."""
    if not shutil.which("strace"):
        components.missing("strace", "strace")
    ready = Stage()
    yield ready
    ready.remove()


@pytest.fixture(scope="package")
def recording(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Return the first story as it was recorded."""
    return Recording(stage, 1, tmp_path_factory.mktemp("recording"))
