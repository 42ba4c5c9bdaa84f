"""From where, how often and with which certificate a key may come, and for whom it asks.

A key that was stolen opens nothing from another network, or without the certificate's own secret.
A reverse proxy says where a request came from (`LIAISON_BEHIND_PROXY`), and passes on the client's
certificate; with `LIAISON_PROXY_SECRET` only a proxy that sends that secret is believed.
"""

import hashlib
import hmac
import ssl
import time
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import unquote

from django.conf import settings

from liaison.errors import BadInput, Refused, TooMany

LONGEST_OFFICER = 120
_FORWARDED, _CERTIFICATE, _SECRET = "x-forwarded-for", "x-client-certificate", "x-proxy-secret"
_OFFICER = "liaison-officer"
_MOST_NETWORKS = 50
_MOST_KEYS = 10_000


class Bounds(NamedTuple):
    """What is demanded of whoever comes with a key; the empty ones demand nothing.

    `networks` are CIDR texts, `certificate` the SHA-256 of a client certificate (DER) in hex, `per_minute` how
    many requests are taken in a minute (0: any number), `names_officer` whether each must say for whom it asks.
    """

    networks: tuple[str, ...] = ()
    certificate: str = ""
    per_minute: int = 0
    names_officer: bool = False


NO_BOUNDS = Bounds()


class Arrival(NamedTuple):
    """How a request came: the address of the client, its certificate's SHA-256 in hex or "", and for whom it asks."""

    address: str = ""
    certificate: str = ""
    officer: str = ""


def arrival_of(client: str, headers: Iterable[tuple[bytes, bytes]]) -> Arrival:
    """Return how a request came, by the peer's address and the headers (names in small letters).

    Raises BadInput for a name of an officer that is none.
    """
    said = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
    officer = _officer(said.get(_OFFICER, ""))
    if not settings.LIAISON_BEHIND_PROXY or not _is_the_proxy(said.get(_SECRET, "")):
        return Arrival(client, "", officer)
    address = said.get(_FORWARDED, "").rpartition(",")[2].strip() or client
    # Whose certificate it is, only the proxy knows: without its secret anybody on this machine could say so.
    certificate = fingerprint(said.get(_CERTIFICATE, "")) if settings.LIAISON_PROXY_SECRET else ""
    return Arrival(address, certificate, officer)


def _is_the_proxy(secret: str) -> bool:
    """Tell whether a secret is the proxy's; where none is agreed, whoever reaches this port is taken for it."""
    if not settings.LIAISON_PROXY_SECRET:
        return True
    return hmac.compare_digest(secret.encode("latin-1"), settings.LIAISON_PROXY_SECRET.encode())


def _officer(text: str) -> str:
    """Return the officer that a system names, percent-encoded UTF-8 (RFC 3986)."""
    name = unquote(text, errors="replace").strip()
    if len(name) > LONGEST_OFFICER or not name.isprintable() or "\ufffd" in name:
        detail = f"Name the officer in at most {LONGEST_OFFICER} visible characters, percent-encoded where not ASCII."
        raise BadInput("bad-value", detail, at="Liaison-Officer")
    return name


@lru_cache(maxsize=1024)
def fingerprint(certificate: str) -> str:
    """Return the SHA-256 (hex) of a certificate in PEM, percent-encoded as nginx passes it on; "" for none."""
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(unquote(certificate).strip())).hexdigest()
    except ValueError:
        return ""


def require_arrival(bounds: Bounds, key: int, arrival: Arrival) -> None:
    """Refuse a key that came from where, or as, it may not; count it where its rate is limited."""
    if bounds.networks and not _is_within(bounds.networks, arrival.address):
        raise Refused("wrong-network", "This key is not taken from this network: ask your bureau's administrator.")
    if bounds.certificate and not hmac.compare_digest(bounds.certificate, arrival.certificate):
        raise Refused("no-certificate", "This key is taken with its client certificate only.")
    if bounds.names_officer and not arrival.officer:
        raise BadInput("no-officer", "Say for whom you ask, in the header `Liaison-Officer`.", at="Liaison-Officer")
    if bounds.per_minute and not rates.take(key, bounds.per_minute, time.monotonic()):
        raise TooMany("too-many-requests", f"This key is taken {bounds.per_minute} times a minute: wait a moment.")


def _is_within(networks: tuple[str, ...], address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in _parsed(networks))


@lru_cache(maxsize=1024)
def _parsed(networks: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one) for one in networks)


class Rates:
    """How many requests of each key are still taken: as many at once as in a minute, then evenly."""

    def __init__(self) -> None:
        self._left: dict[int, tuple[float, float]] = {}

    def take(self, key: int, per_minute: int, now: float) -> bool:
        """Count one request at `now` (seconds); tell whether it is taken."""
        left, seen = self._left.get(key, (float(per_minute), now))
        left = min(float(per_minute), left + (now - seen) * per_minute / 60)
        if len(self._left) >= _MOST_KEYS and key not in self._left:
            self._left.clear()
        self._left[key] = (left - 1 if left >= 1 else left, now)
        return left >= 1


rates = Rates()


def read_networks(text: str) -> tuple[str, ...]:
    """Return the networks in a text, by commas or spaces; raise BadInput that names the first that is none.

    >>> read_networks("10.1.0.0/16, 192.0.2.7")
    ('10.1.0.0/16', '192.0.2.7/32')
    """
    found = []
    for word in text.replace(",", " ").split():
        try:
            found.append(str(ip_network(word)))
        except ValueError as error:
            raise BadInput("bad-network", f"{word[:60]!r} is no network: {error}.", at="networks", value=word) from None
    if len(found) > _MOST_NETWORKS:
        raise BadInput("bad-network", f"A key has at most {_MOST_NETWORKS} networks.", at="networks")
    return tuple(found)


def read_fingerprint(text: str) -> str:
    """Return a SHA-256 fingerprint as hex in small letters, also of one with colons; raise BadInput for others."""
    plain = text.replace(":", "").replace(" ", "").lower()
    if plain and (len(plain) != 64 or not set(plain) <= set("0123456789abcdef")):
        detail = "A fingerprint is the SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` prints it."
        raise BadInput("bad-fingerprint", detail, at="certificate")
    return plain
