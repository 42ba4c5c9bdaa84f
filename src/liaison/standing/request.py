"""What is asked for when a standing check is set: a question of a check, why, and until when."""

import hashlib
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from liaison.checks.request import CheckRequest, request_from
from liaison.errors import BadInput
from liaison.records.databases.base import Date, Purpose


class StandingRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The body of `POST /api/standing`; `query` is one query of a check, without its id."""

    purpose: Purpose
    reference: Annotated[str, Meta(min_length=1, max_length=200)]
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    ends_on: Date
    query: dict[str, Any]


class ExtendRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A new last day, and why."""

    ends_on: Date
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


def check_of(purpose: str, reference: str, query: Any) -> CheckRequest:
    """Return the question as the check that it is; a problem with it has its place below `query`."""
    asked = {name: value for name, value in query.items() if name != "id"} if isinstance(query, dict) else query
    try:
        queries = [asked | {"id": "1"}] if isinstance(asked, dict) else [asked]
        return request_from({"purpose": purpose, "reference": reference, "queries": queries})
    except BadInput as error:
        raise placed(error) from None


def placed(error: BadInput) -> BadInput:
    """Return the error of a check with the places of the request for a standing check."""
    problems = [msgspec.structs.replace(one, at=one.at.replace("queries[0]", "query")) for one in error.problems]
    return type(error).of(problems)  # type: ignore[return-value]


def question_of(request: CheckRequest) -> str:
    """Return the question of a check in JSON, without its id and always written alike."""
    plain = msgspec.to_builtins(request.queries[0])
    del plain["id"]
    return msgspec.json.encode(plain, order="deterministic").decode()


def digest_of(request: CheckRequest) -> str:
    """Return what is the same for the same question under the same purpose and reference."""
    text = msgspec.json.encode((request.purpose, request.reference, question_of(request)))
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def day_of(text: str, at: str = "ends_on") -> date:
    """Return a day that is in the calendar."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("impossible-date", f"{text[:20]!r} is not in the calendar: write YYYY-MM-DD.", at=at,
                       value=text) from None  # fmt: skip
