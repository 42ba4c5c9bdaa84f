import io

import pytest

from liaison.errors import BadInput
from liaison.records.formats import Limits, Row, open_rows


def _rows(text: str | bytes, limits: Limits | None = None) -> list[Row]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(open_rows(io.BytesIO(data), format="csv", limits=limits or Limits()))


def _codes(rows: list[Row]) -> list[str]:
    return [row.refusal.code if row.refusal else "" for row in rows]


def _problem(text: str, limits: Limits | None = None) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        _rows(text, limits)
    return caught.value.problems[0].code, caught.value.problems[0].at


def test_cells_stand_under_their_columns() -> None:
    rows = _rows("full_name,date_of_birth\nAda Kowal,1984-2\n")

    fields: dict[str, object] = {"full_name": "Ada Kowal", "date_of_birth": "1984-2"}
    assert rows == [Row(1, fields, None, "Ada Kowal,1984-2", "", 2, "full_name,date_of_birth")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_guessed_from_the_header(separator: str) -> None:
    rows = _rows(separator.join(['"vin (any)"', "plate", "colour"]) + "\n" + separator.join(["V", "P", "red"]))

    assert rows[0].fields == {"vin_(any)": "V", "plate": "P", "colour": "red"}


def test_names_of_columns_lose_case_and_spaces() -> None:
    assert _rows(" Full Name ,VIN\na,b\n")[0].fields == {"full_name": "a", "vin": "b"}


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    assert _rows("full_name\n=1+1\n@SUM(A1)\n")[1].fields == {"full_name": "@SUM(A1)"}


def test_lines_are_counted_through_cells_of_several_lines_and_blank_lines() -> None:
    rows = _rows('\nname,note\nA,"one\ntwo\r\nthree"\n\nB,x\n')

    assert [(row.number, row.line) for row in rows] == [(1, 3), (2, 7)]
    assert rows[0].fields == {"name": "A", "note": "one\ntwo\r\nthree"}
    assert rows[0].raw == 'A,"one\ntwo\r\nthree"'


def test_a_row_with_too_many_cells_is_refused_alone() -> None:
    rows = _rows("a,b\n1,2,3\n1,2,\n1\n")

    assert _codes(rows) == ["ragged-row", "", ""]
    assert rows[0].refusal is not None
    assert rows[0].refusal.at == "line 2"
    assert rows[1].fields == {"a": "1", "b": "2"}
    assert rows[2].fields == {"a": "1", "b": ""}


def test_a_quote_never_closed_costs_one_row() -> None:
    rows = _rows('a,b\n1,"open\n2,x\n3,"y"\n4,z\n')

    assert _codes(rows) == ["unclosed-quote", "", "", ""]
    assert [(row.number, row.line, row.raw) for row in rows][:2] == [(1, 2, '1,"open'), (2, 3, "2,x")]


def test_a_quote_never_closed_is_given_up_within_bounds() -> None:
    rows = _rows('a,b\n1,"open\n' + "2,x\n" * 5000)

    assert _codes(rows) == ["unclosed-quote"] + [""] * 5000
    assert rows[-1].line == 5002


def test_many_quotes_never_closed_take_no_longer_than_their_lines() -> None:
    rows = _rows("a,b\n" + '1,"open\n' * 20_000)

    assert set(_codes(rows)) == {"unclosed-quote"}
    assert len(rows) == 20_000


def test_a_quote_left_open_by_the_last_line_is_refused() -> None:
    assert _codes(_rows('a\nx\n"open')) == ["", "unclosed-quote"]


def test_text_behind_a_closing_quote_is_refused() -> None:
    assert _codes(_rows('a\n"Ada "K" Kowal"\nok\n')) == ["bad-quotes", ""]


def test_a_row_or_cell_over_its_limit_is_refused_and_the_next_one_read() -> None:
    rows = _rows("a\n" + "x" * 2_000_000 + "\n" + "y" * 200_000 + "\nok\n")

    assert _codes(rows) == ["row-too-long", "cell-too-long", ""]
    assert len(rows[0].raw) == 32_000


def test_a_row_of_many_lines_over_the_limit_is_refused() -> None:
    assert _codes(_rows('a\n"12345\n12345\n12345\n"\nok\n', Limits(max_row_bytes=10)))[0] == "unclosed-quote"


def test_the_character_u0000_is_refused() -> None:
    assert _codes(_rows(b"a,b\n1,\0\n1,2\n")) == ["bad-character", ""]


def test_columns_without_names_at_the_end_are_left_out() -> None:
    rows = _rows("a,b,,\n1,2,,\n1,2,3,\n")

    assert _codes(rows) == ["", "ragged-row"]
    assert rows[0].fields == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("vin,plate,VIN", ("duplicate-column", "line 1")),
        ("vin,,plate", ("unnamed-column", "line 1, column 2")),
        ("Ada Kowal,1984-02-03,PL", ("missing-header", "line 1, column 2")),
        ('{"a": 1}', ("missing-header", "line 1, column 1")),
        ('vin,"plate', ("bad-header", "line 1")),
        ("\n \n", ("empty-file", "")),
        (",,", ("missing-header", "line 1")),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(header: str, problem: tuple[str, str]) -> None:
    assert _problem(header + "\n1,2,3\n") == problem if header.strip() else _problem(header) == problem


def test_too_many_columns_are_refused() -> None:
    assert _problem(",".join(f"c{n}" for n in range(6)), Limits(max_columns=5)) == ("too-many-columns", "line 1")


def test_a_header_without_rows_gives_none() -> None:
    assert _rows("vin,plate") == []


def test_the_columns_of_a_download_of_refused_rows_are_passed_over_and_its_cells_taken_back() -> None:
    header = "full_name,aliases,problem_row,problem_code,problem_field,problem_detail,problem_sent"

    rows = _rows(f"\ufeff{header}\r\n'=Ada,'s Test,2,x,y,z,\r\n")

    assert [row.fields for row in rows] == [{"full_name": "=Ada", "aliases": "'s Test"}]


def test_a_cell_of_any_other_file_keeps_its_apostrophe() -> None:
    assert [row.fields for row in _rows("full_name\n'=Ada\n")] == [{"full_name": "'=Ada"}]
