from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import EVERY, ONE_ERROR, TWO_ERRORS, Error, chance
from bench.people import Person, people, travelling
from bench.spelling import Word
from liaison.engine.types import Subject

PEOPLE = people(1, 0, 400)
BY_NAME = {error.name: error for error in EVERY}
IVAN = Person("russian", "russian", (Word("Иван"), Word("Щедрин")), "ICAO 9303", "1984-02-03", "M", "RU")
MONONYM = Person("indonesian", "latin", (Word("Suparman"),), "as written", "1984-02-29", "M", "ID")


def altered(error: str, person: Person) -> Subject | None:
    return BY_NAME[error].change(person, chance(1))


@given(st.sampled_from(PEOPLE), st.sampled_from(ONE_ERROR), st.integers())
def test_an_error_changes_the_name_or_the_date_and_never_both(person: Person, error: Error, seed: int) -> None:
    query, right = error.change(person, chance(seed)), travelling(person)

    changed = query and (query.names != right.names, query.born != right.born)

    assert changed in (None, (error.family != "date", error.family == "date"))


@given(st.sampled_from(PEOPLE), st.integers())
def test_two_errors_change_both(person: Person, seed: int) -> None:
    query, right = TWO_ERRORS.change(person, chance(seed)), travelling(person)

    assert query is None or (query.names != right.names and query.born != right.born)


@given(st.sampled_from(PEOPLE), st.sampled_from(EVERY), st.integers())
def test_a_wrong_date_is_a_date_all_the_same(person: Person, error: Error, seed: int) -> None:
    query = error.change(person, chance(seed))

    assert query is None or date.fromisoformat(f"{query.born[0]}-01"[:10])


@given(st.sampled_from(PEOPLE), st.sampled_from(EVERY), st.integers())
def test_the_same_chance_makes_the_same_error(person: Person, error: Error, seed: int) -> None:
    assert error.change(person, chance(seed)) == error.change(person, chance(seed))


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ("last part first", "Shchedrin Ivan"),
        ("parts joined", "Ivanshchedrin"),
        ("initial", "I Shchedrin"),
        ("own letters", "Иван Щедрин"),
    ],
)
def test_a_name_goes_wrong_as_the_error_says(error: str, name: str) -> None:
    query = altered(error, IVAN)

    assert query is not None
    assert query.names == (name,)


@pytest.mark.parametrize(("error", "born"), [("day for month", "1984-03-02"), ("no day", "1984-02")])
def test_a_date_goes_wrong_as_the_error_says(error: str, born: str) -> None:
    query = altered(error, IVAN)

    assert query is not None
    assert query.born == (born,)


@pytest.mark.parametrize(
    "error", ["last part first", "a part left out", "parts joined", "initial", "own letters", "day for month"]
)
def test_an_error_that_a_person_cannot_have_is_none(error: str) -> None:
    assert altered(error, MONONYM) is None


def test_a_leap_day_can_be_a_year_off() -> None:
    query = altered("year beside", MONONYM)

    assert query is not None
    assert query.born[0] in ("1983-02-28", "1985-02-28")
