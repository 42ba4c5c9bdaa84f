"""A part of the register in one file, for an authority that supervises, and the proof that it is what was signed.

The file is JSON lines: a head with the signed checkpoint, one line for each entry, and at the end the hashes that,
with the entries themselves, give the root of the checkpoint (`merkle.prove_entries`).  Of each entry the line holds
what is hashed into the tree: when, who, which event, which purpose, and the sealed words.  So anybody with the public
key of the log sees that no entry was changed or put in.  That the words in the clear beside them are those that are
sealed, only the home can show, which has the key of the register: `liaison verify --export` does both there.
"""

from array import array
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from liaison.audit.actions import moment_of
from liaison.audit.log import leaf_of
from liaison.audit.models import Entry
from liaison.audit.verifying import Demands, cosigned_by
from liaison.lib.tlog.merkle import NotProved, check_entries, leaf_hash, prove_entries
from liaison.lib.tlog.notes import BadNote, Checkpoint, Verifier, read_checkpoint
from liaison.lib.tlog.tiles import Tiles

T = TypeVar("T")

FORMAT = 1
# So many lines that differ are named one by one.
_NAMED = 20
_WORDS = ("reference", "searched", "shown", "detail")

_encode = msgspec.json.Encoder().encode


class Head(msgspec.Struct, frozen=True):
    """What a file says first: for whom it is, which time and whose entries it holds, and how the log stood."""

    liaison_export: int
    recipient: str
    since: str
    until: str
    agencies: tuple[str, ...]
    log: str
    checkpoint: str


class _Line(msgspec.Struct, frozen=True):
    """One entry: what is hashed, and what it says in the clear."""

    entry: int
    at: datetime
    at_us: int
    event: str
    agency: int
    actor: str
    database: str
    purpose: str
    sealed: bytes
    trouble: str = ""
    reference: Any = None
    searched: Any = None
    shown: Any = None
    detail: Any = None


class _Foot(msgspec.Struct, frozen=True):
    """What a file says last."""

    entries: int
    proof: tuple[bytes, ...]


class Checked(NamedTuple):
    """What was found: how the log stood, who cosigned, the first and the last entry, how many, how many were opened."""

    checkpoint: Checkpoint | None
    cosigned: dict[str, int]
    numbers: Sequence[int]
    opened: int
    problems: tuple[str, ...]

    @property
    def left_out(self) -> int:
        """How many numbers between the first and the last are not in the file."""
        return self.numbers[-1] - self.numbers[0] + 1 - len(self.numbers) if self.numbers else 0


def line_of(entry: Entry, **names: str) -> bytes:
    """Return one entry as a line; `names` are those of agency and actor, for people."""
    hashed = {"at_us": entry.at_us, "sealed": b64encode(bytes(entry.sealed)).decode(), "trouble": entry.trouble}
    return _encode(entry.as_line() | names | hashed) + b"\n"


def head_line(head: Head) -> bytes:
    """Return the first line."""
    return _encode(head) + b"\n"


def foot_line(numbers: Sequence[int], size: int, tiles: Tiles) -> bytes:
    """Return the last line: the proof of these entries, whose numbers ascend."""
    indices = array("q", (number - 1 for number in numbers))
    return _encode(_Foot(len(numbers), tuple(prove_entries(indices, size, tiles.subtree)))) + b"\n"


def check_export(path: Path, log: Verifier, demands: Demands, *, opens: bool) -> Checked:
    """Check a file against its checkpoint, signed by this log; `opens` compares the words with what is sealed, too."""
    found = _Found()
    with path.open("rb") as file:
        head = _read(next(file, b""), Head)
        foot = _read_entries(file, found, opens=opens)
        if foot and file.read(1):
            found.problems.append("Something stands behind the proof.")
    if head is None or head.liaison_export != FORMAT:
        return Checked(None, {}, found.numbers, 0, ("The file does not begin like an export of the register.",))
    return _checked(head, foot, found, log, demands)


class _Found:
    """What was read of a file so far."""

    def __init__(self) -> None:
        self.numbers = array("q")
        self.leaves: list[bytes] = []
        self.problems: list[str] = []
        self.opened = 0


def _read_entries(file: Iterable[bytes], found: _Found, *, opens: bool) -> _Foot | None:
    """Take in every entry; return the last line, None where it is missing."""
    for place, text in enumerate(file, 2):
        line = _read(text, _Line)
        if line is None:
            if foot := _read(text, _Foot):
                return foot
            found.problems.append(f"Line {place} is no entry.")
            continue
        found.numbers.append(line.entry)
        found.leaves.append(leaf_hash(leaf_of(_hashed(line))))
        if line.at != moment_of(line.at_us):
            found.problems.append(f"Entry {line.entry}: its moment is written in two ways that differ.")
        if opens:
            _open(line, found)
    return None


def _checked(head: Head, foot: _Foot | None, found: _Found, log: Verifier, demands: Demands) -> Checked:
    problems = found.problems
    try:
        checkpoint = read_checkpoint(head.checkpoint, log)
    except BadNote as error:
        return Checked(None, {}, found.numbers, found.opened, (*problems[:_NAMED], str(error)))
    cosigned, missing = cosigned_by(head.checkpoint, demands)
    if foot is None:
        problems.append("The file is cut short: the proof at its end is missing.")
    else:
        problems += _problems_of_proof(found, checkpoint, foot)
    more = len(problems) - _NAMED
    named = problems if more <= 0 else [*problems[:_NAMED], f"{more} more lines are not what was signed."]
    return Checked(checkpoint, cosigned, found.numbers, found.opened, (*named, *missing))


def _problems_of_proof(found: _Found, checkpoint: Checkpoint, foot: _Foot) -> Iterator[str]:
    indices = array("q", (number - 1 for number in found.numbers))
    try:
        check_entries(indices, found.leaves, checkpoint.size, checkpoint.root, foot.proof)
    except NotProved as error:
        yield f"The entries of the file are not what was signed: {error}"
    if foot.entries != len(found.numbers):
        yield f"The file holds {len(found.numbers)} entries, and says {foot.entries}."


def _read(line: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _hashed(read: _Line) -> tuple[int, int, str, int, str, str, str, bytes]:
    return (
        read.entry, read.at_us, read.event, read.agency, read.actor, read.database, read.purpose, read.sealed,
    )  # fmt: skip


def _open(line: _Line, found: _Found) -> None:
    """Compare the words in the clear with those that are sealed, as the key of this home opens them."""
    entry = Entry(
        number=line.entry, at_us=line.at_us, event=line.event, agency=line.agency, actor=line.actor,
        database=line.database, purpose=line.purpose, sealed=line.sealed,
    )  # fmt: skip
    if entry.trouble == "erased":
        # It may have been read when the file was made; since then nothing is left to compare it with.
        return
    found.opened += 1
    sealed = msgspec.to_builtins({name: entry.as_line()[name] for name in _WORDS})
    if entry.trouble or sealed != {name: getattr(line, name) for name in _WORDS}:
        found.problems.append(f"Entry {line.entry}: what it says in the clear is not what is sealed.")
