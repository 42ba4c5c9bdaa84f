"""Only a command that makes a home leaves something where none was; every other says that there is none."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from liaison.cli import setup
from liaison.cli.tests.homes import Home
from liaison.errors import Unavailable

WHY = ("--purpose", "border", "--reference", "TEST/1")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "--document", "X-1", *WHY), 2),
        (("register",), 2),
        (("backup", "elsewhere"), 2),
        (("index",), 2),
        (("serve",), 2),
        (("link", "chief@example.org"), 2),
        (("doctor", "--json"), 4),
    ],
)
def test_a_command_that_makes_no_home_says_that_there_is_none(
    words: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    done = Home(tmp_path / "nowhere").run(*words)

    assert (done.returncode, f"There is no home at {tmp_path / 'nowhere'}" in done.stdout + done.stderr) == (code, True)
    assert "`make run` or `liaison init`" in done.stdout + done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_folder_is_no_home(tmp_path: Path) -> None:
    done = Home(tmp_path).run("doctor")

    assert (done.returncode, list(tmp_path.iterdir())) == (4, [])


def test_a_mistyped_setting_is_said_before_a_missing_home(tmp_path: Path) -> None:
    done = Home(tmp_path / "nowhere").run("register", LIAISON_HOEM="var")

    assert (done.returncode, "Did you mean 'LIAISON_HOME'?" in done.stderr) == (2, True), done.stderr


def test_whoever_asks_a_service_needs_no_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "nowhere")
    words = ("check", "--document", "X-1", *WHY)

    asked = home.run(*words, LIAISON_URL="http://127.0.0.1:1", LIAISON_API_KEY="lk_invented")

    assert (asked.returncode, "unreachable" in asked.stderr) == (4, True), asked.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_home_without_its_databases_is_not_given_empty_ones(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.run("migrate")
    (tmp_path / "home" / "liaison.sqlite3").unlink()

    done = home.run("check", "--document", "X-1", *WHY)

    assert (done.returncode, "has no liaison.sqlite3" in done.stderr) == (4, True), done.stderr
    assert not (tmp_path / "home" / "liaison.sqlite3").exists()


def test_a_home_that_may_not_be_looked_into_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given the home of another user: who is root may look everywhere, so the answer of the system is given here
    monkeypatch.setenv("LIAISON_HOME", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(Unavailable, match="as the user to whom it belongs"):
        setup.load()


def test_a_home_that_lost_its_key_is_not_given_another(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.run("migrate")
    (tmp_path / "home" / "secret.key").unlink()

    done = home.run("register")

    assert (done.returncode, "home-without-key" in done.stderr) == (4, True), done.stderr
    assert not (tmp_path / "home" / "secret.key").exists()


@pytest.mark.database
def test_the_words_of_an_older_register_are_sealed_when_it_is_brought_up_to_date(
    make_empty_home: Callable[[str], Home],
) -> None:
    # given a home whose register holds an entry in plain words
    home = make_empty_home("older")
    assert home.run("migrate").returncode == 0
    alias = "default" if home.database_url else "register"
    back = [
        sys.executable,
        "-m",
        "django",
        "migrate",
        "audit",
        "0001",
        "--database",
        alias,
        "--settings",
        "liaison.settings",
    ]
    subprocess.run(back, env=home.environment(), check=True, capture_output=True)  # noqa: S603  our own words
    home.sql(
        "INSERT INTO audit_entry (number, at_us, event, agency, actor, database, purpose, reference, searched, shown, "
        """detail) VALUES (1, 1762000000000000, 'checked', 0, 'operator', 'nominal', 'border', 'CASE/17', '"x"', """
        """'["AAAA"]', '')""",
        register=True,
    )

    # when it is brought up to date
    assert home.run("migrate").returncode == 0

    # then what is personal is sealed, and read and found as before
    told = home.run("register", "--json", "--reference", "CASE/17").stdout
    entry = json.loads(told.splitlines()[-1])
    assert (entry["entry"], entry["reference"], entry["searched"], entry["shown"]) == (1, "CASE/17", "x", ["AAAA"])
    assert "CASE/17" not in str(home.sql("SELECT * FROM audit_entry", register=True))
