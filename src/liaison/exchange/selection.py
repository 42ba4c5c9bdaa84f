"""Choose of the results of a check what a client asked for, before the register says what was shown.

Pure.  The questions of one entity are put together again: a record counts once,
with the best of its reasons.  What looks like "no match" and is none (too many,
refused) is never an empty list.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from liaison.agencies.rules import Terms
from liaison.checks.answer import CUT, Match, Result
from liaison.checks.plan import ANSWERED_AS
from liaison.checks.request import MAX_QUERIES, CheckRequest, request_from
from liaison.errors import BadInput, LiaisonError, Refused, TooLarge
from liaison.exchange.entities import schema_of
from liaison.exchange.parameters import Wanted
from liaison.exchange.questions import Asked, Question
from liaison.records.databases import all_databases

_LONGEST_KEY = 90
_ORDER = {"exact": 0, "strong": 1, "possible": 2}


class Chosen(NamedTuple):
    """A match that is shown, and the place of the result that it stands in."""

    match: Match
    place: int
    kind: str


class Outcome(NamedTuple):
    """What is answered about one entity: the chosen of `total` matches, or why there is no answer."""

    asked: Asked
    chosen: tuple[Chosen, ...] = ()
    total: int = 0
    is_cut: bool = False
    notes: tuple[str, ...] = ()
    failure: LiaisonError | None = None


def request_of(asked: Sequence[Asked], terms: Terms) -> CheckRequest:
    """Return the check that asks all of these under the terms of the key."""
    if not terms.purpose:
        raise Refused(
            "no-exchange-purpose",
            "This key has no purpose for such checks: ask your bureau's administrator for a key that is made with one, "
            "and with a reference.",
        )
    queries = [{"id": f"{one.key}#{n}", **question.query} for one in asked for n, question in enumerate(one.questions)]
    if len(queries) > MAX_QUERIES:
        detail = f"These are {len(queries)} questions, one for each name and number; a check has at most {MAX_QUERIES}."
        raise TooLarge("too-many-questions", f"{detail} Send fewer entities at a time.", at="queries")
    return request_from({"purpose": terms.purpose, "reference": terms.reference, "queries": queries})


def require_short(key: str) -> None:
    """Refuse a key of a client's own that would not fit into the register."""
    if not 0 < len(key) <= _LONGEST_KEY:
        detail = f"The key of a query has 1 to {_LONGEST_KEY} characters: shorten it."
        raise BadInput("bad-value", detail, at=f"queries.{key[:40]}")


def answerable(asked: Asked, scope: frozenset[str]) -> Asked:
    """Leave out what no database of the scope could know; raise BadInput where nothing is left."""
    known = {kind for code, database in all_databases().items() if code in scope for kind in database.answers}
    left = tuple(one for one in asked.questions if known.intersection(answered_as(one)))
    if not left:
        detail = f"No dataset that you named answers a question about {_thing(asked)}: name another, or 'default'."
        raise BadInput("unsupported-kind", detail, at="dataset")
    return asked._replace(questions=left)


def answered_as(question: Question) -> tuple[str, ...]:
    """Return the kinds of question that a database must answer for this one to be put to it."""
    return ANSWERED_AS.get(question.kind, (question.kind,))


def _thing(asked: Asked) -> str:
    return f"a {asked.schema}" if asked.schema else "this"


class Selection:
    """Chooses for every entity of one request; `outcomes` are there once it was called."""

    def __init__(self, asked: Sequence[Asked], wanted: Wanted) -> None:
        self._asked = asked
        self._wanted = wanted
        self.outcomes: list[Outcome] = []

    def __call__(self, results: tuple[Result, ...]) -> tuple[Result, ...]:
        """Return the results with the chosen matches only."""
        place = 0
        for one in self._asked:
            its = results[place : place + len(one.questions)]
            self.outcomes.append(_outcome(one, its, place, self._wanted))
            place += len(one.questions)
        shown = {(chosen.place, chosen.match.record) for outcome in self.outcomes for chosen in outcome.chosen}
        return tuple(
            msgspec.structs.replace(
                result, matches=tuple(match for match in result.matches if (place, match.record) in shown)
            )
            for place, result in enumerate(results)
        )


def _outcome(asked: Asked, results: Sequence[Result], first: int, wanted: Wanted) -> Outcome:
    notes = tuple(dict.fromkeys(note for result in results for note in result.notes))
    for result in results:
        if failure := _failure(asked, result):
            return Outcome(asked, notes=notes, failure=failure)
    best: dict[str, Chosen] = {}
    for place, (question, result) in enumerate(zip(asked.questions, results, strict=True), first):
        for match in result.matches:
            chosen = Chosen(match, place, question.kind)
            kept = best.get(match.record)
            if _is_wanted(chosen, wanted) and (kept is None or _rank(chosen) < _rank(kept)):
                best[match.record] = chosen
    ranked = sorted(best.values(), key=_rank)
    page = tuple(ranked[wanted.offset : wanted.offset + wanted.limit])
    return Outcome(asked, page, len(ranked), CUT in notes, notes)


def _failure(asked: Asked, result: Result) -> LiaisonError | None:
    at = f"queries.{asked.key}"
    if result.outcome == "refused":
        return Refused("no-entitlement", result.detail, at=at)
    return BadInput("too-many-matches", result.detail, at=at) if result.outcome == "too_many" else None


def _is_wanted(chosen: Chosen, wanted: Wanted) -> bool:
    return (
        chosen.match.score >= wanted.cutoff
        and chosen.match.record not in wanted.without_records
        and schema_of(chosen.match, chosen.kind) not in wanted.without_schemas
    )


def _rank(chosen: Chosen) -> tuple[float, int, str]:
    """Put the highest score first, as clients expect, and then what is sure before what is likely."""
    return -chosen.match.score, _ORDER[chosen.match.strength], chosen.match.record
