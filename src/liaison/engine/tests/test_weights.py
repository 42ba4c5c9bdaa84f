"""The table of weights."""

import csv
from importlib import resources

import pytest

from liaison.engine.facts import DATE_FINDINGS, OTHER_PLACE
from liaison.engine.naming import COUNTS
from liaison.engine.weights import TABLE, weights

# How much a count may say at most, whatever the pairs that were learned from say: what contradicts or is
# left out must speak against, or to leave out a contradiction would lower a score.
AT_MOST = {
    "common": 0.0,
    "spelling": -0.05,
    "syllables": 0.0,
    "divided": -0.2,
    "different": -1.0,
    "missing": -0.25,
    "missing_of_few": -0.8,
    "missing_first": -0.8,
    "other_order": -0.1,
    "other_descent": -1.9,
    "further": 0.0,
    "initial": 0.9,
    "nickname": 0.3,
    "minor": 0.1,
}
AT_LEAST = {"letters": 0.0, "rarity": 0.0, "initial": 0.0, "nickname": 0.0, "minor": 0.0}


def rows() -> list[dict[str, str]]:
    text = resources.files("liaison.engine").joinpath(TABLE).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def bits(count: str, dated: int) -> float:
    return float(weights().names[dated, COUNTS.index(count)])


def test_every_count_and_every_finding_has_a_weight_and_no_other_has() -> None:
    findings = [f"birth_date:{finding}" for finding in DATE_FINDINGS]
    beside = (
        f"{what}:{how}"
        for what in ("sex", "nationality", "place_of_birth", "document")
        for how in ("same", "different")
    )
    facts = [*findings, *beside]

    assert [row["name"] for row in rows()] == ["base", *COUNTS, *facts]
    assert len(weights().facts) == OTHER_PLACE + 1


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["name"])
def test_every_weight_says_where_it_comes_from_and_what_it_means(row: dict[str, str]) -> None:
    assert row["how"] in ("learned", "bounded", "border", "set")
    assert len(row["meaning"]) > 10


@pytest.mark.parametrize("dated", [0, 1])
@pytest.mark.parametrize(("count", "most"), AT_MOST.items())
def test_what_speaks_against_never_speaks_for(count: str, most: float, dated: int) -> None:
    assert bits(count, dated) <= most


@pytest.mark.parametrize("dated", [0, 1])
@pytest.mark.parametrize(("count", "least"), AT_LEAST.items())
def test_what_agrees_never_speaks_against(count: str, least: float, dated: int) -> None:
    assert bits(count, dated) >= least


@pytest.mark.parametrize("dated", [0, 1])
def test_what_differs_speaks_more_against_than_what_was_left_out(dated: int) -> None:
    assert bits("different", dated) < bits("missing_of_few", dated) + bits("missing_first", dated)


def test_where_only_the_question_has_a_date_names_weigh_as_without_dates() -> None:
    assert weights().names[2].tolist() == weights().names[0].tolist()
