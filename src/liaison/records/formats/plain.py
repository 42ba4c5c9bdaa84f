"""Turn the bytes of any accepted file into plain bytes and into lines of text.

Knows gzip and Unicode encodings and their abuses; knows nothing of rows.
"""

import codecs
import zlib
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO

from liaison.errors import BadInput, TooLarge
from liaison.records.formats.base import Limits

_CHUNK_BYTES = 1 << 17
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31
# Other compression is not read: ZIP (also spreadsheets), bzip2, xz, zstandard.
_OTHER_MAGIC = (b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ENCODING_REMEDY = "save the file as UTF-8 (or UTF-16 with a byte order mark) and send it again"


def plain_chunks(source: BinaryIO, limits: Limits) -> Iterator[bytes]:
    """Yield the bytes of `source`, decompressed when they begin like gzip.

    Raises BadInput for an empty file and for broken gzip, TooLarge for a
    file that grows too far.
    """
    first = _read_at_least(source, 4)
    if not first:
        raise empty_file()
    if first.startswith(_OTHER_MAGIC):
        raise BadInput(
            "unsupported-compression",
            "The file is a ZIP archive, a spreadsheet or compressed otherwise: send it as plain text or with gzip.",
            at="byte 1",
        )
    if not first.startswith(_GZIP_MAGIC):
        yield from _measured(_raw_chunks(first, source), limits)
        return
    is_empty = True
    for chunk in _measured(_gunzipped(first, source, limits), limits):
        is_empty = False
        yield chunk
    if is_empty:
        raise empty_file()


def empty_file() -> BadInput:
    """Return the error for a file in which nothing stands."""
    return BadInput("empty-file", "The file is empty: check that the export was complete and send it again.")


def text_lines(source: BinaryIO, limits: Limits) -> Iterator[str]:
    r"""Yield the lines of a file with their line ends (\n, \r\n or \r) as they stand.

    A line longer than the row limit comes cut to one character more than the
    limit, so that the reader sees it is too long and memory stays flat.
    """
    tail = ""
    for text in _decoded(plain_chunks(source, limits)):
        # A \r at the very end may be half of \r\n, so it waits for the next chunk.
        cut = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        if not cut and not tail.endswith("\r"):
            tail = (tail + text)[: limits.max_row_bytes + 1]
            continue
        yield from StringIO(tail + text[:cut], newline="")
        tail = text[cut:]
    yield from StringIO(tail, newline="")


def _read_at_least(source: BinaryIO, size: int) -> bytes:
    found = b""
    while len(found) < size and (more := source.read(_CHUNK_BYTES)):
        found += more
    return found


def _raw_chunks(first: bytes, source: BinaryIO) -> Iterator[bytes]:
    yield first
    while chunk := source.read(_CHUNK_BYTES):
        yield chunk


def _measured(chunks: Iterator[bytes], limits: Limits) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limits.max_uncompressed_bytes:
            gibibytes = limits.max_uncompressed_bytes / (1 << 30)
            raise TooLarge("file-too-large", f"The file holds more than {gibibytes:g} GiB: send it in parts.")
        yield chunk


def _gunzipped(first: bytes, source: BinaryIO, limits: Limits) -> Iterator[bytes]:
    """Yield the content of gzip members one after the other; zero bytes may pad the end."""
    member = zlib.decompressobj(_GZIP_WINDOW)
    taken, given = 0, 0
    for packed in _raw_chunks(first, source):
        taken += len(packed)
        rest = packed
        while rest:
            if member.eof:
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
                member = zlib.decompressobj(_GZIP_WINDOW)
            chunk = _inflated(member, rest, taken)
            given += len(chunk)
            _refuse_bomb(taken, given, limits)
            if chunk:
                yield chunk
            rest = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise BadInput(
            "truncated-gzip",
            "The compressed file ends too early: it was cut off on its way. Send it again.",
            at=f"byte {taken}",
        )


def _inflated(member: "zlib._Decompress", packed: bytes, taken: int) -> bytes:
    try:
        return member.decompress(packed, _CHUNK_BYTES)
    except zlib.error:
        raise BadInput(
            "bad-gzip",
            "The file begins like gzip and cannot be decompressed: compress it again, or send it uncompressed.",
            at=f"before byte {taken}",
        ) from None


def _refuse_bomb(taken: int, given: int, limits: Limits) -> None:
    if given > limits.free_expansion_bytes and given > taken * limits.max_expansion:
        raise TooLarge(
            "compressed-too-far",
            f"The compressed file grows more than {limits.max_expansion} times: send it uncompressed.",
            at=f"byte {taken}",
        )


def _decoded(chunks: Iterator[bytes]) -> Iterator[str]:
    first = next(chunks, b"")
    encoding, mark = _encoding_of(first)
    decoder = codecs.getincrementaldecoder(encoding)()
    position = len(mark)
    for chunk in _with_first(first[position:], chunks):
        text = _decode_chunk(decoder, chunk, position, encoding)
        position += len(chunk)
        if text:
            yield text
    yield _decode_chunk(decoder, b"", position, encoding, final=True)


def _with_first(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


def _encoding_of(first: bytes) -> tuple[str, bytes]:
    """Return the encoding and the byte order mark that says so; UTF-8 where none stands."""
    if first.startswith(_UTF32_MARKS) or (not first.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in first[:4]):
        raise BadInput(
            "wrong-encoding", f"The file is UTF-32, or UTF-16 without its mark: {_ENCODING_REMEDY}.", at="byte 1"
        )
    for mark, encoding in _BYTE_ORDER_MARKS:
        if first.startswith(mark):
            return encoding, mark
    return "utf-8", b""


def _decode_chunk(
    decoder: codecs.IncrementalDecoder, chunk: bytes, position: int, encoding: str, *, final: bool = False
) -> str:
    waiting = len(decoder.getstate()[0])
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        place = position - waiting + error.start + 1
        byte = error.object[error.start]
        raise BadInput(
            "wrong-encoding",
            f"Byte {place} (0x{byte:02X}) is not {encoding.upper()}: {_ENCODING_REMEDY}.",
            at=f"byte {place}",
        ) from None
