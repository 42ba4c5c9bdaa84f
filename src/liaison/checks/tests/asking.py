"""What the tests of checks share: a question on the page, and a follower that stands still."""

from liaison.checks.follower import Follower
from tests.cast import Member, browser_of


def ask(member: Member, q: str = "", **details: str) -> str:
    """Ask on the page; return it."""
    answer = browser_of(member).post("/check/", {"q": q, "purpose": "border", "reference": "CASE-7"} | details)
    assert answer.status_code == 200
    return answer.content.decode()


class Stuck(Follower):
    """A follower whose indexer has not carried the newest versions yet."""

    def stop(self) -> None:
        """Nothing runs."""
