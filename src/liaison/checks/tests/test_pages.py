"""The page of the check: an officer asks in one box, reads a plain answer, and opens what the answer showed."""

import re

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from liaison.audit.models import Entry
from liaison.checks.live import catch_up_if_alone
from liaison.checks.tests.asking import ask
from liaison.records.actions import change_state
from liaison.records.models import ErrorReport
from tests.cast import House, Member, a_passport, a_person, a_vehicle, browser_of, feed_accepted, sign_in

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"

VIN = "1M8GDM9AXKP042788"
A_VESSEL = {
    "source_reference": "S/1", "purpose": ["locate"], "imo": "9074729", "mmsi": "232001000", "name": "Sea Test",
    "flag": "KE",
}  # fmt: skip
HX = {"HX-Request": "true"}


def bare(html: str, *secrets: str) -> str:
    """Return a page without what differs in every answer: the form tokens, and the address that was asked."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
    for secret in secrets:
        html = html.replace(secret, "")
    return html


def opened_by(member: Member, reference: str) -> str:
    """Return the address of a record under a check by this member."""
    entry = Entry.objects.filter(actor=member.officer.actor, event="checked").latest("number")
    return f"/records/{reference}/?check={entry.number}"


def test_who_is_not_signed_in_is_sent_to_sign_in(house: House) -> None:
    assertRedirects(Client().get("/check/"), "/accounts/login/?next=/check/", fetch_redirect_response=False)
    assertRedirects(
        Client().get("/records/X/?check=1"), "/accounts/login/?next=/records/X/%3Fcheck%3D1",
        fetch_redirect_response=False,
    )  # fmt: skip
    assert Client().post("/records/duplicates/nowhere/").status_code == 302


def test_an_auditor_and_an_administrator_check_nothing(auditor: Member, house: House) -> None:
    administrator = house.member("administrator", house.bureau("PL"), "administrator")

    answers = [browser_of(member).get("/check/").status_code for member in (auditor, administrator)]

    assert answers == [403, 403]
    assert browser_of(auditor).post("/check/", {"q": "Jan"}).status_code == 403
    assert not Entry.objects.filter(event="checked").exists()


def test_an_outsider_sees_that_nothing_may_be_checked(outsider: Member) -> None:
    assertContains(browser_of(outsider).get("/check/"), "You may not check any database")
    assert "Possible match" not in ask(outsider, "Jan Kowalski")


def test_a_get_checks_nothing(warsaw_officer: Member) -> None:
    assertContains(browser_of(warsaw_officer).get("/check/?q=Jan&purpose=border&reference=R"), "This checks:")
    assert not Entry.objects.filter(event="checked").exists()


def test_a_name_in_the_box_finds_the_person(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    # given a person whom Nairobi wants, and how to deal with her
    row = a_person("Wanjiru Testova", warning_markers=["armed"], action_to_be_taken="Detain", born=["1984-02-03"])
    [reference] = feed_accepted(nairobi_feeder, "nominal", row)

    # when an officer in Warsaw checks her name
    html = ask(warsaw_officer, "Wanjiru Testova 1984-02-03")

    # then the answer names the source to verify with, the warning, the action, the terms and the register entry
    assert "Possible match: verify with <bdi>NCB Nairobi</bdi> before acting" in html
    assert "Armed" in html
    assert "Detain" in html
    assert "Taken as: name of a person, \u2068Wanjiru Testova\u2069, born \u20681984-02-03\u2069." in html
    entry = Entry.objects.get(event="checked")
    assert f'<span dir="ltr">{entry.number}</span>' in html
    assert entry.shown_references == [reference]
    assert (entry.purpose, entry.reference) == ("border", "CASE-7")
    assert f"/records/{reference}/?check={entry.number}" in html


def test_a_stranger_gets_a_plain_no(warsaw_officer: Member) -> None:
    html = ask(warsaw_officer, "Nobody Anywhere")

    assert "No record" in html
    assert "This does not prove" in html


@pytest.mark.parametrize("text", ["9ZZL00001", "9zzl 00001"])
def test_a_number_is_asked_as_a_document_and_as_a_plate(
    nairobi_feeder: Member, warsaw_officer: Member, text: str
) -> None:
    feed_accepted(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))

    html = ask(warsaw_officer, text)

    assert html.index("Possible match: verify") < html.index('<h3 class="app-answer__verdict">No record')


def test_what_the_asker_may_not_check_is_not_guessed(border_officer: Member) -> None:
    html = ask(border_officer, "9ZZL00001")

    assert "No record" in html
    assert "You may not check this" not in html


def test_a_machine_readable_zone_is_read(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person("Anna Maria Eriksson", born=["1974-08-12"]))

    html = ask(warsaw_officer, TD3)

    assert "Taken as: machine-readable zone." in html
    assert "Possible match" in html


def test_a_vin_is_found_and_shown_beside_the_question(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed_accepted(nairobi_feeder, "vehicles", a_vehicle("WVWZZZ1JZXW000001"))

    html = ask(warsaw_officer, "wvwzzz 1jzxw 000001")

    assert "Possible match" in html
    assert "Vehicle identification number" in html


def test_details_are_asked_beside_the_box(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed_accepted(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))

    html = ask(warsaw_officer, "", number="9ZZL00001", issuer="Kenya")

    assert "Possible match" in html
    assert "<bdi>KE 9ZZL00001</bdi>" in html


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"q": ""}, "q", "Say what to check"),
        ({"q": "!!!"}, "q", "has no letters"),
        ({"q": "a" * 700}, "q", "at most 600"),
        ({"q": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<"}, "q", "line"),
        ({"q": "WVWZZZ1JZXO000001"}, "q", "contains I, O or Q"),
        ({"q": "Jan\u202ekowalski"}, "q", "cannot be seen"),
        ({"q": "Jan\x00"}, "q", "Null characters"),
        ({"q": "Anna Nowak 1984-13-40"}, "q", "1984-13-40"),
        ({"q": "Anna Nowak 12/3/84"}, "q", "cannot be read as a date of birth"),
        ({"q": "Anna Nowak 1984, 1985"}, "q", "more than one date"),
        ({"q": "born 3.2.1984"}, "q", "only a date of birth"),
        ({"q": "IMO 9074720"}, "q", "last digit of IMO number"),
        ({"name": "Jan", "born": "1984-13"}, "born", "not in the calendar"),
        ({"name": "Jan", "nationality": "POLAN"}, "nationality", "Poland"),
        ({"born": "1984"}, "name", "This is needed"),
        ({"imo": "9074720"}, "imo", "IMO number"),
        ({"vin": "=1+1"}, "vin", "letters and digits only"),
        ({"country": "PL"}, "plate", "Give the plate"),
        ({"purpose": "curiosity", "q": "Jan"}, "purpose", "valid choice"),
        ({"purpose": "", "q": "Jan"}, "purpose", "required"),
        ({"reference": " ", "q": "Jan"}, "reference", "required"),
        ({"reference": "R" * 300, "q": "Jan"}, "reference", "at most 200"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_checked(
    warsaw_officer: Member, given: dict[str, str], field: str, said: str
) -> None:
    html = ask(warsaw_officer, given.pop("q", ""), **given)

    assert f'href="#id_{field}"' in html
    errors = html.partition(f'id="id_{field}_error"')[2].partition("</div>")[0]
    assert said in errors
    assert not Entry.objects.filter(event="checked").exists()


def test_purpose_and_reference_are_remembered_in_the_session(warsaw_officer: Member) -> None:
    client = browser_of(warsaw_officer)
    client.post("/check/", {"q": "Jan Kowalski", "purpose": "arrest", "reference": "CASE-9"})

    html = client.get("/check/").content.decode()

    assert '<option value="arrest" selected>Arrest</option>' in html
    assert 'value="CASE-9"' in html


def test_an_answer_is_kept_by_no_cache(warsaw_officer: Member) -> None:
    answer = browser_of(warsaw_officer).post("/check/", {"q": "Jan Kow", "purpose": "border", "reference": "R"})

    assert "no-store" in answer.headers["Cache-Control"]


def test_a_form_from_elsewhere_is_refused(warsaw_officer: Member) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, warsaw_officer.officer)

    answer = client.post("/check/", {"q": "Jan", "purpose": "border", "reference": "R"})

    assert answer.status_code == 403
    assert not Entry.objects.filter(event="checked").exists()


def test_what_a_record_says_is_shown_as_text(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    script = "<script>alert(1)</script>"
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person(f"Otto {script}", relevance=script))

    html = ask(warsaw_officer, f"Otto {script}")
    record = browser_of(warsaw_officer).get(opened_by(warsaw_officer, reference)).content.decode()

    assert "Possible match" in html
    assert script not in html
    assert script not in record
    assert "&lt;script&gt;" in record


def test_the_full_record_opens_under_its_check_and_is_an_entry(
    nairobi_feeder: Member, warsaw_officer: Member, madrid_requester: Member
) -> None:
    # given a record that is kept from Madrid
    row = a_person("Wanjiru Testova", restricted_against=["ES"], status="witness", nationalities=["KE"])
    [reference] = feed_accepted(nairobi_feeder, "nominal", row)
    ask(warsaw_officer, "Wanjiru Testova")

    # when Warsaw opens it
    answer = browser_of(warsaw_officer).get(opened_by(warsaw_officer, reference))

    # then it shows what is known, never against whom it is restricted, and the reading is an entry
    assertContains(answer, "Victim or witness")
    assertContains(answer, "CASE-7")
    assertNotContains(answer, "Not shown to")
    read = Entry.objects.get(event="record_read")
    assert (read.purpose, read.reference, read.shown_references) == ("border", "CASE-7", [reference])


def test_not_there_and_not_allowed_are_one_answer(
    nairobi_feeder: Member, warsaw_officer: Member, outsider: Member
) -> None:
    # given a record that Warsaw found
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova"))
    ask(warsaw_officer, "Wanjiru Testova")
    found = opened_by(warsaw_officer, reference)
    nowhere = found.replace(reference, "0000-0000-0000-0000")

    # when somebody without rights asks for it, and for nothing
    client = browser_of(outsider)
    refused, missing = client.get(found), client.get(nowhere)

    # then both answers are the same bytes, and so is a check that showed something else
    assert (refused.status_code, missing.status_code) == (404, 404)
    there = bare(refused.content.decode(), reference)
    assert there == bare(missing.content.decode(), "0000-0000-0000-0000")
    own = browser_of(warsaw_officer).get(nowhere)
    assert own.status_code == 404
    assert client.post(found, {"text": "Wrong"}).status_code == 404
    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize("check", ["", "?check=", "?check=0", "?check=-1", "?check=٣", "?check=" + "9" * 40])
def test_a_record_does_not_open_without_a_check_that_showed_it(
    nairobi_feeder: Member, warsaw_officer: Member, check: str
) -> None:
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova"))

    assert browser_of(warsaw_officer).get(f"/records/{reference}/{check}").status_code == 404


def test_a_record_that_was_blocked_meanwhile_is_gone(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova"))
    ask(warsaw_officer, "Wanjiru Testova")
    from django.utils import timezone

    change_state(nairobi_feeder.asker, reference, "block", "In doubt", timezone.now())

    assert browser_of(warsaw_officer).get(opened_by(warsaw_officer, reference)).status_code == 404


def test_an_error_in_a_record_is_reported_to_its_source(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova"))
    ask(warsaw_officer, "Wanjiru Testova")
    client, address = browser_of(warsaw_officer), opened_by(warsaw_officer, reference)

    assertContains(client.post(address, {"text": " "}), "This field is required")
    sent = client.post(address, {"text": "The year of birth is wrong."}, follow=True)

    assertContains(sent, "Your report was sent to the source.")
    assert ErrorReport.objects.get().text == "The year of birth is wrong."


def test_likely_duplicates_appear_while_typing_and_are_a_check(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    # given a person whom Nairobi knows
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Wanjiru Testova", born=["1984-02-03"]))

    # when Warsaw types her name, and a date that is not finished
    typed = {"full_name": "Wanjiru Testova", "born": "1984-0", "kind": "person", "sex": "U", "nationalities": "K"}
    answer = browser_of(warsaw_officer).post("/records/duplicates/nominal/", typed, headers={"HX-Request": "true"})

    # then she appears, and the look-up is in the register as what it is
    assertContains(answer, "Wanjiru Testova")
    assertContains(answer, "1 record is similar:")
    assertNotContains(answer, "<html")
    entry = Entry.objects.get(event="checked")
    assert (entry.purpose, entry.reference, entry.shown_references) == ("identify", "entry by hand", [reference])


@pytest.mark.parametrize("typed", [{}, {"full_name": "Al"}, {"full_name": "Jan\u202e Kow"}, {"full_name": "!!!!"}])
def test_too_little_or_nonsense_is_not_checked(warsaw_officer: Member, typed: dict[str, str]) -> None:
    answer = browser_of(warsaw_officer).post("/records/duplicates/nominal/", typed, headers={"HX-Request": "true"})

    assertNotContains(answer, "No similar record.")
    assert not Entry.objects.filter(event="checked").exists()


def test_without_a_script_the_whole_page_comes_back_with_what_was_typed(warsaw_officer: Member) -> None:
    catch_up_if_alone()

    answer = browser_of(warsaw_officer).post(
        "/records/duplicates/nominal/", {"full_name": "Wanjiru Testova", "purpose": ["arrest"], "kind": "person"}
    )

    assertContains(answer, 'value="Wanjiru Testova"')
    assertContains(answer, "No similar record.")
    assertContains(answer, '<html lang="en"')


def test_who_may_not_feed_gets_no_duplicates(border_officer: Member, outsider: Member) -> None:
    answers = [
        browser_of(member).post(
            "/records/duplicates/nominal/", {"full_name": "Jan Kowalski"}, headers={"HX-Request": "true"}
        )
        for member in (border_officer, outsider)
    ]

    assert all("Type a name or a number" in answer.content.decode() for answer in answers)
    assert not Entry.objects.filter(event="checked").exists()


@pytest.mark.parametrize(
    ("database", "row", "typed"),
    [
        ("travel_documents", a_passport("9ZZL00001", "KE"), {"number": "9zzl 00001", "issuer": "ke"}),
        ("travel_documents", a_passport("9ZZL00001", "KE"), {"number": "9zzl 00001", "issuer": "K"}),
        ("vehicles", a_vehicle(VIN), {"vin": VIN.lower()}),
        ("vehicles", a_vehicle(VIN, plate="KAA 123A", plate_country="KE"), {"plate": "kaa123a", "plate_country": "KE"}),
        ("vessels", A_VESSEL, {"imo": "IMO 9074729"}),
        ("vessels", A_VESSEL, {"mmsi": "232001000"}),
        ("vessels", A_VESSEL, {"name": "Sea Test", "flag": "KE"}),
        ("nominal", a_person("Test Trading Company", kind="organisation"),
         {"full_name": "Test Trading Company", "kind": "organisation"}),
    ],
)  # fmt: skip
def test_what_is_known_already_is_said_while_it_is_typed(
    nairobi_feeder: Member, database: str, row: dict[str, object], typed: dict[str, str]
) -> None:
    [reference] = feed_accepted(nairobi_feeder, database, row)

    answer = browser_of(nairobi_feeder).post(f"/records/duplicates/{database}/", typed, headers=HX)

    assertContains(answer, "1 record is similar:")
    assertContains(answer, reference)
    assertContains(answer, "your own")


@pytest.mark.parametrize(
    ("database", "typed"),
    [
        ("travel_documents", {"number": "9ZZL", "issuer": "KE"}),
        ("vehicles", {"vin": "1M8G", "plate": "KA"}),
        ("vessels", {"imo": "907472", "mmsi": "23200100", "name": "Se"}),
    ],
)
def test_a_number_that_has_only_begun_is_not_looked_up(
    nairobi_feeder: Member, database: str, typed: dict[str, str]
) -> None:
    answer = browser_of(nairobi_feeder).post(f"/records/duplicates/{database}/", typed, headers=HX)

    assertContains(answer, "Type a name or a number")
    assert not Entry.objects.filter(event="checked").exists()


def test_a_number_that_cannot_be_is_told_and_the_rest_looked_up(nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "vessels", A_VESSEL)

    typed = {"imo": "9074728", "mmsi": "232001000"}
    answer = browser_of(nairobi_feeder).post("/records/duplicates/vessels/", typed, headers=HX)

    assertContains(answer, "This could not be looked up:")
    assertContains(answer, "1 record is similar:")


def test_more_similar_records_than_can_be_shown_are_not_called_none(nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "vehicles", *(a_vehicle(VIN, plate="KAA 1", source_reference=f"V/{n}")
                                                for n in range(60)))  # fmt: skip

    answer = browser_of(nairobi_feeder).post("/records/duplicates/vehicles/", {"plate": "KAA 1"}, headers=HX)

    assertContains(answer, "More records resemble this than can be shown.")
    assertNotContains(answer, "No similar record.")


def test_what_may_not_be_checked_is_not_called_unknown(house: House) -> None:
    # given an agency that may feed vehicles, and not check them
    agency = house.entity("Rift Valley Road Police", "KE")
    house.entitle(agency, "vehicles", "feed")
    client = browser_of(house.member("road_feeder", agency))

    answer = client.post("/records/duplicates/vehicles/", {"vin": VIN}, headers=HX)

    assertContains(answer, "Not looked up: your agency may not check such records.")
    assertNotContains(answer, "No similar record.")


def test_nothing_similar_names_where_it_was_looked_for(nairobi_feeder: Member) -> None:
    catch_up_if_alone()

    answer = browser_of(nairobi_feeder).post("/records/duplicates/vehicles/", {"vin": VIN}, headers=HX)

    assertContains(answer, "No similar record.")
    assertContains(answer, "Stolen vehicles")


def test_the_panel_says_that_the_session_has_ended_before_the_form_is_sent(house: House) -> None:
    part = Client().post("/records/duplicates/nominal/", {"full_name": "Wanjiru Testova"}, headers=HX)
    whole = Client().post("/records/duplicates/nominal/", {"full_name": "Wanjiru Testova"})

    assertContains(part, "You are signed out.")
    assertNotContains(part, "<html")
    assertContains(whole, 'value="Wanjiru Testova"', status_code=403)


def test_duplicates_of_no_database_are_not_looked_for(nairobi_feeder: Member) -> None:
    answer = browser_of(nairobi_feeder).post("/records/duplicates/nowhere/", {"full_name": "Wanjiru"}, headers=HX)

    assertContains(answer, "Type a name or a number")
