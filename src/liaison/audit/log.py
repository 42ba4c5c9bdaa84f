"""The register as a log that anybody can check: each entry in a Merkle tree, and signed checkpoints of it.

The entries lie in the database.  Behind them, in the folder `log` of the home, this module keeps
their hashes in tiles, in the order of their numbers, and signs how many there are and the root of their tree
(`lib/tlog`).  Entry n is leaf n - 1.  A leaf is the hash of all that is stored of an entry, of which what is
personal is sealed, so a leaf tells nothing, and stays when keys are erased.

What a source does about its restrictions has a log for each source, which is shown to nobody else (RPD 58).

Never signed is what contradicts an earlier signature: fewer entries than were signed, or others.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import structlog
from django.conf import settings

from liaison.audit import signer
from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.audit.register import reopen
from liaison.audit.series import agency_of, series
from liaison.audit.signer import CONFIDENTIAL, REGISTER, KeptSigner, log_name
from liaison.lib.files import locked, replacing
from liaison.lib.tlog.merkle import NotProved
from liaison.lib.tlog.notes import Checkpoint, divided, parse_checkpoint
from liaison.lib.tlog.tiles import CHECKPOINT, Tiles, TileWriter

FOLDER = "log"
_AT_ONCE = 2000
_FIELDS = ("number", "at_us", "event", "agency", "actor", "database", "purpose", "sealed")

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode


class Contradicted(Exception):
    """The register is not what was signed: entries are missing, or others than they were."""


def leaf_of(row: tuple[int, int, str, int, str, str, str, bytes]) -> bytes:
    """Return the leaf of an entry, whose fields are in the order of `_FIELDS`: 32 bytes that tell nothing of it."""
    *said, sealed = row
    return sha256(_encode(said) + b"\n" + bytes(sealed)).digest()


def leaves(among: range, start: int, end: int | None = None) -> Iterator[bytes]:
    """Yield the leaves of a series from index `start` before `end`; raise Contradicted where an entry is missing."""
    expected = among.start + start
    stop = among.stop if end is None else among.start + end
    while expected < stop:
        rows = Entry.objects.filter(number__gte=expected, number__lt=stop).order_by("number")
        batch = list(rows.values_list(*_FIELDS)[:_AT_ONCE])
        for row in batch:
            if row[0] != expected:
                raise Contradicted(f"Entry {expected} of the register is missing.")
            yield leaf_of(row)
            expected += 1
        if len(batch) < _AT_ONCE:
            break


class RegisterLog:
    """The logs of one home; whoever signs holds the lock of the folder."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER
        self.signer = KeptSigner(home / signer.FOLDER)
        self._writers: dict[str, TileWriter] = {}

    def sign_new(self) -> int:
        """Take in every entry that is not in a tree yet, and sign; return how many entries the register has.

        Raises Contradicted, and signs nothing more of that log, when what is there is not what was signed.
        """
        with locked(self.folder):
            for agency in _agencies_with_confidential():
                self._advance(log_name(agency), series(agency))
            return self._advance(REGISTER, series())

    def renew(self, *, by: Actor, now: datetime, reason: str) -> str:
        """Begin a new log in the place of one that cannot go on; return its name.

        The old tiles and checkpoint stay beside, in a folder of the old log's name.  The first entry that the new log
        adds says which log ended, how it stood, and why.
        """
        with locked(self.folder):
            ended, last = self.signer.name, self.signer.last(REGISTER)
            kept = self.folder / f"ended-{ended.replace('/', '-')}"
            kept.mkdir()
            for name in (REGISTER, CONFIDENTIAL):
                if (self.folder / name).exists():
                    (self.folder / name).replace(kept / name)
            self.signer.renew()
            self.signer, self._writers = KeptSigner(self.signer.folder), {}
        detail = {
            "ended": ended,
            "size": last.size if last else 0,
            "root": last.root.hex() if last else "",
            "reason": reason,
        }
        reopen()
        write_entry(Event.LOG_RENEWED, by=by, at=now, detail=detail)
        return self.signer.name

    def _advance(self, name: str, among: range) -> int:
        last = self.signer.last(name)
        writer = self._writers.get(name)
        if writer is None or writer.size != (last.size if last else 0):
            # Another process signed, or none has yet.
            writer = self._writers[name] = self._opened(name, among)
        before = writer.size
        _require_not_older(name, among, before)
        try:
            writer.append(leaves(among, writer.size))
            if last is None or writer.size > before:
                self._sign(name, writer)
            elif not self._is_published(name, last):
                self._publish(name, last.size, last.root)
        except BaseException:
            # What was half done is done again from what is on disk.
            del self._writers[name]
            raise
        return writer.size

    def _sign(self, name: str, writer: TileWriter) -> None:
        writer.flush()
        self._publish(name, writer.size, writer.root())

    def _publish(self, name: str, size: int, root: bytes) -> None:
        note = self.signer.sign(name, size, root)
        with replacing(self.folder / name / CHECKPOINT, is_lasting=True) as file:
            file.write(note.encode())

    def _is_published(self, name: str, last: Checkpoint) -> bool:
        """Say whether others read the checkpoint that was signed last; not where a crash came between."""
        try:
            note = (self.folder / name / CHECKPOINT).read_text(encoding="utf-8")
            return divided(note)[0] == last.text()
        except (FileNotFoundError, ValueError):
            return False

    def _opened(self, name: str, among: range) -> TileWriter:
        """Open a log as it was signed last; tiles that are gone or damaged are made again from the entries."""
        last, folder = self.signer.last(name), self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        if last is None:
            shutil.rmtree(folder / "tile", ignore_errors=True)
            return TileWriter(folder, 0)
        try:
            if Tiles(folder, last.size).root() == last.root:
                return TileWriter(folder, last.size)
        except NotProved:
            pass
        log.error("register.tiles_made_again", log=name)
        return self._made_again(name, among, last)

    def add_signature(self, text: str, line: str) -> None:
        """Put the line of a witness under the checkpoint of the register, if this is still its text."""
        path = self.folder / REGISTER / CHECKPOINT
        with locked(self.folder):
            note = path.read_text(encoding="utf-8")
            if divided(note)[0] == text:
                with replacing(path, is_lasting=True) as file:
                    file.write((note + line).encode())

    def repair(self) -> None:
        """Make every tile again from the entries, where they are what was signed; raise Contradicted where not."""
        with locked(self.folder):
            self._writers = {}
            for agency in (*_agencies_with_confidential(), 0):
                self._repair(log_name(agency), series(agency))

    def _repair(self, name: str, among: range) -> None:
        if last := self.signer.last(name):
            self._sign(name, self._made_again(name, among, last))

    def _made_again(self, name: str, among: range, last: Checkpoint) -> TileWriter:
        """Make the tiles of a log again as it was signed last, beside the old ones until they are right."""
        folder, beside = self.folder / name, self.folder / "again"
        shutil.rmtree(beside, ignore_errors=True)
        writer = TileWriter(beside, 0)
        writer.append(leaves(among, 0, last.size))
        writer.flush()
        if writer.size < last.size:
            raise Contradicted(f"The log {name} had {last.size} entries when it was signed, and has {writer.size} now.")
        if writer.root() != last.root:
            raise Contradicted(f"Entries of the log {name} are not what they were when they were signed.")
        shutil.rmtree(folder / "tile", ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        if last.size:
            (beside / "tile").replace(folder / "tile")
        shutil.rmtree(beside, ignore_errors=True)
        return TileWriter(folder, last.size)


def _require_not_older(name: str, among: range, size: int) -> None:
    """Raise Contradicted where the entries that were signed last are not there any more."""
    newest = among.start + size - 1
    if size and not Entry.objects.filter(number__gte=newest, number__lt=among.stop).exists():
        raise Contradicted(
            f"The log {name} had {size} entries when it was signed, and now the last of them is missing."
        )


def published() -> Checkpoint | None:
    """Return how the register of this home stood when it was signed last; None where it never was."""
    note = published_note()
    return parse_checkpoint(divided(note)[0]) if note else None


def published_note() -> str:
    """Return the signed checkpoint of the register of this home, "" where there is none."""
    path = published_folder() / CHECKPOINT
    return path.read_text(encoding="utf-8") if path.exists() else ""


def published_folder() -> Path:
    """Return where the log of the register of this home lies."""
    return Path(settings.LIAISON_HOME) / FOLDER / REGISTER


def register_log() -> RegisterLog:
    """Return the logs of this home."""
    return RegisterLog(Path(settings.LIAISON_HOME))


def _agencies_with_confidential() -> list[int]:
    """Return the agencies that have entries of their own, by a look into the index of numbers for each."""
    found: list[int] = []
    first = series().stop
    while number := Entry.objects.filter(number__gte=first).order_by("number").values_list("number", flat=True).first():
        found.append(agency_of(number))
        first = series(found[-1]).stop
    return found
