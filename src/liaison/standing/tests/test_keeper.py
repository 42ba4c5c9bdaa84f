"""Standing checks go on beside a service: the process starts, ends with it, and what is over is ended."""

import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from liaison.audit.models import Entry
from liaison.standing import telling, worker
from liaison.standing.keeper import Keeper
from liaison.standing.models import StandingCheck
from liaison.standing.tests.asking import OKSANA, standing_check, told
from liaison.standing.worker import Worker
from tests.cast import Member, a_person, feed_accepted, soon

# A process that notes its beginning and its end, and ends when its standard input closes.
NOTING = "import sys; f = open(sys.argv[1], 'a'); f.write('b'); f.flush(); sys.stdin.read(); f.write('e'); f.close()"
ROW = a_person("Oksana Tverdokhlib", born=["1984-02-29"])


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes"
    path.touch()
    return path


@pytest.fixture
def keeper(notes: Path, house: object) -> Iterator[Keeper]:
    one = Keeper((sys.executable, "-c", NOTING, str(notes)), look_seconds=0.02)
    yield one
    one.stop()


def test_the_process_begins_with_the_first_standing_check_and_ends_with_the_service(
    keeper: Keeper, notes: Path, warsaw_officer: Member
) -> None:
    keeper.start()
    assert not soon(lambda: notes.read_text() != "", seconds=0.3)

    standing_check(warsaw_officer.asker, OKSANA)

    assert soon(lambda: notes.read_text() == "b")
    keeper.stop()
    assert notes.read_text() == "be"


def test_a_process_that_ends_is_started_again(notes: Path, warsaw_officer: Member) -> None:
    standing_check(warsaw_officer.asker)
    short = f"open({str(notes)!r}, 'a').write('b')"
    keeper = Keeper((sys.executable, "-c", short), look_seconds=0.02)

    keeper.start()

    assert soon(lambda: len(notes.read_text()) >= 2)
    keeper.stop()


def test_what_is_over_is_ended_by_the_service(keeper: Keeper, warsaw_officer: Member) -> None:
    standing_check(warsaw_officer.asker, days=1, now=timezone.now() - timedelta(days=5))

    keeper.start()

    assert soon(lambda: StandingCheck.objects.get().ended_by == "last_day")
    keeper.stop()
    assert Entry.objects.get(event="standing_check_ended").actor == "service"


def test_a_worker_goes_on_until_it_is_stopped_whatever_fails_meanwhile(
    warsaw_officer: Member, nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a worker whose first step fails
    standing_check(warsaw_officer.asker)
    feed_accepted(nairobi_feeder, "nominal", ROW)
    steps = iter([True])
    monkeypatch.setattr(worker, "step", lambda *what: telling.step(*what) if next(steps, False) is False else 1 / 0)
    stop = threading.Event()
    thread = threading.Thread(target=Worker(timezone.now, stop).run)

    # when it runs
    thread.start()

    # then it has told all the same
    assert soon(lambda: len(told(warsaw_officer)) == 1)
    stop.set()
    thread.join()
