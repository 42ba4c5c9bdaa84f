"""The table of OWASP ASVS 5.0 (`docs/security/asvs*.md`) holds each requirement once, and names only what there is."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.project.tree import ROOT, files, parsed

SUMMARY = ROOT / "docs" / "security" / "asvs.md"
DOCUMENTS = sorted(SUMMARY.parent.glob("asvs*.md"))
# The numbers and levels of the standard; where they come from stands in the file.
LEVELS = Path(__file__).with_name("asvs.csv")
STATES = ("test", "inspection", "not applicable", "open")
LONGEST = 12

_ROW = re.compile(r"\| `(V\d+\.\d+\.\d+)` \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
_LISTED = re.compile(r"- `(V\d+\.\d+\.\d+)` \(level ([12])\): \S.*\.")
_TEST = re.compile(r"`([\w./-]+\.py)::(\w+)`")
_FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)*\.(?:conf|html|js|md|mjs|py|service|toml))(?:::\w+)?`")


class Row(NamedTuple):
    """One requirement in the table: what is asked is told in our own words."""

    number: str
    level: int
    words: str
    state: str
    evidence: str


def rows_of(text: str) -> list[Row]:
    found = filter(None, map(_ROW.fullmatch, text.splitlines()))
    return [Row(one[1], int(one[2]), one[3], one[4], one[5]) for one in found]


def rows() -> list[Row]:
    return [row for path in DOCUMENTS for row in rows_of(path.read_text(encoding="utf-8"))]


def requirements() -> list[tuple[str, int]]:
    """Return number and level of each requirement of levels 1 and 2, as the standard has them."""
    lines = (line for line in LEVELS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    cells = (line.split(",") for line in list(lines)[1:])
    return [(number, int(level)) for number, level in cells]


def named_tests(evidence: str) -> list[tuple[str, str]]:
    return _TEST.findall(evidence)


def has_test(path: str, name: str) -> bool:
    """Say whether a file of the repository has a test of this name."""
    if ROOT / path not in files():
        return False
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(parsed(ROOT / path)))


def listed_below(heading: str) -> list[tuple[str, int]]:
    """Return number and level of each line below the headings of the summary that begin so."""
    parts = re.split(r"^### ", SUMMARY.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    lines = (line for part in parts if part.startswith(heading) for line in part.splitlines())
    return sorted((one[1], int(one[2])) for one in filter(None, map(_LISTED.fullmatch, lines)))


def counts_of(of: list[Row]) -> dict[str, list[str]]:
    """Return by state how many rows there are of level 1, of level 2, and together, as the summary writes them."""
    counted = Counter((row.state, row.level) for row in of)
    by_state = {state: [counted[state, 1], counted[state, 2]] for state in STATES}
    by_state["all"] = [Counter(row.level for row in of)[level] for level in (1, 2)]
    return {state: [*map(str, numbers), str(sum(numbers))] for state, numbers in by_state.items()}


def test_every_requirement_of_levels_1_and_2_stands_once_at_its_level() -> None:
    assert Counter((row.number, row.level) for row in rows()) == Counter(requirements())


def test_the_list_of_the_standard_is_whole_and_names_its_origin() -> None:
    levels = Counter(level for _, level in requirements())

    assert levels == {1: 70, 2: 183}
    assert "OWASP Foundation, CC BY-SA 4.0" in LEVELS.read_text(encoding="utf-8")


def test_every_line_that_looks_like_a_row_is_one() -> None:
    lines = [line for path in DOCUMENTS for line in path.read_text(encoding="utf-8").splitlines()]

    assert [line for line in lines if line.startswith("| `V") and not _ROW.fullmatch(line)] == []


def test_every_state_is_one_of_four() -> None:
    assert {row.number: row.state for row in rows() if row.state not in STATES} == {}


def test_what_is_asked_is_told_in_twelve_words_of_our_own() -> None:
    assert {row.number: row.words for row in rows() if len(row.words.split()) > LONGEST} == {}


def test_a_row_of_a_test_names_one_and_a_row_of_inspection_names_a_file() -> None:
    without = [row.number for row in rows() if row.state == "test" and not named_tests(row.evidence)]
    unseen = [row.number for row in rows() if row.state == "inspection" and not _FILE.search(row.evidence)]

    assert (without, unseen) == ([], [])


def test_every_test_that_a_row_names_exists() -> None:
    named = {(row.number, *one) for row in rows() for one in named_tests(row.evidence)}

    assert {one for one in named if not has_test(one[1], one[2])} == set()


def test_every_file_that_a_row_names_exists() -> None:
    named = {(row.number, path) for row in rows() for path in _FILE.findall(row.evidence)}

    assert {one for one in named if ROOT / one[1] not in files()} == set()


def test_the_summary_counts_what_the_table_holds() -> None:
    lines = SUMMARY.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| [a-z]", line)]

    assert {state: numbers for state, *numbers in cells} == counts_of(rows())


def test_the_summary_lists_every_open_row_once_and_no_other() -> None:
    assert listed_below("Weighs") == sorted((row.number, row.level) for row in rows() if row.state == "open")


def test_a_row_is_read_and_a_test_that_there_is_not_is_seen() -> None:
    evidence = "`tests/project/test_asvs.py::test_of_nothing`: so it is"

    [row] = rows_of(f"| `V1.2.3` | 1 | no harm is done | test | {evidence} |")

    assert row == Row("V1.2.3", 1, "no harm is done", "test", evidence)
    assert [has_test(*one) for one in named_tests(row.evidence)] == [False]
    assert _FILE.findall(row.evidence) == ["tests/project/test_asvs.py"]
    assert has_test("tests/project/test_asvs.py", "test_every_state_is_one_of_four")
