"""Signed notes and checkpoints: a text, and lines by which those who know a key can tell that it was signed.

    origin
    size of the tree
    root, base64

    — name base64(key id, 4 bytes | signature)

A witness adds a line of its own, which says when it saw that the tree had only grown.
"""

import base64
import binascii
import re
import struct
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519, _COSIGNATURE = 1, 4
_HASH_BYTES, _KEY_BYTES, _SIGNATURE_BYTES = 32, 32, 64
_NAME = re.compile(r"[^\s+]{1,200}")
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
# No checkpoint needs more.
MAX_BYTES = 1 << 20


class BadNote(ValueError):
    """A text is no signed note, or not signed by whom it should be."""


class Checkpoint(NamedTuple):
    """How a log stands: whose it is, how many entries it has, the root of its tree."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return it as it is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Verifier(NamedTuple):
    """Who is known by a public key: a log, or a witness, whose signatures have a time."""

    name: str
    key: bytes
    is_witness: bool

    @property
    def key_id(self) -> bytes:
        """Return the 4 bytes that tell keys of one name apart."""
        kind = bytes([_COSIGNATURE if self.is_witness else _ED25519])
        return sha256(self.name.encode() + b"\n" + kind + self.key).digest()[:4]

    def text(self) -> str:
        """Return the key as it is handed on: name+id+base64."""
        kind = bytes([_COSIGNATURE if self.is_witness else _ED25519])
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(kind + self.key).decode()}"

    def verify(self, text: str, signature: bytes) -> int:
        """Return when the text was signed, seconds since 1970 (0 for a log); raise BadNote if it was not."""
        at, signed = 0, text.encode()
        if self.is_witness:
            if len(signature) != 8 + _SIGNATURE_BYTES:
                raise BadNote(f"The cosignature of {self.name} is cut.")
            [at] = struct.unpack_from(">Q", signature)
            signed, signature = _cosigned(text, at), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, signed)
        except InvalidSignature:
            raise BadNote(f"The signature of {self.name} does not belong to this text.") from None
        return at


class Signer(NamedTuple):
    """A name and its private key."""

    name: str
    key: Ed25519PrivateKey
    is_witness: bool = False

    @property
    def verifier(self) -> Verifier:
        """Return by what others know this signer."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw(), self.is_witness)

    def sign(self, text: str, at: int = 0) -> str:
        """Return the line that signs a text; a witness says when, in seconds since 1970."""
        if self.is_witness:
            signature = struct.pack(">Q", at) + self.key.sign(_cosigned(text, at))
        else:
            signature = self.key.sign(text.encode())
        return f"— {self.name} {base64.b64encode(self.verifier.key_id + signature).decode()}\n"


def read_verifier(text: str) -> Verifier:
    """Read a public key, "name+id+base64"; raise BadNote saying what is wrong with it."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    if not _NAME.fullmatch(name) or len(key) != 1 + _KEY_BYTES or key[0] not in (_ED25519, _COSIGNATURE):
        raise BadNote(f"{text[:60]!r} is not a public key: it has the form name+id+base64.")
    verifier = Verifier(name, key[1:], key[0] == _COSIGNATURE)
    if verifier.key_id.hex() != key_id:
        raise BadNote(f"The id in the public key of {name} does not belong to it: copy the key again.")
    return verifier


def signed(text: str, *lines: str) -> str:
    """Return a note: the text, and the lines that sign it."""
    return text + "\n" + "".join(lines)


def divided(note: str) -> tuple[str, str]:
    """Return the text of a note and its lines of signatures; raise BadNote for another text."""
    text, separator, lines = note.rpartition("\n\n")
    if not separator or len(note.encode()) > MAX_BYTES or not lines.endswith("\n"):
        raise BadNote("This is not a signed note: it has no empty line before signatures.")
    return text + "\n", lines


def signatures(note: str, verifiers: Iterable[Verifier]) -> dict[str, int]:
    """Return which of these have signed a note, and when; raise BadNote where a signature of one of them is false."""
    text, lines = divided(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    found: dict[str, int] = {}
    for line in lines.splitlines():
        read = _LINE.fullmatch(line)
        if not read:
            raise BadNote(f"{line[:60]!r} is not a line of a signature.")
        raw = _decoded(read[2])
        if verifier := known.get((read[1], raw[:4])):
            found[verifier.name] = verifier.verify(text, raw[4:])
    return found


def read_checkpoint(note: str, log: Verifier) -> Checkpoint:
    """Return the checkpoint of a note that this log has signed; raise BadNote if it has not."""
    if log.name not in signatures(note, [log]):
        raise BadNote(f"The checkpoint is not signed by {log.name}.")
    checkpoint = parse_checkpoint(divided(note)[0])
    if checkpoint.origin != log.name:
        raise BadNote(f"The checkpoint is one of {checkpoint.origin}, not of {log.name}.")
    return checkpoint


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, signed or not; lines after the third are not ours, and are let be."""
    lines = text.split("\n")
    size = lines[1] if len(lines) > 3 else ""
    if not size.isascii() or not size.isdecimal() or str(int(size[:20])) != size:
        raise BadNote("This is not a checkpoint: its second line is not a number.")
    root = _decoded(lines[2])
    if len(root) != _HASH_BYTES:
        raise BadNote("This is not a checkpoint: its third line is not a hash of 32 bytes.")
    return Checkpoint(lines[0], int(size), root)


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
