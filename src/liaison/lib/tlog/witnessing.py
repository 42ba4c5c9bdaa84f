"""Witness a log: sign that it has only grown since it was seen last (c2sp.org/tlog-witness).

    old SIZE                what the witness saw last
    base64 hash ...         proof that the log has only grown since
                            (an empty line)
    the checkpoint, signed by the log

A witness keeps one file for each log that it knows: how many entries it saw last, and their root.
"""

import base64
import binascii
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from liaison.lib.files import locked, replacing
from liaison.lib.tlog.merkle import EMPTY_ROOT, NotProved, check_growth
from liaison.lib.tlog.notes import (
    BadNote,
    Checkpoint,
    Signer,
    Verifier,
    divided,
    parse_checkpoint,
    read_checkpoint,
    read_verifier,
    signatures,
    signed,
)

MAX_PROOF = 63
_HASH_BYTES = 32


class Answer(NamedTuple):
    """What a witness answers: 200 with its signature; 409 with the size that it saw last; else a sentence."""

    status: int
    text: str


class WitnessAt(NamedTuple):
    """A witness: by what its signatures are known, and the address below which it listens."""

    verifier: Verifier
    address: str


class Witness:
    """A key, the logs that it witnesses, and a folder for what it saw of them."""

    def __init__(self, folder: Path, signer: Signer, logs: Sequence[Verifier]) -> None:
        self._folder, self._signer = folder, signer
        self._logs = {log.name: log for log in logs}

    def add_checkpoint(self, body: bytes, now: int) -> Answer:
        """Answer a request; what was seen is on disk before it is signed."""
        try:
            old_size, proof, note = read_request(body)
            origin = parse_checkpoint(divided(note)[0]).origin
        except (BadNote, UnicodeDecodeError) as error:
            return Answer(400, f"{error}\n")
        log = self._logs.get(origin)
        if log is None:
            return Answer(404, "This witness does not know the log.\n")
        try:
            checkpoint = read_checkpoint(note, log)
        except BadNote as error:
            return Answer(403, f"{error}\n")
        if old_size > checkpoint.size:
            return Answer(400, "The old size is greater than that of the checkpoint.\n")
        with locked(self._folder):
            return self._seen(checkpoint, old_size, proof, now)

    def last(self, origin: str) -> Checkpoint:
        """Return how a log stood when it was seen last."""
        try:
            return parse_checkpoint(self._path(origin).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Checkpoint(origin, 0, EMPTY_ROOT)

    def _seen(self, checkpoint: Checkpoint, old_size: int, proof: Sequence[bytes], now: int) -> Answer:
        last = self.last(checkpoint.origin)
        if old_size != last.size:
            return Answer(409, f"{last.size}\n")
        try:
            check_growth(last.size, last.root, checkpoint.size, checkpoint.root, proof)
        except NotProved as error:
            # One size with two roots is a log that shows different people different things.
            is_fork = last.size == checkpoint.size
            return Answer(409, f"{last.size}\n") if is_fork else Answer(422, f"{error}\n")
        with replacing(self._path(checkpoint.origin), is_lasting=True) as file:
            file.write(checkpoint.text().encode())
        return Answer(200, self._signer.sign(checkpoint.text(), now))

    def _path(self, origin: str) -> Path:
        return self._folder / f"seen-{sha256(origin.encode()).hexdigest()[:32]}"


def read_witnesses(text: str) -> tuple[WitnessAt, ...]:
    """Read the setting: a public key and an address for each witness, with commas between; raise ValueError."""
    found = []
    for one in filter(None, map(str.strip, text.split(","))):
        key, _, address = one.partition(" ")
        verifier = read_verifier(key)
        if not verifier.is_witness:
            raise BadNote(f"The key of {verifier.name} is that of a log, not of a witness.")
        if not address.strip().startswith(("http://", "https://")):
            raise BadNote(f"Behind the key of {verifier.name} stands the address of the witness: http:// or https://.")
        found.append(WitnessAt(verifier, address.strip().rstrip("/")))
    return tuple(found)


def write_request(old_size: int, proof: Sequence[bytes], note: str) -> bytes:
    """Return the body that asks a witness to sign a checkpoint."""
    hashes = "".join(base64.b64encode(hash_).decode() + "\n" for hash_ in proof)
    return f"old {old_size}\n{hashes}\n{note}".encode()


def read_request(body: bytes) -> tuple[int, list[bytes], str]:
    """Return old size, proof and note of a request; raise BadNote for another shape."""
    head, separator, note = body.decode().partition("\n\n")
    first, *hashes = head.split("\n")
    size = first.removeprefix("old ")
    if not separator or size == first or not size.isascii() or not size.isdecimal() or len(size) > 19:
        raise BadNote("A request begins with the line `old SIZE`, and an empty line stands before the checkpoint.")
    if len(hashes) > MAX_PROOF:
        raise BadNote("The proof is too long.")
    return int(size), [_hash(text) for text in hashes], note


def read_cosignature(answer: str, text: str, witness: Verifier) -> str:
    """Return the line by which a witness signed the text of a checkpoint; raise BadNote if it did not."""
    for line in answer.splitlines():
        if witness.name in signatures(signed(text, f"{line}\n"), [witness]):
            return f"{line}\n"
    raise BadNote(f"There is no signature of {witness.name} in the answer.")


def _hash(text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != _HASH_BYTES:
        raise BadNote("A line of the proof is not a hash of 32 bytes in base64.")
    return found
