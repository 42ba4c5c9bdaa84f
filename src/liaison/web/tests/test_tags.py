"""What the templates compute is right in every language and needs no request."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from liaison.web.templatetags import liaison


@pytest.mark.parametrize(
    ("bits", "shown"), [(8.24, "+8.2"), (-3.0, "−3.0"), (0.0, "0.0"), (-0.04, "0.0"), (0.05, "+0.1")]
)
def test_a_weight_carries_its_sign(bits: float, shown: str) -> None:
    with translation.override("en"):
        assert liaison.weight(bits) == shown


def test_a_weight_is_written_as_the_readers_language_writes_numbers() -> None:
    with translation.override("pl"):
        assert liaison.weight(8.24) == "+8,2"


@pytest.mark.parametrize(("done", "whole", "expected"), [(0, 0, 0), (1, 3, 33), (3, 3, 100)])
def test_percent_is_whole_and_never_divides_by_nothing(done: int, whole: int, expected: int) -> None:
    assert liaison.percent(done, whole) == expected


def test_another_page_of_a_list_keeps_the_search_words() -> None:
    request = RequestFactory().get("/register", {"who": "a&b", "page": "2"})

    address = liaison.page_address(Context({"request": request}), 3)

    assert address == "?who=a%26b&page=3"


def test_another_page_has_an_address_without_a_request() -> None:
    assert liaison.page_address(Context(), 2) == "?page=2"


def test_an_empty_code_shows_nothing() -> None:
    assert liaison.word("", "purpose") == ""


def test_the_wording_of_the_source_is_left_out_where_the_reader_sees_it_already() -> None:
    with translation.override("en"):
        assert liaison.source_word("en", "warning_marker", "armed") == ""


def test_a_marker_is_escaped_even_when_nobody_knows_it() -> None:
    template = Template("{% load liaison %}{{ code|word:'warning_marker' }}")

    assert template.render(Context({"code": "<b>"})) == "&lt;b&gt;"


def test_several_codes_are_shown_with_commas() -> None:
    with translation.override("en"):
        assert liaison.several_words(["arrest", "locate"], "purpose") == "Arrest, Locate"
