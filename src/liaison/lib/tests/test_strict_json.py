import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.lib.strict_json import StrictJsonError, decode

_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=20,
)


def _refusal(data: bytes | str) -> StrictJsonError:
    with pytest.raises(StrictJsonError) as caught:
        decode(data)
    return caught.value


def test_a_sound_value_is_returned() -> None:
    assert decode(b' {"a": [1, 2.5, "\\u017b\xc3\xb3:", null, true], "b": {}} ') == {
        "a": [1, 2.5, "Żó:", None, True],
        "b": {},
    }
    assert decode('{"name": "Żó"}') == {"name": "Żó"}


@pytest.mark.parametrize("digits", [18, 19, 20, 21, 40, 1000])
def test_a_long_whole_number_is_returned(digits: int) -> None:
    assert decode(b"[" + b"9" * digits + b"]") == [int("9" * digits)]


def test_a_repeated_key_is_refused_and_named() -> None:
    error = _refusal(b'{"id": 1, "vin": "A", "vin": "B"}')

    assert (error.code, error.at) == ("duplicate-key", "vin")
    assert "'vin'" in error.detail


def test_a_repeated_key_among_very_many_is_found_at_once() -> None:
    keys = ", ".join(f'"k{number}": 0' for number in range(100_000))

    assert _refusal(f'{{{keys}, "k99999": 1}}').at == "k99999"


def test_a_repeated_key_is_refused_at_any_depth_and_whatever_hides_it() -> None:
    assert _refusal(b'[{"a": {"b": 1, "b": 1}}]').code == "duplicate-key"
    assert _refusal(b'{"a": "\\u003a", "a": "x"}').code == "duplicate-key"
    assert _refusal(b'{"a": 1, "\\u0061": 2}').code == "duplicate-key"
    assert _refusal('{"a": 1, "a": 2}').code == "duplicate-key"


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}', "1e999", "[-1e999]", "9" * 5000])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    assert _refusal(text.encode()).code == "not-a-number"


def test_two_hundred_thousand_brackets_are_refused_and_crash_nothing() -> None:
    assert _refusal(b"[" * 200_000).code == "nested-too-deeply"
    assert _refusal(b"[" * 200_000 + b"]" * 200_000).code == "nested-too-deeply"
    assert _refusal(b'{"a":' * 200_000).code == "nested-too-deeply"


def test_nesting_is_allowed_up_to_the_limit_and_not_beyond() -> None:
    assert decode(b"[" * 64 + b"]" * 64) is not None
    assert _refusal(b"[" * 65 + b"]" * 65).code == "nested-too-deeply"
    assert _refusal(b'{"a": "\\u0000", "b": ' + b"[" * 65 + b"]" * 65 + b"}").code == "nested-too-deeply"
    assert decode("[" * 3 + "]" * 3, max_depth=3) == [[[]]]
    with pytest.raises(StrictJsonError):
        decode(b"[[[[]]]]", max_depth=3)


def test_a_flat_value_with_many_objects_is_not_deep() -> None:
    assert len(json.dumps(decode(b"[" + b",".join([b'{"a": []}'] * 200) + b"]"))) > 200
    assert decode(b'"' + b"[" * 100 + b'"') == "[" * 100


def test_half_a_surrogate_pair_and_u0000_are_refused_and_whole_pairs_taken() -> None:
    assert _refusal(b'["\\ud83d"]').code == "bad-character"
    assert _refusal(b'{"a": {"b": ["\\u0000"]}}').code == "bad-character"
    assert _refusal(b'{"\\u0000": 1}').code == "bad-character"
    assert decode(b'"\\ud83d\\ude00"') == "\U0001f600"
    assert decode(b'["\\\\u0000", 1.5]') == ["\\u0000", 1.5]


def test_broken_json_says_line_and_column() -> None:
    error = _refusal(b'{"a": 1,\n "b": }')

    assert (error.code, error.at) == ("bad-json", "line 2, column 7")


@pytest.mark.parametrize("data", [b"", b" ", b"{} {}", b"[1,]", b"\xef\xbb\xbf{}", b'"\x01"', b"01", b"tru"])
def test_what_is_not_json_is_refused(data: bytes) -> None:
    assert _refusal(data).code == "bad-json"


def test_bytes_that_are_not_utf8_are_refused_with_their_place() -> None:
    error = _refusal(b'{"a": "Jos\xe9"}')

    assert (error.code, error.at) == ("wrong-encoding", "byte 11")


@given(_VALUES)
def test_every_value_comes_back_as_it_was_written(value: object) -> None:
    assert decode(json.dumps(value)) == value
    assert decode(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,\\u003a1eE-. \n', max_size=60).map(str.encode))
def test_any_bytes_are_a_value_that_python_reads_too_or_a_coded_error(data: bytes) -> None:
    try:
        value = decode(data)
    except StrictJsonError as error:
        code = error.code
    else:
        code = "read" if value == json.loads(data) else "misread"

    assert code != "misread"
