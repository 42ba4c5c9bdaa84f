from pathlib import Path

import pytest
from defusedxml import ElementTree

from bench import border
from bench.border import Crowd, script_of
from bench.people import people
from bench.pictures import Bar, Picture, bars, lines
from bench.population import build
from bench.report import Machine
from liaison.engine.types import Subject

MACHINE = Machine("2026-11-24T10:00+00:00", "A <processor>", 2, 24_000, "Linux", "3.11", "3.40", 0.1, {})
PICTURE = Picture("Title", "told", "across, %", "up, ms", MACHINE)


def texts(path: Path) -> list[str]:
    return [element.text or "" for element in ElementTree.parse(path).getroot().iter() if element.text]


def test_a_border_tells_alerts_recall_and_the_gap(tmp_path: Path) -> None:
    built = build(tmp_path / "index", 600)

    figures = border.measure_in(tmp_path / "index", built, Crowd(80, 3), tmp_path, MACHINE)

    values = {figure.name.partition(": ")[2]: figure.median for figure in figures}
    assert values["recall, as recorded"] >= values["recall, as recorded, strong"] > 0
    assert values["clean travellers with a strong match"] <= values["clean travellers with a possible match"]
    assert "recall, one error, at 0.1 % alerts" in values
    assert "largest gap in recall" not in values or values["largest gap in recall"] >= 0
    assert (tmp_path / "border-600-recall.svg").exists()


def test_a_recorded_person_has_a_twin_and_a_stranger_has_none(tmp_path: Path) -> None:
    built = build(tmp_path, 50)

    assert built.has_twin(people(1, 0)[0])
    assert not built.has_twin(people(2, 0)[0]._replace(born="1800-01-01"))


@pytest.mark.parametrize(
    ("name", "script"),
    [("Łukasz Nguyễn", "Latin"), ("Иван", "Cyrillic"), ("محمد", "Arabic"), ("王建国", "Han"), ("김민준", "Hangul"),
     ("राम", "Devanagari"), ("สมชาย", "Thai"), ("משה", "Hebrew"), ("Άννα", "Greek"), ("さとう", "kana")],
)  # fmt: skip
def test_a_script_is_named_by_its_letters(name: str, script: str) -> None:
    assert script_of(Subject((name,))) == script


def test_a_picture_of_lines_says_what_where_and_when(tmp_path: Path) -> None:
    lines(tmp_path / "a.svg", PICTURE, {"p50 & p99": [(1000.0, 0.5), (10.0, 2.0)]}, log_x=True, log_y=True)

    told = texts(tmp_path / "a.svg")
    assert {"Title", "told", "across, %", "up, ms", "p50 & p99"} <= set(told)
    assert any("A <processor>, 2 cores" in text and "2026-11-24" in text for text in told)


def test_a_picture_of_bars_names_each(tmp_path: Path) -> None:
    bars(tmp_path / "b.svg", PICTURE, [Bar("polish", 2.0, 1.0, 3.0), Bar("thai", 0.0, 0.0, 1.0)])

    assert {"polish", "thai"} <= set(texts(tmp_path / "b.svg"))


def test_nothing_measured_draws_nothing(tmp_path: Path) -> None:
    lines(tmp_path / "c.svg", PICTURE, {})
    bars(tmp_path / "c.svg", PICTURE, [])

    assert not (tmp_path / "c.svg").exists()
