"""A refused row is named as its source names it, and comes back in its columns to be corrected and fed again."""

import csv
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.asserts import assertContains

from liaison.errors import Problem
from liaison.records import uploads
from liaison.records.formats.csv_rows import read_again
from liaison.records.models import Record
from liaison.records.refusals import column_of
from tests.cast import Member, browser_of

HEADER = "Source-Reference;Full Name;Nationality;Purpose;Status;Date of Birth\n"
SOUND = "A1;Otto Test;PL;information;suspect;1984\n"
BAD = 'B1;"Testova; Wanjiru";Kenia;information;suspect;1984-13\n'
RAGGED = "C1;a;b;c;d;e;f;g;h\n"


def upload(member: Member, text: str, name: str = "persons.csv", **fields: str) -> str:
    file = SimpleUploadedFile(name, text.encode())
    answer = browser_of(member).post("/feed/upload/", {"file": file, "database": "nominal"} | fields)
    uploads.wait_for(str(answer["Location"]).split("/")[2])
    return str(answer["Location"])


def downloaded(member: Member, path: str) -> str:
    return browser_of(member).get(f"{path}refused.csv").getvalue().decode("utf-8-sig")


@pytest.mark.parametrize("fields", [{}, {"dry_run": "on"}])
def test_a_refused_row_is_shown_with_its_reference_and_the_column_of_the_file(
    nairobi_feeder: Member, fields: dict[str, str]
) -> None:
    path = upload(nairobi_feeder, HEADER + SOUND + BAD, **fields)

    page = browser_of(nairobi_feeder).get(path)

    assertContains(page, '<bdi class="govuk-body-s">B1</bdi>')
    assertContains(page, "Column <bdi>Nationality</bdi>")
    assertContains(page, "Column <bdi>Date of Birth</bdi>")


def test_a_row_of_another_format_is_shown_with_its_reference_and_field(nairobi_feeder: Member) -> None:
    path = upload(nairobi_feeder, '{"source_reference": "J1", "names": [{"full": "X"}]}\n', name="p.jsonl")

    page = browser_of(nairobi_feeder).get(path)

    assertContains(page, '<bdi class="govuk-body-s">J1</bdi>')
    assertContains(page, '<span dir="ltr">purpose</span>')


@pytest.mark.parametrize("fields", [{}, {"dry_run": "on"}])
def test_refused_rows_of_csv_come_back_in_their_columns(nairobi_feeder: Member, fields: dict[str, str]) -> None:
    path = upload(nairobi_feeder, HEADER + SOUND + BAD + BAD.replace("B1", "B2") + RAGGED, **fields)

    rows = list(csv.DictReader(StringIO(downloaded(nairobi_feeder, path))))

    assert [row["Full Name"] for row in rows] == ["Testova; Wanjiru", "Testova; Wanjiru", ""]
    assert [row["Source-Reference"] for row in rows] == ["B1", "B2", ""]
    assert [row["problem_row"] for row in rows] == ["2", "3", "4"]
    assert rows[0]["problem_code"] == "impossible-date; unknown-country"
    assert rows[0]["problem_field"] == "Date of Birth; Nationality"
    assert "'Kenia' is not a country" in rows[0]["problem_detail"]
    assert [row["problem_sent"] for row in rows] == ["", "", RAGGED.strip()]


def test_the_download_is_corrected_and_fed_again_as_it_is(nairobi_feeder: Member) -> None:
    # given refused rows, one with texts that a spreadsheet would run
    odd = "=B2;+Otto Test;Kenia;information;suspect;1984\n"
    sheet = downloaded(nairobi_feeder, upload(nairobi_feeder, HEADER + BAD + odd))
    assert "'=B2,'+Otto Test" in sheet

    # when only the mistakes are corrected
    path = upload(nairobi_feeder, sheet.replace("Kenia", "Kenya").replace("1984-13", "1984-12"))

    # then every row is taken, and says what it said before
    assertContains(browser_of(nairobi_feeder).get(path), "Accepted</strong>")
    assert set(Record.objects.values_list("source_reference", flat=True)) == {"B1", "=B2"}


def test_a_download_that_is_fed_uncorrected_gives_the_same_download(nairobi_feeder: Member) -> None:
    first = downloaded(nairobi_feeder, upload(nairobi_feeder, HEADER + BAD))

    second = downloaded(nairobi_feeder, upload(nairobi_feeder, first))

    assert second.replace(",1,impossible", ",2,impossible") == first.replace(",1,impossible", ",2,impossible")


def test_a_row_of_two_thousand_characters_and_more_comes_back_whole(nairobi_feeder: Member) -> None:
    text = "x" * 15_000
    path = upload(nairobi_feeder, f"source_reference,full_name,description,purpose\nL1,Otto Test,{text},locate\n")

    [row] = csv.DictReader(StringIO(downloaded(nairobi_feeder, path)))

    assert row["description"] == text


def test_rows_of_other_formats_come_back_in_one_cell(nairobi_feeder: Member) -> None:
    path = upload(nairobi_feeder, '{"source_reference": "J1"}\n', name="p.jsonl")

    lines = list(csv.reader(StringIO(downloaded(nairobi_feeder, path))))

    assert lines[0] == ["row", "code", "field", "value", "reason", "sent"]
    assert lines[1][5] == '{"source_reference": "J1"}'


@pytest.mark.parametrize(
    ("at", "value", "column"),
    [
        ("nationalities[0]", "Kenia", "Nationality"),
        ("names[0].full", "!!!", "Full Name"),
        ("names[1].full", "???", "Aliases"),
        ("documents[0].number", "!!!", "Document Number"),
        ("documents[0].issuer", "Kenia", "Document Issuer"),
        ("status", "", "status"),
        ("expires_on", "", ""),
        ("line 3", "", ""),
    ],
)
def test_a_field_is_found_in_the_column_it_came_from(at: str, value: str, column: str) -> None:
    header = "Full Name,Aliases,Nationality,Document Issuer,Document Number,status"

    cells = read_again(header, "!!!,???,Kenia,Kenia,!!!,suspect") or {}

    assert column_of(Problem("x", "x", at, value), "nominal", header, cells) == column


@pytest.mark.parametrize("raw", ["a,b,c", '"a', "", "x" * 32_000])
def test_a_row_that_does_not_fit_its_header_is_not_divided(raw: str) -> None:
    assert read_again("one,two", raw) is None
