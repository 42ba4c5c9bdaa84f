"""Give every test process a home of its own, before the settings are read.

Tests never see the visitor's home or LIAISON_ variables: each run has a new
folder, and each worker of a parallel run a folder in it, so that two workers
never share a database file or an index.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Run before pytest-django, which reads the settings in the same hook."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    home = Path(os.environ["LIAISON_HOME"]) / worker if worker else _new_home()
    home.mkdir(exist_ok=True)
    os.environ["LIAISON_HOME"] = str(home)
    return (yield)


def _new_home() -> Path:
    for name in [name for name in os.environ if name.startswith("LIAISON_")]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="liaison-tests-"))
    # At exit and not in a hook of pytest: no hook is called where a later plugin fails to start.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home
