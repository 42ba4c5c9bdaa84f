"""Turn what msgspec says about a wrong shape into a problem: which field, what is wrong, what to do."""

import re

import msgspec

from liaison.errors import Problem
from liaison.lib.suggest import did_you_mean

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<at>[^`]*)`)?$", re.DOTALL)
_FIELD = re.compile(r"field `([^`]*)`")


def problem_of_shape(error: msgspec.ValidationError, known: list[str]) -> Problem:
    """Return the problem behind a validation error; `known` are field names for the suggestion.

    `at` is a path such as "queries[3].person.born".
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
    if what.startswith("Invalid enum value"):
        return Problem("unknown-value", f"{what}. See the schema of this field for the values it takes.", at)
    if "matching regex" in what or "length" in what or "Expected `int`" in what:
        return Problem("bad-value", f"{what}: correct the value.", at)
    return Problem("wrong-type", f"{what}: correct the type.", at)


def _join(at: str, field: str) -> str:
    return f"{at}.{field}" if at else field
