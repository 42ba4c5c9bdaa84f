import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.errors import BadInput
from liaison.records.formats import FORMATS, Limits, Row, guess_format, open_ofac, open_rows

_PIECES = st.sampled_from(
    [
        *(b"a,b\n", b'"', b"\n", b"\r", b"\0", b"\x1a", b'7,"K","individual"', b',"-0- "' * 9),
        *(b'{"id": "x", "schema": "Person", ', b'"properties": {"name": ["A"]}}', b"1e999", b"["),
        *(b"<CONSOLIDATED_LIST><INDIVIDUALS>", b"<INDIVIDUAL>", b"</INDIVIDUAL>", b"<!DOCTYPE a>", b"&x;"),
        *(b"<REFERENCE_NUMBER>1</REFERENCE_NUMBER>", b"<FIRST_NAME>A</FIRST_NAME>"),
        *(b"<?xml version='1.0' encoding='utf-7'?>", b"<?xml version='1.0' encoding='cp037'?>"),
        *(b"\xff\xfe", b"\x1f\x8b", b"\xef\xbb\xbf"),
    ]
)
_BYTES = st.binary(max_size=200) | st.lists(_PIECES | st.binary(max_size=5), max_size=12).map(b"".join)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("stolen.csv", "csv"),
        ("STOLEN.TSV.GZ", "csv"),
        ("wanted.jsonl", "jsonl"),
        ("wanted.ndjson.gz", "jsonl"),
        ("entities.ftm.json", "ftm"),
        ("people.ftm.jsonl.gz", "ftm"),
        ("sdn.csv", "ofac"),
        ("ofac_SDN.csv", "ofac"),
        ("consolidated.xml", "un"),
        ("parsdn.csv", "csv"),
    ],
)
def test_the_format_is_guessed_from_the_name(name: str, code: str) -> None:
    assert guess_format(name) == code


def test_a_name_that_tells_nothing_is_refused_with_the_formats() -> None:
    with pytest.raises(BadInput, match="csv, ftm, jsonl, un"):
        guess_format("list.pdf")


def test_an_unknown_format_is_refused_with_a_suggestion() -> None:
    with pytest.raises(BadInput, match="Did you mean 'jsonl'"):
        open_rows(io.BytesIO(b""), format="jsnl")


@pytest.mark.parametrize("code", sorted(FORMATS))
def test_rows_are_read_one_by_one_and_not_all_at_once(code: str) -> None:
    rows = open_rows(io.BytesIO(b""), format=code)

    with pytest.raises(BadInput, match="empty-file"):
        next(rows)


def _outcome(rows: Iterator[Row]) -> tuple[list[Row], str]:
    """Return the rows that came, and the code of the error that ended them ("" at a good end)."""
    found: list[Row] = []
    try:
        found.extend(rows)
    except BadInput as error:
        return found, error.problems[0].code
    return found, ""


def _is_sound(row: Row, number: int) -> bool:
    told = (row.fields is None) != (row.refusal is None)
    return told and row.number == number and len(row.raw) <= 2000


@pytest.mark.parametrize("code", sorted(FORMATS))
@given(data=_BYTES)
def test_any_bytes_give_rows_or_one_coded_error(code: str, data: bytes) -> None:
    rows, error = _outcome(open_rows(io.BytesIO(data), format=code, limits=Limits(max_row_bytes=100)))

    assert rows or error or data
    assert all(_is_sound(row, number) for number, row in enumerate(rows, start=1))


@given(sdn=_BYTES, alt=_BYTES, add=_BYTES)
def test_any_three_files_give_rows_or_one_coded_error(sdn: bytes, alt: bytes, add: bytes) -> None:
    rows, error = _outcome(open_ofac(io.BytesIO(sdn), io.BytesIO(alt), io.BytesIO(add)))

    assert rows or error
    assert all(_is_sound(row, number) for number, row in enumerate(rows, start=1))
