from itertools import islice
from pathlib import Path

import pytest

from bench import cold, matchers, persons, scale
from bench.border import Crowd
from bench.population import build, subjects
from bench.report import Machine
from liaison.engine.types import Subject

MACHINE = Machine("2026-11-24T10:00+00:00", "A processor", 2, 24_000, "Linux", "3.11", "3.40", 0.1, {})
ANNA, BORIS = Subject(("Anna Roe",), ("1984-02-29",)), Subject(("Борис Щ-эль",))


def test_peers_get_names_in_plain_letters_and_the_year_or_none() -> None:
    assert matchers.rows([ANNA, BORIS]) == [(1, "anna roe", 1984, "1984-02-29"), (2, "boris shch el", 0, "")]


def test_the_same_date_decides_between_equal_names() -> None:
    records = matchers.rows([Subject(("Anna Roe",), ("1984-07-01",)), ANNA])

    with matchers.everything(records) as matcher:
        found = matcher.search(ANNA)

    assert found == [2, 1]


def test_a_search_with_a_date_keeps_to_the_years_beside_it_and_the_undated() -> None:
    records = matchers.rows([Subject(("Anna Roe",), (born,) if born else ()) for born in ("1985", "1990", "")])

    with matchers.everything(records) as matcher:
        assert sorted(matcher.search(ANNA)) == [1, 3]
        assert sorted(matcher.search(Subject(("Anna Roe",)))) == [1, 2, 3]


def test_liaison_is_asked_as_the_peers_are() -> None:
    with matchers.liaison([ANNA, BORIS]) as matcher:
        assert matcher.search(ANNA) == [1]
        assert matcher.size_bytes > 0


def test_the_same_questions_are_asked_with_a_date_and_without() -> None:
    figures = persons.measure(500, 20, 1, with_peers=False)

    names = {figure.name.rpartition(": ")[2] for figure in figures if "name only" in figure.name}
    assert names == {"recall@10", "p50", "p99", "1 thread", "2 threads"}
    assert all(figure.median > 50 for figure in figures if "recall" in figure.name)


def test_the_growth_of_an_index_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The kernel forgets nothing for a test: others use the machine.
    monkeypatch.setattr(scale, "drop_caches", lambda: False)
    figures = list(scale.measure(300, Crowd(20, 1), tmp_path, MACHINE))
    persons.draw(tmp_path, figures, MACHINE)

    told = {figure.name for figure in figures}
    assert "300 persons, warm files, another process: first answer" in told
    assert "with birth date, p99" in (tmp_path / "persons-latency.svg").read_text(encoding="utf-8")


def test_another_process_says_how_long_an_index_takes_to_answer(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    build(tmp_path, 100)

    cold.main(tmp_path, 3)

    assert b'"first":' in capsysbinary.readouterr().out


def test_what_is_recorded_is_told_in_the_order_of_its_numbers() -> None:
    assert list(islice(subjects(50), 10)) == list(subjects(10))
