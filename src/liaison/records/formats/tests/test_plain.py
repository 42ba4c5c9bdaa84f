import gzip
import io
import tracemalloc

import pytest

from liaison.errors import BadInput, TooLarge
from liaison.records.formats.base import Limits
from liaison.records.formats.plain import plain_chunks, text_lines

_LIMITS = Limits()


class _Trickle(io.BytesIO):
    """A source that gives one byte at a time, as a slow connection may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(1 if size else 0)


def _lines(data: bytes, limits: Limits = _LIMITS) -> list[str]:
    return list(text_lines(io.BytesIO(data), limits))


def _refusal(data: bytes, limits: Limits = _LIMITS) -> BadInput:
    with pytest.raises(BadInput) as caught:
        _lines(data, limits)
    return caught.value


def test_plain_and_compressed_files_read_alike() -> None:
    data = b"one\ntwo\n"

    assert _lines(data) == _lines(gzip.compress(data, mtime=0)) == ["one\n", "two\n"]


def test_gzip_may_come_in_several_members_and_with_zero_bytes_behind() -> None:
    members = gzip.compress(b"one\n", mtime=0) + gzip.compress(b"two\n", mtime=0) + b"\0" * 20

    assert _lines(members) == ["one\n", "two\n"]
    assert list(text_lines(_Trickle(members), _LIMITS)) == ["one\n", "two\n"]


def test_a_truncated_gzip_is_refused_after_its_good_part() -> None:
    packed = gzip.compress(b"one\n" * 1000)

    error = _refusal(packed[:-9])

    assert error.problems[0].code == "truncated-gzip"
    assert error.problems[0].at == f"byte {len(packed) - 9}"


def test_broken_gzip_and_garbage_behind_it_are_refused() -> None:
    assert _refusal(b"\x1f\x8bnonsense").problems[0].code == "bad-gzip"
    assert _refusal(gzip.compress(b"one\n", mtime=0) + b"garbage").problems[0].code == "bad-gzip"


def test_a_gzip_bomb_is_stopped_while_memory_stays_flat() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    tracemalloc.start()

    with pytest.raises(TooLarge) as caught:
        sum(map(len, plain_chunks(io.BytesIO(bomb), _LIMITS)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert caught.value.problems[0].code == "compressed-too-far"
    assert peak < 3_000_000


def test_a_file_over_the_limit_is_refused_whether_compressed_or_not() -> None:
    limits = Limits(max_uncompressed_bytes=100)

    assert _refusal(b"a" * 101, limits).problems[0].code == "file-too-large"
    assert _refusal(gzip.compress(b"a" * 101, mtime=0), limits).problems[0].code == "file-too-large"


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"BZh9", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"])
def test_archives_spreadsheets_and_other_compression_are_refused_with_the_remedy(magic: bytes) -> None:
    problem = _refusal(magic + b"rest").problems[0]

    assert problem.code == "unsupported-compression"
    assert "gzip" in problem.detail


@pytest.mark.parametrize("data", [b"", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert _refusal(data).problems[0].code == "empty-file"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf8_and_utf16_with_their_marks_are_read(encoding: str) -> None:
    assert _lines("Żółw\nعلي\n".encode(encoding)) == ["Żółw\n", "علي\n"]


def test_utf16_of_either_byte_order_is_read() -> None:
    assert _lines(b"\xfe\xff" + "Ż\n".encode("utf-16-be")) == ["Ż\n"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_other_unicode_is_refused_with_the_remedy(encoding: str) -> None:
    problem = _refusal("name,born\n".encode(encoding)).problems[0]

    assert (problem.code, problem.at) == ("wrong-encoding", "byte 1")
    assert "UTF-8" in problem.detail


def test_a_byte_in_another_encoding_is_refused_with_its_place() -> None:
    problem = _refusal(b"name\n" * 100_000 + "José".encode("latin-1") + b"\n").problems[0]

    assert (problem.code, problem.at) == ("wrong-encoding", "byte 500004")
    assert "0xE9" in problem.detail


def test_a_character_cut_off_at_the_end_is_refused() -> None:
    assert _refusal("name\nŻ".encode()[:-1]).problems[0].at == "byte 6"


def test_every_kind_of_line_end_ends_a_line_wherever_the_chunks_break() -> None:
    data = b"a\rb\r\nc\n\rd"

    assert _lines(data) == ["a\r", "b\r\n", "c\n", "\r", "d"]
    assert list(text_lines(_Trickle(data), _LIMITS)) == ["a\r", "b\r\n", "c\n", "\r", "d"]


def test_separators_inside_text_end_no_line() -> None:
    assert _lines("a\u2028b\x0bc\x85d\n".encode()) == ["a\u2028b\x0bc\x85d\n"]


def test_a_line_without_end_is_cut_so_that_memory_stays_flat() -> None:
    lines = _lines(b"a" * 5_000_000 + b"\nnext\n", Limits(max_row_bytes=1000))

    assert 1000 < len(lines[0]) <= 300_000
    assert lines[-1] == "next\n"
