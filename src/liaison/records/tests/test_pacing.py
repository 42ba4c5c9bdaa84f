"""A bulk feed waits for the index, and for nobody where none is written."""

from pathlib import Path

import msgspec
import pytest

from liaison.engine.manifest import Manifest, empty_manifest
from liaison.engine.segment import SegmentDamaged
from liaison.records import pacing
from liaison.records.pacing import PATIENCE_SECONDS, Pace


class Beside:
    """An index that goes on by so many versions whenever somebody waits, and the time that waiting takes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, fed: int, found: int, goes_on: int) -> None:
        self.fed, self.found, self.goes_on, self.waited = fed, found, goes_on, 0.0
        monkeypatch.setattr(pacing, "last_sequence", lambda: self.fed)
        monkeypatch.setattr(pacing, "read_published", self._published)
        self.pace = Pace(Path("nowhere"), clock=lambda: self.waited, sleep=self._wait)

    def _published(self, _: Path) -> Manifest:
        return msgspec.structs.replace(empty_manifest(), sequence=self.found)

    def _wait(self, seconds: float) -> None:
        self.waited += seconds
        self.found += self.goes_on

    def waits(self) -> float:
        before = self.waited
        self.pace.keep()
        return self.waited - before


def test_what_is_found_soon_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Beside(monkeypatch, fed=5000, found=5000, goes_on=0).waits() == 0.0


def test_a_feed_waits_until_the_index_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    beside = Beside(monkeypatch, fed=50_000, found=0, goes_on=100)

    assert beside.waits() > PATIENCE_SECONDS
    assert (beside.found, beside.pace.is_kept) == (50_000, True)


def test_an_index_that_nobody_writes_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    beside = Beside(monkeypatch, fed=5000, found=10, goes_on=0)

    assert beside.waits() == pytest.approx(PATIENCE_SECONDS, abs=0.02)
    assert (beside.waits(), beside.pace.is_kept) == (0.0, False)
    beside.found, beside.goes_on = 20, 1000
    assert beside.waits() > 0.0
    assert beside.found >= 5000


def test_an_index_that_is_not_there_or_damaged_is_nobodys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    beside = Beside(monkeypatch, fed=5000, found=0, goes_on=0)

    def damaged(folder: Path) -> Manifest:
        raise SegmentDamaged(folder, "is torn")

    for published in (damaged, lambda _: None):
        monkeypatch.setattr(pacing, "read_published", published)
        assert beside.waits() <= PATIENCE_SECONDS + 0.02
        assert beside.waits() == 0.0
