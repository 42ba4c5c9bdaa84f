"""A row of a screening that cannot be asked says why, and an impossible birth date does not let a person through."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from liaison.cli.screening import Done, screen_file, screening_code
from liaison.errors import BadInput

ROWS = """full_name,date_of_birth,nationality
Achola Wanderimo,1974-01-32,KE
Tomasz Nowicki,1980-02-03,Poland
,1990,PL
"""


class Recorded:
    """A service that answers every question with "no match" and remembers what it was asked."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.asked: list[dict[str, Any]] = []
        self._refuses = refuses

    def check(self, request: Any) -> bytes:
        if self._refuses and len(request["queries"]) > 1:
            raise BadInput("impossible-date", "No.", at="queries[0].person.born")
        self.asked += request["queries"]
        return msgspec.json.encode({"results": [{"id": q["id"], "outcome": "no_match"} for q in request["queries"]]})


def screened(folder: Path, client: Recorded, rows: str = ROWS) -> list[dict[str, Any]]:
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    screen_file(folder / "rows.csv", folder / "out.jsonl", client, "border", "T/1", lambda _: None)
    return [msgspec.json.decode(line) for line in (folder / "out.jsonl").read_bytes().splitlines()]


def test_what_can_be_read_of_an_impossible_date_is_asked_and_the_result_says_so(tmp_path: Path) -> None:
    client = Recorded()

    results = screened(tmp_path, client)

    assert client.asked[0]["person"]["born"] == "1974-01"
    assert "1974-01-32" in results[0]["notes"][0]
    assert "notes" not in results[1]


def test_all_that_a_row_tells_of_a_person_is_asked(tmp_path: Path) -> None:
    client = Recorded()
    header = "full_name,date_of_birth,nationality,gender,place_of_birth,document_number,document_issuer"

    [result] = screened(tmp_path, client, f"{header}\nZofia Nowak,1984,Poland,female,Rzeszów;Perm,ab 1,PL\n")

    assert client.asked[0]["person"] == {
        "name": "Zofia Nowak", "born": "1984", "sex": "F", "nationality": ["PL"], "place_of_birth": "Rzeszów; Perm",
        "documents": [{"number": "ab 1", "issuer": "PL"}],
    }  # fmt: skip
    assert "notes" not in result


def test_a_document_number_that_is_none_does_not_let_a_person_through(tmp_path: Path) -> None:
    client = Recorded()

    [result] = screened(tmp_path, client, "full_name,document_number\nZofia Nowak,???\n")

    assert client.asked[0]["person"] == {"name": "Zofia Nowak"}
    assert "without the document" in result["notes"][0]


def test_a_row_without_a_name_is_told_and_stops_no_other(tmp_path: Path) -> None:
    results = screened(tmp_path, Recorded())

    assert [(result["row"], result["outcome"]) for result in results] == [
        (1, "no_match"),
        (2, "no_match"),
        (3, "invalid"),
    ]


def test_when_a_batch_is_refused_its_rows_are_asked_one_by_one(tmp_path: Path) -> None:
    results = screened(tmp_path, Recorded(refuses=True))

    assert [result["outcome"] for result in results] == ["no_match", "no_match", "invalid"]


def test_an_output_of_another_screening_is_not_taken_for_this_one(tmp_path: Path) -> None:
    screened(tmp_path, Recorded())
    (tmp_path / "others.csv").write_text(ROWS.replace("Achola", "Akinyi"), encoding="utf-8")

    with pytest.raises(BadInput, match="other-screening"):
        screen_file(tmp_path / "others.csv", tmp_path / "out.jsonl", Recorded(), "border", "T/1", lambda _: None)


@pytest.mark.parametrize(
    ("done", "code"), [((4, 0, 0, 0), 0), ((4, 1, 0, 0), 10), ((4, 0, 0, 1), 10), ((4, 1, 2, 0), 3)]
)
def test_only_a_screening_of_every_row_without_a_match_ends_well(done: tuple[int, int, int, int], code: int) -> None:
    assert screening_code(Done(*done)) == code
