"""Hash passwords with Argon2, few at a time: whoever tries many passwords must not take the memory of the machine."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

from liaison.errors import Unavailable

# Each takes 100 MiB and all cores for some tens of milliseconds.
AT_A_TIME = 2
PATIENCE_SECONDS = 5.0

_places = BoundedSemaphore(AT_A_TIME)


class BoundedArgon2(Argon2PasswordHasher):
    """Django's Argon2id; who finds no place in time is asked to come again, and nobody else is kept waiting."""

    def encode(self, password: str, salt: str) -> str:
        """Return the encoded password; raise Unavailable when too many are being hashed."""
        with _Place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Tell whether the password is the encoded one; raise Unavailable when too many are being hashed."""
        with _Place():
            return super().verify(password, encoded)


class _Place:
    def __enter__(self) -> None:
        if not _places.acquire(timeout=PATIENCE_SECONDS):
            detail = "Too many people sign in at this moment: try again in a minute."
            raise Unavailable("sign-in-busy", detail)

    def __exit__(self, *_: object) -> None:
        _places.release()
