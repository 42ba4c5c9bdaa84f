"""What a check finds beside persons and numbers, what it leaves out, and that it says so."""

from datetime import UTC, datetime

import pytest

from liaison.checks.answer import CUT, MOST_MATCHES, RECORD_TRANSLITERATED
from liaison.records.actions import change_state
from liaison.records.storage import OwnSearch, list_own
from tests.cast import Member, a_passport, a_person, check, feed, feed_accepted

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
OKSANA = {"name": "Oksana Tverdokhlib"}


def test_an_organisation_is_found_by_its_name_and_not_as_a_person(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    row = a_person("Blue Lagoon Trading", kind="organisation", nationalities=["KE"])
    [reference] = feed_accepted(nairobi_feeder, "nominal", row)

    named = check(warsaw_officer, organisation={"name": "Blue Lagoon Trading Ltd", "country": "KE"})
    as_person = check(warsaw_officer, person={"name": "Blue Lagoon Trading"})

    assert [(match.record, match.strength) for match in named.matches] == [(reference, "strong")]
    assert as_person.outcome == "no_match"


def test_whoever_may_not_check_persons_may_not_check_organisations(outsider: Member) -> None:
    assert check(outsider, organisation={"name": "Blue Lagoon Trading"}).outcome == "refused"


def test_of_a_record_in_a_script_without_spellings_it_is_said_that_it_is_only_transliterated(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    feed(nairobi_feeder, "nominal", a_person("ნინო ქართველიშვილი", born=["1984-02-03"]), a_person("Ivan Petrov", "P/2"))

    georgian = check(warsaw_officer, person={"name": "Nino Kartvelishvili", "born": "1984-02-03"})
    same = check(warsaw_officer, person={"name": "ნინო ქართველიშვილი", "born": "1984-02-03"})
    latin = check(warsaw_officer, person={"name": "Ivan Petrov"})

    assert [note for note in georgian.notes if "Georgian letters" in note] == [
        RECORD_TRANSLITERATED.format(script="Georgian")
    ]
    assert georgian.matches
    assert RECORD_TRANSLITERATED.format(script="Georgian") not in same.notes
    assert (latin.outcome, latin.notes) == ("matches", ())


def test_a_place_of_birth_tells_namesakes_apart_in_any_script(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    lviv = a_person("Oksana Tverdokhlib", "P/1", born=["1984"], places_of_birth=["Львів"])
    perm = a_person("Oksana Tverdokhlib", "P/2", born=["1984"], places_of_birth=["Perm, Russia"])
    feed(nairobi_feeder, "nominal", lviv, perm)

    found = check(warsaw_officer, person=OKSANA | {"born": "1984", "place_of_birth": "Lviv, Ukraine"})

    first, second = found.matches
    assert (first.source_reference, second.source_reference) == ("P/1", "P/2")
    told = {match.source_reference: match.explanation[-1] for match in found.matches}
    assert (told["P/1"].kind, told["P/1"].finding) == ("place_of_birth", "same")
    assert (told["P/2"].kind, told["P/2"].finding) == ("place_of_birth", "different")
    assert first.score > second.score


def test_a_document_beside_a_name_is_looked_up_and_another_number_speaks_against(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    # given two of one name with documents, and a stolen passport of somebody else
    numbers = {"P/known": ["L898902C3"], "P/other": ["K1"], "P/none": []}
    people = [
        a_person(OKSANA["name"], row, born=["1974-08-12"], documents=[{"number": one, "issuer": "KE"} for one in some])
        for row, some in numbers.items()
    ]
    feed_accepted(nairobi_feeder, "nominal", *people)
    feed_accepted(nairobi_feeder, "travel_documents", a_passport("L898902C3", "KE"))

    # when she is asked by name, birth date and number
    asked = OKSANA | {"born": "1974-08-12", "documents": [{"number": "L898902C3", "issuer": "KE"}]}
    found = {match.source_reference: match for match in check(warsaw_officer, person=asked).matches}

    # then what has the number is exact, and the other's number is a reason against
    assert {name: match.strength for name, match in found.items()} == {
        "P/known": "exact", "P/other": "strong", "P/none": "strong", "D/L898902C3": "exact",
    }  # fmt: skip
    assert [term.kind for term in found["P/known"].explanation].count("document") == 1
    against = found["P/other"].explanation[-1]
    assert (against.kind, against.finding, against.record) == ("document", "different", "KE/K1")
    assert found["P/known"].score > found["P/none"].score > found["P/other"].score


def test_an_exact_match_beside_too_many_alike_says_that_some_are_not_shown(
    nairobi_feeder: Member, warsaw_officer: Member
) -> None:
    # given more namesakes than an answer holds, one of them under the number of her document
    namesakes = [a_person("Oksana Tverdokhlib", f"P/{number}", born=["1974-08-12"]) for number in range(MOST_MATCHES)]
    known = a_person("Oksana Tverdokhlib", "P/known", born=["1974-08-12"], documents=[{"number": "L898902C3"}])
    feed(nairobi_feeder, "nominal", *namesakes, known)
    zone = "P<UTOTVERDOKHLIB<<OKSANA<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"

    # when her passport is read, and asked by its number and by her name
    result = check(warsaw_officer, mrz=zone)

    # then hers comes first, and the answer says that it was cut
    assert (result.outcome, len(result.matches)) == ("matches", MOST_MATCHES)
    assert (result.matches[0].source_reference, result.matches[0].strength) == ("P/known", "exact")
    assert CUT in result.notes


def test_an_answer_that_holds_all_says_nothing_of_a_cut(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", *(a_person("Oksana Tverdokhlib", f"P/{number}") for number in range(MOST_MATCHES)))

    result = check(warsaw_officer, person=OKSANA)

    assert (len(result.matches), result.notes) == (MOST_MATCHES, ())


@pytest.mark.parametrize("asker", ["nairobi_feeder", "warsaw_officer"])
def test_a_blocked_record_is_found_by_no_check_and_stands_in_its_owners_list(
    nairobi_feeder: Member, warsaw_officer: Member, request: pytest.FixtureRequest, asker: str
) -> None:
    """A check makes people act; what its own source doubts must not (RPD 129)."""
    [reference] = feed_accepted(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))
    change_state(nairobi_feeder.asker, reference, "block", "In doubt", NOW)

    result = check(request.getfixturevalue(asker), person=OKSANA)

    assert result.outcome == "no_match"
    from liaison.access.grants import grant

    listed = list_own(grant(nairobi_feeder.asker, "feed", "nominal"), OwnSearch(state="blocked"), NOW.date(), 10)
    assert [stored.reference for stored in listed] == [reference]
