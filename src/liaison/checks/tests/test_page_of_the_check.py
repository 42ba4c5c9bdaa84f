"""The page of the check asks all that a text may mean, says how it read it, and loses nothing that was typed."""

import re

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from liaison.audit.models import Entry
from liaison.checks.live import live
from liaison.checks.tests.asking import ask
from tests.cast import House, Member, a_passport, a_person, browser_of, feed_accepted, sign_in

VESSEL = {"source_reference": "S/1", "purpose": ["locate"], "name": "Blue Heron", "flag": "GR", "imo": "9074729"}


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Blue Heron", "name of a vessel"),
        ("9074729", "IMO number of a vessel"),
        ("IMO 9074729", "IMO number of a vessel"),
        ("232001000", "MMSI number of a vessel"),
    ],
)
def test_a_vessel_is_found_by_what_the_box_takes(
    nairobi_feeder: Member, warsaw_officer: Member, text: str, taken: str
) -> None:
    feed_accepted(nairobi_feeder, "vessels", VESSEL | {"mmsi": "232001000"})

    html = ask(warsaw_officer, text)

    assert "Possible match: verify" in html
    assert "<bdi>Blue Heron, IMO 9074729, MMSI 232001000 (GR)</bdi>" in html
    assert f"Taken as: {taken}." in html


def test_an_organisation_is_found_by_its_name(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person("Blue Lagoon Trading", kind="organisation"))

    html = ask(warsaw_officer, "Blue Lagoon Trading")

    assert "Possible match: verify" in html
    assert "Taken as: name of an organisation." in html


def test_a_document_beside_a_name_is_one_question_with_it(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    person = a_person("Oksana Tverdokhlib", places_of_birth=["Lviv"], documents=[{"number": "ZZ2"}, {"number": "ZZ3"}])
    feed_accepted(nairobi_feeder, "nominal", person)

    details = {"name": "Oksana Tverdokhlib", "place_of_birth": "Львів", "number": "zz 1", "issuer": "KE"}
    html = ask(warsaw_officer, **details)

    assert "Oksana Tverdokhlib, Львів, zz 1, KE" in html
    assert html.count('<article class="app-match"') == 1
    assert "<bdi>KE ZZ1</bdi>" in html
    assert "<bdi>ZZ2; ZZ3</bdi>" in html
    [asked] = Entry.objects.filter(event="checked").latest("number").searched_data
    assert asked["person"]["documents"] == [{"number": "zz 1", "issuer": "KE"}]


def test_an_unreadable_number_beside_a_name_is_told_at_its_field(warsaw_officer: Member) -> None:
    answer = browser_of(warsaw_officer).post(
        "/check/", {"purpose": "border", "reference": "R", "name": "Oksana Tverdokhlib", "number": "--"}
    )

    assert answer.context["form"].errors.keys() == {"number"}


def test_all_that_a_text_may_mean_and_nobody_recorded_is_one_answer(warsaw_officer: Member) -> None:
    html = ask(warsaw_officer, "Nobody Anywhere")

    assert html.count('<h3 class="app-answer__verdict">No record') == 1
    assert "No record found in: Persons and organisations, Vessels." in html
    assert "Taken as: name of a person; name of an organisation; name of a vessel." in html


def test_a_vessel_is_not_asked_for_whoever_may_check_none(border_officer: Member) -> None:
    html = ask(border_officer, "Nobody Anywhere")

    assert "Taken as: name of a person; name of an organisation." in html
    assert "You may not check this" not in html


def test_digits_that_count_as_a_part_of_a_name_are_told(warsaw_officer: Member) -> None:
    html = ask(warsaw_officer, "Nobody Anywhere 130284")

    assert "“\u2068130284\u2069” was taken for a part of the name." in html


def test_a_date_in_the_details_may_be_written_as_people_write_it(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova", born=["1984-02-03"]))

    html = ask(warsaw_officer, name="Wanjiru Testova", born="3.2.1984")

    assert "<bdi>1984-02-03</bdi>" in html


def test_the_empty_page_waits_for_a_text_and_an_answer_does_not_take_the_focus(warsaw_officer: Member) -> None:
    empty = browser_of(warsaw_officer).get("/check/").content.decode()

    assert re.search(r'<textarea name="q"[^>]* autofocus', empty)
    assert "autofocus" not in ask(warsaw_officer, "Nobody Anywhere")
    assert "autofocus" not in ask(warsaw_officer, "")


def test_what_was_typed_comes_back_to_whom_the_session_has_ended(house: House) -> None:
    typed = {"q": "Wanjiru Testova", "purpose": "arrest", "reference": "CASE-9", "vin": "WVWZZZ1JZXW000001"}

    answer = Client().post("/check/", typed)

    assertContains(answer, "You are signed out: nothing was checked", status_code=403)
    assertContains(answer, "Wanjiru Testova</textarea>", status_code=403)
    assertContains(answer, 'value="CASE-9"', status_code=403)
    assertContains(answer, 'value="WVWZZZ1JZXW000001"', status_code=403)
    assertContains(answer, '<option value="arrest" selected>', status_code=403)
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Entry.objects.filter(event="checked").exists()


@pytest.mark.parametrize(
    ("origin", "said", "shown"),
    [("http://testserver", "Nothing was checked yet", True), ("https://elsewhere.example", "no longer valid", False)],
)
def test_what_was_typed_before_signing_in_anew_comes_back_to_our_own_page_alone(
    warsaw_officer: Member, origin: str, said: str, shown: bool
) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Origin": origin})
    sign_in(client, warsaw_officer.officer)

    answer = client.post("/check/", {"q": "Wanjiru Testova", "purpose": "border", "reference": "R"})

    assert answer.status_code == 403
    assert said in answer.content.decode()
    assert ("Wanjiru Testova" in answer.content.decode()) is shown
    assert not Entry.objects.filter(event="checked").exists()


def test_an_arabic_page_writes_the_score_as_arabic_does_beside_latin_digits(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    feed_accepted(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))
    client = browser_of(warsaw_officer)
    client.cookies["liaison-language"] = "ar"

    answer = client.post("/check/", {"q": "9ZZL00001", "purpose": "border", "reference": "R"})

    assertContains(answer, "1.0000")
    assertContains(answer, "+20.0")


def test_a_report_after_the_end_of_the_session_is_not_sent_and_the_page_to_sign_in_says_so(house: House) -> None:
    client = Client()

    client.post("/records/0000-0000-0000-0000/?check=1", {"text": "The year is wrong."})

    assertContains(client.get("/accounts/login/"), "your report was not sent")


def test_a_check_that_cannot_be_answered_now_keeps_what_was_typed(
    warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live(), "is_fresh", lambda: False)

    answer = browser_of(warsaw_officer).post("/check/", {"q": "Jan Kowal", "purpose": "border", "reference": "R"})

    assertContains(answer, "nothing was checked", status_code=503)
    assertContains(answer, "Jan Kowal</textarea>", status_code=503)
    assert not Entry.objects.filter(event="checked").exists()


def test_what_must_be_known_first_stands_before_the_reasons_and_is_never_folded(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    rows = [
        a_person("Oksana Tverdokhlib", f"P/{number}", action_to_be_taken="Detain", warning_markers=["armed"])
        for number in range(5)
    ]
    feed_accepted(nairobi_feeder, "nominal", *rows)

    matches = ask(warsaw_officer, "Oksana Tverdokhlib").split("<article")[1:]

    assert [match.count("<details") for match in matches] == [0, 0, 0, 1, 1]
    assert all(match.index("Armed") < match.index("Detain") < match.index("<table") for match in matches)
    assert matches[4].index("Detain") < matches[4].index("<details") < matches[4].index("<table")
