"""Every refusal that a person or a machine can get, as one tree.

LiaisonError                 carries problems; each has a code, a place, a detail
|-- BadInput        400      the caller's words are wrong: says where and what to do
|   `-- TooLarge    413      more than a documented limit
|-- NotSignedIn     401      no valid key or session
|-- Refused         403      signed in, and may not; never tells what is there
|-- NotFound        404      not there, or not for you: one answer for both
|-- (TooSlow)       408      the body did not arrive in time (`web.gathering`)
|-- Conflict        409      the state changed under the caller
|-- TooMany         429      asked more often than was agreed
`-- Unavailable     503      the service cannot do it now; nothing was done

A `Problem` is one finding; `problem_json` renders RFC 9457 problem+json.
The codes are listed in `docs/errors.md`, and a test holds that list.
"""

from collections.abc import Sequence

import msgspec


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One finding: `code` for machines, `at` says where, `detail` says what and what to do."""

    code: str
    detail: str
    at: str = ""
    value: str = ""


class LiaisonError(Exception):
    """A refusal with at least one problem."""

    status = 500

    def __init__(self, code: str, detail: str, *, at: str = "", value: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.problems: tuple[Problem, ...] = (Problem(code, detail, at, value[:200]),)

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> "LiaisonError":
        """Make one error that carries every problem found, the first as its own."""
        first = problems[0]
        error = cls(first.code, first.detail, at=first.at, value=first.value)
        error.problems = tuple(problems)
        return error


class BadInput(LiaisonError):
    """The caller's words are wrong."""

    status = 400


class TooLarge(BadInput):
    """The caller sent more than a documented limit."""

    status = 413


class NotSignedIn(LiaisonError):
    """No valid key or session came with the request."""

    status = 401


class Refused(LiaisonError):
    """The caller is known and may not do this."""

    status = 403


class NotFound(LiaisonError):
    """Not there, or not for the caller: the same answer."""

    status = 404


class Conflict(LiaisonError):
    """What the caller saw has changed since."""

    status = 409


class TooMany(LiaisonError):
    """The caller asks more often than was agreed."""

    status = 429


class Unavailable(LiaisonError):
    """The service cannot do this now, and has done nothing."""

    status = 503


_KINDS = (BadInput, TooLarge, NotSignedIn, Refused, NotFound, Conflict, TooMany, Unavailable)
_BY_STATUS = {kind.status: kind for kind in _KINDS}


def error_of(status: int, problems: Sequence[Problem]) -> LiaisonError:
    """Return the error that another process told by its status and its problems."""
    return _BY_STATUS.get(status, Unavailable).of(problems)


def problem_json(error: LiaisonError) -> bytes:
    """Render an error as RFC 9457 problem+json (UTF-8 bytes)."""
    first = error.problems[0]
    body: dict[str, object] = {"status": error.status, "code": first.code, "detail": first.detail}
    if first.at:
        body["at"] = first.at
    if first.value:
        body["value"] = first.value
    if len(error.problems) > 1:
        body["problems"] = error.problems
    return msgspec.json.encode(body)
