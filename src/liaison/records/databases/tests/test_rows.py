"""What every database does to a row before its types are checked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.errors import BadInput
from liaison.records.databases.rows import (
    Row,
    countries_as_codes,
    dates_as_iso,
    identifier_as,
    in_one_refusal,
    issuers_as_codes,
    lists_from_cells,
    renamed,
    sex_as_code,
    split_list,
    trimmed,
    whole_number,
    words_as_codes,
)
from liaison.records.identifiers import document_number, imo_number

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_spaces_and_empty_values_go_and_the_given_row_stays_as_it_was() -> None:
    given_row: Row = {"a": "  Anna ", "b": " ", "c": None, "d": [" x", "", None], "e": [], "f": {"g": " y ", "h": ""}}

    row = trimmed(given_row)

    assert row == {"a": "Anna", "d": ["x"], "f": {"g": "y"}}
    assert given_row["a"] == "  Anna "


def test_false_and_zero_say_something() -> None:
    assert trimmed({"a": False, "b": 0}) == {"a": False, "b": 0}


def test_marks_of_no_width_go_from_texts_and_joiners_stay() -> None:
    row = trimmed({"name": "\u202bعلی\u200cرضا\u202c\ufeff", "names": [{"full": "A\u200enna"}]})

    assert row == {"name": "علی\u200cرضا", "names": [{"full": "Anna"}]}


def test_line_breaks_and_tabs_of_texts_stay() -> None:
    assert trimmed({"description": "tall\r\nscar\tleft\rlame\n"}) == {"description": "tall\nscar\tleft\nlame"}


def test_an_identifier_keeps_its_marks_to_be_refused() -> None:
    row = trimmed({"number": "A\u202e1", "documents": [{"number": "B\u200e2", "note": "B\u200e2"}]}, {"number"})

    assert row == {"number": "A\u202e1", "documents": [{"number": "B\u200e2", "note": "B2"}]}
    with pytest.raises(BadInput, match=r"bad-identifier.*U\+202E"):
        identifier_as(row, "number", document_number)


def test_every_control_character_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput) as refusal:
        trimmed({"name": "A\x00", "names": [{"full": "B\x85"}], "make": "C"})

    assert [(p.code, p.at) for p in refusal.value.problems] == [
        ("control-character", "name"),
        ("control-character", "names[0].full"),
    ]
    assert refusal.value.problems[0].detail.endswith(
        "contains the control character U+0000: remove it and send the row again."
    )


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(BadInput, match=r"U\+D800"):
        trimmed({"name": "A\ud800"})


def test_what_nests_deeper_than_any_record_is_left_to_the_types() -> None:
    deep: object = json.loads("[" * 900 + '" x "' + "]" * 900)

    assert trimmed({"names": deep}) == {"names": deep}


def test_dates_are_padded_in_lists_too() -> None:
    row: Row = {"born": ["1984-2-9", "1984"], "expires_on": "2030-1-1", "stolen_on": 5, "holder_born": [1984]}

    dates_as_iso(row, ("born", "expires_on", "stolen_on", "holder_born", "absent"))

    assert row == {"born": ["1984-02-09", "1984"], "expires_on": "2030-01-01", "stolen_on": 5, "holder_born": [1984]}


def test_every_impossible_date_is_named_with_its_place() -> None:
    with pytest.raises(BadInput) as refusal:
        dates_as_iso({"born": ["1984", "1984-02-30"], "expires_on": "soon"}, ("born", "expires_on"))

    assert [(p.code, p.at, p.value) for p in refusal.value.problems] == [
        ("impossible-date", "born[1]", "1984-02-30"),
        ("impossible-date", "expires_on", "soon"),
    ]


def test_countries_become_codes() -> None:
    row: Row = {"nationalities": ["Poland", "KEN"], "flag": "panama"}

    countries_as_codes(row, ("nationalities", "flag"))

    assert row == {"nationalities": ["PL", "KE"], "flag": "PA"}


def test_an_unknown_country_is_named_with_a_suggestion() -> None:
    with pytest.raises(BadInput) as refusal:
        countries_as_codes({"nationalities": ["PL", "POLAND!"]}, ("nationalities",))

    problem = refusal.value.problems[0]
    assert (problem.code, problem.at, problem.value) == ("unknown-country", "nationalities[1]", "POLAND!")
    assert problem.detail == "'POLAND!' is not a country. Did you mean 'PL' (Poland)?"


def test_organisations_issue_documents() -> None:
    row: Row = {"issuer": "United Nations"}

    issuers_as_codes(row, ("issuer",), "documents[0].")

    assert row == {"issuer": "UN"}
    with pytest.raises(BadInput) as refusal:
        issuers_as_codes({"issuer": "Atlantis"}, ("issuer",), "documents[0].")
    assert refusal.value.problems[0].at == "documents[0].issuer"


def test_an_identifier_becomes_its_normal_form_or_only_proves_that_it_has_one() -> None:
    row: Row = {"imo": "IMO 9074729", "number": "ab 1", "mmsi": 232001000}

    identifier_as(row, "imo", imo_number)
    identifier_as(row, "number", document_number, keep=True)
    identifier_as(row, "mmsi", str)
    identifier_as(row, "absent", imo_number)

    assert row == {"imo": "9074729", "number": "ab 1", "mmsi": "232001000"}


def test_a_wrong_check_digit_has_its_own_code() -> None:
    with pytest.raises(BadInput) as refusal:
        identifier_as({"imo": "9074728"}, "imo", imo_number)

    assert (refusal.value.problems[0].code, refusal.value.problems[0].at) == ("bad-check-digit", "imo")


@pytest.mark.parametrize(
    ("word", "code"),
    [("male", "M"), ("Female", "F"), ("other", "X"), ("F", "F"), ("x", "X"), ("unknown", "U"), ("m", "M")],
)
def test_words_for_sex_become_codes(word: str, code: str) -> None:
    row: Row = {"sex": word}

    sex_as_code(row)

    assert row == {"sex": code}


def test_an_unknown_word_for_sex_is_refused() -> None:
    with pytest.raises(BadInput, match="unknown-sex: 'tall' is not a sex"):
        sex_as_code({"sex": "tall"})


def test_words_are_written_as_the_house_writes_them() -> None:
    row: Row = {"status": "Subject to UN-sanctions", "purpose": ["Security check", 1], "kind": 3}

    words_as_codes(row, ("status", "purpose", "kind"))

    assert row == {"status": "subject_to_un_sanctions", "purpose": ["security_check", 1], "kind": 3}


def test_a_cell_of_many_values_is_split_at_semicolons() -> None:
    row: Row = {"purpose": "arrest; locate;", "nationalities": ["PL"]}

    lists_from_cells(row, ("purpose", "nationalities", "absent"))

    assert row == {"purpose": ["arrest", "locate"], "nationalities": ["PL"]}
    assert split_list("a|b", "|") == ["a", "b"]


def test_a_number_in_a_cell_is_a_number_and_another_text_stays() -> None:
    row: Row = {"year": "2009", "size": "big", "age": 3}

    whole_number(row, "year")
    whole_number(row, "size")
    whole_number(row, "age")

    assert row == {"year": 2009, "size": "big", "age": 3}


def test_one_thing_under_two_names_is_refused() -> None:
    row: Row = {"gender": "F"}
    renamed(row, {"gender": "sex"})
    assert row == {"sex": "F"}

    with pytest.raises(BadInput, match="conflicting-fields: 'gender' and 'sex' say the same thing"):
        renamed({"gender": "F", "sex": "M"}, {"gender": "sex"})


def test_problems_of_several_steps_come_together() -> None:
    row: Row = {"born": "1984-02-30", "flag": "Atlantis"}

    with pytest.raises(BadInput) as refusal:
        in_one_refusal(lambda: dates_as_iso(row, ("born",)), lambda: countries_as_codes(row, ("flag",)))

    assert [problem.at for problem in refusal.value.problems] == ["born", "flag"]


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_row_is_trimmed_once_or_refused(row: Row) -> None:
    try:
        once = trimmed(row)
    except BadInput as refusal:
        assert refusal.problems[0].code == "control-character"  # noqa: PT017
    else:
        assert trimmed(once) == once
