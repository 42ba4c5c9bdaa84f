"""What yente's clients ask beside matches: one entity, the catalogue of datasets, the algorithms."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from liaison.access.requests import arrival_of_request, require_method, system_of_request
from liaison.access.rules import decide_database
from liaison.agencies.queries import agency_labels
from liaison.checks.actions import check_that_showed, read_after_check
from liaison.checks.api import fields_shown
from liaison.checks.live import live
from liaison.errors import LiaisonError, NotFound
from liaison.exchange.answers import refusal_body
from liaison.exchange.entities import ALGORITHM, FEATURES, Entity, entity_of_record
from liaison.exchange.parameters import DEFAULT_SCOPE
from liaison.records.databases import all_databases

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], Any]
_REFERENCE = re.compile("[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
_ABOUT = (
    "The comparison that every check of Liaison makes. Reasons for and against are added in bits; the score is "
    "1 / (1 + 2^-sum). It cannot be adjusted. Every candidate in an answer is presumed: a person verifies it."
)


def door(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Make a view that returns what is to be answered, and refuses as these clients read it."""

    @wraps(view)
    def answered(request: HttpRequest, *arguments: P.args, **named: P.kwargs) -> HttpResponse:
        try:
            require_method(request, "GET")
            status, body = 200, msgspec.json.encode(view(request, *arguments, **named))
        except LiaisonError as error:
            status, body = error.status, refusal_body(error)
        response = HttpResponse(body, status=status, content_type="application/json")
        if status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    return answered  # type: ignore[return-value]  # the wrapper is one, and more


@door
def entity(request: HttpRequest, reference: str) -> Entity:
    """Return a record in full that a check of the same system showed, under the purpose and reference of that check."""
    return _read(request, reference)


@door
def adjacent(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Return a record and what it is connected with: nothing, for records here stand alone."""
    return {"entity": _read(request, reference), "adjacent": {}}


def _read(request: HttpRequest, reference: str) -> Entity:
    asker = system_of_request(request)
    check = check_that_showed(asker, reference) if _REFERENCE.fullmatch(reference) else 0
    if not check:
        # One answer for no record, no right, and a record that no check of this system showed.
        raise NotFound("no-such-record", "There is no such record.")
    stored = read_after_check(asker, reference, check, timezone.now(), arrival_of_request(request).officer)
    return entity_of_record(stored, fields_shown(stored, asker), agency_labels()[stored.owner])


@door
def catalog(request: HttpRequest) -> dict[str, Any]:
    """List the databases that the key may check.

    Without counts and dates: of what others feed, and of what is kept from the
    asker, they would tell more than an answer does.
    """
    asker = system_of_request(request)
    codes = [code for code in all_databases() if decide_database(asker, "check", code).is_allowed]
    is_current = live().is_fresh()
    return {
        "datasets": [_collection(codes), *(_dataset(code, is_current=is_current) for code in codes)],
        "current": codes if is_current else [],
        "outdated": [] if is_current else codes,
        "index_stale": not is_current,
    }


@door
def algorithms(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    """Describe the one algorithm; it holds no data and needs no key."""
    features = {name: {"description": text, "coefficient": 1.0} for name, text in FEATURES.items()}
    one = {"name": ALGORITHM, "description": _ABOUT, "docs": features, "features": features}
    return {"algorithms": [one], "default": ALGORITHM, "best": ALGORITHM}


def _collection(codes: list[str]) -> dict[str, Any]:
    return {
        "name": DEFAULT_SCOPE, "title": "All databases that this key may check", "load": False, "version": "live",
        "children": codes,
    }  # fmt: skip


def _dataset(code: str, *, is_current: bool) -> dict[str, Any]:
    """Return a database; it has no versions, because a check finds what was fed a moment ago."""
    return {
        "name": code, "title": all_databases()[code].title, "load": True, "version": "live", "index_version": "live",
        "index_current": is_current, "children": [],
    }  # fmt: skip
