"""Signing in through the own country's identity provider: a second, real server, and who it may speak for."""

import json
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from liaison.agencies.models import Officer
from liaison.audit.models import Entry
from liaison.lib.identity_providers import IdentityProvider, read_identity_providers
from tests.cast import Member, browser_of, give_authenticator
from tests.identity_provider.running import CLIENT_ID, SECRET, start_provider

PASSWORD = "many boats wait for the tide"
PROVIDER = {"country": "PL", "name": "Policja", "server": "https://sign.pl.example", "client_id": "c", "secret": "s"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def address(live_server: object) -> str:
    """Return the address of a running Liaison; the provider has another host name, so that cookies stay apart."""
    return str(live_server).replace("127.0.0.1", "localhost")


@pytest.fixture
def provide(address: str, settings: Any, tmp_path: Path) -> Iterator[Callable[..., IdentityProvider]]:
    """Return a function that starts Poland's identity provider with people, and makes Liaison take its word."""
    started = list[subprocess.Popen[bytes]]()

    def start(*people: str, vouches: bool = True) -> IdentityProvider:
        port, callback = free_port(), f"{address}/accounts/national/pl/back/"
        started.append(start_provider(port, tmp_path, callback, dict.fromkeys(people, PASSWORD)))
        provider = IdentityProvider("PL", "Policja", f"http://127.0.0.1:{port}", CLIENT_ID, SECRET, vouches)
        take_its_word(settings, provider)
        return provider

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=30)


def take_its_word(settings: Any, provider: IdentityProvider) -> None:
    app = {
        "provider_id": provider.key, "name": provider.name, "client_id": provider.client_id,
        "secret": provider.secret, "settings": {"server_url": provider.server},
    }  # fmt: skip
    settings.LIAISON_IDENTITY_PROVIDERS = (provider,)
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy | {"form-action": ["'self'", provider.origin]}}


def sign_in_through_the_country(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/accounts/login/?next=/access/")
    page.get_by_role("button", name="Sign in through Policja").click()
    page.wait_for_url(re.compile("127.0.0.1"))
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("localhost"))


@pytest.mark.browser
def test_an_officer_signs_in_through_the_own_country(
    page: Page, address: str, warsaw_officer: Member, provide: Callable[..., IdentityProvider]
) -> None:
    provide(warsaw_officer.officer.email)

    sign_in_through_the_country(page, address, warsaw_officer.officer.email)

    expect(page).to_have_url(f"{address}/access/")
    assert Entry.objects.get(event="signed_in").actor == warsaw_officer.officer.actor


@pytest.mark.browser
def test_a_country_speaks_for_no_officer_of_another(
    page: Page, address: str, nairobi_feeder: Member, warsaw_officer: Member,
    provide: Callable[..., IdentityProvider],
) -> None:  # fmt: skip
    provide(nairobi_feeder.officer.email)

    sign_in_through_the_country(page, address, nairobi_feeder.officer.email)

    expect(page.get_by_role("heading", name="You have no account here")).to_be_visible()
    assert not Entry.objects.filter(event="signed_in").exists()


@pytest.mark.browser
def test_nobody_gets_an_account_through_a_country(
    page: Page, address: str, warsaw_officer: Member, provide: Callable[..., IdentityProvider]
) -> None:
    provide("somebody.else@pl.example")

    sign_in_through_the_country(page, address, "somebody.else@pl.example")

    expect(page.get_by_role("heading", name="You have no account here")).to_be_visible()
    assert Officer.objects.count() == 1


@pytest.mark.browser
def test_where_the_country_asks_for_no_second_factor_it_is_asked_for_here(
    page: Page, address: str, warsaw_officer: Member, provide: Callable[..., IdentityProvider]
) -> None:
    provide(warsaw_officer.officer.email, vouches=False)

    sign_in_through_the_country(page, address, warsaw_officer.officer.email)

    expect(page.get_by_role("heading", name="Choose a second factor")).to_be_visible()


@pytest.mark.browser
def test_an_account_with_a_second_factor_shows_it_after_the_country_too(
    page: Page, address: str, warsaw_officer: Member, provide: Callable[..., IdentityProvider]
) -> None:
    give_authenticator(warsaw_officer.officer)
    provide(warsaw_officer.officer.email)

    sign_in_through_the_country(page, address, warsaw_officer.officer.email)

    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()


@pytest.mark.browser
def test_a_closed_account_is_not_opened_by_the_country(
    page: Page, address: str, warsaw_officer: Member, provide: Callable[..., IdentityProvider]
) -> None:
    provide(warsaw_officer.officer.email)
    Officer.objects.update(is_active=False)

    sign_in_through_the_country(page, address, warsaw_officer.officer.email)

    expect(page.get_by_role("heading", name="You have no account here")).to_be_visible()


def test_a_country_that_does_not_answer_is_told(warsaw_officer: Member, settings: Any) -> None:
    take_its_word(settings, IdentityProvider("PL", "Policja", f"http://127.0.0.1:{free_port()}", "c", "s"))

    answer = Client().post("/accounts/national/pl/")

    assert answer.status_code == 503
    assert "does not answer now" in answer.content.decode()


def test_what_comes_back_unasked_signs_nobody_in(warsaw_officer: Member, settings: Any) -> None:
    take_its_word(settings, IdentityProvider("PL", "Policja", f"http://127.0.0.1:{free_port()}", "c", "s"))
    browser = Client()

    answer = browser.get("/accounts/national/pl/back/?code=abc&state=xyz")

    assert "You were not signed in" in answer.content.decode()
    assert browser.get("/access/").status_code == 302


def test_a_session_that_the_country_began_asks_the_country_again_before_an_act(
    warsaw_admin: Member, settings: Any
) -> None:
    take_its_word(settings, IdentityProvider("PL", "Policja", "http://127.0.0.1:9", "c", "s", True))
    browser = browser_of(warsaw_admin)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": 0, "provider": "pl"}]
    session.save()

    asked = browser.post(f"/agencies/{warsaw_admin.agency.pk}/", {"action": "authorise", "name": "Lake Police"})

    assert urlsplit(asked["Location"]).path == "/accounts/national/"
    assert "Sign in through your country again" in browser.get(asked["Location"]).content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"server": "http://sign.pl.example"}, "begins with https://"),
        ({"country": "Poland"}, "write the country as PL"),
        ({"country": "Plnd"}, "Plnd"),
        ({"secret": " "}, "PL has no secret"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_file_of_providers_with_a_mistake_is_refused_with_words(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    path = tmp_path / "providers.json"
    path.write_text(json.dumps([PROVIDER | change]))

    with pytest.raises(ValueError, match=said):
        read_identity_providers(str(path))


def test_a_country_stands_in_the_file_once(tmp_path: Path) -> None:
    path = tmp_path / "providers.json"
    path.write_text(json.dumps([PROVIDER, PROVIDER]))

    with pytest.raises(ValueError, match="twice"):
        read_identity_providers(str(path))


def test_a_file_of_providers_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.json"):
        read_identity_providers(str(tmp_path / "nowhere.json"))
