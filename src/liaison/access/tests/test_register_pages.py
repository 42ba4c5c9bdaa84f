"""The register of processing on its pages: who reads what, and that reading is an entry."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.audit.log import RegisterLog
from liaison.audit.models import Entry
from liaison.audit.sealed import erase_keys
from tests.cast import Member, browser_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(member: Member, query: str = "event=checked") -> str:
    answer = browser_of(member).get(f"/register/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def references_in(html: str) -> list[str]:
    return re.findall(r"<bdi>(CASE/[^<]+)</bdi>", html)


def checked(member: Member, reference: str, *, at: datetime = NOON, shown: list[str] | None = None) -> int:
    by = Actor(member.officer.actor, member.agency.pk)
    return write_entry(
        Event.CHECKED, by=by, at=at, purpose="border", reference=reference, shown=shown,
        searched=[{"id": "q1", "person": {"name": "Oksana Tverdokhlib"}}],
    )  # fmt: skip


@pytest.fixture
def three_checks(warsaw_officer: Member, border_officer: Member, nairobi_feeder: Member) -> list[int]:
    """Return the entries of a check by Warsaw, by its border guard and by Nairobi."""
    return [
        checked(warsaw_officer, "CASE/1", shown=["7F3K-92QM-XW4T-0B1C"]),
        checked(border_officer, "CASE/2", at=NOON + timedelta(days=1)),
        checked(nairobi_feeder, "CASE/3", at=NOON + timedelta(days=2)),
    ]


@pytest.mark.parametrize("path", ["/register/", "/register/?event=checked", "/register/1/"])
def test_who_is_not_signed_in_reads_nothing(path: str) -> None:
    assert Client().get(path).status_code == 302


@pytest.mark.parametrize("role", ["warsaw_officer", "examiner", "outsider"])
def test_officers_read_no_register(role: str, request: pytest.FixtureRequest, three_checks: list[int]) -> None:
    browser = browser_of(request.getfixturevalue(role))
    paths = ("/register/", "/register/?event=checked", "/register/?format=csv", f"/register/{three_checks[0]}/")

    assert [browser.get(path).status_code for path in paths] == [403] * 4


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("auditor", ["CASE/3", "CASE/2", "CASE/1"]),
        ("warsaw_auditor", ["CASE/2", "CASE/1"]),
        ("warsaw_admin", ["CASE/2", "CASE/1"]),
        ("border_auditor", ["CASE/2"]),
        ("secretariat_admin", []),
    ],
)
def test_each_reads_the_entries_of_whom_the_own_agency_answers_for(
    role: str, seen: list[str], request: pytest.FixtureRequest, three_checks: list[int]
) -> None:
    somebody = request.getfixturevalue(role)
    browser = browser_of(somebody)

    assert references_in(read(somebody)) == seen
    answers = [browser.get(f"/register/{number}/").status_code for number in three_checks]
    assert answers.count(200) == len(seen)
    assert answers.count(404) == 3 - len(seen)


def test_opening_the_page_searches_nothing_and_notes_nothing(auditor: Member, three_checks: list[int]) -> None:
    before = Entry.objects.count()

    html = browser_of(auditor).get("/register/").content.decode()

    assert "<tbody" not in html
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("reference=CASE/2", ["CASE/2"]),
        ("reference=CASE", []),
        ("record=7F3K-92QM-XW4T-0B1C", ["CASE/1"]),
        ("record=7F3K", []),
        ("who=warsaw+off", ["CASE/1"]),
        ("who=nobody", []),
        ("event=feed_opened", []),
        ("since=2026-03-02&event=checked", ["CASE/3", "CASE/2"]),
        ("until=2026-03-02", ["CASE/2", "CASE/1"]),
        ("since=2026-03-02&until=2026-03-02", ["CASE/2"]),
    ],
)
def test_a_search_finds_what_fits_and_nothing_else(
    query: str, seen: list[str], auditor: Member, three_checks: list[int]
) -> None:
    assert references_in(read(auditor, query)) == seen


def test_a_search_by_agency_finds_its_entries_only(
    auditor: Member, border_officer: Member, three_checks: list[int]
) -> None:
    assert references_in(read(auditor, f"agency={border_officer.agency.pk}")) == ["CASE/2"]


def test_the_name_of_an_officer_of_others_finds_nothing(warsaw_auditor: Member, three_checks: list[int]) -> None:
    assert references_in(read(warsaw_auditor, "who=Nairobi")) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=yesterday", "Enter a valid date."),
        ("since=2026-03-02&until=2026-03-01", "The end lies before the start"),
        ("agency=999999", "Select a valid choice."),
        ("event=gossip", "Select a valid choice."),
    ],
)
def test_a_wrong_search_is_explained_and_not_carried_out(auditor: Member, query: str, said: str) -> None:
    before = Entry.objects.count()

    assert said in read(auditor, query)
    assert Entry.objects.count() == before


def test_a_search_is_an_entry_with_what_was_asked(auditor: Member, three_checks: list[int]) -> None:
    read(auditor, "reference=CASE/2&event=checked")

    entry = Entry.objects.get(event="register_read")
    assert (entry.actor, entry.agency) == (auditor.officer.actor, auditor.agency.pk)
    assert entry.searched_data == {"reference": "CASE/2", "event": "checked"}


def test_going_on_in_a_search_is_not_another_entry(auditor: Member, warsaw_officer: Member) -> None:
    # given more entries than a page holds
    numbers = [checked(warsaw_officer, f"CASE/{place:03}") for place in range(30)]
    browser = browser_of(auditor)

    # when somebody reads the first page, and goes on
    first = browser.get("/register/?event=checked").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = browser.get("/register/" + older[1].replace("&amp;", "&")).content.decode()

    # then every entry is seen once, and one search is noted
    assert references_in(first) + references_in(second) == [f"CASE/{place:03}" for place in reversed(range(30))]
    assert 'rel="next"' not in second
    assert len(numbers) == 30
    assert Entry.objects.filter(event="register_read").count() == 1


def test_the_way_on_from_one_search_leads_into_no_other_and_is_nobody_elses(
    auditor: Member, warsaw_auditor: Member, warsaw_officer: Member
) -> None:
    # given the way on in a search
    for place in range(51):
        checked(warsaw_officer, f"CASE/{place:03}")
    first = browser_of(auditor).get("/register/?event=checked").content.decode()
    token = re.search(r"before=([^\"&]+)", first)
    assert token is not None

    # when it is put into another search, given to somebody else, or forged
    browser_of(auditor).get(f"/register/?reference=CASE/001&before={token[1]}")
    browser_of(warsaw_auditor).get(f"/register/?event=checked&before={token[1]}")
    browser_of(auditor).get("/register/?event=checked&before=9999")

    # then each is a search of its own
    assert Entry.objects.filter(event="register_read").count() == 4


def test_an_entry_shows_the_data_that_was_searched_and_the_records_that_were_shown(
    auditor: Member, three_checks: list[int]
) -> None:
    html = browser_of(auditor).get(f"/register/{three_checks[0]}/").content.decode()

    assert "person.name: Oksana Tverdokhlib" in html
    assert "7F3K-92QM-XW4T-0B1C" in html
    assert "Warsaw Officer" in html
    assert "Border control" in html
    assert Entry.objects.get(event="register_read").searched_data == {"entry": three_checks[0]}


@pytest.mark.parametrize("number", ["0", "999999", str(10**30)])
def test_an_entry_that_is_not_there_is_not_found(auditor: Member, number: str) -> None:
    assert browser_of(auditor).get(f"/register/{number}/").status_code == 404


def test_an_entry_names_agencies_and_officers_and_not_their_numbers(auditor: Member, warsaw_officer: Member) -> None:
    invited = Entry.objects.filter(event="officer_invited").earliest("number")
    admitted = Entry.objects.filter(event="bureau_admitted").latest("number")

    browser = browser_of(auditor)

    assert "Officer: " in browser.get(f"/register/{invited.number}/").content.decode()
    assert f"Agency: {warsaw_officer.agency.name}" in browser.get(f"/register/{admitted.number}/").content.decode()


def test_the_export_holds_every_entry_once_and_is_noted_once(auditor: Member, three_checks: list[int]) -> None:
    answer = browser_of(auditor).get("/register/?event=checked&format=csv")

    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert [row["reference"] for row in rows] == ["CASE/3", "CASE/2", "CASE/1"]
    assert rows[2]["shown"] == "7F3K-92QM-XW4T-0B1C"
    assert rows[2]["who"] == "Warsaw Officer"
    assert Entry.objects.filter(event="register_read").count() == 1


def test_the_export_runs_over_chunks_without_a_gap(
    auditor: Member, three_checks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.access.register_pages._CHUNK", 2)

    answer = browser_of(auditor).get("/register/?event=checked&format=csv")

    assert [line.split(",")[0] for line in answer.getvalue().decode().splitlines()[1:]] == [
        str(number) for number in reversed(three_checks)
    ]


def test_a_reference_that_is_a_formula_is_exported_as_text(auditor: Member, warsaw_officer: Member) -> None:
    checked(warsaw_officer, '=HYPERLINK("http://198.51.100.7/","open")')

    export = browser_of(auditor).get("/register/?event=checked&format=csv").getvalue().decode()

    assert "\"'=HYPERLINK(" in export


@pytest.mark.parametrize(("trouble", "said"), [("erased", "was erased"), ("damaged", "cannot be read")])
def test_an_entry_that_cannot_be_read_says_why(
    auditor: Member, three_checks: list[int], trouble: str, said: str
) -> None:
    if trouble == "erased":
        erase_keys(before=202604)
    else:
        Entry.objects.filter(number=three_checks[0]).update(sealed=b"x")

    page = browser_of(auditor).get(f"/register/{three_checks[0]}/")

    assertContains(page, said)
    assertNotContains(page, "Data that was used to search")


def test_the_page_hands_out_the_checkpoint_that_was_signed(
    auditor: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LIAISON_HOME", tmp_path)
    assertNotContains(browser_of(auditor).get("/register/"), "Signed entries")

    size = RegisterLog(tmp_path).sign_new()
    page = browser_of(auditor).get("/register/")

    assertContains(page, f'Signed entries: <span dir="ltr">{size}</span>')
    assertContains(page, 'href="/api/log/checkpoint" download')


def test_the_register_takes_no_post(auditor: Member) -> None:
    assert browser_of(auditor).post("/register/").status_code == 405
