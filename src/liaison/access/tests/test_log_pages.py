"""The signed log is handed out to whoever is known here, and to nobody else."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from liaison.access.log_pages import _TILE
from liaison.audit.log import register_log
from liaison.audit.models import Entry
from liaison.audit.register import reopen
from liaison.audit.sealed import FILE
from liaison.audit.signer import REGISTER
from liaison.audit.verifying import Demands, verify_folder
from tests.cast import Member, browser_of


@pytest.fixture
def signed(warsaw_officer: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sign what there is, in a home of the test's own."""
    shutil.copy(Path(settings.LIAISON_HOME) / FILE, tmp_path / FILE)
    monkeypatch.setattr(settings, "LIAISON_HOME", tmp_path)
    reopen()
    register_log().sign_new()
    yield
    monkeypatch.undo()
    reopen()


@pytest.mark.usefixtures("signed")
def test_what_is_handed_out_is_a_copy_that_can_be_verified(warsaw_officer: Member, tmp_path: Path) -> None:
    browser, copy, count = browser_of(warsaw_officer), tmp_path / "copy", Entry.objects.count()
    names = ["checkpoint", f"tile/0/000.p/{count}", f"tile/entries/000.p/{count}"]

    for name in names:
        answer = browser.get(f"/api/log/{name}")
        assert answer.status_code == 200
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(answer.content)

    found = verify_folder(copy, register_log().signer.verifier_of(REGISTER), Demands())
    assert (found.problems, found.compared) == ((), count)


@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/../../signer/key.json"])
def test_a_stranger_is_told_nothing(path: str) -> None:
    assert Client().get(f"/api/log/{path}").status_code in (401, 404)


@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize(
    "path", ["0/001", "0/000.p/256", "confidential/7/checkpoint", "..%2f..%2fsigner/key.json", "9"]
)
def test_what_is_no_part_of_the_log_is_not_there(warsaw_officer: Member, path: str) -> None:
    assert browser_of(warsaw_officer).get(f"/api/log/tile/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["../x", "0/000/../../../signer", "0/0000", "entries/x00/000", "0/000.p/", "", "0/000\n"]
)
def test_only_names_of_tiles_are_opened(path: str) -> None:
    assert not _TILE.fullmatch(path)
