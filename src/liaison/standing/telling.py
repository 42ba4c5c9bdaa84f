"""Compare new versions with the standing checks and tell whoever set them: one step, one transaction.

read place -> versions after it -> propose -> compare under the rights of now ->
[ move the place, note who was told what, register, put into the inbox ]

What is in brackets is there together or not at all: after a crash the same step
begins again.  It is refused where the place was moved, or rights have changed,
since it was read; then the step begins again with the rights of then.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import NamedTuple

import msgspec
from django.db import transaction

from liaison.access.queries import asker_of_actor
from liaison.access.rules import Asker
from liaison.agencies.models import RightsVersion
from liaison.agencies.queries import rights_version
from liaison.audit.actions import microseconds
from liaison.audit.events import Event
from liaison.audit.register import NewEntry, register
from liaison.checks.answer import Match, verify
from liaison.engine.types import Item, Removal
from liaison.errors import NotSignedIn
from liaison.notifications.actions import News
from liaison.notifications.actions import tell as put_into_inboxes
from liaison.records.indexing import changes, last_sequence
from liaison.standing.matching import Asked, Questions
from liaison.standing.models import Place, StandingCheck, Told
from liaison.standing.rules import MOST_A_DAY, is_news, what_it_says

STEP = 2000
# Versions are compared piece by piece; a step that has found so many ends, so that no transaction is long.
PIECE = 100
MOST_AT_ONCE = 200
MATCH, CUT = "standing_check_match", "standing_check_cut"


class Overtaken(Exception):
    """The place, or the rights, are others than those that the step began with."""


class Finding(NamedTuple):
    """A version that a standing check asks for."""

    sequence: int
    row: StandingCheck
    record: int
    match: Match
    digest: str


class Step(NamedTuple):
    """What one step found between two versions, under the rights of one moment."""

    after: int
    until: int
    rights: int
    found: Sequence[Finding]
    gone: Sequence[int]


def step(questions: Questions, now: datetime) -> bool:
    """Do one step; return whether there was anything to do.  Raises Overtaken, and then nothing was done."""
    place = Place.objects.filter(pk=1).first()
    if place is None:
        return False
    goal = last_sequence()
    if place.sequence >= goal:
        return False
    questions.refresh(place.revision, now.date())
    if not len(questions):
        _move(place.sequence, goal)
        return True
    tell(look(questions, place.sequence, min(place.sequence + STEP, goal), now), now)
    return True


def look(questions: Questions, after: int, until: int, now: datetime) -> Step:
    """Compare the versions between two places with the standing checks, or the first of them; nothing is written."""
    rights = rights_version()
    versions = changes(after, until)
    found: list[Finding] = []
    gone: list[int] = []
    for start in range(0, len(versions), PIECE):
        piece = versions[start : start + PIECE]
        found += _compared(questions, piece, now)
        gone += [one.record for one in piece if isinstance(one, Removal)]
        if len(found) >= MOST_AT_ONCE:
            return Step(after, piece[-1].sequence, rights, found, gone)
    return Step(after, until, rights, found, gone)


def _compared(questions: Questions, versions: Sequence[Item | Removal], now: datetime) -> list[Finding]:
    """Return which standing checks ask for which of the versions, in commit order."""
    wanted: dict[str, tuple[Asked, dict[int, int]]] = {}
    for version in versions:
        for asked in questions.concerned(version, now.date()) if isinstance(version, Item) else ():
            wanted.setdefault(asked.row.id, (asked, {}))[1][version.record] = version.sequence
    askers = _askers({asked.row.actor for asked, _ in wanted.values()}, now)
    found = [
        finding
        for asked, records in wanted.values()
        if (asker := askers.get(asked.row.actor))
        for finding in _verified(asked, records, asker, now)
    ]
    return sorted(found, key=lambda finding: finding.sequence)


def _askers(actors: Iterable[str], now: datetime) -> dict[str, Asker]:
    """Return those who may be told anything now, with their rights."""
    found = {}
    for actor in actors:
        with suppress(NotSignedIn):
            found[actor] = asker_of_actor(actor, now)
    return found


def _verified(asked: Asked, records: dict[int, int], asker: Asker, now: datetime) -> Iterable[Finding]:
    """Yield what matches after all, and what the subscriber may see now."""
    for stored, match in verify(asked.plan, list(records), asker.for_purpose(asked.row.purpose), now.date()):
        digest = what_it_says(match, stored.recorded_on)
        yield Finding(records[stored.number], asked.row, stored.number, match, digest)


def tell(done: Step, now: datetime) -> int:
    """Write what a step found, and return how much of it was news."""
    with transaction.atomic():
        _move(done.after, done.until)
        _require_same_rights(done.rights)
        for start in range(0, len(done.gone), 500):
            Told.objects.filter(record__in=done.gone[start : start + 500]).update(digest="")
        news, cut = _within_limits(_news(done.found, now), now)
        _note(news, now)
        _note_cut(cut, now.date())
        entries = register().append_all([_entry(finding, why, now) for finding, why in news])
        put_into_inboxes(
            [*map(_news_of, news, entries), *(_cut_of(row) for row in cut)],
            now=now,
        )  # fmt: skip
    return len(news)


def _move(before: int, after: int) -> None:
    if not Place.objects.filter(pk=1, sequence=before).update(sequence=after):
        raise Overtaken


def _require_same_rights(version: int) -> None:
    """Refuse when a right has changed; from here until the commit none can."""
    held = RightsVersion.objects.select_for_update().filter(pk=1).first()
    if (held.number if held else 0) != version:
        raise Overtaken


def _news(found: Sequence[Finding], now: datetime) -> list[tuple[Finding, str]]:
    """Return what is to be told, and why: not what was told as it is, nor what ended meanwhile."""
    names = {finding.row.id for finding in found}
    running = set(
        StandingCheck.objects.filter(pk__in=names, ended_at=None, ends_on__gte=now.date()).values_list("pk", flat=True)
    )
    told: dict[tuple[str, int], tuple[str, str]] = {}
    rows = Told.objects.filter(standing_check__in=names, record__in={finding.record for finding in found})
    for row in rows:
        told[row.standing_check_id, row.record] = (row.strength, row.digest)
    judged = [
        (finding, is_news(finding.match.strength, finding.digest, told.get((finding.row.id, finding.record))))
        for finding in found
        if finding.row.id in running
    ]
    return [(finding, why) for finding, why in judged if why]


def _within_limits(
    news: Sequence[tuple[Finding, str]], now: datetime
) -> tuple[list[tuple[Finding, str]], list[StandingCheck]]:
    """Leave out what is too much for one day; return the rest, and which standing checks were cut the first time."""
    midnight = datetime.combine(now.date(), time.min, tzinfo=UTC)
    names = {finding.row.id for finding, _ in news}
    today = Told.objects.filter(standing_check__in=names, at__gte=midnight)
    counts = Counter(today.values_list("standing_check_id", flat=True))
    kept, cut = [], {}
    for finding, why in news:
        counts[finding.row.id] += 1
        if counts[finding.row.id] <= MOST_A_DAY:
            kept.append((finding, why))
        else:
            cut[finding.row.id] = finding.row
    told_already = StandingCheck.objects.filter(pk__in=cut, cut_on=now.date()).values_list("pk", flat=True)
    return kept, [row for name, row in cut.items() if name not in set(told_already)]


def _note(news: Sequence[tuple[Finding, str]], now: datetime) -> None:
    Told.objects.bulk_create(
        [
            Told(standing_check=one.row, record=one.record, strength=one.match.strength, digest=one.digest, at=now)
            for one, _ in news
        ],
        update_conflicts=True, unique_fields=["standing_check", "record"], update_fields=["strength", "digest", "at"],
    )  # fmt: skip


def _note_cut(cut: Sequence[StandingCheck], today: date) -> None:
    StandingCheck.objects.filter(pk__in=[row.id for row in cut]).update(cut_on=today)


def _entry(finding: Finding, why: str, now: datetime) -> NewEntry:
    """Return the entry: whoever set the standing check is told of a record, for its purpose and reference (RPD 126)."""
    row, match = finding.row, finding.match
    return NewEntry(
        microseconds(now), Event.STANDING_CHECK_TOLD, row.agency_id, row.actor, match.database, row.purpose,
        row.reference, msgspec.json.encode([row.query]).decode(), msgspec.json.encode([match.record]).decode(),
        msgspec.json.encode({"standing_check": row.id, "reason": why}).decode(),
    )  # fmt: skip


def _news_of(told: tuple[Finding, str], entry: int) -> News:
    finding, why = told
    about = {
        "standing_check": finding.row.id, "record": finding.match.record, "database": finding.match.database,
        "strength": finding.match.strength, "why": why, "entry": entry,
    }  # fmt: skip
    return News(finding.row.actor, finding.row.agency_id, MATCH, about)


def _cut_of(row: StandingCheck) -> News:
    return News(row.actor, row.agency_id, CUT, {"standing_check": row.id, "most": MOST_A_DAY})
