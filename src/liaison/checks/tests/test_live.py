"""One index in each process, opened at the first use and closed in order."""

import sys
from pathlib import Path

import pytest
from django.conf import settings

from liaison.checks.follower import Follower
from liaison.checks.live import close_live, follow_files, live, serve_live
from liaison.checks.tests.asking import Stuck
from liaison.errors import Unavailable
from liaison.records.indexing import make_current
from tests.cast import House, Member, a_vehicle, feed

VIN = "WZZZZZ9ZZZZ000001"


def test_it_is_opened_once_and_anew_after_it_was_closed(house: House) -> None:
    first = live()
    assert live() is first

    close_live()

    assert live() is not first


def test_closing_what_was_never_opened_is_nothing(house: House) -> None:
    close_live()
    close_live()

    assert live().index.sequence == 0


def test_it_opens_up_to_date_and_says_how_far_it_is(nairobi_feeder: Member) -> None:
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    close_live()
    told: list[tuple[int, int]] = []

    opened = live(lambda done, goal: told.append((done, goal)))

    assert (opened.index.sequence, told) == (1, [(1, 1)])


def test_a_process_alone_catches_up_itself_and_one_with_a_follower_leaves_it_to_it(nairobi_feeder: Member) -> None:
    live()
    assert live().is_fresh()
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    alone = live().index.sequence

    live().follower = follower = Stuck(settings.LIAISON_HOME)
    feed(nairobi_feeder, "vehicles", a_vehicle("WZZZZZ9ZZZZ000002"))

    assert (alone, live().index.sequence) == (1, 1)
    follower.failure = "OperationalError"
    assert not live().is_fresh()


def test_a_service_starts_its_indexer_and_stops_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = "import sys; print('{\"sequence\": 0}', flush=True); sys.stdin.read(); open(sys.argv[1], 'w').close()"
    make_current(settings.LIAISON_HOME / "index")
    monkeypatch.setattr(Follower.__init__, "__defaults__", ((sys.executable, "-c", ends, str(tmp_path / "ended")),))

    service = serve_live()
    answers = live() is service and service.is_fresh() and service.index.sequence == 0
    close_live()

    assert answers
    assert (tmp_path / "ended").exists()


@pytest.mark.parametrize("pattern", ["live.json", "*.segment"])
def test_what_is_published_and_damaged_is_not_answered_from_and_made_again(
    nairobi_feeder: Member, pattern: str
) -> None:
    folder = settings.LIAISON_HOME / "index"
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    make_current(folder)
    close_live()
    [damaged] = folder.glob(pattern)
    damaged.write_bytes(damaged.read_bytes()[:-70])

    with pytest.raises(Unavailable) as refused:
        follow_files()

    assert refused.value.problems[0].code == "index-stale"
    assert (folder / "rebuild").exists() is pattern.endswith(".segment")
