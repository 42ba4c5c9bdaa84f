"""Names for things that cannot be guessed and that tell nothing."""

import hashlib
import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U


def _base32(number: int, length: int) -> str:
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(length)))


def keyed_reference(secret: bytes, *parts: str) -> str:
    """Return the reference of what `parts` name, such as "7F3K-92QM-XW4T-0B1C".

    It is a keyed hash (80 bits), so that it reveals neither a count nor an
    order, and the same thing has the same reference in every run.
    """
    text = "\x1f".join(parts).encode()
    number = int.from_bytes(hashlib.blake2b(text, digest_size=10, key=secret).digest())
    plain = _base32(number, 16)
    return "-".join(plain[start : start + 4] for start in range(0, 16, 4))


def dated_id(now: datetime) -> str:
    """Return a new id that begins with the day, such as "20260131-4Q7Z0M2XWB5T"."""
    return f"{now:%Y%m%d}-{_base32(secrets.randbits(60), 12)}"
