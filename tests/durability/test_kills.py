"""`kill -9` at every call that changes something on disk, makes it certain or tells somebody."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import tests.durability
from tests.durability.recording import Recording
from tests.durability.stage import Stage
from tests.durability.striking import KILL, stories, strike

_LISTED = re.compile(r"^    (\w[\w ]*?)  +(\S.*)$", re.MULTILINE)


@pytest.mark.campaign(sample=20, full=1000)
def test_whatever_call_a_process_is_killed_at_nothing_acknowledged_is_lost_and_nothing_is_half_there(
    stage: Stage, recording: Recording, rounds: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    # given that many points of stories, every kind of call on every kind of file among them as far as they go
    points = stories(stage, recording, rounds, tmp_path)

    # when each story is killed as it is about to make that call
    struck = [strike(stage, seed, point, KILL, tmp_path) for seed, point in points]

    # then what it had acknowledged is there, and all of it goes on
    record_property("kills", len({(seed, *point) for seed, point in points}))
    record_property("kinds", len({point.name for _, point in points}))
    record_property("rows", sum(one.found.rows for one in struck))
    record_property("answers", sum(one.found.answers for one in struck))
    record_property("acts", sum(one.found.acts for one in struck))
    assert [one.point for one in struck if not one.was_killed] == []
    assert [problem for one in struck for problem in one.problems] == []
    assert {one.found.index_was for one in struck} == {"sound"}


def test_a_process_that_says_that_rows_are_durable_before_they_are_is_found_out(
    stage: Stage, recording: Recording, tmp_path: Path
) -> None:
    # given the last write of the first chunk: a feed makes the new journal certain, then its batch, then the chunk
    points = recording.points()
    syncs = [place for place, one in enumerate(points) if one.name == "feed: fdatasync liaison.sqlite3-wal"]
    point = points[syncs[2] - 1]

    struck = strike(stage, recording.seed, point, KILL, tmp_path, careless="hasty")

    assert struck.found.problems == ["lost: rows 1 to 101 of batch 1"]


def test_the_points_of_the_story_are_those_that_are_listed(recording: Recording) -> None:
    listed = {f"{step}: {file}" for step, files in _LISTED.findall(tests.durability.__doc__ or "")
              for file in files.split(", ")}  # fmt: skip

    assert {point.place for point in recording.points()} == listed
