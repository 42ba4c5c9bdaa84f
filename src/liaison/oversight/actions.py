"""Every write about spot checks: bring up what was found, ask, explain, conclude, erase."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from liaison.agencies.models import Agency, Officer
from liaison.audit.actions import SERVICE, Actor, microseconds, write_entry
from liaison.audit.events import Event
from liaison.audit.sealed import mark, month_of
from liaison.errors import BadInput, Conflict
from liaison.lib.days import midnight
from liaison.notifications.actions import News, tell
from liaison.notifications.rules import inbox_of_agency
from liaison.oversight.flags import Flag
from liaison.oversight.models import Reason, SpotCheck, Written

ASKED, ANSWERED = "spot_check_asked", "spot_check_answered"
LONGEST_TEXT = 4000
_AT_ONCE = 500


class Finding(NamedTuple):
    """A check that somebody is to look at: its entry, when and by whom it was made, and why."""

    entry: int
    at_us: int
    agency: int
    actor: str
    flags: tuple[Flag, ...]


def bring_up(findings: Sequence[Finding]) -> int:
    """Put findings into the queue, inside the caller's transaction; return how many are new there.

    What was brought up in the same month already is only counted there.
    """
    keys = {key for finding in findings for key in _keys(finding)}
    known = set(_known(Reason.objects.values_list("key", flat=True), "key", keys))
    there = dict(_known(SpotCheck.objects.values_list("entry", "pk"), "entry", {one.entry for one in findings}))
    agencies = set(_known(Agency.objects.values_list("pk", flat=True), "pk", {one.agency for one in findings}))
    again: Counter[str] = Counter()
    new: list[tuple[Finding, list[tuple[str, Flag]]]] = []
    for finding in findings:
        fresh = [(key, flag) for key, flag in zip(_keys(finding), finding.flags, strict=True) if key not in known]
        again.update(set(_keys(finding)) - {key for key, _ in fresh})
        known |= {key for key, _ in fresh}
        if fresh and finding.agency in agencies and finding.entry not in there:
            new.append((finding, fresh))
    _create(new)
    for key, times in again.items():
        open_ones = Reason.objects.filter(key=key).exclude(spot_check__state=SpotCheck.State.CLOSED)
        open_ones.update(times=F("times") + times)
    return len(new)


def _keys(finding: Finding) -> list[str]:
    """Return a mark of each flag: the same for the same finding about the same actor in the same month."""
    month = month_of(finding.at_us)
    return [mark(f"{flag.code} {finding.actor} {flag.subject} {month}") for flag in finding.flags]


def _known(rows: QuerySet[Any, Any], field: str, wanted: Iterable[object]) -> Iterator[Any]:
    named = list(wanted)
    for start in range(0, len(named), _AT_ONCE):
        yield from rows.filter(**{f"{field}__in": named[start : start + _AT_ONCE]})


def _create(new: Sequence[tuple[Finding, list[tuple[str, Flag]]]]) -> None:
    rows = []
    for finding, fresh in new:
        row = SpotCheck(entry=finding.entry, at_us=finding.at_us, agency_id=finding.agency, actor=finding.actor)
        row.seal(Written(facts={flag.code: dict(flag.facts) for _, flag in fresh}))
        rows.append(row)
    SpotCheck.objects.bulk_create(rows, batch_size=_AT_ONCE)
    numbers = dict(_known(SpotCheck.objects.values_list("entry", "pk"), "entry", [row.entry for row in rows]))
    Reason.objects.bulk_create(
        [
            Reason(spot_check_id=numbers[finding.entry], code=flag.code, key=key)
            for finding, fresh in new
            for key, flag in fresh
        ],
        batch_size=_AT_ONCE,
    )


def open_spot_check(found: SpotCheck, *, by: Actor, now: datetime) -> None:
    """Note that an auditor looks at a spot check, and so at its entry."""
    write_entry(Event.SPOT_CHECK_OPENED, by=by, at=now, detail=_about(found))


def ask(found: SpotCheck, question: str, *, by: Actor, now: datetime) -> None:
    """Ask whoever made the check why: the officer, or for a system those who administer its agency."""
    written = msgspec.structs.replace(found.written, question=_text(question, "question"))
    changes = {"state": SpotCheck.State.ASKED, "asked_by": by.name, "asked_at": now}
    with transaction.atomic():
        _change(found, (SpotCheck.State.OPEN,), written, changes)
        tell([News(_inbox_of(found), found.agency_id, ASKED, {"spot_check": found.pk})], now=now)
        write_entry(Event.SPOT_CHECK_ASKED, by=by, at=now, detail=_about(found))


def explain(found: SpotCheck, answer: str, *, by: Actor, now: datetime) -> None:
    """Say why the check was made; the auditor who asked is told."""
    written = msgspec.structs.replace(found.written, answer=_text(answer, "answer"))
    changes = {"state": SpotCheck.State.ANSWERED, "answered_by": by.name, "answered_at": now}
    with transaction.atomic():
        _change(found, (SpotCheck.State.ASKED,), written, changes)
        tell([News(found.asked_by, _agency_of(found.asked_by), ANSWERED, {"spot_check": found.pk})], now=now)
        write_entry(Event.SPOT_CHECK_ANSWERED, by=by, at=now, detail=_about(found))


def conclude(found: SpotCheck, conclusion: str, note: str, *, by: Actor, now: datetime) -> None:
    """Say what was found, and why; nobody changes that afterwards."""
    if conclusion not in SpotCheck.Conclusion.values:
        raise BadInput("unknown-value", "Choose a conclusion.", at="conclusion", value=conclusion)
    written = msgspec.structs.replace(found.written, note=_text(note, "note"))
    changes = {
        "state": SpotCheck.State.CLOSED, "conclusion": conclusion, "closed_by": by.name, "closed_at": now,
    }  # fmt: skip
    before = (SpotCheck.State.OPEN, SpotCheck.State.ASKED, SpotCheck.State.ANSWERED)
    with transaction.atomic():
        _change(found, before, written, changes)
        detail = _about(found) | {"conclusion": conclusion}
        write_entry(Event.SPOT_CHECK_CLOSED, by=by, at=now, detail=detail)


def erase_old(now: datetime) -> int:
    """Erase the spot checks of the months that the register forgets (`audit.retention`); return how many."""
    month = month_of(microseconds(now - timedelta(days=settings.LIAISON_REGISTER_DAYS)))
    before = microseconds(midnight(date(month // 100, month % 100, 1)))
    with transaction.atomic():
        old = SpotCheck.objects.filter(at_us__lt=before)
        count = old.count()
        if count:
            old.delete()
            write_entry(Event.SPOT_CHECKS_ERASED, by=SERVICE, at=now, detail={"spot_checks": count})
    return count


def _change(found: SpotCheck, before: Sequence[str], written: Written, changes: dict[str, Any]) -> None:
    """Change a spot check, unless somebody has changed it since it was read."""
    found.seal(written)
    unchanged = SpotCheck.objects.filter(pk=found.pk, state=found.state, state__in=before)
    if not unchanged.update(sealed=found.sealed, **changes):
        detail = "Somebody has gone on with this spot check meanwhile: look at it again."
        raise Conflict("spot-check-moved-on", detail)
    for name, value in changes.items():
        setattr(found, name, value)


def _about(found: SpotCheck) -> dict[str, Any]:
    return {"spot_check": found.pk, "entry": found.entry}


def _text(text: str, at: str) -> str:
    bare = text.strip()
    if not bare:
        raise BadInput("missing-field", "Write a sentence.", at=at)
    return bare[:LONGEST_TEXT]


def _inbox_of(found: SpotCheck) -> str:
    return inbox_of_agency(found.agency_id, "administrator") if found.actor.startswith("system:") else found.actor


def _agency_of(actor: str) -> int:
    return Officer.objects.values_list("agency", flat=True).get(pk=actor.partition(":")[2])
