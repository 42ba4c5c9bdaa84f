"""Turn what msgspec says about a wrong shape into a problem: which field, what is wrong, what to do."""

import re
from functools import cache

import msgspec
from msgspec import inspect

from liaison.errors import Problem
from liaison.lib.suggest import did_you_mean

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<at>[^`]*)`)?$", re.DOTALL)
_FIELD = re.compile(r"field `([^`]*)`")
_VALUE = re.compile(r"^Invalid enum value '?(?P<value>.*?)'?$", re.DOTALL)
_STEP = re.compile(r"[^.\[\]]+")
# More values than this are not listed one after the other: the nearest is suggested.
_LISTED = 12


def problem_of_shape(error: msgspec.ValidationError, known: list[str], shape: type | None = None) -> Problem:
    """Return the problem behind a validation error; `known` are field names for the suggestion.

    `at` is a path such as "queries[3].person.born".  `shape` is the type that
    was asked for: it knows which values a field takes.
    """
    found = _PLACE.match(str(error))
    what, at = (found["what"], found["at"] or "") if found else (str(error), "")
    at = at.removeprefix("$").removeprefix(".")
    field = _FIELD.search(what)
    if what.startswith("Object contains unknown field") and field:
        return Problem("unknown-field", f"There is no field {field[1][:60]!r}. {did_you_mean(field[1], known)}",
                       _join(at, field[1][:60]))  # fmt: skip
    if what.startswith("Object missing required field") and field:
        return Problem("missing-field", f"The field {field[1]!r} is missing: add it.", _join(at, field[1]))
    if value := _VALUE.match(what):
        return Problem("unknown-value", _unknown_value(value["value"], _values_at(shape, at)), at)
    if "matching regex" in what and (form := _form_at(shape, at)):
        return Problem("bad-value", f"The value has not the form of this field: {form}.", at)
    if "matching regex" in what or "length" in what or "Expected `int`" in what:
        return Problem("bad-value", f"{what}: correct the value.", at)
    return Problem("wrong-type", f"{what}: correct the type.", at)


def _unknown_value(value: str, allowed: tuple[str, ...]) -> str:
    said = f"'{value[:60]}' is not a value of this field."
    if not allowed:
        return f"{said} See the schema of this field for the values it takes."
    if len(allowed) > _LISTED:
        return f"{said} {did_you_mean(value, allowed)}"
    return f"{said} It takes one of: {', '.join(allowed)}."


def _values_at(shape: type | None, at: str) -> tuple[str, ...]:
    """Return the values that the field at a path takes, none when that cannot be told."""
    bare = (kind.type if isinstance(kind, inspect.Metadata) else kind for kind in _kinds_at(shape, at))
    return tuple(str(value) for kind in bare if isinstance(kind, inspect.LiteralType) for value in kind.values)


def _form_at(shape: type | None, at: str) -> str:
    """Return how the field at a path is to be written, as its type describes it; empty when it does not."""
    described = (kind.extra_json_schema or {} for kind in _kinds_at(shape, at) if isinstance(kind, inspect.Metadata))
    return next((str(said["description"]) for said in described if "description" in said), "")


def _kinds_at(shape: type | None, at: str) -> list[inspect.Type]:
    """Return the types that a value at a path may have."""
    found = _each(_inspected(shape)) if shape else []
    for step in _STEP.findall(at):
        found = [inner for kind in found for inner in _below(kind, step)]
    return found


def _below(kind: inspect.Type, step: str) -> list[inspect.Type]:
    """Return the types of a field, or of the parts of a list, whose path goes on with this step."""
    if isinstance(kind, inspect.Metadata):
        return _below(kind.type, step)
    if isinstance(kind, inspect.ListType):
        return _each(kind.item_type)
    if isinstance(kind, inspect.StructType):
        return [inner for field in kind.fields if field.encode_name == step for inner in _each(field.type)]
    return []


def _each(kind: inspect.Type) -> list[inspect.Type]:
    """Return the alternatives of a type."""
    return list(kind.types) if isinstance(kind, inspect.UnionType) else [kind]


@cache
def _inspected(shape: type) -> inspect.Type:
    return inspect.type_info(shape)


def _join(at: str, field: str) -> str:
    return f"{at}.{field}" if at else field
