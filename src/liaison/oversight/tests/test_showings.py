"""A source learns who was shown its own records, when and for which purpose, and nothing that is another's."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from liaison.access.actions import restrict_source
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.audit.sealed import erase_keys
from liaison.checks.actions import read_after_check
from tests.cast import House, Member, a_person, ask, browser_of, feed_accepted

NAME = "Oksana Tverdokhlib"
NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)
ALL = "/register/ours/?since=2026-06-01&until=2026-06-30"


@pytest.fixture
def nairobi_auditor(house: House) -> Member:
    return house.member("nairobi_auditor", house.bureau("KE"), "auditor")


@pytest.fixture
def of_nairobi(nairobi_feeder: Member) -> str:
    """Return the reference of a record whose source is Nairobi."""
    return feed_accepted(nairobi_feeder, "nominal", a_person(NAME, "KE/1"), now=NOON - timedelta(days=5))[0]


@pytest.fixture
def of_madrid(madrid_requester: Member) -> str:
    """Return the reference of a record of the same person whose source is Madrid."""
    return feed_accepted(madrid_requester, "nominal", a_person(NAME, "ES/1"), now=NOON - timedelta(days=5))[0]


def asked(member: Member, at: datetime = NOON, name: str = NAME) -> int:
    return ask(member, {"person": {"name": name}}, now=at).entry


def read(member: Member, address: str = ALL) -> str:
    answer = browser_of(member).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers_in(html: str) -> list[int]:
    each_time = html.partition("Each time, the newest first")[2]
    return [int(number) for number in re.findall(r'data-label="Entry">.*?>(\d+)</span>', each_time)]


def test_a_source_sees_who_was_shown_its_record_and_when_and_for_which_purpose(
    nairobi_auditor: Member, warsaw_officer: Member, of_nairobi: str
) -> None:
    entry = asked(warsaw_officer)

    page = browser_of(nairobi_auditor).get(ALL)

    assert numbers_in(page.content.decode()) == [entry]
    for text in ("NCB Warsaw", "Warsaw Officer", "2026-06-20", "12:00:00", "Border control", of_nairobi, "Checked"):
        assertContains(page, text)


def test_it_sees_neither_what_was_searched_nor_the_case_nor_the_records_of_others(
    nairobi_auditor: Member, warsaw_officer: Member, of_nairobi: str, of_madrid: str
) -> None:
    asked(warsaw_officer)

    page = browser_of(nairobi_auditor).get(ALL)

    assertContains(page, of_nairobi)
    assertNotContains(page, of_madrid)
    assertNotContains(page, "Tverdokhlib")
    assertNotContains(page, "TEST/1")
    assertNotContains(page, "and 1 more")


def test_a_check_that_showed_nothing_of_it_is_not_told(
    nairobi_auditor: Member, warsaw_officer: Member, of_madrid: str
) -> None:
    asked(warsaw_officer)
    asked(warsaw_officer, name="Somebody Else Entirely")

    assert numbers_in(read(nairobi_auditor)) == []


def test_whom_a_restriction_keeps_away_was_shown_nothing_and_is_not_listed(
    house: House, nairobi_auditor: Member, warsaw_officer: Member, of_nairobi: str
) -> None:
    restrict_source(house.bureau("KE"), "nominal", house.bureau("PL"), by=OPERATOR, now=NOON - timedelta(days=1))

    asked(warsaw_officer)

    assert numbers_in(read(nairobi_auditor)) == []


def test_reading_the_full_record_is_told_as_such(
    nairobi_auditor: Member, warsaw_officer: Member, of_nairobi: str
) -> None:
    entry = asked(warsaw_officer)
    read_after_check(warsaw_officer.asker_at(NOON), of_nairobi, entry, NOON + timedelta(minutes=1))

    html = read(nairobi_auditor)

    assert numbers_in(html) == [entry + 1, entry]
    assert "Read a record" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [3, 2, 1]),
        ("since=2026-06-21", [3, 2]),
        ("until=2026-06-20", [1]),
        ("agency={warsaw}", [2, 1]),
        ("by_others=on", [2, 1]),
        ("record={record}", [3, 2, 1]),
        ("record={madrid}", []),
        ("record=7F3K", []),
    ],
)
def test_it_can_be_asked_by_time_by_record_and_by_agency(
    query: str, expected: list[int], nairobi_auditor: Member, nairobi_feeder: Member, warsaw_officer: Member,
    of_nairobi: str, of_madrid: str,
) -> None:  # fmt: skip
    first = asked(warsaw_officer)
    second, third = asked(warsaw_officer, NOON + timedelta(days=1)), asked(nairobi_feeder, NOON + timedelta(days=2))
    names = {"warsaw": warsaw_officer.agency.pk, "record": of_nairobi, "madrid": of_madrid}

    html = read(nairobi_auditor, f"/register/ours/?asked=1&{query.format(**names)}")

    place = {first: 1, second: 2, third: 3}
    assert [place[number] for number in numbers_in(html)] == expected


def test_each_agency_is_counted_with_its_times_and_the_different_records(
    nairobi_auditor: Member, warsaw_officer: Member, nairobi_feeder: Member, of_nairobi: str
) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, "KE/2"), now=NOON - timedelta(days=4))
    for _ in range(3):
        asked(warsaw_officer)

    row = re.search(r"<bdi>NCB Warsaw</bdi></th>.*?<span>(\d+)</span>.*?<span>(\d+)</span>", read(nairobi_auditor))

    assert row is not None
    assert row.groups() == ("3", "2")


def test_going_on_is_no_second_look_and_leaves_no_gap(
    nairobi_auditor: Member, warsaw_officer: Member, of_nairobi: str
) -> None:
    # given more than a page holds, of which many at the same moment
    entries = [asked(warsaw_officer) for _ in range(28)]
    browser = browser_of(nairobi_auditor)

    # when the page and the next one are read
    first = browser.get(ALL).content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = browser.get("/register/ours/" + older[1].replace("&amp;", "&")).content.decode()

    # then each is there once, and one look is noted
    assert numbers_in(first) + numbers_in(second) == entries[::-1]
    assert "In all" not in second
    assert Entry.objects.filter(event="register_read").count() == 1


def test_the_look_is_an_entry_with_what_was_asked(nairobi_auditor: Member, of_nairobi: str) -> None:
    read(nairobi_auditor, f"/register/ours/?since=2026-06-01&record={of_nairobi}")

    noted = Entry.objects.get(event="register_read")
    assert (noted.actor, noted.agency) == (nairobi_auditor.officer.actor, nairobi_auditor.agency.pk)
    assert noted.searched_data == {
        "shown_records_of": nairobi_auditor.agency.pk, "record": of_nairobi, "begins": "2026-06-01T00:00:00Z",
    }  # fmt: skip


def test_opening_the_page_asks_nothing_and_notes_nothing(nairobi_auditor: Member) -> None:
    before = Entry.objects.count()

    html = read(nairobi_auditor, "/register/ours/")

    assert f'value="{date.today() - timedelta(days=30)}"' in html  # noqa: DTZ011  the form's own day
    assert Entry.objects.count() == before


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-03-02&until=2026-03-01", "agency=999999"])
def test_a_wrong_question_is_explained_and_not_asked(nairobi_auditor: Member, query: str) -> None:
    before = Entry.objects.count()

    assert "There is a problem" in read(nairobi_auditor, f"/register/ours/?{query}")
    assert Entry.objects.count() == before


def test_what_was_erased_is_told_without_references(
    nairobi_auditor: Member, warsaw_officer: Member, of_nairobi: str
) -> None:
    entry = asked(warsaw_officer)
    erase_keys(before=202607)

    html = read(nairobi_auditor)

    assert numbers_in(html) == [entry]
    assert of_nairobi not in html


def test_an_entry_opens_only_to_who_may_read_it(
    nairobi_auditor: Member, nairobi_feeder: Member, warsaw_officer: Member, of_nairobi: str
) -> None:
    others, own = asked(warsaw_officer), asked(nairobi_feeder)

    html = read(nairobi_auditor)

    assert f'href="/register/{own}/"' in html
    assert f'href="/register/{others}/"' not in html


@pytest.mark.parametrize("role", ["warsaw_officer", "border_admin", "border_auditor", "outsider", "examiner"])
def test_it_is_told_to_the_control_of_a_source_only(role: str, house: House, request: pytest.FixtureRequest) -> None:
    browser = browser_of(request.getfixturevalue(role))

    assert [browser.get(path).status_code for path in ("/register/ours/", ALL)] == [403, 403]


def test_who_is_not_signed_in_is_told_nothing(house: House) -> None:
    assert Client().get(ALL).status_code == 302
