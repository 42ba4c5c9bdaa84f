"""Reach a Liaison: the home on this machine, or a service by its address, with the same key and the same answers."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from liaison.errors import BadInput, LiaisonError, NotFound, NotSignedIn, Problem, Unavailable, error_of


class Checker(Protocol):
    """What screening needs of a Liaison."""

    def check(self, request: Mapping[str, Any]) -> bytes:
        """Return the JSON answer of a check; raise LiaisonError when it is refused."""
        ...


class Client(Checker, Protocol):
    """What commands need of a Liaison."""

    def call(self, method: str, address: str, body: Mapping[str, Any] | None = None) -> bytes:
        """Return the JSON answer of another path of the API; raise LiaisonError when it is refused."""
        ...


class LocalClient:
    """The home on this machine."""

    def __init__(self, key: str) -> None:
        from liaison.cli import setup

        setup.load()
        self._key = key

    def check(self, request: Mapping[str, Any]) -> bytes:
        """Check in this process, with the index brought up to date."""
        from django.utils import timezone

        from liaison.access.queries import asker_of_key
        from liaison.checks.actions import check
        from liaison.checks.live import catch_up_if_alone
        from liaison.checks.request import request_from

        now = timezone.now()
        asker = asker_of_key(self._key, now)
        catch_up_if_alone()
        return msgspec.json.encode(check(request_from(request), asker, now))

    def call(self, method: str, address: str, body: Mapping[str, Any] | None = None) -> bytes:
        """Answer in this process what a service would, with the index brought up to date."""
        from django.test.client import RequestFactory
        from django.urls import Resolver404, resolve

        from liaison.checks.live import catch_up_if_alone

        catch_up_if_alone()
        sent = msgspec.json.encode(body or {})
        request = RequestFactory().generic(
            method, address, sent, "application/json", headers={"Authorization": f"Bearer {self._key}"}
        )
        try:
            found = resolve(request.path)
        except Resolver404:
            raise NotFound("no-such-page", "There is no such page.") from None
        return bytes(found.func(request, *found.args, **found.kwargs).content)


class RemoteClient:
    """A service by its address."""

    def __init__(self, address: str, key: str) -> None:
        import httpx

        self._http = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=60)

    def check(self, request: Mapping[str, Any]) -> bytes:
        """Check over HTTP."""
        return self.call("POST", "/api/check", request)

    def call(self, method: str, address: str, body: Mapping[str, Any] | None = None) -> bytes:
        """Ask over HTTP."""
        import httpx

        sent = None if body is None else msgspec.json.encode(body)
        try:
            response = self._http.request(method, address, content=sent)
        except httpx.TransportError as error:
            raise Unavailable("unreachable", f"The service cannot be reached: {error}") from None
        if response.status_code != 200:
            raise refusal(response.status_code, response.content)
        return response.content


def refusal(status: int, body: bytes) -> LiaisonError:
    """Return the error that the service answered with."""
    try:
        problem = msgspec.json.decode(body, type=Problem)
    except msgspec.DecodeError:
        return Unavailable("failed", f"The service answered {status}: try again, then ask its operator.")
    return error_of(status, [problem])


def load_for(url: str) -> str:
    """Read the settings; return the address of the service to use, empty for the home on this machine.

    Whoever asks a service needs no home here, and none is made.  Raises BadInput for an address to which the key
    would pass in the clear.
    """
    from liaison.cli import setup

    if url or os.environ.get("LIAISON_URL"):
        setup.load_elsewhere()
    else:
        setup.load()
    from django.conf import settings

    address = url or str(settings.LIAISON_URL)
    if address and not _is_private(address):
        detail = "The key would pass in the clear: name the service by https://, or one on this machine."
        raise BadInput("plain-address", detail, at="--url", value=address)
    return address


def connect(address: str, key: str) -> Client:
    """Return the client for this address; an empty one means the home on this machine."""
    return RemoteClient(address, key) if address else LocalClient(key)


def _is_private(address: str) -> bool:
    """Tell whether nobody between here and the address reads along."""
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")


def find_key(key_file: Path | None) -> str:
    """Return the key to use: the named file, LIAISON_API_KEY, or the demo's own key in a demo home."""
    from django.conf import settings

    if key_file:
        try:
            return key_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput("unreadable-key", f"The key file cannot be read: {error}", at="--key-file") from None
    if settings.LIAISON_API_KEY:
        return str(settings.LIAISON_API_KEY)
    demo = settings.LIAISON_HOME / "demo.key"
    if demo.exists():
        return str(demo.read_text(encoding="ascii")).strip()
    raise NotSignedIn("no-key", "Name a key with --key-file, or set LIAISON_API_KEY.")
