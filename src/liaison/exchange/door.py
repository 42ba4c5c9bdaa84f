"""The doors where yente's clients check: `POST /match/<scope>` and `GET /search`, in front of `checks.door`.

Who asks, what may be seen, the search, the entry in the register: all of it is
the door of the check itself.  Here a request is only said in its words, and its
answer in those of the client.
"""

from typing import Any
from urllib.parse import quote

import msgspec
import structlog

from liaison.checks.actions import Answer
from liaison.checks.answer import databases_for
from liaison.checks.callers import Caller
from liaison.checks.door import JSON, Door, Receive, Scope, Send, WrongMethod, authorization_of, read_body, send_answer
from liaison.checks.understand import understand
from liaison.errors import BadInput, LiaisonError, NotFound
from liaison.exchange.answers import match_answer, refusal_body, search_answer
from liaison.exchange.followthemoney import OTHER_SCHEMAS, PROPERTIES
from liaison.exchange.parameters import DEFAULT_SCOPE, Searched, Wanted, match_parameters, search_parameters
from liaison.exchange.questions import Asked, Question, ask_for, retell
from liaison.exchange.selection import Selection, answerable, answered_as, request_of, require_short
from liaison.lib.strict_json import StrictJsonError, decode

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode
_METHODS = {"match": "POST", "search": "GET"}
# Which questions of the one box a search for a schema asks.
_KINDS = {
    "Person": ("person", "mrz"),
    "LegalEntity": ("person", "organisation", "mrz"),
    **dict.fromkeys(("Organization", "Company", "PublicBody"), ("organisation",)),
    **dict.fromkeys(("Identification", "Passport"), ("document", "mrz")),
    "Vessel": ("vessel",),
    "Vehicle": ("vehicle", "vessel"),
}
_UNDERSTOOD = {
    "no-date": "{about!r} looks like a date of birth and is none: write YYYY-MM-DD, or leave it out.",
    "several-dates": "{about} are several dates: write one, the date of birth.",
    "no-name": "Write a name beside the date {about!r}.",
}


def is_exchange(path: str) -> bool:
    """Say whether this path is answered here."""
    return path.split("/", 2)[1] in _METHODS


class Exchange:
    """The doors of one process, which ask its door of the check."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        name = scope["path"].split("/", 2)[1]
        allowed = _METHODS[name]
        try:
            if scope["method"] != allowed:
                raise WrongMethod("wrong-method", f"Use {allowed} here.")
            header, body = authorization_of(scope), await read_body(receive)
            answer = await (self._match if name == "match" else self._search)(scope, header, body)
        except LiaisonError as error:
            await send_answer(send, error.status, JSON, refusal_body(error), allowed.encode())
        except Exception as error:  # The door: a defect of ours must not show its inside, and must be seen.
            log.error("exchange.defect", reason=type(error).__name__, exc_info=error)
            failed = LiaisonError("failed", "The check failed by a fault of the service. Nothing was answered.")
            await send_answer(send, 500, JSON, refusal_body(failed))
        else:
            await send_answer(send, 200, JSON, _encode(answer))

    async def _match(self, scope: Scope, header: bytes, body: bytes) -> dict[str, Any]:
        caller, now = await self._door.caller(scope, header)
        wanted = match_parameters(_dataset(scope), scope["query_string"])
        asked = [answerable(one, wanted.scope) for one in _read_entities(body)]
        selection, answer = await self._check(asked, wanted, caller, now)
        failures = [outcome.failure for outcome in selection.outcomes if outcome.failure]
        if failures and len(asked) == 1:
            raise failures[0]
        return match_answer(selection.outcomes, wanted, answer.entry, answer.reference)

    async def _search(self, scope: Scope, header: bytes, body: bytes) -> dict[str, Any]:  # noqa: ARG002
        caller, now = await self._door.caller(scope, header)
        searched = search_parameters(_dataset(scope), scope["query_string"])
        wanted = searched.wanted
        asked = _askable(answerable(_read_search(searched), wanted.scope), wanted, caller)
        selection, answer = await self._check([asked], wanted, caller, now)
        [outcome] = selection.outcomes
        if outcome.failure:
            raise outcome.failure
        return search_answer(outcome, wanted, answer.entry, answer.reference)

    async def _check(self, asked: list[Asked], wanted: Wanted, caller: Caller, now: Any) -> tuple[Selection, Answer]:
        """Ask the door of the check, with no more rights than to the databases that are wanted."""
        selection = Selection(asked, wanted)
        narrowed = caller._replace(asker=wanted.narrowed(caller.asker))
        try:
            request = request_of(asked, caller.terms)
            answer = await self._door.check(request, narrowed, now, selection)
        except BadInput as error:
            raise type(error).of(retell(error.problems, asked)) from None
        return selection, answer


def _dataset(scope: Scope) -> str:
    """Return the dataset that the path names; `/search` alone means all."""
    parts = scope["path"].split("/")[2:]
    if not parts and scope["path"] == "/search":
        return DEFAULT_SCOPE
    if len(parts) != 1 or not parts[0]:
        path = quote(scope["path"][:80])
        detail = f"There is nothing at {path}: write /match/{DEFAULT_SCOPE}, or the code of a database in its place."
        raise NotFound("no-such-page", detail)
    return str(parts[0])


def _read_entities(body: bytes) -> list[Asked]:
    """Read the body of a match; raise BadInput that says what is wrong and where."""
    try:
        said = decode(body)
    except StrictJsonError as error:
        raise BadInput(error.code, error.detail, at=error.at) from None
    queries = said.get("queries") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(queries, dict) or not queries:
        detail = "Send queries: {'queries': {'a': {'schema': 'Person', 'properties': {'name': ['...']}}}}."
        raise BadInput("missing-field", detail, at="queries")
    for name in ("weights", "config"):
        if said.get(name):
            raise BadInput("unknown-field", f"The one algorithm here cannot be adjusted: leave {name!r} out.", at=name)
    for name in said.keys() - {"queries", "weights", "config"}:
        raise BadInput(
            "unknown-field", f"There is no field {name[:40]!r} beside `queries`: leave it out.", at=name[:40]
        )
    return [_read_entity(key, entity) for key, entity in queries.items()]


def _read_entity(key: str, entity: object) -> Asked:
    require_short(key)
    at = f"queries.{key}"
    if not isinstance(entity, dict) or not isinstance(entity.get("schema"), str):
        raise BadInput("missing-field", "An entity has a schema and properties: add its schema.", at=f"{at}.schema")
    properties = entity.get("properties")
    if not isinstance(properties, dict):
        raise BadInput("missing-field", "An entity has properties: add them.", at=f"{at}.properties")
    texts = {name: _texts(values, f"{at}.properties.{name[:60]}") for name, values in properties.items()}
    try:
        return ask_for(key, entity["schema"], {name: values for name, values in texts.items() if values})
    except BadInput as error:
        [problem] = error.problems
        raise BadInput(problem.code, problem.detail, at=f"{at}.{problem.at}", value=problem.value) from None


def _texts(values: object, at: str) -> list[str]:
    """Return a property as a list of texts, however few there are."""
    listed = [] if values is None else values if isinstance(values, list) else [values]
    texts = [value for value in listed if isinstance(value, str)]
    if len(texts) < len(listed):
        raise BadInput("wrong-type", "The values of a property are texts: write them in quotes.", at=at)
    return [text for text in texts if text.strip()]


def _read_search(searched: Searched) -> Asked:
    """Read the one box of a search as an officer's is read."""
    understood = understand(searched.text)
    if understood.problem:
        detail = _UNDERSTOOD[understood.problem].format(about=understood.about)
        raise BadInput("bad-value", detail, at="q", value=searched.text)
    schema = searched.schema
    if schema and schema != "Thing" and schema not in PROPERTIES:
        what = "no database of" if schema in OTHER_SCHEMAS else "no schema"
        raise BadInput("unsupported-kind", f"There is {what} {schema[:40]!r} here: leave it out.", at="schema")
    kinds = _KINDS.get(schema)
    guesses = [guess for guess in understood.guesses if not kinds or next(iter(guess.query)) in kinds]
    if not guesses:
        raise BadInput("bad-value", f"{searched.text[:60]!r} cannot be a {schema}: leave the schema out.", at="q")
    questions = tuple(Question(_with_countries(guess.query, searched.countries), {}) for guess in guesses)
    return Asked("q", schema, {}, questions)


def _with_countries(query: dict[str, Any], countries: tuple[str, ...]) -> dict[str, Any]:
    """Add the countries of a search to its questions, where they say something of the subject."""
    codes = [country.upper() for country in countries]
    [(kind, asked)] = query.items()
    if not codes or kind in ("mrz", "document", "vehicle"):
        return query
    if kind == "person":
        return {kind: asked | {"nationality": codes}}
    field = "country" if kind == "organisation" else "flag"
    return {kind: asked | {field: codes[0]}} if len(codes) == 1 else query


def _askable(asked: Asked, wanted: Wanted, caller: Caller) -> Asked:
    """Leave out of a search what the caller may not ask; all stays where that is everything, and is refused."""
    asker = wanted.narrowed(caller.asker)
    allowed = tuple(one for one in asked.questions if databases_for(asker, answered_as(one)))
    return asked._replace(questions=allowed or asked.questions)
