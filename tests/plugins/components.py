"""What to do when a real component (PostgreSQL, Chromium, systemd) is not on this machine.

A visitor's tests are skipped and say why; with CI=true a missing part is a failure, so that no skip hides.
"""

import os
from typing import NoReturn

import pytest


def nothing_is_skipped() -> bool:
    """Tell whether this run must have every component."""
    return os.environ.get("CI") == "true"


def missing(component: str, package: str) -> NoReturn:
    """Fail the test with CI=true, else skip it; say what would help."""
    reason = f"{component} is not installed: sudo apt-get install {package}"
    if nothing_is_skipped():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
