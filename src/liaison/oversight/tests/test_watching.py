"""New checks are looked through once each, in steps, and chance draws from every day when it is over."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.conf import settings
from structlog.testing import capture_logs

from liaison.audit.actions import Actor, write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.audit.sealed import erase_keys
from liaison.oversight import watching
from liaison.oversight.actions import erase_old
from liaison.oversight.models import DayOfHabit, Reason, SpotCheck, Watched
from liaison.oversight.tests.looking import checked, look_through_all, reasons
from liaison.oversight.watcher import Watcher
from liaison.oversight.watching import Overtaken, draw, forget_old_habits, look_through
from tests.cast import Member, soon

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
TODAY = NOW - timedelta(hours=2)


def begin(now: datetime = NOW - timedelta(days=90)) -> None:
    """Begin to watch, long before anything is checked."""
    look_through_all(now)


def test_a_curious_check_is_brought_up_with_its_reasons(warsaw_officer: Member) -> None:
    begin()
    curious = checked(warsaw_officer, TODAY, name="Warsaw Officer", reference="test")
    checked(warsaw_officer, TODAY)

    look_through_all(NOW)

    assert reasons() == {curious: ["odd_reference", "own_name"]}
    found = SpotCheck.objects.get()
    assert (found.actor, found.agency, found.state) == (warsaw_officer.officer.actor, warsaw_officer.agency, "open")


def test_the_name_of_a_colleague_of_the_same_agency_is_and_that_of_another_agency_is_not(
    warsaw_officer: Member, warsaw_auditor: Member, nairobi_feeder: Member
) -> None:
    begin()
    colleague = checked(warsaw_officer, TODAY, name="Warsaw Auditor")
    checked(warsaw_officer, TODAY, name="Nairobi Feeder")

    look_through_all(NOW)

    assert reasons() == {colleague: ["colleague"]}
    assert SpotCheck.objects.get().written.facts == {"colleague": {"officer": warsaw_auditor.officer.pk}}


def test_a_habit_is_remembered_from_step_to_step(warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a step that takes two entries
    monkeypatch.setattr(watching, "AT_ONCE", 2)
    begin()

    # when the same person is checked on four days, for different cases, and then once more
    numbers = [
        checked(warsaw_officer, TODAY - timedelta(days=back), reference=f"PL-2026-{back}") for back in (6, 4, 2, 1, 0)
    ]
    look_through_all(NOW)

    # then the fourth check is brought up, and the fifth is counted there
    assert reasons() == {numbers[3]: ["repeated"]}
    assert Reason.objects.get().times == 2
    assert SpotCheck.objects.get().written.facts == {"repeated": {"days": 4, "references": 4}}


def test_the_same_finding_of_the_next_month_is_brought_up_again(warsaw_officer: Member) -> None:
    begin()
    numbers = [checked(warsaw_officer, NOW + timedelta(days=day), reference="-") for day in (-1, 0, 1)]

    look_through_all(NOW + timedelta(days=2))

    assert reasons() == {numbers[0]: ["odd_reference"], numbers[2]: ["odd_reference"]}


def test_what_was_concluded_is_not_counted_further(warsaw_officer: Member) -> None:
    begin()
    checked(warsaw_officer, TODAY, reference="-")
    look_through_all(NOW)
    SpotCheck.objects.update(state=SpotCheck.State.CLOSED)

    checked(warsaw_officer, TODAY, reference="-")
    look_through_all(NOW)

    assert Reason.objects.get().times == 1


def test_of_a_system_only_the_reference_is_looked_at(warsaw_officer: Member) -> None:
    begin()
    system = warsaw_officer.system.actor
    checked(warsaw_officer, TODAY, name="Warsaw Officer", actor=system)
    odd = checked(warsaw_officer, TODAY, reference="xx", actor=system)

    look_through_all(NOW)

    assert reasons() == {odd: ["odd_reference"]}
    assert not DayOfHabit.objects.exists()


def test_what_was_there_before_anybody_watched_teaches_and_is_not_brought_up(warsaw_officer: Member) -> None:
    old = [checked(warsaw_officer, NOW - timedelta(days=70 - day), reference="-") for day in range(65)]
    checked(warsaw_officer, NOW - timedelta(days=3), reference="-")
    recent = checked(warsaw_officer, NOW - timedelta(hours=3), reference="-")

    look_through_all(NOW)

    assert len(old) == 65
    assert set(reasons()) == {recent}
    assert DayOfHabit.objects.count() == 57


def test_looking_again_finds_nothing_new(warsaw_officer: Member) -> None:
    begin()
    checked(warsaw_officer, TODAY, reference="-")
    look_through_all(NOW)

    assert look_through(NOW) == 0
    assert Reason.objects.get().times == 1


def test_who_is_overtaken_keeps_nothing(warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a process that is about to keep what it found
    begin()
    checked(warsaw_officer, TODAY, reference="-")
    keep = watching._keep

    def overtaken(*found: object) -> None:
        Watched.objects.update(number=10_000)
        keep(*found)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "_keep", overtaken)

    # when another has looked through the same entries
    with pytest.raises(Overtaken):
        look_through(NOW)

    # then nothing of this one is kept
    assert reasons() == {}
    assert not DayOfHabit.objects.exists()


def test_an_entry_that_cannot_be_read_is_passed_over(warsaw_officer: Member) -> None:
    begin()
    Entry.objects.filter(number=checked(warsaw_officer, TODAY, reference="-")).update(sealed=b"x")
    whole = checked(warsaw_officer, TODAY, reference="-")

    look_through_all(NOW)

    assert reasons() == {whole: ["odd_reference"]}


def test_a_habit_whose_month_was_erased_begins_anew(warsaw_officer: Member) -> None:
    begin()
    for back in (40, 39, 38):
        checked(warsaw_officer, NOW - timedelta(days=back), reference=f"PL-2026-{back}")
    look_through_all(NOW)
    erase_keys(before=202606)

    checked(warsaw_officer, TODAY)
    look_through_all(NOW)

    assert reasons() == {}


def test_the_queue_and_the_habits_say_nothing_of_whom_the_checks_were_about(warsaw_officer: Member) -> None:
    begin()
    checked(warsaw_officer, TODAY, name="Warsaw Officer", reference="test")

    look_through_all(NOW)

    kept = [*SpotCheck.objects.values_list(), *Reason.objects.values_list(), *DayOfHabit.objects.values_list()]
    assert "Officer" not in str(kept)
    assert "test" not in str(kept)


@pytest.fixture
def every_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIAISON_SPOT_CHECK_PERCENT", 100)


def drawn_of(entries: list[int]) -> list[int]:
    return [number for number in entries if reasons().get(number) == ["drawn"]]


@pytest.mark.usefixtures("every_check")
def test_chance_draws_no_more_than_so_many_of_the_officers_and_of_the_systems_of_an_agency(
    warsaw_officer: Member, nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a day with many checks of two agencies
    monkeypatch.setattr(settings, "LIAISON_SPOT_CHECKS_A_DAY", 3)
    system, today = warsaw_officer.system.actor, datetime.now(UTC)
    tomorrow = datetime.combine(today.date(), time(hour=1), tzinfo=UTC) + timedelta(days=1)
    draw(today)
    of_officers = [checked(warsaw_officer, today) for _ in range(10)]
    of_systems = [checked(warsaw_officer, today, actor=system) for _ in range(10)]
    of_nairobi = [checked(nairobi_feeder, today) for _ in range(2)]

    # when the day is over, and not before
    assert draw(tomorrow - timedelta(minutes=1)) == 0
    assert draw(tomorrow) == 8

    # then so many are drawn, and not again
    counts = [len(drawn_of(entries)) for entries in (of_officers, of_systems, of_nairobi)]
    assert counts == [3, 3, 2]
    assert draw(tomorrow) == 0


@pytest.mark.usefixtures("every_check")
def test_a_check_that_is_in_the_queue_already_is_not_drawn_too(warsaw_officer: Member) -> None:
    begin()
    draw(NOW)
    curious = checked(warsaw_officer, TODAY, reference="-")
    look_through_all(NOW)

    draw(NOW + timedelta(days=1))

    assert reasons() == {curious: ["odd_reference"]}


def test_without_a_share_nothing_is_drawn(warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIAISON_SPOT_CHECK_PERCENT", 0)
    draw(NOW)
    checked(warsaw_officer, TODAY)

    assert draw(NOW + timedelta(days=1)) == 0


def test_about_so_many_in_a_hundred_are_drawn(warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIAISON_SPOT_CHECK_PERCENT", 25)
    monkeypatch.setattr(settings, "LIAISON_SPOT_CHECKS_A_DAY", 1000)
    draw(NOW)
    for _ in range(200):
        checked(warsaw_officer, TODAY)

    assert 20 <= draw(NOW + timedelta(days=1)) <= 85


@pytest.mark.usefixtures("every_check")
def test_after_a_long_rest_only_the_last_days_are_drawn(warsaw_officer: Member) -> None:
    draw(NOW - timedelta(days=30))
    old, late = checked(warsaw_officer, NOW - timedelta(days=20)), checked(warsaw_officer, NOW - timedelta(days=2))

    draw(NOW)

    assert (drawn_of([old]), drawn_of([late])) == ([], [late])
    assert Watched.objects.get().drawn_until == date(2026, 6, 29)


@pytest.mark.usefixtures("every_check")
def test_spot_checks_go_with_the_month_of_their_entry(warsaw_officer: Member) -> None:
    begin()
    checked(warsaw_officer, TODAY, reference="-")
    look_through_all(NOW)
    later = NOW + timedelta(days=settings.LIAISON_REGISTER_DAYS)

    assert erase_old(later) == 0
    assert erase_old(later + timedelta(days=2)) == 1
    assert not Reason.objects.exists()
    assert Entry.objects.get(event="spot_checks_erased").as_line()["detail"] == {"spot_checks": 1}
    assert erase_old(later + timedelta(days=2)) == 0


def test_habits_are_forgotten_when_they_count_no_more(warsaw_officer: Member) -> None:
    begin()
    checked(warsaw_officer, TODAY)
    look_through_all(NOW)

    assert forget_old_habits(NOW + timedelta(days=119)) == 0
    assert forget_old_habits(NOW + timedelta(days=121)) == 1


def test_an_entry_for_an_agency_that_is_not_there_holds_up_nobody(warsaw_officer: Member) -> None:
    begin()
    by = Actor(warsaw_officer.officer.actor, 999)
    write_entry(Event.CHECKED, by=by, at=TODAY, reference="-", searched=[])
    there = checked(warsaw_officer, TODAY, reference="xx")

    look_through_all(NOW)

    assert set(reasons()) == {there}


def test_the_thread_beside_a_service_looks_through_what_comes(warsaw_officer: Member) -> None:
    stop = threading.Event()
    watcher = Watcher(stop, look_seconds=0.01)
    watcher.start()

    curious = checked(warsaw_officer, datetime.now(UTC), reference="-")

    assert soon(lambda: curious in reasons())
    stop.set()
    watcher.join()


def test_the_thread_goes_on_after_a_failure(warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a look that fails the first time
    failed = threading.Event()

    def fail_once(now: datetime) -> int:
        if not failed.is_set():
            failed.set()
            raise RuntimeError
        return look_through(now)

    monkeypatch.setattr("liaison.oversight.watcher.look_through", fail_once)
    curious, stop = checked(warsaw_officer, datetime.now(UTC), reference="-"), threading.Event()
    watcher = Watcher(stop, look_seconds=0.01)

    # when it watches
    with capture_logs() as logged:
        watcher.start()
        found = soon(lambda: curious in reasons())
        stop.set()
        watcher.join()

    # then it says so, and looks again
    assert found
    assert [(one["event"], one["reason"]) for one in logged] == [("oversight.cannot_watch", "RuntimeError")]
