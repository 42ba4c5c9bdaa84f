"""A rehearsal goes through all that a search does, and leaves no trace."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from liaison.audit.models import Entry
from liaison.checks import rehearsal
from liaison.checks.actions import complete
from liaison.checks.answer import Result
from liaison.checks.live import live
from liaison.checks.rehearsal import rehearse
from tests.cast import House, Member, a_person, feed

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def test_it_reads_and_compares_records_and_registers_nothing(
    nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(nairobi_feeder, "nominal", a_person("John Smith", born=["1984"]))
    before = Entry.objects.count()
    seen: list[Result] = []
    monkeypatch.setattr(rehearsal, "complete", lambda *given: seen.extend(complete(*given)))

    rehearse(live().index, NOW)

    assert [result.outcome for result in seen].count("matches") == 1
    assert Entry.objects.count() == before


def test_what_fails_in_it_fails_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(rehearsal, "rights_table", away)

    rehearse(live().index, NOW)
