"""A backup is whole or not there, and comes back as it was or not at all."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from liaison.cli import backup_postgres
from liaison.cli.backup import rows_of
from liaison.cli.backup_manifest import TableSum, manifest_bytes, read_manifest
from liaison.cli.tests.homes import Home, await_versions, serving
from liaison.demo.numbers import document_number
from liaison.errors import Unavailable

pytestmark = pytest.mark.database

MakeHome = Callable[[str], Home]


@pytest.fixture
def backup(demo_home: Home, tmp_path: Path) -> Path:
    """Return a backup of the demo home."""
    done = demo_home.run("backup", tmp_path / "backup")
    assert done.returncode == 0, done.stderr
    return tmp_path / "backup"


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def largest_file(folder: Path) -> Path:
    return max(folder.iterdir(), key=lambda path: path.stat().st_size)


def tables_of(backup: Path) -> dict[str, object]:
    manifest: dict[str, dict[str, object]] = json.loads((backup / "manifest.json").read_text())["manifest"]
    return manifest["tables"]


def without_register(backup: Path) -> dict[str, object]:
    return {table: found for table, found in tables_of(backup).items() if not table.endswith("audit_entry")}


def entries(home: Home, event: str) -> list[tuple[int, str]]:
    """Return the numbers and details of the entries of a kind."""
    printed = home.run("register", "--event", event, "--json").stdout
    return [(one["entry"], one["detail"]["taken_at"]) for one in map(json.loads, printed.splitlines())]


def test_a_backup_and_a_restore_are_entries_in_the_register(
    backup: Path, demo_home: Home, make_empty_home: MakeHome
) -> None:
    # given a backup
    manifest = read_manifest(backup)
    ((taken, taken_at),) = entries(demo_home, "backed_up")

    # when it is restored
    other = make_empty_home("other")
    other.run("restore", backup)

    # then each register tells its part: the restored one goes on where the backup ended
    ((restored, restored_from),) = entries(other, "restored")
    assert (restored, taken) == (rows_of(manifest, "audit_entry") + 1, rows_of(manifest, "audit_entry") + 1)
    assert {taken_at, restored_from} == {manifest.taken_at}
    assert entries(other, "backed_up") == []


def test_without_an_entry_there_is_no_backup(demo_home: Home, tmp_path: Path) -> None:
    # given a register that can be read, and in which nothing can be written any more
    demo_home.sql("ALTER TABLE audit_entry RENAME COLUMN purpose TO gone", register=True)
    (tmp_path / "backups").mkdir()

    failed = demo_home.run("backup", tmp_path / "backups" / "today")

    assert (failed.returncode, "register-unwritable" in failed.stderr) == (4, True), failed.stderr
    assert list((tmp_path / "backups").iterdir()) == []


def test_what_is_restored_is_what_was_backed_up(backup: Path, make_empty_home: MakeHome, tmp_path: Path) -> None:
    # given a backup, and a machine that has nothing
    other = make_empty_home("other")

    # when it is restored there, and backed up again
    restored = other.run("restore", backup)
    again = other.run("backup", tmp_path / "again")

    # then every table has the same rows, and a stolen document of the demo is found
    assert (restored.returncode, again.returncode) == (0, 0), restored.stderr + again.stderr
    assert without_register(tmp_path / "again") == without_register(backup)
    stolen = document_number("L", 1)
    found = other.run("check", "--document", stolen, "--issuer", "KE", "--purpose", "border", "--reference", "A")
    assert found.returncode == 10, found.stderr


def test_only_its_owner_can_read_a_backup(backup: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in backup.iterdir()}

    assert (stat.S_IMODE(backup.stat().st_mode), modes) == (0o700, {0o600})


def test_a_backup_holds_no_session_and_no_index(backup: Path, demo_home: Home) -> None:
    sessions = [found for table, found in tables_of(backup).items() if table.endswith("django_session")]

    assert [found["rows"] for found in sessions if isinstance(found, dict)] == [0]
    assert not (backup / "index").exists()


def test_a_backup_that_was_taken_while_a_feed_ran_is_whole(
    demo_home: Home, make_empty_home: MakeHome, tmp_path: Path
) -> None:
    # given a service, and a feed that is half-way
    rows = "".join(f"V-{number},border,Invented,{number:06d}\n" for number in range(25_000))
    (tmp_path / "cars.csv").write_text("source_reference,purpose,make,plate\n" + rows, encoding="ascii")
    with serving(demo_home, tmp_path / "log"):
        feeding = demo_home.begin("feed", tmp_path / "cars.csv", "--database", "vehicles")
        await_versions(demo_home, 3000)

        # when it is backed up meanwhile
        taken = demo_home.run("backup", tmp_path / "backup")
        was_feeding = feeding.poll() is None
        feeding.communicate(timeout=120)
    other = make_empty_home("other")
    restored = other.run("restore", tmp_path / "backup")

    # then the feed was not disturbed, and what comes back is of one moment: every row counted has its record
    assert (feeding.returncode, was_feeding) == (0, True)
    assert (taken.returncode, restored.returncode) == (0, 0), taken.stderr + restored.stderr
    counted = other.sql("SELECT SUM(accepted) FROM records_batch")
    assert other.sql("SELECT COUNT(*) FROM records_record") == counted
    assert other.sql("SELECT COUNT(*) FROM records_version") == counted
    assert other.findings() == []


def test_a_flipped_bit_is_found_before_anything_is_touched(backup: Path, make_empty_home: MakeHome) -> None:
    flip_a_byte(largest_file(backup))
    other = make_empty_home("other")

    refused = other.run("restore", backup)

    assert (refused.returncode, "damaged-backup" in refused.stderr) == (2, True), refused.stderr
    assert not other.folder.exists()


@pytest.mark.parametrize("name", ["secret.key", "manifest.json"])
def test_a_missing_file_is_found_before_anything_is_touched(name: str, backup: Path, make_empty_home: MakeHome) -> None:
    (backup / name).unlink()
    other = make_empty_home("other")

    refused = other.run("restore", backup)

    assert refused.returncode == 2, refused.stderr
    assert not other.folder.exists()


def test_a_manifest_that_was_changed_is_refused(backup: Path, make_empty_home: MakeHome) -> None:
    flip_a_byte(backup / "manifest.json")

    refused = make_empty_home("other").run("restore", backup)

    assert (refused.returncode, "damaged-backup" in refused.stderr) == (2, True), refused.stderr


def test_a_backup_is_never_restored_into_a_home_in_use(backup: Path, demo_home: Home) -> None:
    refused = demo_home.run("restore", backup)

    assert (refused.returncode, "home-not-empty" in refused.stderr) == (2, True), refused.stderr


def test_what_is_left_of_a_database_is_not_mixed_with_a_backup(backup: Path, make_empty_home: MakeHome) -> None:
    # given a home whose database was removed by hand, and its journal was not
    other = make_empty_home("other")
    other.folder.mkdir()
    (other.folder / "liaison.sqlite3-wal").write_bytes(b"changes of other records")

    refused = other.run("restore", backup)

    assert (refused.returncode, "home-not-empty" in refused.stderr) == (2, True), refused.stderr


def test_a_restore_that_was_cut_off_can_be_called_again(backup: Path, make_empty_home: MakeHome) -> None:
    other = make_empty_home("other")
    (other.folder / "restoring~").mkdir(parents=True)
    (other.folder / "restoring~" / "liaison.sqlite3").write_bytes(b"half of it")

    restored = other.run("restore", backup)

    assert restored.returncode == 0, restored.stderr
    assert not (other.folder / "restoring~").exists()


def test_a_backup_of_another_version_names_that_version(backup: Path, make_empty_home: MakeHome) -> None:
    # given a backup that a later version made, as sound as any
    manifest = msgspec.structs.replace(read_manifest(backup), version="7.5.3")
    (backup / "manifest.json").write_bytes(manifest_bytes(manifest))

    refused = make_empty_home("other").run("restore", backup)

    assert (refused.returncode, "restore it with version 7.5.3" in refused.stderr) == (2, True), refused.stderr


def test_a_backup_of_the_other_engine_is_refused(backup: Path, make_empty_home: MakeHome) -> None:
    manifest = msgspec.structs.replace(read_manifest(backup), engine="another")
    (backup / "manifest.json").write_bytes(manifest_bytes(manifest))

    other = make_empty_home("other")

    refused = other.run("restore", backup)

    assert (refused.returncode, "other-engine" in refused.stderr) == (2, True), refused.stderr
    assert not other.folder.exists()


def test_rows_that_are_not_those_of_the_manifest_are_never_put_in_place(
    backup: Path, make_empty_home: MakeHome
) -> None:
    # given a manifest that counts other rows, as sound as any
    read = read_manifest(backup)
    tables = {name: found if "agencies_agency" not in name else TableSum(99, "") for name, found in read.tables.items()}
    (backup / "manifest.json").write_bytes(manifest_bytes(msgspec.structs.replace(read, tables=tables)))
    other = make_empty_home("other")

    refused = other.run("restore", backup)

    assert (refused.returncode, "restore-differs" in refused.stderr) == (2, True), refused.stderr
    assert not other.folder.exists()


def test_a_missing_client_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(backup_postgres, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unavailable, match="pg_dump is not on this machine: install"):
        backup_postgres._program("pg_dump")


def test_a_backup_never_replaces_what_is_there(demo_home: Home, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()

    refused = demo_home.run("backup", tmp_path / "there")

    assert (refused.returncode, "folder-exists" in refused.stderr) == (2, True), refused.stderr


def test_a_backup_that_fails_leaves_nothing_behind(demo_home: Home, tmp_path: Path) -> None:
    # given a home whose key cannot be read as a file
    (demo_home.folder / "demo.key").unlink()
    (demo_home.folder / "demo.key").mkdir()
    (tmp_path / "backups").mkdir()

    failed = demo_home.run("backup", tmp_path / "backups" / "today")

    assert (failed.returncode, "disk-unusable" in failed.stderr) == (4, True), failed.stderr
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_backup_taken_with_another_key_is_refused(backup: Path, make_empty_home: MakeHome) -> None:
    refused = make_empty_home("other").run("restore", backup, LIAISON_SECRET_KEY="another")

    assert (refused.returncode, "other-key" in refused.stderr) == (2, True), refused.stderr


def test_a_restored_key_is_taken_only_by_the_home_it_came_to(backup: Path, make_empty_home: MakeHome) -> None:
    other = make_empty_home("other")

    restored = other.run("restore", backup)

    assert restored.returncode == 0, restored.stderr
    assert (other.folder / "secret.key").read_bytes() == (backup / "secret.key").read_bytes()
    assert stat.S_IMODE((other.folder / "secret.key").stat().st_mode) == 0o600
