"""Standing checks of the demo world: two that run, and what one of them told when a record was fed."""

from datetime import datetime, timedelta
from typing import Any

from liaison.access.queries import asker_of_officer
from liaison.access.rules import Asker
from liaison.agencies.models import Officer
from liaison.checks.live import catch_up_if_alone, close_live
from liaison.demo import world
from liaison.records.feed import feed_rows, open_batch
from liaison.records.formats import Row
from liaison.standing.actions import create_standing_check
from liaison.standing.matching import Questions
from liaison.standing.request import StandingRequest
from liaison.standing.telling import step

ROLE = "warsaw_officer"
SOURCE = "KE"
_DAYS = 90
_QUESTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("PL-2026-31", "Her family has not heard of her since Monday",
     {"person": {"name": "Wanjiru Ollendahl", "born": "1996"}}),
    ("PL-2026-32", "Seen near two burglaries", {"vehicle": {"plate": "ZZ 77 DEMO"}}),
)  # fmt: skip
# A spelling of another hand, as in life.
RECORD: dict[str, object] = {
    "source_reference": "KE-P-S001",
    "purpose": ["locate"],
    "status": "missing",
    "names": [{"full": "Wanjiru Olendahl", "kind": "primary"}],
    "born": ["1996-07-14"],
    "sex": "F",
    "nationalities": ["KE"],
    "relevance": "Last seen on her way to Warsaw.",
    "action_to_be_taken": "Make sure that she is well and tell us",
}


def set_standing_checks(feeder: Asker, now: datetime) -> None:
    """Let an officer of the cast ask, another bureau feed, and Liaison tell."""
    asker = asker_of_officer(Officer.objects.get(email=world.account(ROLE).email), now)
    last_day = str((now + timedelta(days=_DAYS)).date())
    catch_up_if_alone()
    for reference, reason, query in _QUESTIONS:
        create_standing_check(asker, StandingRequest("locate", reference, reason, last_day, query), now)
    batch = open_batch(feeder, "nominal", "jsonl", "missing.jsonl", {}, now)
    for _ in feed_rows(batch, [Row(1, dict(RECORD), None, "")], feeder, lambda: now):
        pass
    step(Questions(), now)
    close_live()
