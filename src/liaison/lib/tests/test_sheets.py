"""CSV for spreadsheets."""

import csv
import io

import pytest

from liaison.lib.sheets import csv_lines, harmless_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+48 22 000", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\uff20x"]
)
def test_a_cell_that_could_be_a_formula_becomes_text(text: str) -> None:
    assert harmless_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Warsaw", "1=1", '["a"]', "محمد", "'quoted'"])
def test_any_other_cell_stays_as_it_is(text: str) -> None:
    assert harmless_cell(text) == text


def test_a_file_begins_with_the_mark_of_its_encoding_and_is_read_back_as_written() -> None:
    text = "".join(csv_lines(["a", "b"], [["x,y", 'say "hi"'], [1, "two\nlines"]]))

    assert text.startswith("\ufeffa,b\r\n")
    assert list(csv.reader(io.StringIO(text[1:], newline=""))) == [["a", "b"], ["x,y", 'say "hi"'], ["1", "two\nlines"]]
