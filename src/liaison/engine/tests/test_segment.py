"""How arrays lie in a file, and that damage is found."""

import pickle
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from liaison.engine import segment
from liaison.engine.segment import Arrays, OtherFormat, SegmentDamaged, open_segment, write_segment

ARRAYS: Arrays = {
    "numbers": np.arange(1000, dtype=np.int64),
    "table": np.ones((5, 16), dtype=np.uint8),
    "nothing": np.empty(0, dtype=np.float32),
    "texts": np.array([b"ab", b"cde"], dtype="S32"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "one.segment"
    write_segment(written, ARRAYS)
    return written


def test_what_is_written_is_read_and_cannot_be_changed(path: Path) -> None:
    read = open_segment(path)

    assert list(read) == list(ARRAYS)
    np.testing.assert_array_equal(read["numbers"], ARRAYS["numbers"])
    np.testing.assert_array_equal(read["table"], ARRAYS["table"])
    np.testing.assert_array_equal(read["texts"], ARRAYS["texts"])
    assert read["nothing"].shape == (0,)
    assert not read["numbers"].flags.writeable
    assert [file.name for file in path.parent.iterdir()] == ["one.segment"]


@pytest.mark.parametrize("place", [0, 5, 8, 11, 12, 15, 16, 40, 300, 640, 700, 2000, 5000, -1, -40, -100])
@pytest.mark.parametrize("bit", [1, 128])
def test_a_flipped_bit_is_found(path: Path, place: int, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= bit
    path.write_bytes(content)

    with pytest.raises(SegmentDamaged, match=r"one\.segment"):
        open_segment(path)


@pytest.mark.parametrize("size", [0, 7, 15, 16, 100, 640, 5000, -1])
def test_a_file_cut_short_is_found(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])

    with pytest.raises(SegmentDamaged):
        open_segment(path)


def test_a_file_grown_longer_is_found(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")

    with pytest.raises(SegmentDamaged, match="length"):
        open_segment(path)


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    with pytest.raises(SegmentDamaged, match="cannot be read"):
        open_segment(tmp_path / "none.segment")


def test_a_file_in_the_place_of_another_is_found(path: Path) -> None:
    with pytest.raises(SegmentDamaged, match="was written as"):
        open_segment(path.rename(path.with_name("two.segment")))


def test_what_is_damaged_is_told_from_process_to_process(path: Path) -> None:
    told = pickle.loads(pickle.dumps(SegmentDamaged(path, "is cut short")))  # noqa: S301  our own words

    assert (str(told), told.path, told.what) == (str(SegmentDamaged(path, "is cut short")), path, "is cut short")


def test_a_file_that_cannot_be_written_to_its_end_leaves_nothing_behind(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk half a file must not keep its room, and what was there stays."""

    def full(*_: object) -> bytes:
        raise OSError("no space left")

    monkeypatch.setattr(segment, "_padding", full)
    with pytest.raises(OSError, match="no space"):
        write_segment(path.with_name("two.segment"), ARRAYS)

    assert [file.name for file in path.parent.iterdir()] == ["one.segment"]


def test_another_kind_of_file_is_found(path: Path) -> None:
    path.write_bytes(b"PK\3\4" * 100)

    with pytest.raises(SegmentDamaged, match="no segment"):
        open_segment(path)


def test_another_version_of_the_format_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "FORMAT", segment.FORMAT + 1)

    with pytest.raises(OtherFormat, match="has format"):
        open_segment(path)


def test_a_header_that_does_not_describe_its_file_is_not_believed(path: Path) -> None:
    header = b'{"format": %d, "file": "one.segment", "size": 0, "arrays": [{"name": "x"}]}' % segment.FORMAT
    path.write_bytes(struct.pack("<8sII", b"LIAISEG\n", len(header), zlib.crc32(header)) + header)

    with pytest.raises(SegmentDamaged, match="does not describe"):
        open_segment(path)
