"""`liaison verify` and `liaison log`: a home whose register was changed is told from a sound one."""

import json
import shutil
from pathlib import Path

import pytest

from liaison.audit.verifying import Demands, Verified
from liaison.cli import log
from liaison.cli.tests.homes import Home
from liaison.errors import BadInput
from liaison.lib.tlog.notes import Checkpoint

pytestmark = pytest.mark.database
WHY = ("--purpose", "border", "--reference", "TEST/1")


def key_of(home: Home) -> str:
    return home.run("log", "key").stdout.strip()


def test_a_sound_register_is_proved_whole_in_part_and_from_a_copy(demo_home: Home, tmp_path: Path) -> None:
    assert demo_home.run("log", "sign").stdout.startswith("Signed: ")

    whole = demo_home.run("verify")
    one = demo_home.run("verify", "7", "--json")
    shutil.copytree(demo_home.folder / "log" / "register", tmp_path / "copy")
    copied = Home(tmp_path / "nowhere").run("verify", "--folder", tmp_path / "copy", "--log", key_of(demo_home))

    assert (whole.returncode, one.returncode, copied.returncode) == (0, 0, 0), whole.stdout + copied.stderr
    assert whole.stdout.startswith("Sound: ")
    assert json.loads(one.stdout)["compared"] == 1
    assert "entries are what was signed" in copied.stdout


def test_a_changed_entry_is_named_and_the_exit_code_tells(demo_home: Home) -> None:
    demo_home.run("log", "sign")
    demo_home.sql("UPDATE audit_entry SET actor = 'officer:99' WHERE number = 7", register=True)

    done = demo_home.run("verify")

    assert (done.returncode, done.stdout) == (4, "Entry 7 is not what was signed.\n")
    assert demo_home.run("verify", "8-20").returncode == 0
    assert ("log", True) in [(what, "Entry 7" in detail) for what, detail in demo_home.findings()]


def test_an_older_register_takes_no_entry_until_a_new_log_is_begun(demo_home: Home, tmp_path: Path) -> None:
    # given a home whose register is cut behind what was signed
    demo_home.run("check", "--document", "X-1", *WHY)
    demo_home.run("log", "sign")
    kept = tmp_path / "checkpoint"
    shutil.copy(demo_home.folder / "log" / "register" / "checkpoint", kept)
    demo_home.sql(
        "DELETE FROM audit_entry WHERE number = (SELECT MAX(number) FROM audit_entry WHERE event = 'checked')",
        register=True,
    )

    # when somebody checks, signs, verifies
    checked = demo_home.run("check", "--document", "X-1", *WHY)
    signed = demo_home.run("log", "sign")
    verified = demo_home.run("verify", "--older", kept)

    # then nothing is answered and nothing is signed
    assert (checked.returncode, "register-unwritable" in checked.stderr) == (4, True)
    assert "register-contradicted" in signed.stderr
    assert (verified.returncode, "when it was signed" in verified.stdout) == (4, True)

    # and a new log goes on, which says what it took the place of
    assert demo_home.run("log", "renew", "--reason", "Restored").returncode == 0
    assert demo_home.run("check", "--document", "X-1", *WHY).returncode == 0
    assert demo_home.run("verify").returncode == 0
    assert "Restored" in demo_home.run("register", "--event", "log_renewed", "--json").stdout


def test_a_damaged_file_of_the_log_is_repaired(demo_home: Home) -> None:
    demo_home.run("log", "sign")
    tile = demo_home.folder / "log" / "register" / "tile" / "entries" / "000"
    tile.write_bytes(tile.read_bytes()[:-1])

    assert demo_home.run("verify").returncode == 4
    assert demo_home.run("log", "repair").stdout == "The log is whole.\n"
    assert demo_home.run("verify").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("0",), "bad-value at ENTRIES"),
        (("9-3",), "bad-value at ENTRIES"),
        (("--older", "nowhere"), "unreadable-file at --older"),
        (("--witness", "x"), "bad-value at --witness"),
        (("--folder", "nowhere", "--log", "x"), "bad-value at --log"),
    ],
)
def test_what_cannot_be_verified_says_why(built_home: Home, words: tuple[str, ...], said: str) -> None:
    done = built_home.run("verify", *words)

    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_what_was_found_is_told_to_people_and_programs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sound = Verified(Checkpoint("o", 12, bytes(32)), {"witness.example": 17}, 12, ())
    for found, as_json in ((sound, False), (sound, True), (Verified(None, {}, 0, ("Entry 7 is gone.",)), False)):
        log._tell(found, as_json=as_json)

    people, programs, wrong = capsys.readouterr().out.splitlines()
    assert people == "Sound: 12 of 12 entries are what was signed, root 0000000000000000, cosigned by witness.example."
    assert json.loads(programs)["cosigned"] == {"witness.example": 17}
    assert wrong == "Entry 7 is gone."
    assert (log._span(""), log._span("7"), log._span("7-9")) == (None, range(7, 8), range(7, 10))
    (tmp_path / "older").write_text("note", encoding="utf-8")
    assert log._demands([tmp_path / "older"], [], 1) == Demands(["note"], [], 1)
    for call in (lambda: log._span("x"), lambda: log._demands([tmp_path], [], 0), lambda: log._demands([], ["x"], 0)):
        with pytest.raises(BadInput):
            call()


def test_an_export_is_checked_in_the_home_and_elsewhere_and_a_change_is_named(demo_home: Home, tmp_path: Path) -> None:
    # given a check, and an export of its day
    demo_home.run("check", "--document", "X-1", *WHY)
    file, days = tmp_path / "export.jsonl", ("--since", "2020-01-01", "--until", "2100-01-01")
    made = demo_home.run("register", "export", file, *days, "--for", "DP-118/26")
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o777 == 0o600

    # when it is checked here, and elsewhere with the public key
    here = demo_home.run("verify", "--export", file)
    elsewhere = Home(tmp_path / "nowhere").run("verify", "--export", file, "--log", key_of(demo_home), "--json")

    # then it is sound, and not once it is changed
    assert (here.returncode, "are the same" in here.stdout) == (0, True), here.stdout
    told = json.loads(elsewhere.stdout)
    assert (elsewhere.returncode, told["opened"], told["problems"]) == (0, 0, [])
    assert f"{told['entries']} entries are in" in made.stdout
    file.write_text(file.read_text(encoding="utf-8").replace("TEST/1", "TEST/2"), encoding="utf-8")
    changed = demo_home.run("verify", "--export", file)
    assert (changed.returncode, "is not what is sealed" in changed.stdout) == (4, True)


def test_an_export_that_makes_no_sense_is_refused_and_leaves_no_file(demo_home: Home, tmp_path: Path) -> None:
    there, new = tmp_path / "there.jsonl", tmp_path / "new.jsonl"
    there.touch()
    days = ("--since", "2026-11-02", "--until", "2026-11-03")

    refused = [
        demo_home.run("register", "export", there, *days, "--for", "DP-1"),
        demo_home.run("register", "export", new, "--since", "2026-11-02", "--until", "2026-11-01", "--for", "DP-1"),
        demo_home.run("register", "export", new, *days, "--for", " "),
        demo_home.run("register", "export", new, *days, "--for", "DP-1", "--agency", "Nobody"),
        demo_home.run("verify", "--export", new),
        demo_home.run("verify", "7", "--export", there),
    ]

    assert [(done.returncode, done.stderr.split()[1].rstrip(":")) for done in refused] == [
        (2, "file-exists"), (2, "ends-before-start"), (2, "missing-field"), (2, "no-such-agency"),
        (2, "unreadable-file"), (2, "conflicting-fields"),
    ]  # fmt: skip
    assert not new.exists()
