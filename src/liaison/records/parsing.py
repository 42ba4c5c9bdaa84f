"""Turn one fed row into a record that may be written, or into the problems that refuse it.

Pure but for the bureau's context that comes in as an argument.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from liaison.errors import BadInput, Problem
from liaison.lib.shapes import problem_of_shape
from liaison.records.databases import Database, RecordFields


class FeedContext(NamedTuple):
    """What a row is judged against: the bureau that feeds, today, the defaults of the batch.

    `bureaux` maps the country of every bureau to its number.  With
    `names_by_content` a row without a field `source_reference` is named by what it says
    (`docs/decisions/0006-a-record-without-a-reference-column.md`).
    """

    country: str
    today: date
    bureaux: Mapping[str, int]
    defaults: Mapping[str, object]
    names_by_content: bool = False


class Parsed(NamedTuple):
    """A row that may be written: `payload` is its JSON, `digest` names its content."""

    database: Database
    source_reference: str
    payload: str
    digest: str
    restricted_against: str
    level: str
    expires_on: date | None


def parse_row(database: Database, fields: Mapping[str, object], context: FeedContext) -> Parsed:
    """Judge one row; raise BadInput with every problem that was found."""
    if context.names_by_content and "source_reference" not in fields:
        fields = {**fields, "source_reference": reference_of_content(fields)}
    row = database.normalise({**_defaults_for(database, context.defaults), **_filled(fields)})
    try:
        record = msgspec.convert(row, database.record)
    except msgspec.ValidationError as error:
        raise BadInput.of([problem_of_shape(error, _field_names(database), database.record)]) from None
    problems = list(database.validate(record))
    if foreign := database.may_feed(record, context.country):
        problems.append(foreign)
    expires_on = _expiry(record, database, context, problems)
    restricted = _restricted_bureaux(record, context, problems)
    if problems:
        raise BadInput.of(problems)
    payload = msgspec.json.encode(record)
    digest = hashlib.blake2b(payload, digest_size=16).hexdigest()
    level = record.confidentiality_level
    return Parsed(database, record.source_reference, payload.decode(), digest, restricted, level, expires_on)


def reference_of_content(fields: Mapping[str, object]) -> str:
    """Return the name of a row by its content: the same row has the same name in every file."""
    digest = hashlib.blake2b(msgspec.json.encode(fields, order="sorted"), digest_size=10)
    return f"content-{digest.hexdigest()}"


def _filled(fields: Mapping[str, object]) -> dict[str, object]:
    """Leave out what a flat file left empty, so that the batch's default holds there."""
    return {name: value for name, value in fields.items() if value not in ("", None)}


def _defaults_for(database: Database, defaults: Mapping[str, object]) -> dict[str, object]:
    names = _field_names(database)
    return {name: value for name, value in defaults.items() if name in names}


@cache
def _names_of(record: type[RecordFields]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(record)]


def _field_names(database: Database) -> list[str]:
    return _names_of(database.record)


def _expiry(record: RecordFields, database: Database, context: FeedContext, problems: list[Problem]) -> date | None:
    """Return the day the row names, if it lies within the retention of the database (RPD 49-50)."""
    if record.expires_on is UNSET or not isinstance(record.expires_on, str):
        return None
    try:
        expires_on = date.fromisoformat(record.expires_on)
    except ValueError:
        problems.append(Problem("impossible-date", "That day is not in the calendar: write YYYY-MM-DD.", "expires_on",
                                record.expires_on))  # fmt: skip
        return None
    latest = context.today + timedelta(days=database.retention_days)
    if expires_on <= context.today:
        problems.append(Problem("expired-already", "The record would expire before it can be found: give a later day.",
                                "expires_on", record.expires_on))  # fmt: skip
    elif expires_on > latest:
        problems.append(Problem("beyond-retention", f"{database.code} keeps records until {latest} at the latest.",
                                "expires_on", record.expires_on))  # fmt: skip
    return expires_on


def _restricted_bureaux(record: RecordFields, context: FeedContext, problems: list[Problem]) -> str:
    """Return the numbers of the bureaux that must not see the record, sorted, by commas."""
    numbers = set()
    for place, country in enumerate(record.restricted_against):
        at = f"restricted_against[{place}]"
        if country == context.country:
            problems.append(Problem("restrict-another", "A source cannot keep its records from itself.", at, country))
        elif country not in context.bureaux:
            problems.append(Problem("unknown-bureau", f"No bureau of {country} takes part.", at, country))
        else:
            numbers.add(context.bureaux[country])
    return ",".join(map(str, sorted(numbers)))
