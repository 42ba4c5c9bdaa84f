"""The key that signs sessions and links: drawn once, whole, for every process of a home."""

import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from liaison import settings
from liaison.cli.tests.homes import Home

SAY = "from liaison.settings import SECRET_KEY; print(SECRET_KEY)"


@pytest.fixture(autouse=True)
def no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.ENVIRONMENT, "LIAISON_SECRET_KEY", "")


def test_a_key_is_drawn_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    home = tmp_path / "home"

    first, second = settings._secret_key(home), settings._secret_key(home)

    assert first == second
    assert len(first) > 60
    assert [path.name for path in home.iterdir()] == ["secret.key"]
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600


def test_whoever_comes_second_takes_the_key_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process puts its key there between the look and the writing."""

    def draw_late(_size: int) -> str:
        (tmp_path / "secret.key").write_text("the key of the first process, which is longer", encoding="ascii")
        return "another key"

    monkeypatch.setattr(secrets, "token_urlsafe", draw_late)

    key = settings._secret_key(tmp_path)

    assert key == (tmp_path / "secret.key").read_text(encoding="ascii")
    assert key == "the key of the first process, which is longer"
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_key_that_is_not_written_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("liaison.settings.os.fsync", fail)

    with pytest.raises(OSError, match="No space"):
        settings._secret_key(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_an_empty_key_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()

    with pytest.raises(ImproperlyConfigured, match="is empty: bring it back from a backup"):
        settings._secret_key(tmp_path)


def test_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    command = [sys.executable, "-c", SAY]

    started = [
        subprocess.Popen(command, env=home.environment(), stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(6)
    ]
    keys = {process.communicate(timeout=60)[0] for process in started}

    assert len(keys) == 1
    assert len(keys.pop()) > 60
