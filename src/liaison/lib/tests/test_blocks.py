"""Pieces come out joined, in order, and none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from liaison.lib.blocks import in_blocks


def test_nothing_makes_no_block() -> None:
    assert list(in_blocks([])) == []


@given(st.lists(st.binary(max_size=20)), st.integers(1, 50))
def test_blocks_hold_every_piece_and_only_the_last_is_short(pieces: list[bytes], size: int) -> None:
    blocks = list(in_blocks(pieces, size))

    assert b"".join(blocks) == b"".join(pieces)
    assert [block for block in blocks[:-1] if len(block) < size] == []
