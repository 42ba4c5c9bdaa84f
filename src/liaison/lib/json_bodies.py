"""Read a small JSON body of a request into a shape, strictly."""

from functools import cache
from typing import TypeVar

import msgspec
from django.http import HttpRequest

from liaison.errors import BadInput, TooLarge
from liaison.lib.shapes import problem_of_shape
from liaison.lib.strict_json import StrictJsonError, decode

LARGEST_BYTES = 64 << 10
T = TypeVar("T", bound=msgspec.Struct)


def read_json(request: HttpRequest, shape: type[T]) -> T:
    """Return the body as this shape; raise BadInput that says what is wrong, where, and what to do."""
    body = request.read(LARGEST_BYTES + 1)
    if len(body) > LARGEST_BYTES:
        raise TooLarge("body-too-large", f"What is sent here is at most {LARGEST_BYTES} bytes: send less.")
    try:
        return msgspec.convert(decode(body), shape)
    except StrictJsonError as error:
        raise BadInput(error.code, error.detail, at=error.at) from None
    except msgspec.ValidationError as error:
        raise BadInput.of([problem_of_shape(error, _names(shape), shape)]) from None


@cache
def _names(shape: type[msgspec.Struct]) -> list[str]:
    return sorted(field.name for field in msgspec.structs.fields(shape))
