"""Read which countries let their officers sign in through a national identity provider (OpenID Connect)."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from liaison.lib.countries import country_code


class IdentityProvider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One national identity provider, as the operator agreed it with the country's bureau.

    `has_second_factor` says that it asks for one itself, so that none is asked for here.
    """

    country: str
    name: str
    server: str
    client_id: str
    secret: str
    has_second_factor: bool = False

    @property
    def key(self) -> str:
        """The name in paths: the country's code in small letters."""
        return self.country.lower()

    @property
    def origin(self) -> str:
        """Scheme, host and port of the server."""
        parts = urlsplit(self.server)
        return f"{parts.scheme}://{parts.netloc}"


def read_identity_providers(path: str) -> tuple[IdentityProvider, ...]:
    """Return the providers in a JSON file, none for no file; raise ValueError that says what is wrong with it.

    >>> read_identity_providers("")
    ()
    """
    if not path:
        return ()
    try:
        found = msgspec.json.decode(Path(path).read_bytes(), type=tuple[IdentityProvider, ...])
    except (OSError, msgspec.DecodeError) as error:
        raise ValueError(f"{path}: {error}") from None
    for one in found:
        _require_usable(one, path)
    if len({one.country for one in found}) < len(found):
        raise ValueError(f"{path}: a country stands there twice.")
    return found


def _require_usable(one: IdentityProvider, path: str) -> None:
    if one.country != country_code(one.country):
        raise ValueError(f"{path}: write the country as {country_code(one.country)}, not {one.country!r}.")
    parts = urlsplit(one.server)
    is_near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_near):
        raise ValueError(f"{path}: the server of {one.country} begins with https://, not with {one.server[:40]!r}.")
    for field in ("name", "client_id", "secret"):
        if not getattr(one, field).strip():
            raise ValueError(f"{path}: {one.country} has no {field}.")
