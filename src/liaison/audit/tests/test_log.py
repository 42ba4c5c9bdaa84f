"""The register as a signed log: what was signed can be proved, and what was changed since is found."""

import errno
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from liaison.audit.actions import OPERATOR
from liaison.audit.events import Event
from liaison.audit.log import Contradicted, RegisterLog
from liaison.audit.models import Entry
from liaison.audit.notary import Notary
from liaison.audit.register import NewEntry, register, reopen
from liaison.audit.sealed import FILE, erase_keys
from liaison.audit.series import series
from liaison.audit.signer import FOLDER, REGISTER
from liaison.audit.verifying import Demands, Verified, verify_folder, verify_home
from liaison.errors import Unavailable
from liaison.lib.tlog.tiles import CHECKPOINT
from tests.cast import House

AT_US = 1_762_000_000_000_000


def append(count: int, *, confidential_to: int = 0) -> None:
    register().append_all(
        [
            NewEntry(AT_US + n, Event.CHECKED, 3, "officer:12", reference=f"CASE/{n}", confidential_to=confidential_to)
            for n in range(count)
        ]
    )


def sql(statement: str, *values: int) -> None:
    with connections[settings.REGISTER_ALIAS].cursor() as cursor:
        cursor.execute(statement, values)


def problems(kept: RegisterLog, **demands: object) -> str:
    return "\n".join(verify_home(kept, Demands(**demands)).problems)  # type: ignore[arg-type]


@pytest.fixture
def kept(house: House, tmp_path: Path) -> RegisterLog:
    """Return the logs of a home in which 300 entries were signed."""
    append(300 - Entry.objects.filter(number__lt=series().stop).count())
    kept = RegisterLog(tmp_path)
    assert kept.sign_new() == 300
    return kept


def damage(kept: RegisterLog, path: str) -> None:
    file = kept.folder / REGISTER / path
    content = file.read_bytes()
    file.write_bytes(content[:5] + bytes([content[5] ^ 1]) + content[6:])


def moved_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a folder the home of this process, with the key of the register."""
    shutil.copy(Path(settings.LIAISON_HOME) / FILE, folder / FILE)
    monkeypatch.setattr(settings, "LIAISON_HOME", folder)
    reopen()


def signed_anew(kept: RegisterLog, home: Path) -> RegisterLog:
    """Sign what there is with the real key, as if nothing had been signed before."""
    shutil.rmtree(kept.folder)
    (home / FOLDER / "signed.json").unlink()
    again = RegisterLog(home)
    again.sign_new()
    return again


def checkpoint_of(kept: RegisterLog) -> str:
    return (kept.folder / REGISTER / CHECKPOINT).read_text()


def test_every_entry_is_signed_in_its_place(kept: RegisterLog) -> None:
    append(500)

    assert kept.sign_new() == 800
    found = verify_home(kept, Demands())
    assert (found.problems, found.compared) == ((), 800)
    assert verify_home(kept, Demands(), range(299, 305)).compared == 6
    assert kept.sign_new() == 800


def test_a_later_checkpoint_goes_on_from_an_earlier_one(kept: RegisterLog) -> None:
    older = checkpoint_of(kept)
    append(17)
    kept.sign_new()

    assert problems(kept, older=[older]) == ""
    append(1)
    assert "17 entries" not in problems(kept, older=[checkpoint_of(kept)])


def exchange(first: int, second: int) -> None:
    for old, new in ((first, -1), (second, first), (-1, second)):
        sql("UPDATE audit_entry SET number = %s WHERE number = %s", new, old)


# What somebody at the machine may do to the entries, each with what verification says.
TAMPERINGS: dict[str, tuple[Callable[[], None], str]] = {
    "another actor": (lambda: sql("UPDATE audit_entry SET actor = 'officer:13' WHERE number = 17"), "Entry 17 is not"),
    "another moment": (lambda: sql("UPDATE audit_entry SET at_us = at_us + 1 WHERE number = 300"), "Entry 300 is not"),
    "another purpose": (lambda: sql("UPDATE audit_entry SET purpose = 'border' WHERE number = 1"), "Entry 1 is not"),
    "a removed entry": (
        lambda: sql("DELETE FROM audit_entry WHERE number = 120"),
        "Entry 120 of the register is missing",
    ),
    "two exchanged": (lambda: exchange(5, 6), "Entry 5 is not"),
    "other words": (
        lambda: sql(
            "UPDATE audit_entry SET sealed = (SELECT sealed FROM audit_entry WHERE number = 8) WHERE number = 9"
        ),
        "Entry 9 is not",
    ),
}


@pytest.mark.parametrize(("tamper", "said"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_what_was_changed_is_named(kept: RegisterLog, tamper: Callable[[], None], said: str) -> None:
    tamper()

    assert said in problems(kept)


def test_what_was_changed_and_signed_again_with_the_real_key_contradicts_whoever_kept_a_checkpoint(
    kept: RegisterLog, tmp_path: Path
) -> None:
    # given a bureau that kept a checkpoint, and an operator who rewrites an entry, forgets what was signed, signs anew
    older = checkpoint_of(kept)
    sql("UPDATE audit_entry SET actor = 'officer:13' WHERE number = 17")
    # when all of it is consistent again
    again = signed_anew(kept, tmp_path)
    assert problems(again) == ""

    # then the checkpoint that was kept elsewhere tells
    assert "does not begin with the 300 entries" in problems(again, older=[older])


def test_a_log_that_is_cut_contradicts_whoever_kept_a_checkpoint(kept: RegisterLog, tmp_path: Path) -> None:
    older = checkpoint_of(kept)
    sql("DELETE FROM audit_entry WHERE number > 250 AND number < 1000")

    again = signed_anew(kept, tmp_path)

    assert "entries are gone" in problems(again, older=[older])


def test_a_register_older_than_what_was_signed_is_not_signed(kept: RegisterLog, tmp_path: Path) -> None:
    sql("DELETE FROM audit_entry WHERE number > 250 AND number < 1000")

    for opened in (kept, RegisterLog(tmp_path)):
        with pytest.raises(Contradicted, match="300 entries when it was signed"):
            opened.sign_new()


def test_a_register_older_than_what_was_signed_takes_no_entry(
    kept: RegisterLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved_to(kept.folder.parent, monkeypatch)
    append(1)
    sql("DELETE FROM audit_entry WHERE number > 250 AND number < 1000")
    reopen()

    with pytest.raises(Unavailable):
        append(1)
    sql("INSERT INTO audit_entry SELECT 300, at_us, event, agency, actor, database, purpose, sealed, reference_mark, "
        "shown_marks FROM audit_entry WHERE number = 250")  # fmt: skip
    append(1)
    assert Entry.objects.order_by("number").last().number == 301  # type: ignore[union-attr]


@pytest.mark.parametrize("left", ["the one before", "", "not a note"])
def test_a_checkpoint_that_was_signed_and_not_published_is_published_without_a_new_entry(
    kept: RegisterLog, tmp_path: Path, left: str
) -> None:
    # given a crash between: the signer remembers 301 entries, the checkpoint says 300 or is of no use
    older = checkpoint_of(kept)
    append(1)
    kept.sign_new()
    published = kept.folder / REGISTER / CHECKPOINT
    published.write_text(older if left == "the one before" else left, encoding="utf-8")

    size = RegisterLog(tmp_path).sign_new()

    assert (size, published.read_text(encoding="utf-8").splitlines()[1]) == (301, "301")
    assert problems(kept, older=[older]) == ""


def test_entries_that_were_changed_are_not_signed_again_when_tiles_are_gone(kept: RegisterLog, tmp_path: Path) -> None:
    sql("UPDATE audit_entry SET actor = 'officer:13' WHERE number = 17")
    shutil.rmtree(kept.folder / REGISTER)

    with pytest.raises(Contradicted, match="not what they were"):
        RegisterLog(tmp_path).sign_new()


@pytest.mark.parametrize("path", ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_tiles_that_are_damaged_where_the_log_grows_are_made_again(
    kept: RegisterLog, tmp_path: Path, path: str
) -> None:
    damage(kept, path)
    append(1)

    again = RegisterLog(tmp_path)

    assert again.sign_new() == 301
    assert problems(again) == ""


@pytest.mark.parametrize("path", ["tile/0/000", "tile/entries/000"])
def test_a_damaged_tile_is_named_and_repaired_from_the_entries(kept: RegisterLog, path: str) -> None:
    damage(kept, path)
    assert problems(kept) != ""

    kept.repair()

    assert problems(kept) == ""
    append(1)
    assert kept.sign_new() == 301


def test_nothing_is_repaired_from_entries_that_were_changed(kept: RegisterLog) -> None:
    damage(kept, "tile/0/000")
    sql("UPDATE audit_entry SET actor = 'officer:13' WHERE number = 17")

    with pytest.raises(Contradicted, match="not what they were"):
        kept.repair()


def test_erased_words_leave_the_log_whole(kept: RegisterLog) -> None:
    erase_keys(before=202_512)

    assert Entry.objects.get(number=300).trouble == "erased"
    assert problems(kept) == ""


def test_what_a_source_does_about_its_restrictions_has_a_log_of_its_own(kept: RegisterLog) -> None:
    append(3, confidential_to=7)

    assert kept.sign_new() == 300
    assert {path.name for path in (kept.folder / "confidential").iterdir()} == {"7"}
    assert problems(kept) == ""
    sql("UPDATE audit_entry SET purpose = 'x' WHERE number = %s", series(7).start + 1)
    assert problems(kept) == "Entry C2 of agency 7 is not what was signed."


def test_a_copy_of_the_log_is_verified_without_a_home(kept: RegisterLog, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(kept.folder / REGISTER, copy)
    log, other = kept.signer.verifier_of(REGISTER), kept.signer.verifier_of("another")

    sound = verify_folder(copy, log, Demands())

    assert (sound.problems, sound.compared, sound.checkpoint and sound.checkpoint.size) == ((), 300, 300)
    assert "not signed" in verify_folder(copy, other, Demands()).problems[0]
    assert "no checkpoint" in verify_folder(tmp_path, log, Demands()).problems[0]
    assert verify_folder(copy, log, Demands(needed=1)).problems == ("0 witnesses have cosigned, 1 must.",)


def test_a_new_log_takes_the_place_of_one_that_cannot_go_on(
    kept: RegisterLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved_to(tmp_path, monkeypatch)
    ended = kept.signer.name
    sql("DELETE FROM audit_entry WHERE number > 250 AND number < 1000")

    name = kept.renew(by=OPERATOR, now=timezone.now(), reason="Restored from the backup of Monday")

    assert name != ended
    assert kept.sign_new() == 251
    entry = Entry.objects.get(number=251)
    assert (entry.event, entry.as_line()["detail"]["ended"], entry.as_line()["detail"]["size"]) == (
        "log_renewed",
        ended,
        300,
    )
    assert problems(kept) == ""
    assert (kept.folder / f"ended-{ended.replace('/', '-')}" / REGISTER / CHECKPOINT).exists()


def test_two_who_sign_at_once_sign_one_log(kept: RegisterLog, tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def sign() -> None:
        try:
            opened = RegisterLog(tmp_path)
            for _ in range(10):
                opened.sign_new()
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        append(7)
    for thread in threads:
        thread.join()

    assert failures == []
    assert RegisterLog(tmp_path).sign_new() == 440
    assert problems(RegisterLog(tmp_path)) == ""


def test_the_notary_signs_what_there_is_when_it_is_stopped(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(1)
    moved_to(tmp_path, monkeypatch)
    stop = threading.Event()
    notary = Notary(stop)
    notary.start()
    append(3)
    stop.set()
    notary.join()

    kept = RegisterLog(tmp_path)
    found: Verified = verify_home(kept, Demands())
    assert (found.problems, found.compared) == ((), Entry.objects.count())


def test_the_notary_signs_when_there_is_room_again_for_the_key_that_it_could_not_draw(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a home whose log has no key, on a disk that is full
    append(1)
    moved_to(tmp_path, monkeypatch)
    monkeypatch.setattr("liaison.audit.notary.SIGN_SECONDS", 0.01)
    stop, is_full = threading.Event(), threading.Event()
    is_full.set()

    def open_where_there_is_room() -> RegisterLog:
        tried.set()
        if is_full.is_set():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return RegisterLog(tmp_path)

    tried = threading.Event()
    monkeypatch.setattr("liaison.audit.notary.register_log", open_where_there_is_room)
    notary = Notary(stop)
    notary.start()
    assert tried.wait(10)

    # when there is room again
    is_full.clear()
    append(3)
    stop.set()
    notary.join()

    found: Verified = verify_home(RegisterLog(tmp_path), Demands())
    assert (found.problems, found.compared) == ((), Entry.objects.count())
