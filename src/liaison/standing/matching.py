"""Which standing checks may a new version concern?  The search turned round: the questions are the index.

A bulk feed brings a million versions to ten thousand questions.  So the subjects
of the questions stand in an index in memory, and each version is the query; their
exact keys stand in a dictionary.  What is found here is only proposed: `telling.py`
compares the record itself with the question, as a check does.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import structlog

from liaison.checks.plan import Plan, plan_query
from liaison.checks.request import Query
from liaison.engine.index import Index
from liaison.engine.score import least_score_turned
from liaison.engine.types import Item, Removal
from liaison.errors import BadInput
from liaison.records.indexing import day_number
from liaison.standing.models import StandingCheck
from liaison.standing.queries import active
from liaison.standing.request import check_of

_EVERYBODY = np.ones(1, dtype=np.bool_)

log = structlog.get_logger()


class Asked(NamedTuple):
    """A standing check that runs: its row, and what its question looks for."""

    row: StandingCheck
    plan: Plan


class Questions:
    """The standing checks that run, found by what a version holds."""

    def __init__(self) -> None:
        # It is filled from the rows each time, so nothing of it is kept: the folder is only what an index is opened in.
        with TemporaryDirectory() as folder:
            self._index = Index(Path(folder))
        self._count = itertools.count(1)
        self._numbers: dict[str, int] = {}
        self._asked: dict[int, Asked] = {}
        self._by_key: dict[bytes, set[int]] = defaultdict(set)
        self._by_part: dict[int, re.Pattern[bytes]] = {}
        self._revision: tuple[int, date] | None = None

    def __len__(self) -> int:
        return len(self._asked)

    def refresh(self, revision: int, today: date) -> None:
        """Take in what was set, and let go what has ended, when something changed since the last time."""
        if self._revision == (revision, today):
            return
        running = dict(active(today).values_list("id", "ends_on"))
        gone = [number for name, number in self._numbers.items() if name not in running]
        new = [name for name in running if name not in self._numbers]
        changes: list[Item | Removal] = [self._forget(number) for number in gone]
        for start in range(0, len(new), 500):
            rows = StandingCheck.objects.filter(pk__in=new[start : start + 500])
            changes += [item for row in rows if (item := self._learn(row, today))]
        self._index.apply(changes, next(self._count))
        self._revision = (revision, today)

    def _learn(self, row: StandingCheck, today: date) -> Item | None:
        try:
            request = check_of(row.purpose, row.reference, row.query)
            plan = plan_query(_of(request.queries), today, "query")
        except BadInput as error:
            # Another version of Liaison took it; the others go on.
            log.error("standing.unreadable", standing_check=row.id, code=error.problems[0].code)
            return None
        number = next(self._count)
        self._numbers[row.id] = number
        self._asked[number] = Asked(row, plan)
        for key in plan.keys:
            self._by_key[key.encoded()].add(number)
        if plan.patterns:
            self._by_part[number] = _expression(plan)
        # Which of them still run is known from the rows: this day only has to lie ahead.
        return Item(number, number, 0, day_number(date.max), (), plan.subject)

    def _forget(self, number: int) -> Removal:
        asked = self._asked.pop(number)
        self._by_part.pop(number, None)
        del self._numbers[asked.row.id]
        for key in asked.plan.keys:
            self._by_key[key.encoded()].discard(number)
        return Removal(number, next(self._count))

    def concerned(self, version: Item, today: date) -> Iterator[Asked]:
        """Yield the standing checks that a version may be an answer to, of those that were set before it."""
        found = {number for key in version.keys for number in self._by_key.get(key, ())}
        texts = version.texts
        found.update(number for number, part in self._by_part.items() if any(map(part.fullmatch, texts)))
        if version.subject is not None:
            # How much a match needs depends on what the question tells, so whatever may be enough is proposed.
            least = least_score_turned()
            alike = self._index.search(version.subject, _EVERYBODY, day_number(today), len(self._asked), least)
            found.update(candidate.record for candidate in alike.candidates)
        for number in sorted(found):
            asked = self._asked[number]
            if version.sequence > asked.row.since:
                yield asked


def _of(queries: Iterable[Query]) -> Query:
    return next(iter(queries))


def _expression(plan: Plan) -> re.Pattern[bytes]:
    """Return an expression of the texts that fit a number of which a part is known."""
    parts = [part for pattern in plan.patterns for part in pattern.encoded()]
    spelt = (re.escape(part).replace(rb"\?", b".").replace(rb"\*", b".*") for part in parts)
    return re.compile(b"|".join(spelt), re.DOTALL)
