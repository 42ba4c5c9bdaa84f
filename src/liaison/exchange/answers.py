"""Write what is answered in the shape that yente's clients read, refusals too."""

from collections.abc import Sequence
from typing import Any

import msgspec

from liaison.errors import LiaisonError, Problem
from liaison.exchange.entities import FEATURES, Entity, entity_asked, entity_of_match
from liaison.exchange.parameters import Wanted
from liaison.exchange.selection import Outcome

_FEATURE_DOCS = {name: {"description": text, "coefficient": 1.0} for name, text in FEATURES.items()}


def match_answer(outcomes: Sequence[Outcome], wanted: Wanted, entry: int, reference: str) -> dict[str, Any]:
    """Return the body of an answer to `POST /match/<scope>`."""
    return {
        "responses": {outcome.asked.key: _response(outcome, wanted) for outcome in outcomes},
        "matcher": _FEATURE_DOCS,
        "limit": wanted.limit,
        "liaison": {"entry": entry, "reference": reference},
    }


def search_answer(outcome: Outcome, wanted: Wanted, entry: int, reference: str) -> dict[str, Any]:
    """Return the body of an answer to `GET /search`."""
    return {
        "results": _entities(outcome, wanted),
        "facets": {},
        "total": _total(outcome),
        "limit": wanted.limit,
        "offset": wanted.offset,
        "liaison": {"entry": entry, "reference": reference, "notes": outcome.notes},
    }


def refusal_body(error: LiaisonError) -> bytes:
    """Return an error as these clients show it: they read `detail` only, so it says the place as well."""
    first = error.problems[0]
    body: dict[str, Any] = {"detail": "; ".join(map(_said, error.problems)), "status": error.status, "code": first.code}
    if first.at:
        body["at"] = first.at
    return msgspec.json.encode(body)


def _said(problem: Problem) -> str:
    return f"{problem.at}: {problem.detail}" if problem.at else problem.detail


def _response(outcome: Outcome, wanted: Wanted) -> dict[str, Any]:
    query = entity_asked(outcome.asked.schema, outcome.asked.properties)
    if failure := outcome.failure:
        # Without `results`: whoever does not look at the status must not read this as "no match".
        return {"status": failure.status, "detail": failure.problems[0].detail, "query": query}
    return {
        "status": 200,
        "results": _entities(outcome, wanted),
        "total": _total(outcome),
        "query": query,
        "liaison": {"notes": outcome.notes, "unused": outcome.asked.unused},
    }


def _entities(outcome: Outcome, wanted: Wanted) -> list[Entity]:
    return [
        entity_of_match(chosen.match, chosen.kind, is_match=chosen.match.score >= wanted.threshold)
        for chosen in outcome.chosen
    ]


def _total(outcome: Outcome) -> dict[str, Any]:
    return {"value": outcome.total, "relation": "gte" if outcome.is_cut else "eq"}
