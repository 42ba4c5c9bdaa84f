"""A value that a field does not take is answered with those that it takes."""

from typing import Annotated, Literal

import msgspec
import pytest

from liaison.errors import Problem
from liaison.lib.shapes import problem_of_shape

Letter = Literal["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "zulu"]


class Part(msgspec.Struct):
    """Something inside the whole."""

    colour: Literal["red", "green"] | None = None
    letter: Letter = "a"
    year: Annotated[str, msgspec.Meta(pattern=r"^\d{4}$", description="YYYY")] | None = None
    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]+$")] = "A"


class Whole(msgspec.Struct):
    """The shape that these tests ask for."""

    parts: list[Part] = []
    tags: list[Literal["old", "new"]] = []


def problem_with(data: object, shape: type | None = Whole) -> Problem:
    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.convert(data, Whole)
    return problem_of_shape(wrong.value, [], shape)


def test_an_unknown_value_is_told_with_the_values_there_are() -> None:
    problem = problem_with({"parts": [{}, {"colour": "rde"}]})

    assert (problem.code, problem.at) == ("unknown-value", "parts[1].colour")
    assert problem.detail == "'rde' is not a value of this field. It takes one of: green, red."


def test_a_part_of_a_list_is_told_as_well() -> None:
    assert problem_with({"tags": ["old", "blue"]}).detail.endswith("It takes one of: new, old.")


def test_of_many_values_the_nearest_is_suggested() -> None:
    assert problem_with({"parts": [{"letter": "zulo"}]}).detail.endswith("Did you mean 'zulu'?")


def test_without_the_shape_the_schema_is_named() -> None:
    assert "See the schema" in problem_with({"tags": ["blue"]}, None).detail


def test_a_value_with_line_breaks_is_told_in_one_line() -> None:
    assert "\n" not in problem_with({"tags": ["a\nb"]}).detail


def test_a_value_of_another_form_is_told_the_form_and_no_pattern() -> None:
    problem = problem_with({"parts": [{"year": "84"}]})

    assert (problem.code, problem.at) == ("bad-value", "parts[0].year")
    assert problem.detail == "The value has not the form of this field: YYYY."


def test_a_form_that_nobody_described_is_told_as_it_is() -> None:
    assert "^[A-Z]+$" in problem_with({"parts": [{"code": "x"}]}).detail
