"""What a source did about its restrictions is known to its own people, and nothing tells anybody else (RPD 58)."""

import csv
import io
import re

import pytest
from django.utils import timezone

from liaison.access.actions import lift_restriction, restrict_source
from liaison.access.requests import acting_officer
from liaison.audit.actions import OPERATOR
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.audit.queries import Search, read_register
from liaison.audit.series import series
from tests.cast import House, Member, browser_of

OTHERS = ["auditor", "nairobi_admin", "border_admin", "border_auditor", "secretariat_admin"]
OWN = ["warsaw_admin", "warsaw_auditor"]
# Every kind of search that could bring it to light.
SEARCHES = ["", "event=restriction_set", "event=restriction_lifted", "confidential=on", "since=2020-01-01"]


@pytest.fixture
def restricted(house: House, warsaw_admin: Member) -> list[int]:
    """Return the entries of a restriction that Warsaw set against Nairobi and lifted again."""
    nairobi, by = house.bureau("KE"), acting_officer(warsaw_admin.officer)
    restriction = restrict_source(warsaw_admin.agency, "vehicles", nairobi, by=by, now=timezone.now())
    lift_restriction(restriction, by=by, now=timezone.now())
    return sorted(Entry.objects.filter(event__startswith="restriction_").values_list("number", flat=True))


def page_of(member: Member, query: str) -> str:
    """Return the entries on the page, without what repeats the words of the search."""
    html = browser_of(member).get(f"/register/?{query}").content.decode()
    return "".join(re.findall(r"<tbody.*?</tbody>", html, flags=re.DOTALL))


def export_of(member: Member, query: str) -> list[dict[str, str]]:
    answer = browser_of(member).get(f"/register/?{query}&format=csv")
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("role", OWN)
def test_its_own_people_read_what_a_source_restricted(
    role: str, restricted: list[int], request: pytest.FixtureRequest
) -> None:
    somebody = request.getfixturevalue(role)

    assert "Set a restriction" in page_of(somebody, "event=restriction_set")
    assert [row["event"] for row in export_of(somebody, "confidential=on")][-2:] == [
        "restriction_lifted", "restriction_set",
    ]  # fmt: skip
    entry = browser_of(somebody).get(f"/register/{restricted[0]}/").content.decode()
    assert "Against: NCB Nairobi" in entry
    assert "C1<" in entry


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("query", SEARCHES)
def test_nobody_else_finds_it_on_the_page(
    role: str, query: str, restricted: list[int], request: pytest.FixtureRequest
) -> None:
    html = page_of(request.getfixturevalue(role), query)

    assert "restriction" not in html.lower()
    assert not any(str(number) in html for number in restricted)


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_finds_it_in_an_export(role: str, restricted: list[int], request: pytest.FixtureRequest) -> None:
    rows = export_of(request.getfixturevalue(role), "since=2020-01-01&confidential=on")

    assert not any("restriction" in row["event"] for row in rows)


@pytest.mark.parametrize("role", OTHERS)
def test_its_address_is_answered_to_others_like_one_that_nothing_has(
    role: str, restricted: list[int], request: pytest.FixtureRequest
) -> None:
    browser = browser_of(request.getfixturevalue(role))

    there, nowhere = (browser.get(f"/register/{number}/") for number in (restricted[0], restricted[-1] + 7))

    assert (there.status_code, nowhere.status_code) == (404, 404)


def test_who_reads_the_whole_register_finds_no_gap_where_it_stands(
    auditor: Member, warsaw_admin: Member, restricted: list[int]
) -> None:
    # given that the source's people looked at it too, in every way
    browser_of(warsaw_admin).get(f"/register/{restricted[0]}/")
    page_of(warsaw_admin, "event=restriction_set")
    export_of(warsaw_admin, "confidential=on")

    numbers = [int(row["entry"]) for row in export_of(auditor, "since=2020-01-01")]

    assert numbers == list(range(len(numbers), 0, -1))
    assert not Entry.objects.filter(number__lt=series().stop, event="register_read", actor=warsaw_admin.officer.actor)


def test_looking_at_it_is_an_entry_that_its_own_people_alone_read(
    warsaw_admin: Member, warsaw_auditor: Member, restricted: list[int]
) -> None:
    browser_of(warsaw_auditor).get(f"/register/{restricted[0]}/")

    read = export_of(warsaw_admin, "event=register_read&confidential=on")

    assert [(row["who"], row["searched"]) for row in read][-1] == (
        "Warsaw Auditor", f'{{"entry":{restricted[0]}}}',
    )  # fmt: skip


def test_each_source_counts_its_own(house: House, warsaw_admin: Member, nairobi_admin: Member) -> None:
    """A number that goes on from another source's would tell that there was one."""
    warsaw, nairobi, now = warsaw_admin.agency, nairobi_admin.agency, timezone.now()
    restrict_source(warsaw, "vehicles", nairobi, by=acting_officer(warsaw_admin.officer), now=now)
    restrict_source(nairobi, "vehicles", warsaw, by=acting_officer(nairobi_admin.officer), now=now)
    restrict_source(warsaw, "vessels", nairobi, by=acting_officer(warsaw_admin.officer), now=now)

    found = Entry.objects.filter(event=Event.RESTRICTION_SET)

    assert sorted((entry.agency, entry.written_number) for entry in found) == [
        (warsaw.pk, "C1"), (warsaw.pk, "C2"), (nairobi.pk, "C1"),
    ]  # fmt: skip


def test_what_the_operator_restricts_for_a_source_is_read_by_that_source(house: House, warsaw_admin: Member) -> None:
    restrict_source(warsaw_admin.agency, "vehicles", house.bureau("KE"), by=OPERATOR, now=timezone.now())

    assert [row["who"] for row in export_of(warsaw_admin, "event=restriction_set")] == [
        "Somebody at the machine itself"
    ]


def test_the_command_line_finds_it_no_more_than_others_do(restricted: list[int]) -> None:
    found = read_register(Search(event="restriction_set"), by=OPERATOR, now=timezone.now())
    everything = read_register(Search(), by=OPERATOR, now=timezone.now())

    assert list(found) == []
    assert not set(everything.values_list("number", flat=True)) & set(restricted)


def test_the_choice_is_offered_to_a_source_only(
    house: House, warsaw_admin: Member, border_admin: Member, auditor: Member
) -> None:
    assert 'name="confidential"' in browser_of(warsaw_admin).get("/register/").content.decode()
    assert 'name="confidential"' not in browser_of(border_admin).get("/register/").content.decode()
    assert "restriction" not in browser_of(auditor).get("/register/").content.decode().lower()
