"""Published comparisons: the worked examples of docs/officer/how-names-are-compared.md, and a few beside them."""

from pathlib import Path

import pytest

from liaison.engine.score import POSSIBLE, POSSIBLE_DATED, STRONG, STRONG_UNBORN, compare
from liaison.engine.types import Comparison, Subject

PAGE = Path(__file__).parents[4] / "docs" / "officer" / "how-names-are-compared.md"
EXAMPLES = (
    (
        Subject(("Zofia Kowalska",), ("1984-02-29",), "F", ("PL",)),
        Subject(("KOWALSKA, Sofia",), ("1984-02-28",), "F", ("PL",)),
    ),
    (Subject(("Mohamed El Amrani",)), Subject(("محمد العمراني",))),
    (Subject(("Peter Otieno",), ("1979",)), Subject(("Peter Wanjala",), ("1986-05-01",))),
)
VECTORS = (
    ("Zofia Kowalska", "Zofia Kowalska", "possible"),
    ("Peter Otieno", "Peter Odhiambo Otieno", "possible"),
    ("Peter Otieno", "Peter Wanjala", "none"),
    ("Иван Кузнецов", "Ivan Kuznetsov", "possible"),
    ("Kasia Wisniewska", "Katarzyna Wisniewska", "possible"),
    ("Abdul Rahman Nuristani", "Abdulrahman Nuristani", "possible"),
    # As passports write them: ICAO Doc 9303 part 3, and the laws of Bulgaria, Ukraine and Kazakhstan.
    ("Юрий Щукин", "SHCHUKIN IURII", "possible"),
    ("Игорь Хохлов", "KHOKHLOV IGOR", "possible"),
    ("Ангел Щърбанов", "Angel Shtarbanov", "possible"),
    ("Євген Їжакевич", "Yevhen Yizhakevych", "possible"),
    ("Његош Ђорђевић", "Njegoš Đorđević", "possible"),
    ("Әлімжан Құнанбаев", "Alimzhan Kunanbayev", "possible"),
    ("Nguyễn Thị Hương", "NGUYEN THI HUONG", "possible"),
    ("Þórður Guðmundsson", "Thordur Gudmundsson", "possible"),
    ("Ștefan Țăranu", "Stefan Taranu", "possible"),
    ("Χρήστος Παπαδόπουλος", "Christos Papadopoulos", "possible"),
)


def rows_of(compared: Comparison) -> list[str]:
    """Return the rows of a table that explains a comparison, the sum and the score at its end."""
    told = [(term.finding.replace("_", " "), term.query, term.record, f"{term.weight:.1f}") for term in compared.terms]
    bits = sum(term.weight for term in compared.terms)
    told.append((f"**score {compared.score:.2f}, {compared.strength}**", "", "", f"**{bits:.1f}**"))
    return [f"| {' | '.join(row)} |".replace("|  ", "| ") for row in told]


@pytest.mark.parametrize(("query", "record"), EXAMPLES)
def test_the_worked_examples_are_what_the_engine_says(query: Subject, record: Subject) -> None:
    assert "\n".join(rows_of(compare(query, record))) in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("threshold", [POSSIBLE, POSSIBLE_DATED, STRONG, STRONG_UNBORN])
def test_the_page_names_every_threshold(threshold: float) -> None:
    assert f"| {threshold} | " in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("query", "record", "strength"), VECTORS)
def test_names_alone_are_as_strong_as_published(query: str, record: str, strength: str) -> None:
    assert compare(Subject((query,)), Subject((record,))).strength == strength
