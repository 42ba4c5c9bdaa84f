"""A large feed is handed to a process beside the service (its whole way: tests/door); here is what lies between."""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, cast

import msgspec
import pytest

from liaison.errors import Refused, Unavailable
from liaison.records import beside
from liaison.records.beside import Task, feed_stream, hand_on
from liaison.records.feed import open_batch
from tests.cast import Member, a_vehicle

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
# Says which blocks it got, as problems: the first line of the task, then each block.
ECHO = """
import json, sys
line, got = sys.stdin.buffer, []
while True:
    length = line.read(4)
    block = line.read(int.from_bytes(length, "big"))
    if len(length) < 4 or not block:
        break
    got.append(block.decode())
END
"""
TELLS = 'print(json.dumps({"status": 403, "problems": [{"code": "x", "detail": one} for one in got[1:]]}))'


def a_task(member: Member, kind: str = "stream") -> Task:
    return msgspec.convert({"kind": kind, "name": "B/1", "asker": msgspec.to_builtins(member.asker)}, Task)


def program(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    monkeypatch.setattr(beside, "_PROGRAM", ECHO.replace("END", end))


def test_what_is_small_is_fed_here(nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_PROGRAM", "raise SystemExit('no process is needed')")
    batch = open_batch(nairobi_feeder.asker, "vehicles", "jsonl", "", {}, NOW)

    fed = feed_stream(batch, io.BytesIO(msgspec.json.encode(a_vehicle("WZZZZZ9ZZZZ000001"))), nairobi_feeder.asker)

    assert (fed.state, fed.accepted) == ("closed", 1)


def test_what_is_large_is_handed_on_whole_and_in_order(nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, TELLS)
    monkeypatch.setattr(beside, "SMALL_BYTES", 4)
    batch = open_batch(nairobi_feeder.asker, "vehicles", "jsonl", "", {}, NOW)

    with pytest.raises(Refused) as told:
        feed_stream(batch, io.BytesIO(b"abcdefghij"), nairobi_feeder.asker)

    assert "".join(problem.detail for problem in told.value.problems) == "abcdefghij"


def test_nothing_told_but_success_is_success(nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, "print('{}')")

    hand_on(a_task(nairobi_feeder), [b"abc"])


@pytest.mark.parametrize("end", ["sys.exit(1)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_process_that_ends_without_an_answer_is_told_and_the_batch_can_go_on(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    program(monkeypatch, end)

    with pytest.raises(Unavailable) as told:
        hand_on(a_task(nairobi_feeder), [b"abc"])

    assert (told.value.problems[0].code, told.value.problems[0].value) == ("feed-ended", "B/1")


def test_a_process_that_refuses_the_rest_is_heard(nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    refuses = 'print(\'{"status": 403, "problems": [{"code": "enough", "detail": "No more."}]}\')'
    monkeypatch.setattr(beside, "_PROGRAM", f"import sys; sys.stdin.buffer.read(9)\n{refuses}")

    with pytest.raises(Refused, match="enough"):
        hand_on(a_task(nairobi_feeder), [bytes(1 << 20)] * 9)


def test_a_stream_that_breaks_off_does_not_look_as_if_it_had_ended(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(monkeypatch, TELLS)

    def broken() -> Iterator[bytes]:
        yield b"abc"
        raise Unavailable("gone", "The caller went away.")

    with pytest.raises(Unavailable, match="gone"):
        hand_on(a_task(nairobi_feeder), broken())


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\x03ab"], ids=["nothing", "half a length", "half a block"])
def test_half_a_block_is_no_end(sent: bytes) -> None:
    with pytest.raises(Unavailable, match="gone"):
        beside._Blocks(io.BytesIO(sent)).read(10)


def test_blocks_are_read_as_one_stream() -> None:
    blocks = beside._Blocks(io.BytesIO(b"\0\0\0\x03abc\0\0\0\x02de\0\0\0\0"))

    assert [blocks.read(2), blocks.read(2), blocks.read(9), blocks.read(9), blocks.read(9)] == [
        b"ab", b"c", b"de", b"", b"",
    ]  # fmt: skip


class Pipe(io.TextIOWrapper):
    """Standard input or output of a process, kept in memory."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(io.BytesIO(content))

    def content(self) -> bytes:
        return cast(io.BytesIO, self.buffer).getvalue()


def run_main(monkeypatch: pytest.MonkeyPatch, task: Task, *blocks: bytes) -> Pipe:
    sent = io.BytesIO()
    for block in (msgspec.json.encode(task), *blocks):
        beside._write(cast(BinaryIO, sent), block)
    answers = Pipe()
    monkeypatch.setattr(sys, "stdin", Pipe(sent.getvalue()))
    monkeypatch.setattr(sys, "stdout", answers)
    monkeypatch.setattr(beside, "step_back", lambda _: None)
    monkeypatch.setattr("liaison.lib.logs.configure_logs", lambda: None)
    beside.main()
    return answers


def test_the_process_feeds_the_stream_into_its_batch(nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = open_batch(nairobi_feeder.asker, "vehicles", "jsonl", "", {}, NOW)
    task = msgspec.structs.replace(a_task(nairobi_feeder), name=batch.id)
    row = msgspec.json.encode(a_vehicle("WZZZZZ9ZZZZ000001"))

    answers = run_main(monkeypatch, task, row[:20], row[20:], b"")

    batch.refresh_from_db()
    assert (batch.state, batch.accepted) == ("closed", 1)
    assert msgspec.json.decode(answers.content()) == {"status": 200, "problems": []}


def test_the_process_tells_what_is_wrong_with_the_file(nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = open_batch(nairobi_feeder.asker, "vehicles", "csv", "", {}, NOW)
    task = msgspec.structs.replace(a_task(nairobi_feeder), name=batch.id)

    answers = run_main(monkeypatch, task, b"", b"")

    batch.refresh_from_db()
    told = msgspec.json.decode(answers.content())
    assert (batch.state, told["status"], told["problems"][0]["code"]) == ("failed", 400, "empty-file")


def test_a_fault_in_the_process_is_no_answer(nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit):
        run_main(monkeypatch, a_task(nairobi_feeder), b"")
