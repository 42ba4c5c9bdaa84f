"""The key that signs how the register stands, and the memory of what it signed last.

It lies in a folder of its own, `signer` in the home, which no backup holds: a register that was
brought back from an old copy is older than what was signed, and is not signed as if nothing had happened.
"""

import base64
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from liaison.lib.files import replacing, write_once
from liaison.lib.tlog.notes import Checkpoint, Signer, Verifier, signed

FOLDER = "signer"
# The logs of a home: the ordinary one, and one for each source below the other name.
REGISTER, CONFIDENTIAL = "register", "confidential"
_KEY, _SIGNED = "key.json", "signed.json"


class _Key(msgspec.Struct, frozen=True):
    """The name under which the log is known, and its private key in hexadecimal digits."""

    name: str
    private: str


class _Last(msgspec.Struct, frozen=True):
    size: int
    root: str


def log_name(confidential_to: int = 0) -> str:
    """Return the name of the log of a series of entries (`series.py`)."""
    return f"{CONFIDENTIAL}/{confidential_to}" if confidential_to else REGISTER


def signed_size(home: Path, log: str) -> int:
    """Return how many entries of a log were signed in this home; 0 where none was."""
    last = _last_in(home / FOLDER).get(log)
    return last.size if last else 0


class KeptSigner:
    """The key in a folder, drawn the first time; one process at a time signs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / _KEY).exists():
            self._draw()
        key = msgspec.json.decode((folder / _KEY).read_bytes(), type=_Key)
        self.name = key.name
        self._private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key.private))

    @property
    def verifier(self) -> Verifier:
        """Return by what others know the log."""
        return Signer(self.name, self._private).verifier

    def last(self, log: str) -> Checkpoint | None:
        """Return what was signed last of a log, None when nothing was."""
        last = _last_in(self.folder).get(log)
        return Checkpoint(self._origin(log), last.size, base64.b64decode(last.root)) if last else None

    def sign(self, log: str, size: int, root: bytes) -> str:
        """Return the signed note of how a log stands; that it was signed is on disk before."""
        checkpoint = Checkpoint(self._origin(log), size, root)
        self._remember(_last_in(self.folder) | {log: _Last(size, base64.b64encode(root).decode())})
        return signed(checkpoint.text(), Signer(checkpoint.origin, self._private).sign(checkpoint.text()))

    def verifier_of(self, log: str) -> Verifier:
        """Return by what others know one of the logs that this key signs."""
        return Signer(self._origin(log), self._private).verifier

    def _origin(self, log: str) -> str:
        return f"{self.name}/{log}"

    def _remember(self, last: dict[str, _Last]) -> None:
        with replacing(self.folder / _SIGNED, is_lasting=True) as file:
            file.write(msgspec.json.encode(last))

    def renew(self) -> None:
        """Begin a new log under a new name and key; the old key and its memory stay beside, and sign nothing more."""
        old = self.folder / f"ended-{self.name.replace('/', '-')}"
        old.mkdir(mode=0o700)
        for name in (_KEY, _SIGNED):
            if (self.folder / name).exists():
                (self.folder / name).replace(old / name)
        self._draw()

    def _draw(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # No two logs have one name, whatever is restored where.
        host = urlsplit(settings.LIAISON_ADDRESS).hostname or "liaison"
        key = _Key(f"{host}/{secrets.token_hex(4)}", Ed25519PrivateKey.generate().private_bytes_raw().hex())
        write_once(self.folder / _KEY, msgspec.json.encode(key).decode())


def _last_in(folder: Path) -> dict[str, _Last]:
    try:
        return msgspec.json.decode((folder / _SIGNED).read_bytes(), type=dict[str, _Last])
    except FileNotFoundError:
        return {}
