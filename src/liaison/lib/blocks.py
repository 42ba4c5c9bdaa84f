"""Join many small pieces into few large ones."""

from collections.abc import Iterable, Iterator

BLOCK_BYTES = 1 << 16


def in_blocks(pieces: Iterable[bytes], size_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Yield the pieces joined to blocks of at least `size_bytes`, the last one excepted.

    A streamed answer pays for each block that it hands over, however short it is.

    >>> list(in_blocks([b"ab", b"c", b"d"], 3))
    [b'abc', b'd']
    """
    kept: list[bytes] = []
    size = 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size >= size_bytes:
            yield b"".join(kept)
            kept, size = [], 0
    if kept:
        yield b"".join(kept)
