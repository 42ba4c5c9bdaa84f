import io

import pytest

from liaison.errors import BadInput
from liaison.records.formats import Limits, Row, open_rows


def _rows(data: bytes, limits: Limits | None = None) -> list[Row]:
    return list(open_rows(io.BytesIO(data), format="jsonl", limits=limits or Limits()))


def _refusals(rows: list[Row]) -> list[tuple[str, str]]:
    return [(row.refusal.code, row.refusal.at) for row in rows if row.refusal]


def test_each_line_is_a_row() -> None:
    rows = _rows(b'{"vin": "A"}\n\n {"vin": "B", "colours": ["red"]}')

    assert rows == [
        Row(1, {"vin": "A"}, None, '{"vin": "A"}', "", 1),
        Row(2, {"vin": "B", "colours": ["red"]}, None, ' {"vin": "B", "colours": ["red"]}', "", 3),
    ]


def test_bad_lines_are_refused_where_they_stand_and_stop_no_other() -> None:
    lines = [
        b'{"a": 1, "a": 2}',
        b"[1]",
        b'{"a": }',
        b'{"a": NaN}',
        b"[" * 200_000,
        b'{"a": "\\u0000"}',
        b'{"a": "' + b"x" * 2_000_000 + b'"}',
        b'{"a": 1}',
    ]

    rows = _rows(b"\n".join(lines))

    assert _refusals(rows) == [
        ("duplicate-key", "line 1, a"),
        ("not-an-object", "line 2"),
        ("bad-json", "line 3, column 7"),
        ("not-a-number", "line 4"),
        ("nested-too-deeply", "line 5"),
        ("bad-character", "line 6"),
        ("row-too-long", "line 7"),
    ]
    assert rows[-1].fields == {"a": 1}
    assert max(len(row.raw) for row in rows) == 2000


@pytest.mark.parametrize("data", [b"\n\n  \n", b""])
def test_a_file_without_a_line_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="empty-file"):
        _rows(data)


@pytest.mark.parametrize("data", [b'[\n  {"a": 1}\n]', b'{\n  "a": 1\n}'])
def test_one_value_over_many_lines_is_refused_with_the_remedy(data: bytes) -> None:
    with pytest.raises(BadInput, match="one object per line"):
        _rows(data)
