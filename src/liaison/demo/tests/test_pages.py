"""The drawn portraits are shown in a demo home, to who is signed in."""

from collections.abc import Iterator

import pytest
from django.test import Client

from liaison.demo.home import accounts_file
from tests.cast import Member, browser_of

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


@pytest.fixture
def demo_home() -> Iterator[None]:
    accounts_file().write_text("", encoding="utf-8")
    yield
    accounts_file().unlink()


@pytest.mark.usefixtures("demo_home")
def test_a_portrait_that_a_record_names_is_drawn(warsaw_officer: Member) -> None:
    answer = browser_of(warsaw_officer).get("/portraits/demo-portrait-17")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"


@pytest.mark.usefixtures("demo_home")
def test_another_name_is_not_there(warsaw_officer: Member) -> None:
    assert browser_of(warsaw_officer).get("/portraits/somebody").status_code == 404


def test_a_home_that_the_demonstration_did_not_make_draws_nobody(warsaw_officer: Member) -> None:
    assert browser_of(warsaw_officer).get("/portraits/demo-portrait-17").status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in() -> None:
    assert Client().get("/portraits/demo-portrait-17").status_code == 302
