"""The pages of a source: feed a file, read what was refused, keep one's own records, enter one by hand."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from liaison.audit.models import Entry
from liaison.lib.sheets import harmless_cell
from liaison.records import uploads
from liaison.records.feed import open_batch
from liaison.records.formats.csv_rows import PROBLEM_COLUMNS
from liaison.records.models import Batch, ErrorReport, Record
from tests.cast import House, Member, a_person, browser_of, check, feed, feed_accepted

PATHS = ["/feed/", "/feed/upload/", "/feed/20260101-AAAAAAAAAAAA/", "/feed/20260101-AAAAAAAAAAAA/refused.csv",
         "/records/own/", "/records/own/0000-0000-0000-0000/", "/records/new/", "/records/new/vehicles/"]  # fmt: skip
HEADER = "source_reference,full_name,purpose,status,nationality\n"
BAD = "B1,<script>alert(1)</script>,information,suspect,Kenia\n"
FORMULA = "=cmd|' /C calc'!A0,Otto Test,information,suspect,=1+1\n"


def csv_file(*rows: str, name: str = "persons.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (HEADER + "".join(rows)).encode())


def upload(member: Member, file: object, **fields: object) -> str:
    """Send a file, wait until it is fed, and return the path of its batch."""
    answer = browser_of(member).post("/feed/upload/", {"file": file, "database": "nominal"} | fields)
    assert answer.status_code == 302, answer.content.decode()
    path = str(answer["Location"])
    uploads.wait_for(path.split("/")[2])
    return path


def form_of(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


@pytest.mark.parametrize("path", PATHS)
def test_who_is_not_signed_in_is_sent_to_sign_in(house: House, path: str) -> None:
    assertRedirects(Client().get(path), f"/accounts/login/?next={path}", fetch_redirect_response=False)


@pytest.mark.parametrize("path", PATHS)
def test_an_auditor_reads_none_of_these(auditor: Member, path: str) -> None:
    assert browser_of(auditor).get(path).status_code == 403


def test_an_outsider_finds_empty_lists_and_nothing_to_do(outsider: Member) -> None:
    client = browser_of(outsider)

    assertContains(client.get("/feed/"), "Nothing was fed yet")
    assertNotContains(client.get("/feed/"), "/feed/upload/")
    assertContains(client.get("/records/own/"), "Your bureau has recorded nothing yet")
    assert client.get("/feed/upload/").status_code == 403
    assert client.get("/records/new/").status_code == 403


def test_a_sound_file_is_accepted_and_its_records_are_found(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    path = upload(nairobi_feeder, csv_file("A1,Wanjiru Testova,information,suspect,Kenya\n"))

    page = browser_of(nairobi_feeder).get(path)

    assertContains(page, "Accepted</strong>")
    assertNotContains(page, "Refused rows")
    assert check(warsaw_officer, person={"name": "Wanjiru Testova"}).outcome == "matches"
    assert not uploads.has_files(path.split("/")[2])


def test_bad_rows_are_listed_with_field_value_reason_and_remedy(nairobi_feeder: Member) -> None:
    path = upload(nairobi_feeder, csv_file("A1,Wanjiru Testova,information,suspect,Kenya\n", BAD))

    html = browser_of(nairobi_feeder).get(path).content.decode()

    assert "Partly accepted</strong>" in html
    assert "Column <bdi>nationality</bdi>" in html
    assert "<bdi>Kenia</bdi>" in html
    assert "&#x27;Kenia&#x27; is not a country" in html
    assert "Did you mean &#x27;KE&#x27; (Kenya)?" in html
    assert "<script>alert" not in html


def test_a_file_of_bad_rows_only_is_refused(nairobi_feeder: Member) -> None:
    assertContains(browser_of(nairobi_feeder).get(upload(nairobi_feeder, csv_file(BAD))), "Refused</strong>")


def test_a_problem_with_the_whole_file_is_said(nairobi_feeder: Member) -> None:
    path = upload(nairobi_feeder, SimpleUploadedFile("persons.csv", b"\x1f\x8bno gzip"))

    assertContains(browser_of(nairobi_feeder).get(path), "gzip")
    assert Batch.objects.get().state == "failed"
    assert not uploads.has_files(path.split("/")[2])


def test_refused_rows_are_paged_and_only_the_page_is_read(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A process beside this one would not see the database of a test.
    monkeypatch.setattr(uploads, "SMALL_BYTES", 1 << 20)
    # given 2,300 bad rows among good ones, in several chunks
    rows = [f"G{n},Otto Test,information,suspect,PL\n" + BAD.replace("B1", f"B{n}") for n in range(2300)]
    path = upload(nairobi_feeder, csv_file(*rows))
    client = browser_of(nairobi_feeder)

    # when the first, a middle and the last page are read
    first, middle, last = (client.get(path, {"page": page}).content.decode() for page in ("1", "25", "46"))

    # then each holds its fifty rows
    numbers = [re.findall(r'data-label="Row"><span><span dir="ltr">(\d+)<', html) for html in (first, middle, last)]
    assert [len(found) for found in numbers] == [50, 50, 50]
    assert [found[0] for found in numbers] == ["2", "2402", "4502"]
    assert numbers[2][-1] == "4600"


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "٣"])
def test_a_page_that_is_not_there_is_answered_with_one_that_is(nairobi_feeder: Member, page: str) -> None:
    path = upload(nairobi_feeder, csv_file(BAD))

    assertContains(browser_of(nairobi_feeder).get(path, {"page": page}), "Kenia")


def test_the_download_of_refused_rows_runs_no_formula(nairobi_feeder: Member) -> None:
    path = upload(nairobi_feeder, csv_file(BAD, FORMULA))

    answer = browser_of(nairobi_feeder).get(f"{path}refused.csv")
    lines = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0] == [*HEADER.strip().split(","), *PROBLEM_COLUMNS]
    assert [line[5] for line in lines[1:]] == ["1", "2"]
    assert lines[2][0].startswith("'=cmd|")
    assert lines[2][4] == "'=1+1"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(cell: str) -> None:
    assert harmless_cell(cell) == "'" + cell


def test_a_dry_run_judges_and_records_nothing(nairobi_feeder: Member, madrid_requester: Member) -> None:
    path = upload(nairobi_feeder, csv_file("A1,Wanjiru Testova,information,suspect,KE\n", BAD, FORMULA), dry_run="on")

    page = browser_of(nairobi_feeder).get(path)
    download = browser_of(nairobi_feeder).get(f"{path}refused.csv")

    assertContains(page, "This was a dry run: nothing was recorded.")
    assertContains(page, "Kenia")
    assert b"'=1+1" in download.getvalue()
    assert not Record.objects.exists()
    assert not Batch.objects.exists()
    assert browser_of(madrid_requester).get(path).status_code == 404


def test_the_same_file_fed_twice_changes_nothing(nairobi_feeder: Member) -> None:
    row = "A1,Wanjiru Testova,information,suspect,Kenya\n"
    upload(nairobi_feeder, csv_file(row))

    upload(nairobi_feeder, csv_file(row))

    assert [batch.unchanged for batch in Batch.objects.all()] == [1, 0]


def test_what_rows_do_not_say_is_taken_from_the_form(nairobi_feeder: Member) -> None:
    file = SimpleUploadedFile("p.csv", b"source_reference,full_name\nA1,Otto Test\n")

    upload(nairobi_feeder, file, purpose="warn", status="suspect", retention="30")

    assert Record.objects.get().expires_on == timezone.now().date() + timedelta(days=30)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"file": ""}, "file", "required"),
        ({"file": SimpleUploadedFile("x.csv", b"")}, "file", "empty"),
        ({"file": csv_file(name="persons.docx")}, "format", "does not tell the format"),
        ({"database": "secrets"}, "database", "valid choice"),
        ({"format": "exe"}, "format", "valid choice"),
        ({"retention": "soon"}, "retention", "number of days"),
        ({"format": "ofac"}, "alt", "three files"),
    ],
)
def test_what_is_wrong_with_an_upload_is_said_at_its_field(
    nairobi_feeder: Member, fields: dict[str, object], field: str, said: str
) -> None:
    sent = {"file": csv_file(BAD), "database": "nominal"} | fields

    html = browser_of(nairobi_feeder).post("/feed/upload/", sent).content.decode()

    assert said in html.partition(f'id="id_{field}_error"')[2].partition("</div>")[0]
    assert not Batch.objects.exists()


def test_the_ofac_list_is_fed_from_its_three_files(nairobi_feeder: Member) -> None:
    sdn = '36,"TESTOVA, Wanjiru","individual","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 03 Feb 1984."\n'
    alt = '36,12,"aka","TESTOVAYA, Wanjiru",-0- \n'
    add = '36,25,"1 Test Street","Kisumu","Kenya",-0- \n'
    files = {name: SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in (("alt", alt), ("add", add))}

    upload(nairobi_feeder, SimpleUploadedFile("sdn.csv", sdn.encode()), status="suspect", purpose="warn", **files)

    assert Batch.objects.get().accepted == 1
    assert check(nairobi_feeder, person={"name": "Wanjiru Testovaya"}).outcome == "matches"


def test_a_file_whose_feed_was_interrupted_can_go_on(nairobi_feeder: Member) -> None:
    # given a batch whose process ended: the file is kept, nobody feeds it
    opened = open_batch(nairobi_feeder.asker, "nominal", "csv", "persons.csv", {}, timezone.now())
    uploads.keep_files(opened.id, {"file": csv_file("A1,Wanjiru Testova,information,suspect,Kenya\n")})
    client = browser_of(nairobi_feeder)

    # when somebody of the bureau lets it go on
    assertContains(client.get(f"/feed/{opened.id}/"), "Go on")
    assertRedirects(client.post(f"/feed/{opened.id}/"), f"/feed/{opened.id}/", fetch_redirect_response=False)
    uploads.wait_for(opened.id)

    # then it is complete, and cannot go on again
    assertContains(client.get(f"/feed/{opened.id}/"), "Accepted</strong>")
    assert client.post(f"/feed/{opened.id}/").status_code == 409


def test_kept_files_are_readable_by_nobody_else(nairobi_feeder: Member) -> None:
    uploads.keep_files("20260101-TEST", {"file": csv_file(BAD)})

    folder = settings.LIAISON_HOME / "uploads" / "20260101-TEST"

    assert folder.stat().st_mode & 0o077 == 0


def test_the_batches_of_another_bureau_are_not_there(nairobi_feeder: Member, madrid_requester: Member) -> None:
    path = upload(nairobi_feeder, csv_file(BAD))
    client = browser_of(madrid_requester)

    theirs, nowhere = client.get(path), client.get("/feed/20260101-AAAAAAAAAAAA/")

    assert (theirs.status_code, nowhere.status_code) == (404, 404)
    masked = form_of(theirs.content.decode()).replace(path, "")
    assert masked == form_of(nowhere.content.decode()).replace("/feed/20260101-AAAAAAAAAAAA/", "")
    assert client.get(f"{path}refused.csv").status_code == 404
    assertNotContains(client.get("/feed/"), "persons.csv")
    assert client.get("/feed/..%2f..%2fliaison.sqlite3/").status_code == 404


def test_own_records_are_listed_by_reference_and_the_listing_is_an_entry(
    nairobi_feeder: Member, madrid_requester: Member
) -> None:
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova", "KE/7"))

    own = browser_of(nairobi_feeder).get("/records/own/")
    theirs = browser_of(madrid_requester).get("/records/own/")

    assertContains(own, "Wanjiru Testova")
    assertNotContains(theirs, "Wanjiru Testova")
    entries = Entry.objects.filter(event="records_listed").order_by("number")
    assert [entry.shown_references for entry in entries] == [[reference], []]


@pytest.mark.parametrize(("q", "found"), [("KE/1", {"KE/1", "KE/10", "KE/11"}), ("KE/11", {"KE/11"}), ("%", set())])
def test_own_records_are_searched_by_the_beginning_of_the_reference(
    nairobi_feeder: Member, q: str, found: set[str]
) -> None:
    feed_accepted(nairobi_feeder, "nominal", *(a_person("Otto Test", f"KE/{n}") for n in range(12)))

    html = browser_of(nairobi_feeder).get("/records/own/", {"q": q, "database": "nominal"}).content.decode()

    assert set(re.findall(r"<bdi>(KE/\d+)</bdi>", html)) == found


def test_an_own_record_is_found_by_its_record_reference(nairobi_feeder: Member) -> None:
    references = feed_accepted(nairobi_feeder, "nominal", *(a_person("Otto Test", f"KE/{n}") for n in range(3)))

    html = browser_of(nairobi_feeder).get("/records/own/", {"q": references[1].lower()}).content.decode()

    assert re.findall(r"<bdi>(KE/\d+)</bdi>", html) == ["KE/1"]


def test_pages_of_own_records_lead_forward_and_back(nairobi_feeder: Member) -> None:
    # given more records than fit on two pages
    feed_accepted(nairobi_feeder, "nominal", *(a_person("Otto Test", f"KE/{n:03}") for n in range(120)))
    client = browser_of(nairobi_feeder)

    def turn(html: str, rel: str) -> str:
        address = re.search(rf'rel="{rel}" href="([^"]*)"', html)
        assert address
        return client.get("/records/own/" + address[1].replace("&amp;", "&")).content.decode()

    # when somebody goes to the end and back
    first = client.get("/records/own/").content.decode()
    second = turn(first, "next")
    third = turn(second, "next")
    back = turn(third, "prev")

    # then no record is missed and none comes twice
    pages = [re.findall(r"<bdi>(KE/\d+)</bdi>", html) for html in (first, second, third, back)]
    assert [len(page) for page in pages] == [50, 50, 20, 50]
    assert pages[0] + pages[1] + pages[2] == [f"KE/{n:03}" for n in range(120)]
    assert pages[3] == pages[1]
    assert 'rel="next"' not in third
    assert 'rel="prev"' not in first


def test_blocked_own_records_are_found_by_their_state_and_withdrawn_ones_by_nobody(nairobi_feeder: Member) -> None:
    blocked, withdrawn, _ = feed_accepted(
        nairobi_feeder, "nominal", *(a_person("Otto Test", f"KE/{n}") for n in range(3))
    )
    client = browser_of(nairobi_feeder)
    client.post(f"/records/own/{blocked}/", {"action": "block", "reason": "In doubt"})
    client.post(f"/records/own/{withdrawn}/", {"action": "withdraw", "reason": "Wrong person"})

    listed = [client.get("/records/own/", {"state": state}).content.decode() for state in ("", "blocked", "active")]

    found = [re.findall(r"<bdi>(KE/\d+)</bdi>", html) for html in listed]
    assert found == [["KE/0", "KE/2"], ["KE/0"], ["KE/2"]]


def test_an_own_record_shows_everything_its_history_and_what_others_reported(
    nairobi_feeder: Member, madrid_requester: Member
) -> None:
    # given a record that was changed once, kept from Madrid, and of which an error was reported
    feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova", "KE/7"))
    [receipt] = feed(nairobi_feeder, "nominal", a_person("Wanjiru Testova", "KE/7", restricted_against=["ES"]))
    ErrorReport.objects.create(
        record=Record.objects.get().number, reported_by=madrid_requester.agency, actor="officer:1",
        text="<script>alert(1)</script>", at=timezone.now(),
    )  # fmt: skip

    html = browser_of(nairobi_feeder).get(f"/records/own/{receipt.reference}/").content.decode()

    assert "Not shown to" in html
    assert "Version 2" in html
    assert "NCB Madrid" in html
    assert "&lt;script&gt;alert(1)" in html
    assert Entry.objects.filter(event="record_read").count() == 1


def test_a_record_is_blocked_and_released_with_a_reason(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova"))
    client, path = browser_of(nairobi_feeder), f"/records/own/{reference}/"

    assertContains(client.post(path, {"action": "block", "reason": ""}), "This field is required")
    assertContains(client.post(path, {"action": "block", "reason": "In doubt"}, follow=True), "The record is blocked.")
    assert check(warsaw_officer, person={"name": "Wanjiru Testova"}).outcome == "no_match"
    assertContains(client.post(path, {"action": "block", "reason": "Again"}), "cannot be blocked now")
    client.post(path, {"action": "unblock", "reason": "It is right"})

    assert check(warsaw_officer, person={"name": "Wanjiru Testova"}).outcome == "matches"


def test_a_withdrawn_record_is_gone_for_everybody(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova"))
    client = browser_of(nairobi_feeder)

    answer = client.post(f"/records/own/{reference}/", {"action": "withdraw", "reason": "Wrong person"})

    assertRedirects(answer, "/records/own/")
    assert client.get(f"/records/own/{reference}/").status_code == 404
    assert check(warsaw_officer, person={"name": "Wanjiru Testova"}).outcome == "no_match"


@pytest.mark.parametrize("action", ["erase", "", "block"])
def test_nobody_changes_what_is_not_their_own(nairobi_feeder: Member, madrid_requester: Member, action: str) -> None:
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova"))

    theirs = browser_of(madrid_requester).post(f"/records/own/{reference}/", {"action": action, "reason": "Why not"})

    assert theirs.status_code == 404
    assert Record.objects.get().state == "active"


def test_an_unknown_act_is_refused(nairobi_feeder: Member) -> None:
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova"))

    answer = browser_of(nairobi_feeder).post(f"/records/own/{reference}/", {"action": "erase", "reason": "Why"})

    assert answer.status_code == 404


def test_an_old_trial_is_forgotten(nairobi_feeder: Member) -> None:
    path = upload(nairobi_feeder, csv_file(BAD), dry_run="on")

    uploads.forget_left_overs(timezone.now() + uploads.KEEP_TRIALS * 2)

    assert browser_of(nairobi_feeder).get(path).status_code == 404
