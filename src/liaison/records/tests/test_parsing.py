"""Judging a row: whatever it holds, it becomes a record that may be written, or problems that say where."""

import json
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.errors import BadInput
from liaison.records.databases import Database, all_databases, database_named
from liaison.records.defaults import read_defaults
from liaison.records.parsing import FeedContext, Parsed, parse_row
from tests.cast import a_passport, a_person, a_vehicle

TODAY = date(2026, 3, 10)
CONTEXT = FeedContext("KE", TODAY, {"KE": 1, "PL": 3, "ES": 2}, {})
GOOD: dict[str, dict[str, Any]] = {
    "nominal": a_person("Oksana Tverdokhlib", born=["1984-02"], nationalities=["UA"], restricted_against=["PL", "ES"]),
    "travel_documents": a_passport("9ZZL00001", "KE", holder_name="Juma Kiprotich"),
    "vehicles": a_vehicle("WZZZZZ9ZZZZ000001", plate="KDA 123A", plate_country="KE", year=2019),
    "vessels": {"source_reference": "S/1", "purpose": ["locate"], "name": "Blue Heron", "imo": "9074729"},
}

NAUGHTY = st.sampled_from(
    ["", " ", "\u202e", "\u2066x\u2069", "null", "0", "-1", "1e309", "NaN", "'; DROP TABLE x; --", "=cmd()", "\ufeffa",
     "Ω≈ç√∫", "𝓐𝓵𝓲", "a" * 10_000, "...", "١٩٨٤-٠٢", "1984-02-30", "9999-12-31", "POLAND", "PLN", "\n", "{}", "[]", "İ"]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | NAUGHTY | st.text(max_size=30)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAUGHTY | st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def columns(database: Database) -> list[str]:
    fields = [field.name for field in msgspec.structs.fields(database.record)]
    return sorted({*fields, *database.columns, "unheard_of"})


def parsed_or_problems(code: str, row: dict[str, object], context: FeedContext = CONTEXT) -> Parsed | BadInput:
    try:
        return parse_row(database_named(code), row, context)
    except BadInput as error:
        return error


def parsed(code: str, **changed: object) -> Parsed:
    return parse_row(database_named(code), GOOD[code] | changed, CONTEXT)


def some_row(code: str) -> st.SearchStrategy[dict[str, Any]]:
    changed = st.dictionaries(st.sampled_from(columns(database_named(code))), VALUES, max_size=6)
    return changed.map(lambda change: GOOD[code] | change)


@pytest.mark.parametrize("code", all_databases())
@given(data=st.data())
def test_any_row_is_written_or_refused_with_a_code_a_place_and_a_remedy(code: str, data: st.DataObject) -> None:
    result = parsed_or_problems(code, data.draw(some_row(code)))

    problems = result.problems if isinstance(result, BadInput) else ()
    assert isinstance(result, Parsed) or problems
    assert all(problem.code and problem.at and len(problem.detail) > 15 for problem in problems), problems


@pytest.mark.parametrize("code", all_databases())
@given(data=st.data())
def test_what_is_written_can_be_read_searched_and_named(code: str, data: st.DataObject) -> None:
    result = parsed_or_problems(code, data.draw(some_row(code)))
    payload = result.payload if isinstance(result, Parsed) else msgspec.json.encode(GOOD[code]).decode()

    database = database_named(code)
    record = msgspec.json.decode(payload, type=database.record)

    assert database.headline(record)
    assert all(key.encoded() for key in database.exact_keys(record))
    subject = database.subject(record)
    assert subject is None or subject.names
    assert msgspec.json.encode(record).decode() == payload or not isinstance(result, Parsed)


@pytest.mark.parametrize("code", all_databases())
def test_a_row_that_is_fed_back_as_it_was_stored_is_unchanged(code: str) -> None:
    once = parsed(code)

    again = parse_row(once.database, json.loads(once.payload), CONTEXT)

    assert again == once


def test_every_problem_of_a_row_is_told_at_once() -> None:
    row = GOOD["vehicles"] | {
        "vin": "1M8GDM9A1KP042788",
        "expires_on": "2026-03-09",
        "restricted_against": ["KE", "VN"],
    }

    result = parsed_or_problems("vehicles", row)

    assert isinstance(result, BadInput)
    assert [(problem.code, problem.at) for problem in result.problems] == [
        ("bad-check-digit", "vin"),
        ("expired-already", "expires_on"),
        ("restrict-another", "restricted_against[0]"),
        ("unknown-bureau", "restricted_against[1]"),
    ]


def test_the_bureaux_that_must_not_see_a_record_are_numbers_in_order() -> None:
    assert parsed("nominal").restricted_against == "2,3"
    assert parsed("nominal", restricted_against=["ES", "PL", "ES"]).restricted_against == "2,3"
    assert parsed("nominal", restricted_against=[]).restricted_against == ""


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY + timedelta(days=1), None),
        (TODAY + timedelta(days=1826), None),
        (TODAY, "expired-already"),
        (TODAY + timedelta(days=1827), "beyond-retention"),
    ],
)
def test_a_day_of_expiry_lies_after_today_and_within_the_retention(day: date, code: str | None) -> None:
    result = parsed_or_problems("nominal", GOOD["nominal"] | {"expires_on": str(day)})

    assert (result.problems[0].code if isinstance(result, BadInput) else None) == code


def test_a_day_of_expiry_that_is_not_in_the_calendar_is_refused() -> None:
    result = parsed_or_problems("nominal", GOOD["nominal"] | {"expires_on": "2026-02-30"})

    assert isinstance(result, BadInput)
    assert (result.problems[0].code, result.problems[0].at) == ("impossible-date", "expires_on")


def test_a_default_holds_only_where_the_database_has_the_field_and_the_row_is_silent() -> None:
    context = CONTEXT._replace(defaults={"status": "missing", "purpose": ["identify"]})

    person = parse_row(database_named("nominal"), GOOD["nominal"] | {"status": ""}, context)
    vehicle = parse_row(database_named("vehicles"), GOOD["vehicles"], context)

    assert json.loads(person.payload)["status"] == "missing"
    assert json.loads(person.payload)["purpose"] == ["information"]
    assert "status" not in json.loads(vehicle.payload)


@pytest.mark.parametrize(
    ("given_defaults", "defaults"),
    [
        ({"purpose": ["locate,arrest", "warn"]}, {"purpose": ["locate", "arrest", "warn"]}),
        ({"purpose": ["locate;warn"]}, {"purpose": ["locate", "warn"]}),
        ({"status": ["suspect"], "format": ["csv"]}, {"status": "suspect"}),
        ({"retention": ["30"]}, {"expires_on": "2026-04-09"}),
        ({"retention": ["2026-12-31"]}, {"expires_on": "2026-12-31"}),
        ({"confidentiality_level": ["restricted"]}, {"confidentiality_level": "restricted"}),
        ({"status": [""], "purpose": []}, {}),
    ],
)
def test_defaults_are_read_as_the_rows_have_them(
    given_defaults: dict[str, list[str]], defaults: dict[str, object]
) -> None:
    assert read_defaults(given_defaults, TODAY) == defaults


@pytest.mark.parametrize(
    ("given_defaults", "code"),
    [
        ({"statuss": ["suspect"]}, "unknown-default"),
        ({"retention": ["soon"]}, "bad-retention"),
        ({"retention": ["2026-02-30"]}, "bad-retention"),
        ({"retention": ["99999999999999"]}, "bad-retention"),
        ({"retention": ["٣٠"]}, "bad-retention"),
    ],
)
def test_a_default_that_there_is_not_is_refused(given_defaults: dict[str, list[str]], code: str) -> None:
    with pytest.raises(BadInput, match=code):
        read_defaults(given_defaults, TODAY)


def test_a_row_is_named_by_its_content_only_where_the_file_has_no_column_for_it() -> None:
    named = CONTEXT._replace(names_by_content=True)
    row = {"full_name": "Ada Kowal", "purpose": "warn", "status": "suspect"}

    first, again = (parse_row(database_named("nominal"), row, named) for _ in range(2))
    other = parse_row(database_named("nominal"), row | {"full_name": "Ada Kowal-Nowa"}, named)

    assert first.source_reference == again.source_reference
    assert first.source_reference.startswith("content-")
    assert other.source_reference != first.source_reference
    with pytest.raises(BadInput, match="source_reference"):
        parse_row(database_named("nominal"), row | {"source_reference": ""}, named)
