"""Decide how long a standing check may run, whether a match is news, and who controls standing checks.

Pure: knows no database, clock or request.
"""

import hashlib
from datetime import date, timedelta

import msgspec

from liaison.agencies.rules import Person
from liaison.checks.answer import Match, Strength

# More records of one day are not told one by one: such a question says too little to work with.
MOST_A_DAY = 100
_RANK: dict[str, int] = {"possible": 1, "strong": 2, "exact": 3}


def is_last_day_allowed(last: date, today: date, longest_days: int) -> bool:
    """Say whether a standing check may end on this day: today at the earliest, and not too far ahead."""
    return today <= last <= today + timedelta(days=longest_days)


def what_it_says(match: Match, recorded_on: date) -> str:
    """Return a digest of what a match tells an officer.

    Headline, warnings, action, conditions and the reasons of the match count,
    and the day of recording, which is another after a record had expired.
    Weights and scores do not: another version of the engine is no news.
    """
    reasons = [(term.kind, term.finding, term.record) for term in match.explanation]
    said = (
        match.name, match.action_to_be_taken, match.warning_markers, match.special_conditions, reasons,
        str(recorded_on),
    )  # fmt: skip
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()


def is_news(strength: Strength, digest: str, told: tuple[str, str] | None) -> str:
    """Say why a match is to be told: "new", "stronger" or "changed"; "" when it was told as it is.

    `told` is the strength and the digest of the last time.

    >>> is_news("strong", "a", ("possible", "a")), is_news("possible", "a", ("strong", "a"))
    ('stronger', '')
    """
    if told is None or not told[1]:
        return "new"
    if _RANK[strength] > _RANK[told[0]]:
        return "stronger"
    return "changed" if digest != told[1] else ""


def may_control(person: Person) -> bool:
    """Let auditors see which standing checks their agency and its entities have, and why (RPD 126)."""
    return person.duty == "auditor"


def may_count(person: Person) -> bool:
    """Let administrators see how many there are, and nothing of what they ask."""
    return person.duty == "administrator"
