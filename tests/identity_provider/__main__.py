"""Serve an identity provider: `python -m tests.identity_provider PORT FOLDER CALLBACK EMAIL PASSWORD ...`.

It knows one client, Liaison, that may ask to come back to CALLBACK, and the people named behind it.
"""

import os
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.identity_provider.running import CLIENT_ID, SECRET


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def main(port: str, folder: str, callback: str, *people: str) -> None:
    """Make the provider's database and serve until stopped."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.identity_provider.settings",
        "PROVIDER_DATABASE": str(Path(folder) / "provider.sqlite3"),
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    _fill(callback, people)
    make_server("127.0.0.1", int(port), get_wsgi_application(), _Server, _Silent).serve_forever()


def _fill(callback: str, people: tuple[str, ...]) -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    Client.objects.create(
        id=CLIENT_ID, name="Liaison", secret=make_password(SECRET), scopes="openid\nprofile\nemail",
        redirect_uris=callback, skip_consent=True,
    )  # fmt: skip
    for email, password in zip(people[::2], people[1::2], strict=True):
        user = User.objects.create_user(email, email, password)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
