"""The invented officers of the benchmark of spot checks: always the same, and each kind of misuse is there."""

import pytest

from bench import police
from bench.police import KINDS, QUIET, World, world


@pytest.fixture(scope="module")
def small() -> World:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(police, "OFFICERS", 100)
        patch.setattr(police, "DAYS", 30)
        patch.setattr(police, "_INCIDENTS", dict.fromkeys((*KINDS, QUIET), 2))
        return world()


def test_every_kind_of_misuse_is_there_as_often_as_it_should_be(small: World) -> None:
    incidents = {(check.misuse, check.incident) for check in small.checks if check.misuse}

    assert sorted(kind for kind, _ in incidents) == sorted([*KINDS, QUIET] * 2)
    assert small.incidents == len(incidents)


def test_checks_are_in_the_order_of_time_and_nearly_all_are_usual_work(small: World) -> None:
    seconds = [check.second for check in small.checks]

    assert seconds == sorted(seconds)
    assert sum(not check.misuse for check in small.checks) > 0.9 * len(small.checks)


def test_one_reference_for_everything_takes_the_place_of_what_was_given_before(small: World) -> None:
    of_everything = [check for check in small.checks if check.misuse == "same_reference"]
    usual = {check[:3] for check in small.checks if not check.misuse}

    assert of_everything
    assert usual & {check[:3] for check in of_everything} == set()
