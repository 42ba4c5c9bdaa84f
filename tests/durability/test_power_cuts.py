"""The power goes after any call, and of what was not made certain anything may be gone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.durability.cutting import cut
from tests.durability.recording import Recording
from tests.durability.stage import Stage

OF_A_STORY = 100


@pytest.mark.campaign(sample=20, full=1000)
def test_whenever_the_power_is_cut_nothing_acknowledged_is_lost_and_nothing_is_half_there(
    stage: Stage, recording: Recording, rounds: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    # given as many stories as it takes
    seeds = range(2, 1 + max(1, rounds // OF_A_STORY))
    recorded = [recording, *(Recording(stage, seed, tmp_path) for seed in seeds)]

    # when the power is cut in them
    cuts = [one for story in recorded for one in cut(stage, story, rounds // len(recorded))]

    # then what was acknowledged is there, and all of it goes on
    record_property("cuts", len({(one.seed, one.place) for one in cuts}))
    record_property("rows", sum(one.found.rows for one in cuts))
    record_property("answers", sum(one.found.answers for one in cuts))
    record_property("acts", sum(one.found.acts for one in cuts))
    record_property(
        "index", {how: [one.found.index_was for one in cuts].count(how) for how in ("sound", "damaged", "ahead")}
    )
    assert [problem for one in cuts for problem in one.problems] == []


def test_a_process_that_does_not_wait_for_the_disk_is_found_out(stage: Stage, tmp_path: Path) -> None:
    careless = Recording(stage, 1, tmp_path, careless="NORMAL")

    cuts = cut(stage, careless, 6, after=len(careless.calls) // 2)

    assert [one for one in cuts if "lost: " in str(one.problems)] != []


def test_a_story_that_is_repeated_call_by_call_is_the_home_to_the_last_byte(stage: Stage, tmp_path: Path) -> None:
    recording = Recording(stage, 2, tmp_path)
    there = {str(path.relative_to(stage.home)): path.read_bytes() for path in stage.home.rglob("*") if path.is_file()}

    *_, (disk, _told) = recording.states()

    # What is only in memory is no file that lasts.
    assert disk.whole() == {name: content for name, content in there.items() if not name.endswith("-shm")}
