"""The mission in one story: a passport is stolen in Nairobi, and Warsaw knows it a minute later."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.stories import acts
from tests.stories.stage import Stage


class Silent:
    """A scene without an audience."""

    def tell(self, sentence: str) -> None:
        """Say nothing."""

    def show(self, page: Page, name: str) -> None:
        """Keep nothing."""


@pytest.fixture
def stage(tmp_path: Path, fresh_database_url: str, new_page: Callable[..., Page]) -> Iterator[Stage]:
    with Stage(tmp_path / "home", fresh_database_url, new_page).running() as running:
        yield running


@pytest.mark.browser
def test_a_record_fed_in_nairobi_is_found_in_warsaw(stage: Stage) -> None:
    scene = Silent()
    acts.nairobi_feeds_a_stolen_passport(stage, scene)

    acts.warsaw_scans_the_passport(stage, scene)
    acts.warsaw_checks_a_misspelt_name(stage, scene)

    acts.a_stranger_gets_no_record(stage, scene)
    assert_it_is_all_in_the_register(stage)
    assert_nobody_else_can_open_the_record(stage)

    acts.nairobi_restricts_warsaw(stage, scene)
    acts.a_witness_refuses_a_rewritten_register(stage, scene)


def assert_it_is_all_in_the_register(stage: Stage) -> None:
    entries = [json.loads(line) for line in stage.liaison("register", "--json", "--limit", "1000").splitlines()]
    checks = {entry["reference"] for entry in entries if entry["event"] == "checked"}
    assert {"WAW/2026/1", "WAW/2026/2", "WAW/2026/3", "STORY/1"} <= checks
    assert "record_read" in {entry["event"] for entry in entries}


def assert_nobody_else_can_open_the_record(stage: Stage) -> None:
    madrid = stage.key_of("NCB Madrid", "Border gate")
    _, answer = stage.ask(madrid, [{"id": "1", "document": {"number": acts.STOLEN.number, "issuer": "KE"}}])
    seen = json.loads(answer)
    reference = seen["results"][0]["matches"][0]["record"]
    entry = seen["entry"]
    outsider = stage.key_of("Lake District Patrol", "Patrol laptop")

    not_allowed = stage.http("GET", f"/api/records/{reference}?check={entry}", outsider)
    not_there = stage.http("GET", f"/api/records/0000-0000-0000-0000?check={entry}", outsider)

    assert not_allowed == not_there
    assert not_allowed[0] == 404
