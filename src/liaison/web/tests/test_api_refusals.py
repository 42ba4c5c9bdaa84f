"""A program that takes a wrong path, method or moment gets a problem it can read, and never a page."""

import msgspec
import pytest
from django.db import OperationalError
from django.test import Client

from liaison.records import api
from tests.cast import House, Member, browser_of


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/feed/nominal/more", "/api/batches/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_path_of_the_api_is_a_problem(house: House, path: str, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert msgspec.json.decode(answer.content)["code"] == "no-such-page"


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/api/feed/nominal"), ("post", "/api/batches"), ("put", "/api/schemas"), ("delete", "/api/records/X")],
)
def test_a_wrong_method_is_a_problem(house: House, method: str, path: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert msgspec.json.decode(answer.content)["code"] == "wrong-method"


def test_a_fault_of_ours_is_a_problem_that_shows_nothing_of_our_inside(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_arguments: object) -> None:
        raise RuntimeError("the words of a defect")

    monkeypatch.setattr(api, "all_databases", break_down)

    answer = Client(raise_request_exception=False).get("/api/schemas")

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert msgspec.json.decode(answer.content)["code"] == "failed"
    assert b"the words" not in answer.content


def test_a_database_that_fails_is_no_fault_of_ours_and_the_caller_may_ask_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(api, "all_databases", fail)

    answer = Client(raise_request_exception=False).get("/api/schemas")

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert msgspec.json.decode(answer.content)["code"] == "database-away"


def test_an_unknown_page_is_a_page_to_people(warsaw_officer: Member) -> None:
    answer = browser_of(warsaw_officer).get("/nothing/")

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()
