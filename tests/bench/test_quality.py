from pathlib import Path

import pytest

from bench import quality, screening
from bench.pairs import Pair, named
from bench.quality import Judged


def judged(*pairs: tuple[str, bool, float]) -> Judged:
    made = [Pair(named(group), named("b"), is_match, group) for group, is_match, _ in pairs]
    return Judged(made, [score for *_, score in pairs], (1.0,))


def test_what_is_kept_for_testing_and_the_rest_are_the_whole() -> None:
    whole = judged(*((f"person {number}", True, 0.9) for number in range(20)))

    held, rest = whole.part(held_out=True), whole.part(held_out=False)

    assert [pair.group for pair in held.pairs] == [f"person {number}" for number in (1, 2, 5, 6, 10, 13, 18)]
    assert len(rest.pairs) == 13


def test_f1_is_one_where_the_threshold_tells_all_apart() -> None:
    assert judged(("a", True, 0.9), ("b", False, 0.2)).f1(0.5) == 1.0


def test_the_quality_of_a_folder_is_told_set_by_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "names").mkdir()
    text = "query,candidate,is_match\nAnna Roe,Anna Roe,true\nAnna Roe,Boris Quill,false\n"
    (tmp_path / "names" / "ofac_aka_dev.csv").write_text(text, encoding="utf-8")

    figures = quality.measure(tmp_path, 1)

    values = {figure.name: figure.median for figure in figures}
    assert values["ofac_dev, liaison: F1"] == 1.0
    assert "ofac_dev" in capsys.readouterr().out


def test_screening_tells_how_many_aliases_are_found(tmp_path: Path) -> None:
    given = [f"Anna{letter} Roe{letter}" for letter in "abcdefghijklmnopqrstuvwxy"]
    (tmp_path / "names").mkdir()
    (tmp_path / "lists").mkdir()
    (tmp_path / "screening").mkdir()
    rows = "".join(f'{at},"{name.split()[1]}, {name.split()[0]}","individual"\n' for at, name in enumerate(given))
    (tmp_path / "lists" / "ofac_sdn.csv").write_text(rows, encoding="latin-1")
    (tmp_path / "names" / "ofac_aka_dev.csv").write_text(
        f"query,candidate,is_match\n{given[0]},{given[0]},true\n", encoding="utf-8"
    )
    (tmp_path / "screening" / "clean_persons.csv").write_text("full_name\nZbigniew Quill\n", encoding="utf-8")

    values = {figure.name: figure.median for figure in screening.measure(tmp_path, 5)}

    assert values["liaison, own search: recall"] == 100
    assert values["candidates that hold the right name"] == 100
