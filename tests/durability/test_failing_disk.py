"""A disk that refuses: once, any call; or every `fsync` for a while, and then the power goes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.durability.cutting import Cut, cut
from tests.durability.recording import Point, Recording
from tests.durability.stage import Stage
from tests.durability.striking import Struck, stories, strike

# What callers ask for is refused with the register's code, or by the database, which a service answers `database-away`
# (`test_service.py`); what a service does by itself is told in its log and done again.
ASKED, BY_ITSELF = {"check", "feed", "withdraw", "note in confidence"}, {"sign", "publish", "flush"}
REFUSALS = {(step, code) for step in ASKED for code in ("register-unwritable", "a fault: OperationalError")} | {
    (step, "a fault: OSError") for step in BY_ITSELF
}
CUTS = 6


def on_disk(points: list[tuple[int, Point]]) -> list[tuple[int, Point]]:
    """Leave out what is said to others."""
    return [(seed, point) for seed, point in points if "tell" not in point.name and "socket" not in point.name]


def refuse(stage: Stage, seed: int, point: Point, folder: Path) -> Struck:
    """Let the call at a point fail, as it would on a disk that breaks or is full."""
    return strike(stage, seed, point, "error=EIO" if "sync" in point.call else "error=ENOSPC", folder)


@pytest.mark.campaign(sample=5, full=500)
def test_whatever_call_the_disk_refuses_it_is_told_and_nothing_acknowledged_is_lost_and_the_next_succeeds(
    stage: Stage, recording: Recording, rounds: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    points = on_disk(stories(stage, recording, rounds, tmp_path))

    struck = [refuse(stage, seed, point, tmp_path) for seed, point in points]

    record_property("refused", len({(seed, *point) for seed, point in points}))
    record_property("kinds", len({point.name for _, point in points}))
    assert [one.point for one in struck if not one.was_refused] == []
    assert [problem for one in struck for problem in one.problems] == []
    assert {refusal for one in struck for refusal in one.refusals} <= REFUSALS
    # Where it fails as the home is opened, the process ends, and whoever starts it again, as the judge does, is served.
    assert [one.point for one in struck if not one.is_at_its_end() and not one.point.name.startswith("open")] == []


def cut_after_failing_syncs(stage: Stage, seed: int, folder: Path) -> list[Cut]:
    """Let every `fsync` of a story fail for a while, from another one on for each seed; cut the power since."""
    first = 7 + seed
    failing = Recording(stage, seed, folder, "-e", f"inject=fsync,fdatasync:error=EIO:when={first}..{first + 2 * seed}")
    begun = next(place for place, call in enumerate(failing.calls) if "sync" in call.name and call.result != 0)
    return cut(stage, failing, CUTS, after=begun)


@pytest.mark.campaign(sample=1, full=50)
def test_nothing_is_acknowledged_that_a_disk_which_fails_to_sync_has_not_kept(
    stage: Stage, rounds: int, tmp_path: Path
) -> None:
    cuts = [one for seed in range(1, rounds + 1) for one in cut_after_failing_syncs(stage, seed, tmp_path)]

    assert len(cuts) == rounds * CUTS
    assert [problem for one in cuts for problem in one.problems] == []
