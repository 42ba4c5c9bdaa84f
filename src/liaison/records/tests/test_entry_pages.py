"""The pages of an entry by hand: every database has its form, and nothing typed is lost or silently taken over."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from liaison.records.models import Batch, Record
from tests.cast import House, Member, a_person, browser_of, check, feed_accepted, sign_in

VIN = "1M8GDM9AXKP042788"
COMMON = {
    "purpose": ["locate"], "confidentiality_level": "official_use", "source_reference": "HAND-1", "action": "save",
}  # fmt: skip
DOCUMENT = COMMON | {"number": "9ZZL 00001", "issuer": "Kenya", "type": "passport", "reason": "stolen"}
VEHICLE = COMMON | {"vin": VIN, "plate": "KAA 123A", "plate_country": "KE", "year": "1989", "category": "car"}
VESSEL = COMMON | {"imo": "9074729", "name": "Sea Test", "aliases": "Old Test\n\n Older Test ", "flag": "ke"}


def by_hand(**fields: Any) -> dict[str, Any]:
    return COMMON | {"full_name": "Wanjiru Testova", "kind": "person", "sex": "F", "status": "suspect"} | fields


def error_at(html: str, field: str) -> str:
    return html.partition(f'id="id_{field}_error"')[2].partition("</p>")[0]


@pytest.fixture
def document_feeder(house: House) -> Member:
    """Return an officer of an entity that may feed travel documents, and nothing else."""
    agency = house.entity("Rift Valley Passport Office", "KE")
    house.entitle(agency, "travel_documents", "feed", "check")
    return house.member("document_feeder", agency)


def test_a_person_entered_by_hand_is_found(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    # given everything that the form takes
    full = by_hand(
        original_script="وانجيرو", aliases="Wanja\n\n Shiru ", born="1984-2-3", nationalities="ke, Poland",
        place_of_birth="Kisumu", document_number="9ZZL 00001", document_issuer="Kenya", warning_markers=["armed"],
        action_to_be_taken="Detain", relevance="Wanted", expires_on="", description="Tall",
    )  # fmt: skip

    # when it is recorded
    answer = browser_of(nairobi_feeder).post("/records/new/nominal/", full, follow=True)

    # then it says so, and any officer finds it by name, other name, script and document
    assertContains(answer, "Recorded: Wanjiru Testova")
    results = [check(warsaw_officer, person={"name": name}) for name in ("Wanjiru Testova", "وانجيرو")]
    results.append(check(warsaw_officer, document={"number": "9ZZL00001"}))
    assert [result.outcome for result in results] == ["matches", "matches", "matches"]
    assert results[0].matches[0].warning_markers == ("armed",)


@pytest.mark.parametrize(
    ("database", "typed", "recorded", "question"),
    [
        ("travel_documents", DOCUMENT, "Passport 9ZZL 00001 (KE)", {"document": {"number": "9ZZL00001"}}),
        ("vehicles", VEHICLE, f"KAA123A (KE), VIN {VIN}", {"vehicle": {"vin": VIN}}),
        ("vessels", VESSEL, "Sea Test, IMO 9074729 (KE)", {"vessel": {"name": "Older Test"}}),
    ],
)
def test_a_record_of_any_database_is_entered_by_hand_and_found(
    nairobi_feeder: Member, warsaw_officer: Member, database: str, typed: dict[str, Any], recorded: str,
    question: dict[str, Any],
) -> None:  # fmt: skip
    answer = browser_of(nairobi_feeder).post(f"/records/new/{database}/", typed, follow=True)

    assert recorded.replace(" ", "") in answer.content.decode().replace(" ", "")
    assert check(warsaw_officer, **question).outcome == "matches"
    assert Batch.objects.get().format == "hand"


def test_a_form_says_the_fields_of_its_database_in_words(nairobi_feeder: Member) -> None:
    html = browser_of(nairobi_feeder).get("/records/new/vehicles/").content.decode()

    labels = re.findall(r'<label class="govuk-label" for="id_\w+">([^<]+?) ?<', html)
    assert labels[:4] == ["Vehicle identification number", "Registration plate", "Country of registration", "Make"]
    assert '<option value="truck">Lorry</option>' in html
    assert 'id="id_vin"' in html.partition("autofocus")[2][:200]


def test_the_kind_of_a_vessel_is_not_called_a_kind_of_document(nairobi_feeder: Member) -> None:
    client = browser_of(nairobi_feeder)

    page = client.post("/records/new/vessels/", VESSEL | {"type": "Tanker"}, follow=True)

    assertContains(page, "Kind of vessel")
    assertNotContains(page, "Kind of document")
    assertContains(client.get("/records/new/vessels/"), "Kind of vessel")


def test_who_may_feed_one_database_is_led_to_its_form_alone(document_feeder: Member) -> None:
    client = browser_of(document_feeder)

    page = client.get("/records/new/", follow=True)

    assertRedirects(client.get("/records/new/"), "/records/new/travel_documents/")
    assertNotContains(page, "/records/new/nominal/")
    assertNotContains(page, 'aria-label="Database"')


@pytest.mark.parametrize("path", ["/records/new/nominal/", "/records/new/nowhere/"])
def test_a_form_that_one_may_not_use_names_those_that_one_may(document_feeder: Member, path: str) -> None:
    client = browser_of(document_feeder)

    answers = [client.get(path), client.post(path, by_hand())]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all("/records/new/travel_documents/" in answer.content.decode() for answer in answers)
    assert not Record.objects.exists()


@pytest.mark.parametrize("path", ["/records/new/", "/records/new/nominal/"])
def test_who_may_feed_nothing_reads_a_plain_sentence_and_where_to_go(border_officer: Member, path: str) -> None:
    page = browser_of(border_officer).get(path)

    assertContains(page, "Your agency may not enter records.", status_code=403)
    assertContains(page, 'href="/access/"', status_code=403)


def test_who_may_not_feed_enters_nothing(border_officer: Member) -> None:
    assert browser_of(border_officer).post("/records/new/nominal/", by_hand()).status_code == 403
    assert not Record.objects.exists()


def test_the_next_entry_takes_over_what_is_said_and_never_the_person(nairobi_feeder: Member) -> None:
    client = browser_of(nairobi_feeder)
    sent = by_hand(
        action="save_and_next", status="missing", sex="F", warning_markers=["armed"], relevance="Wanted",
        special_conditions="Ask first", expires_on="", kind="person",
    )  # fmt: skip

    page = client.post("/records/new/nominal/", sent, follow=True).content.decode()

    # then retention, purpose and conditions stay, the page says which, and the person is gone
    carried = page.partition("Taken over from your last record:")[2].partition("</p>")[0]
    assert re.findall(r">([^<]+)</a>", carried) == ["Purpose of the record", "Confidentiality", "Special conditions"]
    assert 'value="Ask first"' in page
    assert '<option value="" selected>Choose</option>' in page
    assert '<option value="missing" selected>' not in page
    assert not re.search(r'value="armed"[^>]*checked', page)
    assert "Wanjiru Testova" not in page.partition("<form method")[2].partition('id="duplicates"')[0]
    assert 'value="HAND-2' in page


def test_an_entry_after_a_plain_one_begins_empty(nairobi_feeder: Member) -> None:
    client = browser_of(nairobi_feeder)
    client.post("/records/new/nominal/", by_hand(special_conditions="Ask first"))

    page = client.get("/records/new/nominal/")

    assertNotContains(page, "Ask first")
    assertNotContains(page, "Taken over")


def test_a_session_comes_back_to_the_form_it_used_last(nairobi_feeder: Member) -> None:
    client = browser_of(nairobi_feeder)
    client.get("/records/new/vessels/")

    assertRedirects(client.get("/records/new/"), "/records/new/vessels/")


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"full_name": ""}, "full_name", "required"),
        ({"full_name": "!!!"}, "full_name", "no letter or digit"),
        ({"status": ""}, "status", "needs a status"),
        ({"purpose": []}, "purpose", "required"),
        ({"purpose": ["arrest"], "status": "witness"}, "purpose", "RPD 40"),
        ({"born": "1984-02-30"}, "born", "not in the calendar"),
        ({"nationalities": "POLAN"}, "nationalities", "Poland"),
        ({"document_issuer": "KE"}, "document_number", "needs its number"),
        ({"document_number": "!!!"}, "document_number", "letters and digits only"),
        ({"document_number": "A1", "document_issuer": "Kenia"}, "document_issuer", "Kenya"),
        ({"expires_on": "2020-01-01"}, "expires_on", "expire"),
        ({"expires_on": "soon"}, "expires_on", ""),
        ({"restricted_against": "KE"}, "restricted_against", "from itself"),
        ({"full_name": "A" * 10_000}, "full_name", "at most 500"),
        ({"document_number": "9ZZL\u202e00001"}, "document_number", "U+202E"),
        ({"kind": "robot"}, "kind", "valid choice"),
        ({"purpose": ["tourism"]}, "purpose", "valid choice"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_at_its_field(
    nairobi_feeder: Member, given: dict[str, Any], field: str, said: str
) -> None:
    answer = browser_of(nairobi_feeder).post("/records/new/nominal/", by_hand(**given))

    html = answer.content.decode()
    assert f'id="id_{field}_error"' in html
    assert said in error_at(html, field)
    assert not Record.objects.exists()
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("database", "typed", "fields"),
    [
        (
            "nominal",
            by_hand(full_name="", status="", born="1984-02-30", nationalities="POLAN", purpose=[], expires_on="soon"),
            {"full_name", "status", "born", "nationalities", "purpose", "expires_on"},
        ),
        ("nominal", by_hand(status="witness", purpose=["arrest"], born="x"), {"purpose", "born"}),
        (
            "travel_documents",
            DOCUMENT | {"number": "", "reason": "", "issuer": "PL", "holder_born": "1984-13"},
            {"number", "reason", "issuer", "holder_born"},
        ),
        ("vehicles", COMMON | {"year": "long ago", "stolen_on": "x", "source_reference": ""},
         {"vin", "year", "stolen_on", "source_reference"}),
        ("vessels", COMMON | {"imo": "9074728", "flag": "Atlantis", "purpose": []}, {"imo", "flag", "purpose"}),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_said_at_the_first_submit(
    nairobi_feeder: Member, database: str, typed: dict[str, Any], fields: set[str]
) -> None:
    html = browser_of(nairobi_feeder).post(f"/records/new/{database}/", typed).content.decode()

    assert set(re.findall(r'id="id_(\w+)_error"', html)) == fields


def test_an_organisation_needs_no_status(nairobi_feeder: Member) -> None:
    answer = browser_of(nairobi_feeder).post("/records/new/nominal/", by_hand(kind="organisation", status="", sex="U"))

    assert answer.status_code == 302
    assert Record.objects.count() == 1


def test_marks_that_cannot_be_seen_do_not_reach_a_name(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    browser_of(nairobi_feeder).post("/records/new/nominal/", by_hand(full_name="Wanjiru\u202e \u200bTestova"))

    assert check(warsaw_officer, person={"name": "Wanjiru Testova"}).matches[0].name == "Wanjiru Testova"


def test_a_text_that_is_too_long_comes_back_whole(nairobi_feeder: Member) -> None:
    text = "Tall. " * 5_000 + "The end."

    html = browser_of(nairobi_feeder).post("/records/new/nominal/", by_hand(description=text)).content.decode()

    assert "at most 20000" in error_at(html, "description")
    assert "The end.</textarea>" in html
    assert "maxlength" not in html


def test_an_entry_by_hand_never_overwrites_a_record(nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person("Somebody Else", "HAND-1"))

    answer = browser_of(nairobi_feeder).post("/records/new/nominal/", by_hand())

    assert "has a record under this reference" in error_at(answer.content.decode(), "source_reference")
    assertContains(answer, 'value="Wanjiru Testova"')
    assert Record.objects.count() == 1


def test_a_form_that_is_sent_twice_is_recorded_once(nairobi_feeder: Member) -> None:
    client = browser_of(nairobi_feeder)

    first, second = (client.post("/records/new/vehicles/", VEHICLE) for _ in range(2))

    assert first["Location"] == second["Location"]
    assertContains(client.get(second["Location"]), "sent twice and stands once")
    assert Record.objects.count() == 1


def test_a_withdrawn_record_does_not_come_back_by_a_form_that_is_sent_again(nairobi_feeder: Member) -> None:
    client = browser_of(nairobi_feeder)
    path = client.post("/records/new/vehicles/", VEHICLE)["Location"]
    client.post(path, {"action": "withdraw", "reason": "Found"})

    answer = client.post("/records/new/vehicles/", VEHICLE)

    assert "has a record under this reference" in error_at(answer.content.decode(), "source_reference")
    assert Record.objects.get().state == "withdrawn"


def test_two_officers_who_take_one_reference_at_once_do_not_overwrite_each_other(nairobi_feeder: Member) -> None:
    # given two officers of a bureau at their forms
    clients = [browser_of(nairobi_feeder) for _ in range(2)]

    def send(number: int) -> int:
        try:
            return (
                clients[number].post("/records/new/nominal/", by_hand(full_name=f"Testova {'AB'[number]}")).status_code
            )
        finally:
            connections.close_all()

    # when both send another person under the same reference
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(send, range(2)))

    # then one is recorded, and the other told
    assert answers == [200, 302]
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("database", "typed", "kept"),
    [
        ("nominal", by_hand(), "Wanjiru Testova"),
        ("vehicles", VEHICLE, VIN),
        ("travel_documents", DOCUMENT, "9ZZL 00001"),
    ],
)
def test_what_was_typed_outlives_the_session(
    nairobi_feeder: Member, database: str, typed: dict[str, Any], kept: str
) -> None:
    # given a form that was open when its session ended
    client = browser_of(nairobi_feeder)
    client.logout()

    # when it is sent
    page = client.post(f"/records/new/{database}/", typed)

    # then it comes back with everything in it, and says how to go on
    assertContains(page, "You are signed out: nothing was recorded yet", status_code=403)
    assertContains(page, f'value="{kept}"', status_code=403)
    assertContains(page, '<input type="checkbox" name="purpose" value="locate"', status_code=403)
    assert re.search(r'value="locate"[^>]*checked', page.content.decode())
    assertContains(page, '<a class="govuk-link" href="/accounts/login/" target="_blank"', status_code=403)
    assert not Record.objects.exists()

    # and once signed in, it is taken
    sign_in(client, nairobi_feeder.officer)
    assert client.post(f"/records/new/{database}/", typed).status_code == 302


def test_nothing_of_a_form_is_shown_to_who_sends_none(house: House) -> None:
    path = "/records/new/nominal/"

    assertRedirects(Client().get(path), f"/accounts/login/?next={path}", fetch_redirect_response=False)
    assertRedirects(
        Client().post("/records/new/x/"), "/accounts/login/?next=/records/new/x/", fetch_redirect_response=False
    )


def test_a_form_from_before_signing_in_comes_back_to_be_sent_again(nairobi_feeder: Member) -> None:
    # given a form whose token is of an earlier session
    client = Client(enforce_csrf_checks=True)
    sign_in(client, nairobi_feeder.officer)
    sent = by_hand(csrfmiddlewaretoken="x" * 64)

    # when it is sent from our own page, then with the new token
    page = client.post("/records/new/nominal/", sent, headers={"Origin": "http://testserver"})
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode().partition("<main")[2])

    # then the first is not taken and not lost, and the second is taken
    assertContains(page, "Nothing was recorded yet: send the form once more", status_code=403)
    assertContains(page, 'value="Wanjiru Testova"', status_code=403)
    assert not Record.objects.exists()
    assert token
    sent["csrfmiddlewaretoken"] = token[1]
    answer = client.post("/records/new/nominal/", sent, headers={"Origin": "http://testserver"})
    assert answer.status_code == 302


@pytest.mark.parametrize("origin", [{}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}])
def test_what_another_site_sends_is_never_shown_in_a_form(nairobi_feeder: Member, origin: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, nairobi_feeder.officer)

    page = client.post("/records/new/nominal/", by_hand(full_name="Planted Person"), headers=origin)

    assertNotContains(page, "Planted Person", status_code=403)
