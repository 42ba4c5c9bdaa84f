"""One index in each process, opened at the first use and closed in order."""

from liaison.checks.live import catch_up_if_alone, close_live, live
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
    live().after_commit()
    feed(nairobi_feeder, "vehicles", a_vehicle(VIN))
    assert live().index.sequence == 1

    live().follow()
    live().follower.failure = "OperationalError"  # type: ignore[union-attr]

    assert not live().is_fresh()
    catch_up_if_alone()
