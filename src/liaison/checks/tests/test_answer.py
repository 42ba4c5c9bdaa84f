"""What a check answers: every kind of question, what it shows, and what nobody may learn from it."""

import math
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.conf import settings

from liaison.audit.models import Entry
from liaison.checks.actions import read_after_check
from liaison.checks.answer import MOST_MATCHES, Result
from liaison.checks.live import close_live, live
from liaison.checks.mrz_write import Holder, write_mrz_td3
from liaison.checks.tests.asking import Stuck
from liaison.errors import NotFound
from liaison.records.actions import change_state
from liaison.records.indexing import make_current
from liaison.records.models import Record
from tests.cast import House, Member, a_passport, a_person, a_vehicle, ask, check, feed, feed_accepted

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
VIN = "WZZZZZ9ZZZZ000001"
OKSANA = {"name": "Oksana Tverdokhlib"}
VESSEL = {"source_reference": "S/1", "purpose": ["locate"], "name": "Blue Heron", "flag": "GR", "imo": "9074729"}


@pytest.fixture
def some_records(nairobi_feeder: Member) -> None:
    """A person with a document, a passport, a vehicle and a vessel, all of Nairobi."""
    person = a_person(
        "Oksana Tverdokhlib", born=["1984-02-29"], nationalities=["UA"], sex="F",
        documents=[{"number": "9ZZP00001", "issuer": "UA"}], warning_markers=["armed"],
        action_to_be_taken="Detain", special_conditions="For police use only",
    )  # fmt: skip
    feed_accepted(nairobi_feeder, "nominal", person)
    feed_accepted(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))
    feed_accepted(nairobi_feeder, "vehicles", a_vehicle(VIN, plate="KDA 123A", plate_country="KE"))
    feed_accepted(nairobi_feeder, "vessels", VESSEL | {"mmsi": "232001000"})


def as_bytes(result: Result) -> bytes:
    return msgspec.json.encode(result)


@pytest.mark.parametrize(
    ("query", "database", "strength"),
    [
        ({"person": OKSANA}, "nominal", "possible"),
        ({"person": {"name": "Tverdokhlib, Oxana", "born": "1984"}}, "nominal", "possible"),
        ({"person": OKSANA | {"born": "1984-02-29", "nationality": ["UA"], "sex": "F"}}, "nominal", "strong"),
        ({"document": {"number": "9zz p00001"}}, "nominal", "exact"),
        ({"document": {"number": "9ZZL00001", "issuer": "KE"}}, "travel_documents", "exact"),
        ({"vehicle": {"vin": VIN.lower()}}, "vehicles", "exact"),
        ({"vehicle": {"plate": "kda123a", "country": "KE"}}, "vehicles", "exact"),
        ({"vessel": {"imo": "IMO 9074729"}}, "vessels", "exact"),
        ({"vessel": {"mmsi": "232001000"}}, "vessels", "exact"),
        ({"vessel": {"name": "Blue Heron", "flag": "GR"}}, "vessels", "strong"),
    ],
)
def test_every_kind_of_question_finds_its_record(
    warsaw_officer: Member, some_records: None, query: dict[str, Any], database: str, strength: str
) -> None:
    result = check(warsaw_officer, **query)

    assert result.outcome == "matches"
    assert [(match.database, match.strength) for match in result.matches] == [(database, strength)]


@pytest.mark.parametrize(
    "query",
    [
        {"person": {"name": "Zubaida Mwakasege"}},
        {"document": {"number": "9ZZL00001", "issuer": "PL"}},
        {"vehicle": {"plate": "KDA123A", "country": "PL"}},
        {"vehicle": {"vin": "WZZZZZ9ZZZZ000002"}},
        {"vessel": {"name": "Oksana Tverdokhlib"}},
        {"person": {"name": "Blue Heron"}},
    ],
)
def test_what_nobody_recorded_is_no_match(warsaw_officer: Member, some_records: None, query: dict[str, Any]) -> None:
    result = check(warsaw_officer, **query)

    assert (result.outcome, result.matches) == ("no_match", ())


def test_a_machine_readable_zone_finds_the_document_and_its_holder_in_one_question(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    feed(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))
    feed(nairobi_feeder, "nominal", a_person("Juma Kiprotich", born=["1979-04-03"], nationalities=["KE"]))
    mrz = write_mrz_td3(Holder("KEN", "9ZZL00001", "Kiprotich", "Juma", "KEN", "1979-04-03", "M", "2030-01-01"))

    result = check(warsaw_officer, mrz=mrz)

    assert [(match.database, match.strength) for match in result.matches] == [
        ("travel_documents", "exact"),
        ("nominal", "strong"),
    ]


@pytest.mark.parametrize(
    ("recorded", "scanned"), [("G1234567A", "61234567A"), ("9ZZL00001", "9ZZLOOOO1"), ("B0S51G000", "80551600O")]
)
def test_a_number_that_a_camera_confused_is_found_with_the_same_date_of_birth_and_is_not_called_exact(
    nairobi_feeder: Member, warsaw_officer: Member, recorded: str, scanned: str
) -> None:
    feed(nairobi_feeder, "travel_documents", a_passport(recorded, "KE", holder_born="1979-04-03"))
    feed(nairobi_feeder, "nominal", a_person("Someone Else", born=["1979-04-03"], documents=[{"number": recorded}]))
    mrz = write_mrz_td3(Holder("KEN", scanned, "Kiprotich", "Juma", "KEN", "1979-04-03", "M", "2030-01-01"))

    [match] = check(warsaw_officer, mrz=mrz).matches

    [term] = match.explanation
    assert (match.database, match.strength) == ("travel_documents", "strong")
    assert (term.kind, term.finding, term.query, term.record) == (
        "mrz", "read_alike", f"KE/{scanned}", f"KE/{recorded}",
    )  # fmt: skip


@pytest.mark.parametrize("holder", [{}, {"holder_born": "1979"}, {"holder_born": "1979-04-30"}])
def test_a_number_that_only_looks_alike_is_another_document(
    nairobi_feeder: Member, warsaw_officer: Member, holder: dict[str, str]
) -> None:
    feed(nairobi_feeder, "travel_documents", a_passport("G1234567A", "KE", **holder))
    mrz = write_mrz_td3(Holder("KEN", "61234567A", "Kiprotich", "Juma", "KEN", "1979-04-03", "M", "2030-01-01"))

    assert check(warsaw_officer, mrz=mrz).outcome == "no_match"


def test_a_match_says_what_an_officer_must_know_first(
    warsaw_officer: Member, nairobi_feeder: Member, some_records: None
) -> None:
    [match] = check(warsaw_officer, person=OKSANA | {"born": "1984-02-29"}).matches

    record = Record.objects.get(database="nominal")
    assert (match.record, match.source, match.source_reference) == (
        record.reference, "NCB Nairobi", record.source_reference,
    )  # fmt: skip
    assert (match.name, match.action_to_be_taken) == ("Oksana Tverdokhlib", "Detain")
    assert (match.warning_markers, match.special_conditions) == (("armed",), "For police use only")


@pytest.mark.parametrize(
    "query",
    [
        {"person": OKSANA | {"born": "1985", "nationality": ["PL"]}},
        {"person": {"name": "Oksana Tverdohlib", "born": "1984-02-29", "sex": "M"}},
        {"document": {"number": "9ZZP00001", "issuer": "UA"}},
        {"vessel": {"name": "Blue Herron", "imo": "9074729"}},
        {"vehicle": {"vin": VIN, "plate": "KDA 123A", "country": "KE"}},
    ],
)
def test_the_weights_of_an_explanation_add_up_to_the_score(
    warsaw_officer: Member, some_records: None, query: dict[str, Any]
) -> None:
    [match] = check(warsaw_officer, **query).matches

    assert math.log2(match.score / (1 - match.score)) == pytest.approx(
        sum(term.weight for term in match.explanation), abs=1e-4
    )
    assert all(term.kind and term.finding for term in match.explanation)


def test_matches_come_with_the_strongest_first(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(
        nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", "P/1", born=["1984-02-28"]),
        a_person("Oxana Tverdohlib", "P/2", born=["1984-02-29"]),
        a_person("Oksana Tverdokhlib", "P/3", born=["1984-02-29"]),
    )  # fmt: skip

    matches = check(warsaw_officer, person=OKSANA | {"born": "1984-02-29", "nationality": ["UA"], "sex": "F"}).matches

    assert [match.source_reference for match in matches] == ["P/3", "P/2", "P/1"]
    assert matches[0].strength == "strong"


def test_one_check_answers_each_question_in_order_under_one_entry(warsaw_officer: Member, some_records: None) -> None:
    before = Entry.objects.count()

    answer = ask(
        warsaw_officer, {"vehicle": {"vin": VIN}}, {"id": "mine", "person": {"name": "Zubaida"}}, {"person": OKSANA}
    )

    assert [(result.id, result.outcome) for result in answer.results] == [
        *[("q1", "matches"), ("mine", "no_match"), ("q3", "matches")]
    ]
    assert (answer.reference, Entry.objects.count()) == ("TEST/1", before + 1)


def test_the_entry_of_a_check_says_who_asked_what_and_what_was_shown(
    warsaw_officer: Member, some_records: None
) -> None:
    answer = ask(warsaw_officer, {"vehicle": {"vin": VIN}}, {"document": {"number": "9ZZP00001"}}, now=NOW)

    entry = Entry.objects.get(number=answer.entry)
    asker = warsaw_officer.asker
    assert (entry.event, entry.actor, entry.agency) == ("checked", asker.actor, asker.agency)
    assert (entry.purpose, entry.reference, entry.at) == ("border", "TEST/1", NOW)
    assert entry.searched_data[0] == {"id": "q1", "vehicle": {"vin": VIN}}
    assert entry.shown_references == [match.record for result in answer.results for match in result.matches]


def test_more_than_fifty_that_resemble_are_too_many_to_show(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    namesakes = [a_person("Oksana Tverdokhlib", f"P/{number}") for number in range(MOST_MATCHES + 1)]
    feed(nairobi_feeder, "nominal", *namesakes)

    too_many = check(warsaw_officer, person=OKSANA)
    change_state(nairobi_feeder.asker, Record.objects.order_by("number")[0].reference, "withdraw", "One less", NOW)
    just_enough = check(warsaw_officer, person=OKSANA)

    assert (too_many.outcome, too_many.matches) == ("too_many", ())
    assert "add a date of birth" in too_many.detail
    assert (just_enough.outcome, len(just_enough.matches)) == ("matches", MOST_MATCHES)


def test_records_that_the_asker_may_not_see_do_not_count_towards_too_many(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    namesakes = [a_person("Oksana Tverdokhlib", f"P/{number}", restricted_against=["PL"]) for number in range(60)]
    feed(nairobi_feeder, "nominal", *namesakes, a_person("Oksana Tverdokhlib", "P/free"))

    result = check(warsaw_officer, person=OKSANA)

    assert [match.source_reference for match in result.matches] == ["P/free"]


@pytest.mark.parametrize(
    "query",
    [
        {"person": OKSANA},
        {"document": {"number": "9ZZP00001"}},
        {"vehicle": {"vin": VIN}},
        {"vessel": {"imo": "9074729"}},
        {"mrz": write_mrz_td3(Holder("KEN", "9ZZP00001", "Tverdokhlib", "Oksana", "KEN", "1984-02-29", "F", "2030"))},
    ],
)
def test_whoever_may_check_no_database_that_answers_is_refused_whatever_is_there(
    outsider: Member, nairobi_feeder: Member, query: dict[str, Any]
) -> None:
    empty = check(outsider, **query)
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", documents=[{"number": "9ZZP00001"}]))
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    full = check(outsider, **query)

    assert full.outcome == "refused"
    assert as_bytes(full) == as_bytes(empty)


def test_an_auditor_is_refused_like_anybody_without_rights(
    house: House, auditor: Member, nairobi_feeder: Member
) -> None:
    house.entitle(auditor.agency, "nominal", "check", "read")

    assert check(auditor, person=OKSANA).outcome == "refused"


def test_a_question_goes_to_those_databases_only_that_the_asker_may_check(
    border_officer: Member, nairobi_feeder: Member
) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    feed(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))

    vehicle, document = ask(border_officer, {"vehicle": {"vin": VIN}}, {"document": {"number": "9ZZL00001"}}).results

    assert (vehicle.outcome, document.outcome) == ("refused", "matches")


@pytest.mark.parametrize(
    "query", [{"person": OKSANA}, {"document": {"number": "9ZZP00001"}}, {"person": OKSANA | {"born": "1984"}}]
)
def test_a_restricted_record_and_no_record_are_the_same_bytes(
    nairobi_feeder: Member, warsaw_officer: Member, border_officer: Member, query: dict[str, Any]
) -> None:
    # given two askers of Poland, and the answers where nothing is recorded
    askers = (warsaw_officer, border_officer)
    nothing = [as_bytes(check(asker, **query)) for asker in askers]

    # when a record is there that Nairobi keeps from Poland
    hidden = a_person("Oksana Tverdokhlib", "P/1", documents=[{"number": "9ZZP00001"}], restricted_against=["PL"])
    feed(nairobi_feeder, "nominal", hidden)
    hidden_answers = [as_bytes(check(asker, **query)) for asker in askers]

    # then nobody in Poland can tell, and its owner sees it
    assert hidden_answers == nothing
    assert check(nairobi_feeder, **query).outcome == "matches"


def test_the_index_proposes_and_the_record_decides(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    """A record that was withdrawn a moment ago is not shown, though the index still has it."""
    [reference] = feed_accepted(nairobi_feeder, "vehicles", a_vehicle(VIN))
    live().follower = Stuck(settings.LIAISON_HOME)

    change_state(nairobi_feeder.asker, reference, "withdraw", "Found", NOW)

    assert live().index.record_count == 1
    assert check(warsaw_officer, vehicle={"vin": VIN}).outcome == "no_match"


def test_a_record_whose_number_was_corrected_a_moment_ago_is_not_shown_for_the_old_one(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN, source_reference="V/1"))
    live().follower = Stuck(settings.LIAISON_HOME)

    feed(nairobi_feeder, "vehicles", a_vehicle("WZZZZZ9ZZZZ000002", source_reference="V/1"))

    assert check(warsaw_officer, vehicle={"vin": VIN}).outcome == "no_match"


def test_the_index_on_disk_answers_as_the_one_in_memory_did(warsaw_officer: Member, some_records: None) -> None:
    queries = ({"person": OKSANA}, {"vehicle": {"vin": VIN}}, {"document": {"number": "9ZZL00001"}})
    before = [as_bytes(result) for result in ask(warsaw_officer, *queries).results]
    make_current(settings.LIAISON_HOME / "index")
    close_live()

    after = [as_bytes(result) for result in ask(warsaw_officer, *queries).results]

    assert after == before


def test_the_full_record_is_read_under_the_purpose_and_reference_of_its_check(
    warsaw_officer: Member, some_records: None
) -> None:
    answer = ask(warsaw_officer, {"vehicle": {"vin": VIN}}, now=NOW)
    reference = answer.results[0].matches[0].record

    stored = read_after_check(warsaw_officer.asker, reference, answer.entry, NOW)

    entry = Entry.objects.order_by("-number")[0]
    assert stored.reference == reference
    assert (entry.event, entry.purpose, entry.reference) == ("record_read", "border", "TEST/1")
    assert (entry.shown_references, entry.as_line()["detail"]) == ([reference], {"check": answer.entry})


@pytest.mark.parametrize("attempt", ["another record", "another's check", "no check", "a later restriction", "a write"])
def test_only_what_the_askers_own_check_showed_is_read(
    nairobi_feeder: Member, warsaw_officer: Member, border_officer: Member, attempt: str
) -> None:
    # given a check of Warsaw that showed one of two records
    shown, other = feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"), a_person("Juma Kiprotich"))
    answer = ask(warsaw_officer, {"person": OKSANA}, now=NOW)
    feed(nairobi_feeder, "nominal", a_person("Juma Kiprotich", "P/9", restricted_against=["PL"]))

    # when somebody asks for more than that
    asker, reference, entry = {
        "another record": (warsaw_officer, other, answer.entry),
        "another's check": (border_officer, shown, answer.entry),
        "no check": (warsaw_officer, shown, answer.entry + 1000),
        "a later restriction": (warsaw_officer, shown, answer.entry),
        "a write": (warsaw_officer, shown, answer.entry - 1),
    }[attempt]
    hidden = {"a later restriction": ["PL"]}.get(attempt, [])
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib", restricted_against=hidden))

    # then it is as if there were nothing
    with pytest.raises(NotFound, match=r"^no-such-record: There is no such record\.$"):
        read_after_check(asker.asker, reference, entry, NOW)
    assert not Entry.objects.filter(event="record_read").exists()
