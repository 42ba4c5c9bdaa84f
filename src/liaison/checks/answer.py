"""Find what a planned question looks for, verify it against the records themselves, and say why it matched.

The index proposes, the record decides: every match is read again with a Grant,
its key or its likeness is computed afresh, and only then does it leave.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal

import msgspec

from liaison.access.grants import Grant, grant
from liaison.access.rules import Asker, decide_database
from liaison.agencies.queries import agency_labels
from liaison.checks.plan import Plan
from liaison.engine.fold import script_without_spellings
from liaison.engine.index import Index
from liaison.engine.score import compare, score_of
from liaison.engine.types import Comparison, Subject, Term
from liaison.records import identifiers
from liaison.records.databases import all_databases
from liaison.records.identifiers import ANY
from liaison.records.rights import RightsTable
from liaison.records.storage import Stored, read_numbers

MOST_MATCHES = 50
RECORD_TRANSLITERATED = (
    "A record has a name in {script} letters, which are transliterated one by one: compare it yourself."
)
CUT = (
    f"More than {MOST_MATCHES} records match or resemble this: only the {MOST_MATCHES} strongest are shown. "
    "Add a date of birth, a nationality or a document to see others."
)
TOO_MANY = f"More than {MOST_MATCHES} records resemble this: add a date of birth, a nationality or a document."
TOO_MANY_FIT = f"More than {MOST_MATCHES} records fit this: add another letter or digit, or the country of the plate."
# An identifier that is the same, character by character, speaks this strongly (bits); never certainty.
IDENTIFIER_BITS = 20.0
# A number that a camera may have read so, of the same issuer, with the same date of birth: strong, and not the same.
READ_ALIKE_BITS = 10.0
# A part of a number: each known letter or digit speaks as strongly as one digit in ten does, and three alone are no
# more than possible.
KNOWN_BITS = math.log2(10)
PART_PRIOR_BITS = -10.0

Outcome = Literal["no_match", "matches", "too_many", "refused"]
Strength = Literal["exact", "strong", "possible"]
_ORDER = {"exact": 0, "strong": 1, "possible": 2}


class Match(msgspec.Struct, frozen=True, omit_defaults=True):
    """A presumed match: never a hit before a person has verified it (RPD 63, 104)."""

    record: str
    database: str
    source: str
    source_reference: str
    name: str
    score: float
    strength: Strength
    explanation: tuple[Term, ...]
    action_to_be_taken: str | None = None
    warning_markers: tuple[str, ...] = ()
    special_conditions: str | None = None


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to one question."""

    id: str
    outcome: Outcome
    matches: tuple[Match, ...] = ()
    detail: str = ""
    notes: tuple[str, ...] = ()


class Searched(msgspec.Struct, frozen=True):
    """What the index proposed for one question: record numbers, and how many resemble the subject."""

    exact: tuple[int, ...] = ()
    alike: tuple[int, ...] = ()
    total: int = 0


def databases_for(asker: Asker, kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the databases that answer such a question and that the asker may check."""
    return _databases_for(asker, tuple(kinds))


# An asker is frozen and carries its rights, so the answer to the same question stays the same.
@lru_cache(maxsize=4096)
def _databases_for(asker: Asker, kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        code
        for code, database in all_databases().items()
        if set(kinds) & set(database.answers) and decide_database(asker, "check", code).is_allowed
    )


def look_up(plans: Sequence[Plan], table: RightsTable, asker: Asker, index: Index, today: int) -> list[Searched]:
    """Look up the exact keys of all questions at once."""
    keys = [key.encoded() for plan in plans for key in plan.keys]
    found = iter(index.find_exact(keys, table.visible_to(asker), today)) if keys else iter(())
    return [Searched(exact=tuple(number for _ in plan.keys for number in next(found))) for plan in plans]


def search(plan: Plan, table: RightsTable, asker: Asker, index: Index, today: int) -> tuple[tuple[int, ...], int]:
    """Search for records that resemble the subject; return their numbers, best first, and how many there are.

    Where only a part of a number is known, for those that fit it.
    """
    if plan.patterns:
        asked = [pattern for one in plan.patterns for pattern in one.encoded()]
        fitting, total = index.find_like(asked, table.visible_to(asker), today, MOST_MATCHES + 1)
        return tuple(fitting), total
    if plan.subject is None:
        return (), 0
    found = index.search(plan.subject, table.visible_to(asker), today, MOST_MATCHES + 1)
    return tuple(candidate.record for candidate in found.candidates), found.total


def answer(plan: Plan, searched: Searched, asker: Asker, today: date) -> Result:
    """Verify what was found for one question and say it."""
    databases = databases_for(asker, plan.kinds)
    if not databases:
        return refused(plan)
    numbers = tuple(dict.fromkeys(searched.exact + searched.alike))
    found = list(_verified(plan, numbers, asker, today))
    matches = [match for _, _, match in found]
    matches.sort(key=lambda match: (_ORDER[match.strength], -match.score, match.record))
    # Counted after each was read with a Grant: what may not be seen makes no answer "too many".
    is_cut = len(matches) > MOST_MATCHES
    if is_cut and not any(match.strength == "exact" for match in matches):
        detail = TOO_MANY_FIT if plan.patterns else TOO_MANY
        return Result(plan.id, "too_many", detail=detail, notes=plan.notes)
    outcome: Outcome = "matches" if matches else "no_match"
    notes = (*plan.notes, *_notes_of_records(plan, [subject for _, subject, _ in found]), *([CUT] if is_cut else []))
    return Result(plan.id, outcome, tuple(matches[:MOST_MATCHES]), notes=notes)


def _notes_of_records(plan: Plan, subjects: Sequence[Subject | None]) -> tuple[str, ...]:
    """Say that names of records were only transliterated, where the question was in other letters."""
    if plan.subject is None:
        return ()
    names = dict.fromkeys(name for subject in subjects if subject for name in subject.names)
    asked = {script_without_spellings(name) for name in plan.subject.names}
    scripts = dict.fromkeys(script for name in names if (script := script_without_spellings(name)) not in asked)
    return tuple(RECORD_TRANSLITERATED.format(script=script) for script in scripts if script)


def verify(plan: Plan, numbers: Sequence[int], asker: Asker, today: date) -> Iterator[tuple[Stored, Match]]:
    """Read numbered records anew under the rights of the asker; yield those that match after all."""
    for stored, _, match in _verified(plan, numbers, asker, today):
        yield stored, match


def _verified(
    plan: Plan, numbers: Sequence[int], asker: Asker, today: date
) -> Iterator[tuple[Stored, Subject | None, Match]]:
    """Do so, and yield between both what the engine knows of the record."""
    for stored in _read(asker, databases_for(asker, plan.kinds), numbers, today):
        subject = all_databases()[stored.database].subject(stored.fields)
        if match := _match(plan, stored, subject):
            yield stored, subject, match


def refused(plan: Plan) -> Result:
    """Return the answer for somebody who may check no database that knows such things."""
    return Result(plan.id, "refused", detail="You may not check any database that answers this: ask your bureau.")


def _read(asker: Asker, databases: Sequence[str], numbers: Sequence[int], today: date) -> Iterator[Stored]:
    for code in databases:
        right: Grant = grant(asker, "check", code)
        yield from read_numbers(right, numbers, today).values()


def _match(plan: Plan, stored: Stored, subject: Subject | None) -> Match | None:
    """Compare the record itself with the question; None when it does not match after all."""
    database = all_databases()[stored.database]
    terms, strength = _key_terms(plan, stored)
    comparison = _compare(plan.subject, subject)
    if comparison and terms:
        # A document that is the same is said by its key already; beside one, others say nothing against.
        terms += tuple(term for term in comparison.terms if term.kind != "document")
    elif comparison and comparison.strength != "none":
        terms, strength = comparison.terms, comparison.strength
    if not terms:
        terms, strength = _part_terms(plan, stored), "possible"
    if not terms:
        return None
    fields = stored.fields
    return Match(
        record=stored.reference,
        database=stored.database,
        source=agency_labels()[stored.owner],
        source_reference=stored.source_reference,
        name=database.headline(fields),
        score=score_of(sum(term.weight for term in terms)),
        strength=strength,
        explanation=terms,
        action_to_be_taken=fields.action_to_be_taken,
        warning_markers=tuple(fields.warning_markers),
        special_conditions=fields.special_conditions,
    )


def _compare(query: Subject | None, record: Subject | None) -> Comparison | None:
    return compare(query, record) if query and record and query.kind == record.kind else None


def _key_terms(plan: Plan, stored: Stored) -> tuple[tuple[Term, ...], Strength]:
    """Return a term for every identifier that is the same in the record's own text, and how strong they are.

    Where none is, the number of a machine-readable zone may be the same but for
    what cameras confuse, and the holder's date of birth too.
    """
    own = list(all_databases()[stored.database].exact_keys(stored.fields))
    same = [key for key in plan.keys if key in own]
    if exact := [key for key in same if key.kind != "mrz"]:
        return tuple(Term(key.kind, "same", key.text, key.text, IDENTIFIER_BITS) for key in exact), "exact"
    asked = next((key.text for key in plan.keys if key.kind == "document"), "")
    alike = [key for composite in same for key in own if identifiers.reads_alike(key, composite)]
    return tuple(Term("mrz", "read_alike", asked, key.text, READ_ALIKE_BITS) for key in alike[:1]), "strong"


def _part_terms(plan: Plan, stored: Stored) -> tuple[Term, ...]:
    """Return the terms of the first partly known number that the record's own text fits."""
    keys = list(all_databases()[stored.database].exact_keys(stored.fields)) if plan.patterns else []
    for pattern in plan.patterns:
        for key in keys:
            if pattern.fits(key):
                asked = f"{pattern.country or ANY}/{pattern.text}" if pattern.kind == "plate" else pattern.text
                # The country counts as one more character where the record has it.
                known = pattern.known + bool(pattern.country and key.text.startswith(pattern.country))
                fits = Term(pattern.kind, "part_fits", asked, key.text, known * KNOWN_BITS)
                return (Term("prior", "few_known", "", "", PART_PRIOR_BITS), fits)
    return ()
