"""Have others sign that the log of the register has only grown: the witnesses of `LIAISON_WITNESSES`.

A witness keeps what it saw last.  Whoever rewrites the register, with the key of its log even, gets
no signature of it any more, and who demands its signature (`liaison verify --need`) sees that.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import structlog

from liaison.audit.log import Contradicted, RegisterLog
from liaison.audit.signer import REGISTER
from liaison.lib.tlog.merkle import prove_growth
from liaison.lib.tlog.notes import BadNote, Checkpoint, divided, parse_checkpoint, signatures
from liaison.lib.tlog.tiles import CHECKPOINT, Tiles
from liaison.lib.tlog.witnessing import WitnessAt, read_cosignature, write_request

_ANSWER_SECONDS = 5.0
# One that did not sign is asked again after so long.
_REST_SECONDS = 30.0

log = structlog.get_logger()


class NotSigned(Exception):
    """A witness did not sign: it is away, does not know the log, or has seen another."""


class Cosigners:
    """Asks each witness for its signature under the newest checkpoint, and puts it there."""

    def __init__(self, kept: RegisterLog, witnesses: Sequence[WitnessAt]) -> None:
        self._kept, self._witnesses = kept, witnesses
        self._seen: dict[str, int] = {}
        self._rests_until: dict[str, float] = {}

    def ask(self) -> list[str]:
        """Ask every witness that has not signed; return whose signatures are there.

        What one has against it is logged, and it is asked again later.
        Raises Contradicted where a witness has seen more of this log than there is.
        """
        path = self._kept.folder / REGISTER / CHECKPOINT
        note = _read(path) if self._witnesses else ""
        if not note:
            return []
        text = divided(note)[0]
        has_signed = signatures(note, [witness.verifier for witness in self._witnesses])
        for witness in self._witnesses:
            name = witness.verifier.name
            if name in has_signed or time.monotonic() < self._rests_until.get(name, 0.0):
                continue
            try:
                line = self._signature(witness, text, note)
            except (httpx.HTTPError, NotSigned, BadNote) as error:
                self._rests_until[name] = time.monotonic() + _REST_SECONDS
                log.error("register.not_witnessed", witness=name, reason=str(error) or type(error).__name__)
            else:
                self._kept.add_signature(text, line)
                has_signed[name] = 0
        return list(has_signed)

    def _signature(self, witness: WitnessAt, text: str, note: str) -> str:
        name, checkpoint = witness.verifier.name, parse_checkpoint(text)
        answer = self._post(witness, checkpoint, note, self._seen.get(name, 0))
        if answer.status_code == httpx.codes.CONFLICT:
            seen = self._seen[name] = _size_of(answer.text)
            if seen > checkpoint.size:
                raise Contradicted(
                    f"The witness {name} has seen {seen} entries of this log, {checkpoint.size} are there."
                )
            answer = self._post(witness, checkpoint, note, seen)
            if answer.status_code == httpx.codes.CONFLICT and _size_of(answer.text) == seen:
                raise Contradicted(f"The witness {name} has seen other entries of this log, as many as there are.")
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise Contradicted(f"The witness {name} has seen other entries of this log: {answer.text.strip()[:200]}")
        if answer.status_code != httpx.codes.OK:
            raise NotSigned(f"{answer.status_code}: {answer.text.strip()[:200]}")
        line = read_cosignature(answer.text, text, witness.verifier)
        self._seen[name] = checkpoint.size
        return line

    def _post(self, witness: WitnessAt, checkpoint: Checkpoint, note: str, seen: int) -> httpx.Response:
        old = min(seen, checkpoint.size)
        tiles = Tiles(self._kept.folder / REGISTER, checkpoint.size)
        body = write_request(old, prove_growth(old, checkpoint.size, tiles.subtree), note)
        return httpx.post(f"{witness.address}/add-checkpoint", content=body, timeout=_ANSWER_SECONDS, trust_env=False)


def _size_of(text: str) -> int:
    bare = text.strip()
    if not bare.isascii() or not bare.isdecimal() or len(bare) > 19:
        raise NotSigned("It answers 409 and does not say what it has seen.")
    return int(bare)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
