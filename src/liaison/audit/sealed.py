"""Keep what is personal in the register unreadable without its keys, so that it can be erased while the entry stays.

Each agency has a key for each month; the keys lie in a table, sealed with the key of this home, which is a
file beside the databases.  To erase a month is to forget its keys: the entries stay as they were
signed, and nobody can read in them whom a check was about (RPD 126).

Searching needs no reading: beside an entry stand marks of its reference and of the records that it showed.
"""

import hmac
import os
import secrets
import time
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connections

from liaison.errors import Unavailable
from liaison.lib.files import write_once

FILE = "register.key"
_KEY_BYTES, _NONCE_BYTES, _MARK_BYTES = 32, 12, 8
_EPOCH, _DAY_US = date(1970, 1, 1), 86_400_000_000
# Another process may have erased a key: what was read of it is forgotten after so long.
_REMEMBERED_SECONDS = 60


class Erased(Exception):
    """The key of this month and agency is gone: what it sealed is unreadable for good."""


class Damaged(Exception):
    """What was sealed is not what was written, or was sealed with the key of another home."""


def month_of(at_us: int) -> int:
    """Return the month, such as 202611, of a moment in microseconds since 1970.

    >>> month_of(0)
    197001
    """
    return _month_of_day(at_us // _DAY_US)


@lru_cache(maxsize=4096)
def _month_of_day(day: int) -> int:
    first = _EPOCH + timedelta(days=day)
    return first.year * 100 + first.month


def seal(text: bytes, at_us: int, agency: int) -> bytes:
    """Seal a text with the key of its month and agency, which is made where there is none."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _key_to_write(month_of(at_us), agency).encrypt(nonce, text, None)


def unseal(sealed: bytes, at_us: int, agency: int) -> bytes:
    """Return what was sealed; raise Erased or Damaged where that is not possible."""
    key = _key_to_read(month_of(at_us), agency, int(time.monotonic()) // _REMEMBERED_SECONDS)
    if key is None:
        raise Erased
    return _opened(key, sealed)


def mark(text: str) -> str:
    """Return by what a reference is found, 16 characters that tell nothing of it; "" for none."""
    return blake2b(text.encode(), key=_marking_key(), digest_size=_MARK_BYTES).hexdigest() if text else ""


def marks(texts: Sequence[str]) -> str:
    """Return the marks of several references, with spaces between."""
    return " ".join(map(mark, texts))


def erase_keys(before: int) -> int:
    """Forget the keys of the months before this one; return how many there were."""
    with connections[settings.REGISTER_ALIAS].cursor() as cursor:
        cursor.execute("UPDATE audit_periodkey SET sealed = NULL WHERE month < %s AND sealed IS NOT NULL", [before])
        erased = int(cursor.rowcount)
    forget()
    return erased


def forget() -> None:
    """Read every key anew (after keys were erased, and in another home)."""
    for remembered in (_key_to_write, _key_to_read, _master, _marking_key):
        remembered.cache_clear()


@lru_cache(maxsize=4096)
def _key_to_write(month: int, agency: int) -> AESGCM:
    """Return the key, made where there is none; of several processes that make one at once the first one's stays."""
    with connections[settings.REGISTER_ALIAS].cursor() as cursor:
        new = _sealed_with_master(AESGCM.generate_key(8 * _KEY_BYTES))
        cursor.execute(
            "INSERT INTO audit_periodkey (month, agency, sealed) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [month, agency, new],
        )
    key = _stored(month, agency)
    if key is None:
        detail = f"The register of month {month} was erased: nothing can be added to it. Set the clock right."
        raise Unavailable("register-unwritable", detail)
    return AESGCM(key)


@lru_cache(maxsize=4096)
def _key_to_read(month: int, agency: int, minute: int) -> AESGCM | None:  # noqa: ARG001  the minute limits the memory
    key = _stored(month, agency)
    return AESGCM(key) if key else None


def _stored(month: int, agency: int) -> bytes | None:
    with connections[settings.REGISTER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT sealed FROM audit_periodkey WHERE month = %s AND agency = %s", [month, agency])
        row = cursor.fetchone()
    return _opened(AESGCM(_master()), bytes(row[0])) if row and row[0] is not None else None


def _opened(key: AESGCM, sealed: bytes) -> bytes:
    try:
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except (InvalidTag, ValueError):
        raise Damaged from None


def _sealed_with_master(key: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_master()).encrypt(nonce, key, None)


@cache
def _marking_key() -> bytes:
    return hmac.digest(_master(), b"marks", "sha256")


@cache
def _master() -> bytes:
    """Return the key of this home, drawn the first time."""
    path = Path(settings.LIAISON_HOME) / FILE
    if not path.exists():
        _draw(path)
    key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(key) != _KEY_BYTES:
        detail = f"{FILE} in the home is not a key of the register: bring it back from a backup."
        raise Unavailable("register-unwritable", detail)
    return key


def _draw(path: Path) -> None:
    """Put a new key there, unless entries were sealed with one that is missing now."""
    with connections[settings.REGISTER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1 FROM audit_periodkey LIMIT 1")
        if cursor.fetchone():
            detail = f"{FILE} is missing from the home, and without it the register is unreadable: bring it back."
            raise Unavailable("register-unwritable", detail)
    write_once(path, secrets.token_hex(_KEY_BYTES))
