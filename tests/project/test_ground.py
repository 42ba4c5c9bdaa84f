"""The ground that tests stand on: an own home, a real PostgreSQL, a real Chromium."""

import os
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from playwright.sync_api import Page

from tests.plugins import chromium, components
from tests.plugins.postgres_server import PostgresServer


def test_tests_have_a_home_of_their_own() -> None:
    assert "liaison-tests-" in os.environ["LIAISON_HOME"]
    assert os.path.isdir(os.environ["LIAISON_HOME"])


@pytest.mark.postgres
def test_a_new_database_is_empty_and_answers_only_with_the_password(postgres: PostgresServer) -> None:
    url = postgres.new_database()

    with closing(psycopg.connect(url)) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace("liaison:", "liaison:not"))


def test_a_fresh_database_is_of_the_kind_that_the_run_is_about(fresh_database_url: str) -> None:
    of_the_run = os.environ.get("LIAISON_DATABASE_URL", "")

    assert fresh_database_url.partition(":")[0] == of_the_run.partition(":")[0]
    assert fresh_database_url != of_the_run or fresh_database_url == ""


@pytest.mark.browser
def test_a_browser_shows_a_page_in_the_language_and_width_that_are_asked(new_page: Callable[..., Page]) -> None:
    page = new_page(locale="ar", width=390)

    page.set_content("<p>سجل</p>")

    assert page.inner_text("p") == "سجل"
    assert page.evaluate("[navigator.language, innerWidth]") == ["ar", 390]


@pytest.mark.parametrize("address", ["https://fonts.example.org/noto.woff2", "ws://192.0.2.1/"])
def test_a_request_to_another_machine_is_a_fault(address: str) -> None:
    assert chromium.outside(address) != []


@pytest.mark.parametrize("address", ["http://localhost:8000/check", "http://[::1]:8000/", "data:image/png;base64,AA"])
def test_a_request_to_this_machine_is_none(address: str) -> None:
    assert chromium.outside(address) == []


def test_a_missing_component_is_a_skip_for_a_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="sudo apt-get install postgresql"):
        components.missing("PostgreSQL", "postgresql")


def test_a_missing_component_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="PostgreSQL is not installed"):
        components.missing("PostgreSQL", "postgresql")


@pytest.mark.campaign(sample=3, full=3000)
def test_a_campaign_is_a_sample_in_every_run(rounds: int, request: pytest.FixtureRequest) -> None:
    assert rounds == {False: 3, True: 3000}[request.config.getoption("campaign")]
