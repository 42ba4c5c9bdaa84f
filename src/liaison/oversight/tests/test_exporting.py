"""An auditor takes a part of the register to a supervising authority, which can prove it; nobody else does."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.asserts import assertContains

from liaison.audit.exported import Checked, check_export
from liaison.audit.log import RegisterLog
from liaison.audit.models import Entry
from liaison.audit.register import reopen
from liaison.audit.sealed import FILE, erase_keys
from liaison.audit.signer import REGISTER
from liaison.audit.verifying import Demands
from liaison.oversight import exporting
from liaison.oversight.tests.looking import checked
from tests.cast import House, Member, browser_of

NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)
FORM = {"since": "2026-06-19", "until": "2026-06-21", "recipient": "Data protection authority, DP-118/26"}


@pytest.fixture
def kept(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RegisterLog]:
    """Return the log of a home of the test's own."""
    house.secretariat()
    shutil.copy(Path(settings.LIAISON_HOME) / FILE, tmp_path / FILE)
    monkeypatch.setattr(settings, "LIAISON_HOME", tmp_path)
    reopen()
    yield RegisterLog(tmp_path)
    monkeypatch.undo()
    reopen()


@pytest.fixture
def three(kept: RegisterLog, warsaw_officer: Member, nairobi_feeder: Member) -> list[int]:
    """Return the entries of a check by Warsaw, one by Nairobi and one more by Warsaw; all are signed."""
    numbers = [checked(member, NOON) for member in (warsaw_officer, nairobi_feeder, warsaw_officer)]
    kept.sign_new()
    return numbers


def exported(member: Member, **changes: str) -> bytes:
    answer = browser_of(member).post("/register/export/", FORM | changes)
    assert answer.status_code == 200
    return answer.getvalue()


def lines_of(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def check_of(content: bytes, kept: RegisterLog, *, opens: bool = True) -> Checked:
    path = kept.folder.parent / "export.jsonl"
    path.write_bytes(content)
    return check_export(path, kept.signer.verifier_of(REGISTER), Demands(), opens=opens)


def test_the_file_holds_the_entries_of_the_days_and_proves_them(
    auditor: Member, kept: RegisterLog, three: list[int]
) -> None:
    content = exported(auditor)

    head, *entries, foot = lines_of(content)
    assert (head["liaison_export"], head["since"], head["until"], head["agencies"]) == (
        1,
        "2026-06-19",
        "2026-06-21",
        [],
    )
    assert [entry["entry"] for entry in entries] == three
    assert entries[0]["searched"] == [{"id": "1", "person": {"name": "Oksana Tverdokhlib"}}]
    assert (entries[0]["who"], entries[0]["agency_name"]) == ("Warsaw Officer", "NCB Warsaw")
    assert foot["entries"] == 3
    found = check_of(content, kept)
    assert (found.problems, list(found.numbers), found.opened, found.left_out) == ((), three, 3, 0)


def test_an_auditor_of_an_agency_exports_what_may_be_read_there_and_it_is_proved_all_the_same(
    warsaw_auditor: Member, kept: RegisterLog, three: list[int]
) -> None:
    content = exported(warsaw_auditor)

    found = check_of(content, kept, opens=False)
    assert (found.problems, list(found.numbers), found.left_out) == ((), [three[0], three[2]], 1)
    assert lines_of(content)[0]["agencies"] == ["NCB Warsaw"]
    assert b"Nairobi" not in content


def test_the_export_is_an_entry_with_for_whom_it_is(auditor: Member, three: list[int]) -> None:
    exported(auditor)

    noted = Entry.objects.get(event="register_exported")
    assert (noted.actor, noted.reference) == (auditor.officer.actor, FORM["recipient"])
    signed = max(three)
    expected = {"since": "2026-06-19", "until": "2026-06-21", "entries": 3, "signed_entries": signed}
    assert noted.as_line()["detail"] == expected


def test_what_is_not_signed_yet_is_not_in_it(auditor: Member, warsaw_officer: Member, three: list[int]) -> None:
    checked(warsaw_officer, NOON)

    assert [line["entry"] for line in lines_of(exported(auditor))[1:-1]] == three


def test_days_without_an_entry_are_proved_to_be_a_part_too(
    auditor: Member, kept: RegisterLog, three: list[int]
) -> None:
    found = check_of(exported(auditor, since="2026-01-01", until="2026-01-02"), kept)

    assert (found.problems, len(found.numbers), found.left_out) == ((), 0, 0)


def test_it_runs_over_chunks_without_a_gap(
    auditor: Member, kept: RegisterLog, three: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_CHUNK", 2)

    assert list(check_of(exported(auditor), kept).numbers) == three


def changed(content: bytes, place: int, **changes: Any) -> bytes:
    lines = lines_of(content)
    lines[place] |= changes
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (lambda content: changed(content, 1, actor="officer:99"), "not what was signed"),
        (lambda content: changed(content, 1, purpose="locate"), "not what was signed"),
        (lambda content: changed(content, 1, at_us=1), "its moment is written in two ways"),
        (lambda content: changed(content, 1, at="2026-06-20T13:00:00Z"), "its moment is written in two ways"),
        (lambda content: changed(content, 1, reference="PL-2026-99"), "in the clear is not what is sealed"),
        (lambda content: changed(content, 1, shown=["AAAA-1"]), "in the clear is not what is sealed"),
        (lambda content: changed(content, 1, sealed="AAAA"), "in the clear is not what is sealed"),
        (lambda content: changed(content, 1, entry=999), "out of order"),
        (lambda content: changed(content, -1, entries=4), "The file holds 3 entries, and says 4."),
        (lambda content: changed(content, -1, proof=[]), "The proof is too short."),
        (lambda content: b"\n".join(content.splitlines()[:-1]), "cut short"),
        (lambda content: b"\n".join([*content.splitlines()[:2], *content.splitlines()[3:]]), "not what was signed"),
        (lambda content: content + b"{}\n", "Something stands behind the proof."),
        (lambda content: content.replace(b'{"entry"', b'{"entri"', 1), "Line 2 is no entry."),
        (lambda content: content.replace(b'"liaison_export":1', b'"liaison_export":2'), "does not begin like"),
        (lambda _: b"", "does not begin like"),
        (lambda content: changed(content, 0, checkpoint="no note"), "note"),
    ],
)
def test_whatever_is_changed_in_the_file_is_seen(
    forge: Callable[[bytes], bytes], said: str, auditor: Member, kept: RegisterLog, three: list[int]
) -> None:
    found = check_of(forge(exported(auditor)), kept)

    assert any(said in problem for problem in found.problems), found.problems


def test_many_differences_are_not_all_named(auditor: Member, kept: RegisterLog, warsaw_officer: Member) -> None:
    for _ in range(25):
        checked(warsaw_officer, NOON)
    kept.sign_new()

    found = check_of(exported(auditor).replace(b"PL-2026-18", b"PL-2026-19"), kept)

    assert len(found.problems) == 21
    assert found.problems[-1] == "5 more lines are not what was signed."


def test_words_that_were_erased_since_cannot_be_compared_and_the_entries_are_proved(
    auditor: Member, kept: RegisterLog, three: list[int]
) -> None:
    content = exported(auditor)
    erase_keys(before=202607)

    found = check_of(content, kept)

    assert (found.problems, found.opened) == ((), 0)


def test_an_erased_entry_is_exported_as_such(auditor: Member, kept: RegisterLog, three: list[int]) -> None:
    erase_keys(before=202607)

    content = exported(auditor)

    assert [line["trouble"] for line in lines_of(content)[1:-1]] == ["erased"] * 3
    assert check_of(content, kept).problems == ()


def test_before_the_register_is_signed_nothing_is_exported(kept: RegisterLog, auditor: Member) -> None:
    browser = browser_of(auditor)

    assertContains(browser.get("/register/export/"), "The register has not been signed yet")
    assert browser.post("/register/export/", FORM).status_code == 503
    assert not Entry.objects.filter(event="register_exported").exists()


@pytest.mark.parametrize(
    "changes", [{"since": ""}, {"until": "2026-06-18"}, {"recipient": " "}, {"recipient": "a\u202eb"}]
)
def test_a_wrong_form_is_explained_and_nothing_is_exported(
    changes: dict[str, str], auditor: Member, three: list[int]
) -> None:
    assertContains(browser_of(auditor).post("/register/export/", FORM | changes), "There is a problem")
    assert not Entry.objects.filter(event="register_exported").exists()


@pytest.mark.parametrize("role", ["warsaw_officer", "warsaw_admin", "secretariat_admin", "examiner", "outsider"])
def test_nobody_but_auditors_exports(role: str, house: House, request: pytest.FixtureRequest) -> None:
    browser = browser_of(request.getfixturevalue(role))

    assert [browser.get("/register/export/").status_code, browser.post("/register/export/", FORM).status_code] == [
        403
    ] * 2


def test_who_is_not_signed_in_exports_nothing(house: House) -> None:
    assert Client().post("/register/export/", FORM).status_code == 302


def test_the_form_takes_whole_days(auditor: Member, three: list[int]) -> None:
    content = exported(auditor, since=str(date(2026, 6, 20)), until=str(date(2026, 6, 20)))

    assert len(lines_of(content)) == 5
