"""Check, register, answer: in this order, whoever asks.

The door (`door.py`) does the same steps spread over the event loop; pages and
commands call `check` here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from liaison.access.rules import Asker
from liaison.audit.actions import Actor, microseconds, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.audit.register import NewEntry, register
from liaison.audit.sealed import mark
from liaison.checks.answer import Result, Searched, answer, databases_for, look_up, refused, search
from liaison.checks.live import STALE, Live, live
from liaison.checks.metrics import count_results
from liaison.checks.plan import Plan, plan_request
from liaison.checks.request import CheckRequest
from liaison.errors import NotFound, Unavailable
from liaison.records.actions import readable_record
from liaison.records.indexing import day_number
from liaison.records.rights import RightsTable, rights_table
from liaison.records.storage import Stored

# A client that fetches what it was shown does so soon; a system that makes more checks than these asks by the check.
LOOKED_BACK = 100_000
_READ_AT_ONCE = 500
# A check opens the records that it showed for so long: who needs one later checks again, and says why.
OPEN_FOR = timedelta(days=7)
# Acts that show a record, which is then read under their purpose and reference.
_SHOWING = (Event.CHECKED, Event.STANDING_CHECK_TOLD)


class Answer(msgspec.Struct, frozen=True):
    """The answer to a check: the number of its register entry, the asker's reference, a result per query."""

    entry: int
    reference: str
    results: tuple[Result, ...]


def require_fresh() -> Live:
    """Return what this process answers with; refuse when changes no longer reach it: "no record" could be false."""
    current = live()
    if not current.is_fresh():
        raise Unavailable("index-stale", STALE)
    return current


def check(request: CheckRequest, asker: Asker, now: datetime) -> Answer:
    """Answer a check, after its entry in the register of processing is durable."""
    current = require_fresh()
    asker = asker.for_purpose(request.purpose)
    plans = plan_request(request, now.date())
    table = rights_table()
    found = look_up(plans, table, asker, current.index, day_number(now.date()))
    results = complete(plans, found, table, asker, now)
    entry = register().append(entry_of(request, results, asker, now))
    count_results(results)
    return Answer(entry, request.reference, results)


def complete(
    plans: Sequence[Plan], found: Sequence[Searched], table: RightsTable, asker: Asker, now: datetime
) -> tuple[Result, ...]:
    """Search for the subjects, verify everything that was found, and answer each question."""
    return tuple(_complete_one(plan, seen, table, asker, now) for plan, seen in zip(plans, found, strict=True))


def _complete_one(plan: Plan, seen: Searched, table: RightsTable, asker: Asker, now: datetime) -> Result:
    if not databases_for(asker, plan.kinds):
        return refused(plan)
    alike, total = search(plan, table, asker, live().index, day_number(now.date()))
    return answer(plan, Searched(seen.exact, alike, total), asker, now.date())


def entry_of(
    request: CheckRequest, results: Sequence[Result], asker: Asker, now: datetime, officer: str = ""
) -> NewEntry:
    """Return the register entry of a check: what was searched, and which records were shown (RPD 126).

    `officer` is for whom a system asked, as it said.
    """
    shown = [match.record for result in results for match in result.matches]
    return NewEntry(
        at_us=microseconds(now),
        event=Event.CHECKED,
        agency=asker.agency,
        actor=asker.actor,
        purpose=request.purpose,
        reference=request.reference,
        searched=msgspec.json.encode(request.queries).decode(),
        shown=msgspec.json.encode(shown).decode() if shown else "[]",
        detail=msgspec.json.encode({"for_officer": officer}).decode() if officer else "",
    )


def check_that_showed(asker: Asker, reference: str) -> int:
    """Return the number of the asker's newest check that showed this record, 0 where none lately did.

    For doors whose requests cannot name the check.  The newest checks of the agency are looked through, not all.
    """
    checks = Entry.objects.filter(agency=asker.agency, event=Event.CHECKED).order_by("-number")[:LOOKED_BACK]
    wanted = mark(reference)
    # Read from the newest on until it is found, which is soon: the actor would make the database look through them all.
    for number, actor, shown in checks.values_list("number", "actor", "shown_marks").iterator(_READ_AT_ONCE):
        if actor == asker.actor and wanted in shown:
            return int(number)
    return 0


def read_after_check(asker: Asker, reference: str, entry_number: int, now: datetime, officer: str = "") -> Stored:
    """Return the full record that a check of this asker showed, or a standing check told of: the second step (RPD 63).

    It runs under the purpose and reference of the check, for the `officer` that a system names.  NotFound alike for
    another's check, a record that it did not show, no rights, and no record.
    """
    entry = Entry.objects.filter(number=entry_number, event__in=_SHOWING, actor=asker.actor).first()
    if entry is None or reference not in entry.shown_references or _is_over(entry, now):
        raise NotFound("no-such-record", "There is no such record.")
    stored = readable_record(asker.for_purpose(entry.purpose), reference, now)
    write_entry(
        Event.RECORD_READ, by=Actor(asker.actor, asker.agency), at=now, database=stored.database,
        purpose=entry.purpose, reference=entry.reference, shown=[reference],
        detail={"check": entry_number} | ({"for_officer": officer} if officer else {}),
    )  # fmt: skip
    return stored


def _is_over(entry: Entry, now: datetime) -> bool:
    """Tell whether a check is too old to read by; what a standing check told stays readable while it is kept."""
    return entry.event == Event.CHECKED and entry.at_us < microseconds(now - OPEN_FOR)
