"""The doctor says nothing against a sound home, and finds each thing that is wrong with another."""

import re
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError

from liaison.audit.series import series
from liaison.cli import doctor_databases, doctor_home
from liaison.cli.doctor import Finding, guarded
from liaison.cli.tests.homes import Home

YESTERDAY = f"{datetime.now(tz=UTC) - timedelta(days=1):%Y-%m-%d}"


def segments(home: Home) -> list[Path]:
    return sorted((home.folder / "index").glob("*.segment"))


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.database
def test_a_sound_home_has_nothing_wrong(built_home: Home) -> None:
    done = built_home.run("doctor")

    assert built_home.findings() == []
    assert all(what in done.stdout for what in ("settings", "disk", "migrations", "register", "clock", "index", "demo"))


def test_looking_changes_nothing(demo_home: Home) -> None:
    before = demo_home.sql("SELECT COUNT(*), MAX(number) FROM audit_entry", register=True)
    kept = [path.read_bytes() for path in segments(demo_home)]

    demo_home.run("doctor")

    assert demo_home.sql("SELECT COUNT(*), MAX(number) FROM audit_entry", register=True) == before
    assert [path.read_bytes() for path in segments(demo_home)] == kept


def test_what_is_wrong_is_told_by_the_exit_code(demo_home: Home) -> None:
    demo_home.folder.chmod(0o755)

    assert demo_home.run("doctor").returncode == 4


def test_a_home_that_others_can_read_is_found(demo_home: Home) -> None:
    demo_home.folder.chmod(0o755)

    assert demo_home.findings() == [
        ("permissions", f"Others can look into the home: chmod 700 {demo_home.folder}"),
    ]


def test_a_key_that_others_can_read_is_found(demo_home: Home) -> None:
    (demo_home.folder / "secret.key").chmod(0o644)

    assert demo_home.findings() == [
        ("permissions", f"Others can read a key: chmod 600 {demo_home.folder / 'secret.key'}"),
    ]


def test_an_address_without_encryption_is_found(built_home: Home) -> None:
    done = built_home.run("doctor", LIAISON_ADDRESS="http://liaison.example.org")

    assert (done.returncode, "is not https://" in re.sub(r"\s*│\s*", " ", done.stdout)) == (4, True), done.stdout


def test_a_service_that_answers_to_every_name_is_found(built_home: Home) -> None:
    assert built_home.run("doctor", LIAISON_HOSTS="*").returncode == 4


@pytest.mark.parametrize(("free", "state"), [(1 << 20, "wrong"), (1 << 30, "look"), (1 << 40, "ok")])
def test_a_disk_that_fills_up_is_found(free: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    assert [finding.state for finding in doctor_home.space()] == [state]


def test_a_package_that_is_not_installed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_home, "requires", lambda _: ["no-such-package>=1"])

    assert [finding.state for finding in doctor_home.versions()] == ["wrong"]


@pytest.mark.database
def test_tables_of_another_version_are_found(demo_home: Home) -> None:
    demo_home.sql("DELETE FROM django_migrations WHERE app = 'records'")

    assert [what for what, _ in demo_home.findings()] == ["migrations"]


@pytest.mark.database
def test_an_entry_that_was_removed_is_found(demo_home: Home) -> None:
    demo_home.sql("DELETE FROM audit_entry WHERE number = 7", register=True)

    assert [what for what, _ in demo_home.findings()] == ["register"]


@pytest.mark.database
def test_a_clock_that_stands_in_the_past_is_found(demo_home: Home) -> None:
    in_an_hour = int((time.time() + 3600) * 1_000_000)
    demo_home.sql(
        f"UPDATE audit_entry SET at_us = {in_an_hour} WHERE number = (SELECT MAX(number) FROM audit_entry)",  # noqa: S608
        register=True,
    )

    assert [what for what, _ in demo_home.findings()] == ["clock"]


@pytest.mark.database
def test_a_batch_that_was_left_open_is_found(demo_home: Home) -> None:
    demo_home.sql(f"UPDATE records_batch SET state = 'open', opened_at = '{YESTERDAY} 00:00:00+00'")  # noqa: S608

    assert [what for what, _ in demo_home.findings("look")] == ["batches"]


def test_a_damaged_index_is_found_and_made_again(demo_home: Home) -> None:
    # given an index with a flipped byte
    damage(segments(demo_home)[0])
    found = demo_home.findings()
    refused = demo_home.run("index")

    # when it is made again
    demo_home.run("index", "--rebuild")

    # then it was found, and is sound
    assert [what for what, _ in found] == ["index"]
    assert (refused.returncode, "damaged-index" in refused.stderr) == (4, True)
    assert demo_home.findings() == []


def test_an_index_of_other_records_is_found(demo_home: Home) -> None:
    demo_home.sql("DELETE FROM records_version WHERE sequence > 600")

    assert "index" in [what for what, _ in demo_home.findings()]


@pytest.mark.database
def test_a_record_that_expired_and_is_found_all_the_same_is_found(demo_home: Home) -> None:
    # given a record whose expiry was changed behind the back of the index
    demo_home.sql(f"UPDATE records_record SET expires_on = '{YESTERDAY}' WHERE database = 'travel_documents'")  # noqa: S608

    found = demo_home.findings()

    assert [(what, "still finds" in detail) for what, detail in found] == [("index", True)]


def test_a_record_that_the_index_lost_is_found(demo_home: Home) -> None:
    # given an index that believes it has everything and has nothing
    shutil.rmtree(demo_home.folder / "index")
    demo_home.sql("UPDATE records_record SET sequence = sequence + 100000")
    demo_home.sql("UPDATE records_version SET sequence = sequence + 100000")
    demo_home.run("index")
    demo_home.sql("UPDATE records_record SET state = 'blocked'")
    demo_home.run("index", "--rebuild")
    demo_home.sql("UPDATE records_record SET state = 'active'")

    found = demo_home.findings()

    assert [(what, "does not find" in detail) for what, detail in found] == [("index", True)]


def test_real_accounts_beside_invented_ones_are_found(demo_home: Home) -> None:
    demo_home.sql("UPDATE agencies_officer SET email = 'real@example.org' WHERE id = 1")

    assert [what for what, _ in demo_home.findings()] == ["demo"]


def test_durability_that_was_given_away_is_found(built_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_databases, "is_sqlite", lambda: True)
    monkeypatch.setattr(doctor_databases, "databases", lambda: ["default"])
    monkeypatch.setattr(doctor_databases, "value_of", lambda sql, _: {"PRAGMA journal_mode": "wal"}.get(sql, 1))

    (finding,) = doctor_databases.durability()

    assert (finding.state, "synchronous is 1" in finding.detail) == ("wrong", True)


def test_a_home_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    done = Home(tmp_path / "nowhere").run("doctor", LIAISON_SECRET_KEY="a" * 50)

    assert (done.returncode, "There is no" in done.stdout) == (4, True), done.stderr
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["liaison.sqlite3", "register.sqlite3"])
def test_a_database_that_is_no_database_is_found(name: str, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.run("migrate")
    (home.folder / name).write_bytes(b"not a database, but long enough to be read as one" * 100)

    assert [what for what, _ in home.findings()] == ["integrity"]


def test_a_database_that_is_missing_is_found(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.run("migrate")
    (home.folder / "register.sqlite3").unlink()

    assert ("database", True) in [(what, "is missing" in detail) for what, detail in home.findings()]


@pytest.mark.database
def test_a_removed_entry_is_found_in_a_confidential_series_too(demo_home: Home) -> None:
    # given two entries that only one agency reads, and a third whose forerunner was removed
    columns = "at_us, event, agency, actor, database, purpose, sealed, reference_mark, shown_marks"
    places = "(SELECT 0 AS place UNION SELECT 1 UNION SELECT 3) places"
    demo_home.sql(
        f"INSERT INTO audit_entry (number, {columns}) "  # noqa: S608  numbers and names of columns only
        f"SELECT {series(3).start} + place, {columns} FROM audit_entry, {places} WHERE number = 1",
        register=True,
    )

    assert [what for what, _ in demo_home.findings()] == ["register"]


def test_on_a_full_disk_nobody_is_told_to_restore(built_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIAISON_HOME", built_home.folder)
    monkeypatch.setattr(doctor_home, "EMPTY_BYTES", 1 << 80)

    def refused() -> Iterator[Finding]:
        raise OperationalError("disk I/O error")
        yield Finding("never", "ok", "")

    (finding,) = guarded(refused)

    assert (finding.state, "Make room" in finding.detail, "restore" in finding.detail) == ("wrong", True, False)
