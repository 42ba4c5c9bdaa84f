"""`liaison compare` says how alike two names are and why, and judges a file of pairs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from liaison.cli.app import app
from liaison.engine.score import MATCH, compare
from liaison.engine.types import Subject
from liaison.errors import LiaisonError


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["compare", *words])


def refused(*words: str) -> tuple[str, str]:
    """Return code and place of what the command complains about."""
    error = run(*words).exception
    assert isinstance(error, LiaisonError)
    return error.problems[0].code, error.problems[0].at


def a_file(folder: Path, *lines: str) -> str:
    path = folder / "pairs.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_two_names_are_scored_and_explained() -> None:
    said = run("Zofia Kowalska", "Kowalska Zofya").output

    score = compare(Subject(("Zofia Kowalska",)), Subject(("Kowalska Zofya",))).score
    assert said.startswith(f"{score:.4f}  possible")
    assert "kowalska / kowalska: The same" in said


def test_json_holds_the_terms_that_make_the_score() -> None:
    told = json.loads(
        run("Zofia Kowalska", "Zofia Kowalska", "--born", "1984-02-29", "--country", "PL", "--json").output
    )

    same = Subject(("Zofia Kowalska",), ("1984-02-29",), "U", ("PL",))
    assert told["score"] == compare(same, same).score
    assert [term["kind"] for term in told["terms"]][-2:] == ["birth_date", "nationality"]


def test_letters_that_were_only_transliterated_are_told() -> None:
    note = "The name is in Thai letters"

    assert note in run("สมชาย", "Somchai").output
    assert json.loads(run("Somchai", "สมชาย", "--json").output)["notes"][0].startswith(note)
    assert json.loads(run("Somchai", "Sомчай", "--json").output)["notes"] == []


def test_an_option_given_twice_is_of_the_first_and_of_the_second() -> None:
    told = json.loads(run("Zofia Kowalska", "Zofia Kowalska", "--born", "1984", "--born", "1951", "--json").output)

    [born] = [term for term in told["terms"] if term["kind"] == "birth_date"]
    assert (born["query"], born["record"], born["weight"] < 0) == ("1984", "1951", True)


def test_pairs_are_judged_at_the_published_threshold_and_at_the_best(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        "query,candidate,is_match,query_born,candidate_country",
        "Zofia Kowalska,Zofia Kowalska,true,1984,Poland",
        "Zofia Kowalska,Zofia Otieno,false,,",
        "Zofia Kowalska,Jan Nowak,true,,",
        "Zofia Kowalska,Zofya Kowalska,,,",
    )

    told = json.loads(run("--pairs", file, "--json").output)

    assert told["threshold"] == MATCH
    assert (told["precision"], told["recall"], told["f1"]) == pytest.approx((1.0, 0.5, 2 / 3))
    assert told["best"]["f1"] == pytest.approx(0.8)
    assert [pair["match"] for pair in told["pairs"]] == [True, False, False, True]
    assert all(0 <= pair["score"] <= 1 for pair in told["pairs"])


def test_pairs_without_a_truth_are_scored_only(tmp_path: Path) -> None:
    file = a_file(tmp_path, "query,candidate", "Zofia Kowalska,Zofia Kowalska")

    assert json.loads(run("--pairs", file, "--json").output).keys() == {"threshold", "pairs"}
    assert run("--pairs", file).output == "1 pairs, 1 called a match at 0.5\n"


def test_the_figures_are_told_in_words_too(tmp_path: Path) -> None:
    file = a_file(tmp_path, "query,candidate,is_match", "Zofia Kowalska,Zofia Kowalska,1")

    assert "at the threshold: precision 1.000, recall 1.000, F1 1.000" in run("--pairs", file).output


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("Zofia",), ("missing-field", "NAME")),
        ((), ("missing-field", "NAME")),
        (("a", "b", "c"), ("missing-field", "NAME")),
        (("Zofia", "?!"), ("empty-name", "name")),
        (("Zofia", "Jan", "--born", "1984-13"), ("impossible-date", "born")),
        (("Zofia", "Jan", "--country", "Polnad"), ("unknown-country", "country")),
        (("Zofia", "Jan", "--kind", "ship"), ("unknown-value", "--kind")),
        (("Zofia", "Jan", *["--born", "1984"] * 3), ("conflicting-fields", "--born")),
        (("--pairs", "/nonexistent.csv"), ("unreadable-file", "/nonexistent.csv")),
    ],
)
def test_a_wrong_call_is_told(words: tuple[str, ...], complaint: tuple[str, str]) -> None:
    assert refused(*words) == complaint


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (("a,b", "x,y"), ("missing-header", "line 1")),
        (("query,candidate,colour", "x,y,red"), ("unknown-field", "line 1")),
        (("query,candidate,is_match", "x,y,true", "x,y,perhaps"), ("bad-value", "row 2: is_match")),
        (("query,candidate,candidate_born", "x,y,soon"), ("impossible-date", "row 1: candidate_born")),
        (("query,candidate", "x,"), ("empty-name", "row 1: candidate_name")),
    ],
)
def test_a_wrong_file_is_told_with_its_row(tmp_path: Path, lines: tuple[str, ...], complaint: tuple[str, str]) -> None:
    assert refused("--pairs", a_file(tmp_path, *lines)) == complaint


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_bytes("query,candidate\nZażółć,Zażółć\n".encode("cp1250"))

    assert refused("--pairs", str(path))[0] == "wrong-encoding"
