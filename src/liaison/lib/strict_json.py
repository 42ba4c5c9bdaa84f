"""Read JSON as RFC 8259 and I-JSON (RFC 7493) want it, and fast: what the bytes say, each thing once.

Python's reader lets the last of two equal keys win, takes NaN and lone
surrogates, and falls over 200,000 brackets.  Here each of these is an error with a code.
msgspec decodes what is sound; whatever could be wrong is read again with care.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NoReturn

import msgspec

MAX_DEPTH = 64
_SUSPECT_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000|003[aA])")
_SUSPECT_BYTES = re.compile(_SUSPECT_ESCAPE.pattern.encode())


class StrictJsonError(ValueError):
    """The text is not JSON that we take: `code` is for machines, `at` says where when that is known.

    The codes: bad-json, wrong-encoding, duplicate-key, nested-too-deeply,
    not-a-number, bad-character.
    """

    def __init__(self, code: str, detail: str, at: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.at = at


def decode(data: bytes | str, *, max_depth: int = MAX_DEPTH) -> object:
    r"""Return the value that `data` (UTF-8 when bytes) holds.

    Raises a StrictJsonError for anything that is not JSON, for a repeated key,
    for nesting deeper than `max_depth`, for NaN, infinities and numbers out of
    range, and for strings with a lone surrogate or U+0000.

    >>> decode(b'{"vin": "X", "colours": ["red"]}')
    {'vin': 'X', 'colours': ['red']}
    """
    if has_suspect_escape(data):
        return _decode_with_care(data, max_depth)
    try:
        value = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return _decode_with_care(data, max_depth)
    if _colons(data) != msgspec.json.encode(value).count(b":"):
        return _decode_with_care(data, max_depth)
    _require_depth(data, value, max_depth)
    return value


def has_suspect_escape(data: bytes | str) -> bool:
    """Say whether an escape may hide a colon, a surrogate or U+0000."""
    if isinstance(data, bytes):
        return b"\\u" in data and _SUSPECT_BYTES.search(data) is not None
    return "\\u" in data and _SUSPECT_ESCAPE.search(data) is not None


def _colons(data: bytes | str) -> int:
    """Count the colons; where none is escaped, a repeated key costs at least one when written again."""
    return data.count(b":") if isinstance(data, bytes) else data.count(":")


def _decode_with_care(data: bytes | str, max_depth: int) -> object:
    """Decode with the slower reader, which says what is wrong, and where."""
    text = data if isinstance(data, str) else _utf8(data)
    try:
        value = _DECODER.decode(text)
    except StrictJsonError:
        raise
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        detail = f"This is not JSON: {error.msg}. Check quotes, commas and brackets there."
        raise StrictJsonError("bad-json", detail, at) from None
    except RecursionError:
        raise _too_deep(max_depth) from None
    except ValueError:
        # Python refuses to read integers of more than 4300 digits.
        detail = "A number has too many digits: write it as a string, or shorten it."
        raise StrictJsonError("not-a-number", detail) from None
    _require_depth(text, value, max_depth)
    _require_clean_text(value)
    return value


def _utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        detail = f"Byte {error.start + 1} is not UTF-8: send the text encoded as UTF-8."
        raise StrictJsonError("wrong-encoding", detail, f"byte {error.start + 1}") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse_duplicate(pairs)
    return found


def _refuse_duplicate(pairs: list[tuple[str, object]]) -> NoReturn:
    times = Counter(key for key, _ in pairs)
    twice = next(key for key, count in times.items() if count > 1)[:80]
    detail = f"The key {twice!r} stands more than once in one object: keep one of them."
    raise StrictJsonError("duplicate-key", detail, twice)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise StrictJsonError("not-a-number", f"{text[:40]} is too large for a number: write it as a string.")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise StrictJsonError("not-a-number", f"{name} is not a JSON number: leave the field out or write null.")


def _too_deep(max_depth: int) -> StrictJsonError:
    detail = f"Arrays and objects are nested deeper than {max_depth} levels: send a flatter value."
    return StrictJsonError("nested-too-deeply", detail)


def _require_depth(data: bytes | str, value: object, max_depth: int) -> None:
    """Refuse deep nesting; few brackets cannot nest deeply, so most values are not walked."""
    brackets = data.count(b"{") + data.count(b"[") if isinstance(data, bytes) else data.count("{") + data.count("[")
    if brackets > max_depth and _is_deeper(value, max_depth):
        raise _too_deep(max_depth)


def _is_deeper(value: object, max_depth: int) -> bool:
    """Say whether containers nest deeper than `max_depth`, going down level by level without recursion."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(max_depth):
        level = [child for parent in level for child in _children(parent) if type(child) is dict or type(child) is list]
        if not level:
            return False
    return True


def _children(parent: Any) -> Iterable[object]:
    return parent.values() if type(parent) is dict else parent


def _require_clean_text(value: object) -> None:
    """Refuse lone surrogates and U+0000, which only an escape can bring in."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        detail = "A string holds half of a surrogate pair (\\ud800 to \\udfff): write the whole character."
        raise StrictJsonError("bad-character", detail) from None
    if _has_nul(value):
        raise StrictJsonError("bad-character", "A string holds the character U+0000: leave it out.")


def _has_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any("\0" in key or _has_nul(child) for key, child in value.items())
    return isinstance(value, list) and any(map(_has_nul, value))


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=_finite)
