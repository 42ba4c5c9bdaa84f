"""Read what stands in the address of a request: the scope, and how much of the answer is wanted.

What yente's clients can send and Liaison does not do is refused, not passed
over: a filter that is silently ignored makes an answer look like another one.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs

import msgspec

from liaison.access.rules import Asker
from liaison.checks.answer import MOST_MATCHES
from liaison.errors import BadInput, NotFound
from liaison.exchange.entities import ALGORITHM
from liaison.exchange.followthemoney import OTHER_SCHEMAS, PROPERTIES
from liaison.lib.suggest import did_you_mean
from liaison.records.databases import all_databases

DEFAULT_SCOPE = "default"
ALGORITHMS = (ALGORITHM, "best", "default")
# As many as yente's clients may ask for; an answer never holds more than MOST_MATCHES.
_MOST_WANTED = 500
_FARTHEST = 9_999

_SCOPED = ("include_dataset", "exclude_dataset", "exclude_schema", "limit")
_OF_MATCH = (*_SCOPED, "threshold", "cutoff", "algorithm", "exclude_entity_ids")
_OF_SEARCH = (*_SCOPED, "q", "offset", "schema", "countries", "fuzzy", "simple", "facets")
_NOT_DONE = {
    "topics": "Records here have no topics to filter by: leave `topics` out.",
    "changed_since": "A check looks at what is recorded now, whenever that changed: leave `changed_since` out.",
    "sort": "The strongest come first: leave `sort` out.",
    "filter": "A search asks by name or number: leave `filter` out.",
}


class Wanted(NamedTuple):
    """How much of the answer is wanted: candidates from `cutoff` on, called matches from `threshold` on."""

    scope: frozenset[str]
    limit: int = MOST_MATCHES
    offset: int = 0
    threshold: float = 0.0
    cutoff: float = 0.0
    without_schemas: frozenset[str] = frozenset()
    without_records: frozenset[str] = frozenset()

    def narrowed(self, asker: Asker) -> Asker:
        """Return the asker with no more rights than to the databases of the scope: the rest is as if not granted."""
        rights = frozenset(right for right in asker.entitlements if right[0] in self.scope)
        limits = tuple(limit for limit in asker.limits if limit.database in self.scope)
        return msgspec.structs.replace(asker, entitlements=rights, limits=limits)


class Searched(NamedTuple):
    """What a search box sent."""

    text: str
    schema: str
    countries: tuple[str, ...]
    wanted: Wanted


def match_parameters(scope: str, query: bytes) -> Wanted:
    """Read the address of `POST /match/<scope>`."""
    said = _read(query, _OF_MATCH)
    algorithm = _one(said, "algorithm") or ALGORITHM
    if algorithm not in ALGORITHMS:
        detail = f"There is no algorithm {algorithm[:40]!r} here: use {ALGORITHM!r}, or 'best', which means the same."
        raise BadInput("unknown-value", detail, at="algorithm", value=algorithm)
    return _wanted(scope, said)._replace(
        threshold=_fraction(said, "threshold"),
        cutoff=_fraction(said, "cutoff"),
        without_records=frozenset(said.get("exclude_entity_ids", ())),
    )


def search_parameters(scope: str, query: bytes) -> Searched:
    """Read the address of `GET /search` and `GET /search/<scope>`."""
    said = _read(query, _OF_SEARCH)
    text = _one(said, "q").strip()
    if not text:
        raise BadInput("missing-field", "Say what to search for: ?q=NAME, or a number.", at="q")
    wanted = _wanted(scope, said)._replace(offset=_number(said, "offset", 0, 0, _FARTHEST))
    return Searched(text, _one(said, "schema"), tuple(said.get("countries", ())), wanted)


def _wanted(scope: str, said: Mapping[str, Sequence[str]]) -> Wanted:
    without = said.get("exclude_schema", ())
    for name in without:
        if name not in PROPERTIES and name not in OTHER_SCHEMAS:
            detail = f"There is no schema {name[:40]!r}. {did_you_mean(name, sorted(PROPERTIES))}"
            raise BadInput("unknown-value", detail, at="exclude_schema", value=name)
    included = {code for name in (scope, *said.get("include_dataset", ())) for code in _databases_of(name)}
    excluded = {code for name in said.get("exclude_dataset", ()) for code in _databases_of(name)}
    limit = _number(said, "limit", MOST_MATCHES, 1, _MOST_WANTED)
    return Wanted(frozenset(included - excluded), limit, without_schemas=frozenset(without))


def _databases_of(name: str) -> tuple[str, ...]:
    """Return the databases that a dataset of the catalogue means; raise NotFound for another name."""
    databases = all_databases()
    if name == DEFAULT_SCOPE:
        return tuple(databases)
    if name in databases:
        return (name,)
    hint = did_you_mean(name, (DEFAULT_SCOPE, *databases))
    raise NotFound("no-such-dataset", f"There is no dataset {name[:40]!r}. {hint}", at="dataset", value=name)


def _read(query: bytes, known: Sequence[str]) -> dict[str, list[str]]:
    try:
        said = parse_qs(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise BadInput("wrong-encoding", "The address cannot be read: write it in UTF-8, percent-encoded.") from None
    for name, values in said.items():
        if name in _NOT_DONE and name not in known:
            raise BadInput("unknown-field", _NOT_DONE[name], at=name)
        if name not in known:
            detail = f"There is no parameter {name[:40]!r}. {did_you_mean(name, known)}"
            raise BadInput("unknown-field", detail, at=name[:40])
        if any("\0" in value for value in values):
            raise BadInput("bad-character", "The address holds the character U+0000: leave it out.", at=name)
    return said


def _one(said: Mapping[str, Sequence[str]], name: str) -> str:
    return said.get(name, ("",))[-1]


def _number(said: Mapping[str, Sequence[str]], name: str, default: int, low: int, high: int) -> int:
    text = _one(said, name) or str(default)
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not low <= int(text) <= high:
        raise BadInput("bad-value", f"Give a whole number from {low} to {high}.", at=name, value=text)
    return int(text)


def _fraction(said: Mapping[str, Sequence[str]], name: str) -> float:
    text = _one(said, name) or "0"
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise BadInput("bad-value", "Give a score from 0 to 1.", at=name, value=text)
    return number
