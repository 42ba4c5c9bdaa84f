"""What lies in deploy/ is accepted by the programs that will read it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.plugins import components
from tests.project.tree import ROOT, name_of

DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


@pytest.fixture
def installed_units(tmp_path: Path) -> Path:
    """Return a folder with the units, their program replaced by one that this machine has."""
    for unit in UNITS:
        text = re.sub(r"/opt/liaison/\.venv/bin/liaison", "/bin/true", unit.read_text(encoding="utf-8"))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("unit", UNITS, ids=name_of)
def test_systemd_has_nothing_to_say_against_a_unit(unit: Path, installed_units: Path) -> None:
    program = shutil.which("systemd-analyze") or components.missing("systemd-analyze", "systemd")

    checked = subprocess.run(
        [program, "verify", "--man=no", str(installed_units / unit.name)],
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{installed_units}:", "SYSTEMD_LOG_LEVEL": "warning"},
    )

    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_service_is_exposed_little() -> None:
    program = shutil.which("systemd-analyze") or components.missing("systemd-analyze", "systemd")

    checked = subprocess.run(
        [program, "security", "--offline=true", "--threshold=20", "--no-pager", str(DEPLOY / "liaison.service")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout[-300:]
