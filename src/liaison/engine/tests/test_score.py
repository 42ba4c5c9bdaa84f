"""How likely two descriptions mean the same subject, and why."""

import math
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from liaison.engine.profile import profile_of
from liaison.engine.score import (
    MATCH,
    POSSIBLE,
    POSSIBLE_DATED,
    STRONG,
    bits_of,
    compare,
    compare_profiles,
    is_dated,
    score_of,
)
from liaison.engine.types import Comparison, Subject, Term
from liaison.engine.weights import weights

PARTS = (
    "mohammed muhammad ali aly nowak novak kowalska bin al sheikh j zyx andrei andrey abdulrahman abdul rahman مصطفى "
    "Кузнецов wisniewska o lee ibrahim"
)
parts = st.sampled_from(PARTS.split())
names = st.lists(parts, min_size=1, max_size=5).map(" ".join)
dates = st.sampled_from(["1984", "1984-02", "1984-02-29", "1984-03-01", "1985-02-28", "1960-01-01", "never"])
subjects = st.builds(
    Subject,
    names=st.lists(names, min_size=1, max_size=2).map(tuple),
    born=st.lists(dates, max_size=2).map(tuple),
    sex=st.sampled_from(["F", "M", "X", "U"]),
    nationalities=st.lists(st.sampled_from(["PL", "KE", "ES"]), max_size=2).map(tuple),
    documents=st.lists(st.sampled_from(["PL/AB1", "*/AB1", "KE/X9"]), max_size=2).map(tuple),
    places=st.lists(st.sampled_from(["Kisumu", "Lviv, Ukraine", "Львів", "Kenya", "Near Lviv"]), max_size=2).map(tuple),
)


UNKNOWN: dict[str, dict[str, Any]] = {
    "birth_date": {"born": ()}, "sex": {"sex": "U"}, "nationality": {"nationalities": ()},
    "place_of_birth": {"places": ()}, "document": {"documents": ()},
}  # fmt: skip


def person(name: str, *born: str, countries: tuple[str, ...] = ()) -> Subject:
    return Subject((name,), born, "U", countries)


def findings(compared: Comparison) -> list[tuple[str, str]]:
    return [(term.kind, term.finding) for term in compared.terms]


@given(subjects, subjects)
@settings(deadline=None)
def test_the_terms_add_up_to_the_score(query: Subject, candidate: Subject) -> None:
    compared = compare(query, candidate)

    assert 0.0 < compared.score < 1.0
    logit = math.log2(compared.score / (1 - compared.score))
    assert sum(term.weight for term in compared.terms) == pytest.approx(logit, abs=1e-6)


@given(subjects, subjects)
@settings(deadline=None)
def test_the_short_way_gives_the_same_answer(query: Subject, candidate: Subject) -> None:
    # Documents are weighed only where subjects are compared.
    query = replace(query, documents=())
    score, strength = compare_profiles(profile_of(query), profile_of(candidate))

    compared = compare(query, candidate)
    assert score == pytest.approx(compared.score, rel=1e-9)
    assert strength == compared.strength


@given(subjects, subjects)
@settings(max_examples=50, deadline=None)
def test_who_is_called_the_query_does_not_matter_but_for_the_base(query: Subject, candidate: Subject) -> None:
    there, back = compare(query, candidate), compare(candidate, query)
    is_one_dated = is_dated(profile_of(query).born) != is_dated(profile_of(candidate).born)

    assert _beside_the_base(there) == pytest.approx(_beside_the_base(back))
    assert is_one_dated or there.score == pytest.approx(back.score, rel=1e-6)


def _beside_the_base(compared: Comparison) -> float:
    return sum(term.weight for term in compared.terms if term.finding != "base_rate")


@given(subjects)
@settings(deadline=None)
def test_a_name_alone_is_never_strong(subject: Subject) -> None:
    alone = Subject(subject.names, (), subject.sex, subject.nationalities)

    assert compare(alone, subject).strength != "strong"
    assert compare(subject, alone).strength != "strong"


@given(subjects, names)
@settings(deadline=None)
@example(person("مصطفى مصطفى"), "mohammed")
def test_removing_a_part_that_contradicts_never_lowers_the_score(candidate: Subject, name: str) -> None:
    # A name of nothing but particles is another matter: there they count as parts.  Digits resemble nothing here.
    without = compare(person(f"zofia {name}"), candidate)
    contradicted = compare(person(f"zofia {name} 9999999999"), candidate)

    assert without.score >= contradicted.score


@given(subjects, subjects)
@example(
    person("Abcde Fghij Klmno Pqrst", "1984-02-29"), person("Abcde Fghij Klmno Pqrst", "1984-07-01")
)  # rare, and much that agrees
@settings(deadline=None)
def test_removing_what_contradicts_beside_the_name_never_lowers_the_score(query: Subject, candidate: Subject) -> None:
    compared = compare(query, candidate)

    for kind, unknown in UNKNOWN.items():
        if any(term.kind == kind and term.weight < 0 for term in compared.terms):
            assert compare(replace(query, **unknown), candidate).score >= compared.score
            assert compare(query, replace(candidate, **unknown)).score >= compared.score


def test_the_same_person_is_strong() -> None:
    compared = compare(person("Zofia Kowalska", "1984-02-29"), person("KOWALSKA, Zofia", "1984-02-29"))

    assert compared.strength == "strong"
    assert compared.score >= STRONG
    assert ("birth_date", "same") in findings(compared)


def test_a_name_of_a_stranger_is_nothing() -> None:
    compared = compare(person("Zofia Kowalska", "1984-02-29"), person("Peter Otieno", "1951-01-02"))

    assert compared.strength == "none"
    assert compared.score < POSSIBLE


def test_an_omitted_part_costs_less_than_a_contradicted_one() -> None:
    record = person("Andrei Petrovich Wisniewski")

    omitted = compare(person("Andrei Wisniewski"), record)
    contradicted = compare(person("Andrei Zyxwvut Wisniewski"), record)

    assert ("name_missing", "not_in_query") in findings(omitted)
    assert ("name_part", "different") in findings(contradicted)
    assert omitted.score > contradicted.score


@pytest.mark.parametrize(
    ("query", "record", "finding"),
    [
        ("Wisniewska", "Wisniewska", "same"),
        ("Wisniewska", "Visniewska", "sounds_same"),
        ("Wisniewska", "Wisniewsta", "similar"),
        ("W Nowak", "Wisniewska Nowak", "initial"),
        ("مصطفى", "Mostafa", "transliterated"),
        ("Bill Nowak", "William Nowak", "nickname"),
        ("Abdul Rahman", "Abdulrahman", "divided_otherwise"),
        ("Abdulrahman", "Abd al-Rahman", "divided_otherwise"),
        ("Nowak W", "Nowak Zofia", "different"),
    ],
)
def test_each_way_of_agreeing_is_named(query: str, record: str, finding: str) -> None:
    assert ("name_part", finding) in findings(compare(person(query), person(record)))


@pytest.mark.parametrize(
    ("query", "record", "finding"),
    [
        ("Zofia Maria Kowalska", "Zofia Maria Kowalska", "parts_go_together"),
        ("Zofia Kowalska", "Kowalska Zofia", "other_order"),
        ("Ahmad bin Hasan", "Hasan bin Ahmad", "other_descent"),
        ("Kowalska", "Zofia Kowalska", "first_missing"),
        ("Zofia Kowalska", "Kowalska", "first_missing"),
    ],
)
def test_what_the_names_say_as_a_whole_is_named(query: str, record: str, finding: str) -> None:
    assert ("name_whole", finding) in findings(compare(person(query), person(record)))


def test_a_query_part_that_the_record_lacks_is_named() -> None:
    compared = compare(person("Zofia Anna Kowalska"), person("Zofia Kowalska"))

    assert Term("name_missing", "not_in_record", "anna", "", compared.terms[-1].weight) == compared.terms[-1]


def test_two_left_out_of_few_cost_more_than_of_many() -> None:
    few = compare(person("Zofia Anna"), person("Zofia"))
    many = compare(person("Zofia Kowalska Anna"), person("Zofia Kowalska"))

    assert few.terms[-1].weight < many.terms[-1].weight < 0


def test_a_nickname_given_in_full_says_more_than_the_nickname() -> None:
    same = compare(person("William Nowak"), person("William Nowak"))
    nickname = compare(person("Bill Nowak"), person("William Nowak"))
    stranger = compare(person("Bogdan Nowak"), person("William Nowak"))

    assert same.score > nickname.score > stranger.score


def test_a_father_is_not_his_son() -> None:
    assert compare(person("Ahmad bin Hasan"), person("Hasan bin Ahmad")).score < 0.6
    assert compare(person("Ahmad bin Hasan"), person("Ahmad bin Hasan")).score > 0.7


@pytest.mark.parametrize("score", [MATCH, POSSIBLE, POSSIBLE_DATED, STRONG])
def test_bits_and_scores_are_the_same_thing(score: float) -> None:
    assert score_of(bits_of(score)) == pytest.approx(score)


def test_the_more_a_question_tells_the_more_must_agree() -> None:
    assert MATCH == POSSIBLE < POSSIBLE_DATED < STRONG


def test_to_a_question_with_a_date_a_record_without_one_says_less() -> None:
    asked, record = person("Jamila Nuristani", "1984-02-29"), person("Jamila Nuristani")
    partly = person("Jamila Nuristani", "1984")
    lower = weights().base[0] - weights().base[2]

    assert lower > 0
    for query, candidate in ((asked, record), (asked, partly)):
        found, swapped = compare(query, candidate), compare(candidate, query)
        assert bits_of(swapped.score) - bits_of(found.score) == pytest.approx(lower)


def test_a_long_name_does_not_saturate() -> None:
    name = "Zofia Wisniewska Otieno Kuznetsov Hernandez Papadopoulos"

    compared = compare(person(name, "1984-02-29"), person(name, "1984-02-29"))

    assert ("name_whole", "parts_go_together") in findings(compared)
    assert compared.score < 1.0


def test_dates_and_countries_are_explained_as_they_are_written() -> None:
    compared = compare(
        person("Zofia Kowalska", "1984-02", countries=("PL", "DE")),
        person("Zofia Kowalska", "1984-02-29", countries=("DE",)),
    )

    assert [(term.query, term.record) for term in compared.terms[-2:]] == [("1984-02", "1984-02-29"), ("PL DE", "DE")]


@pytest.mark.parametrize(
    ("query", "record", "finding", "told"),
    [
        ("Kiev", ("Perm", "Kyiv, Ukraine"), "same", ("Kiev", "Kyiv, Ukraine")),
        ("Lviv, Ukraine", ("Kyiv, Ukraine",), "different", ("Lviv, Ukraine", "Kyiv, Ukraine")),
        ("Kisumu", ("Perm", "Lviv"), "different", ("Kisumu", "Perm; Lviv")),
        ("Lviv", ("Львів",), "same", ("Lviv", "Львів")),
    ],
)
def test_the_place_of_birth_counts(query: str, record: tuple[str, ...], finding: str, told: tuple[str, str]) -> None:
    asked, found = Subject(("Zofia Kowalska",), places=(query,)), Subject(("Zofia Kowalska",), places=record)
    compared = compare(asked, found)

    term = compared.terms[-1]
    assert (term.kind, term.finding, term.query, term.record) == ("place_of_birth", finding, *told)
    assert (term.weight > 0) == (finding == "same")
    alone = compare(asked, Subject(("Zofia Kowalska",)))
    assert (compared.score > alone.score) == (finding == "same")


@pytest.mark.parametrize("record", ["", "Ukraine", "حلب"])
def test_a_country_alone_or_another_name_in_other_letters_is_no_place_to_compare(record: str) -> None:
    asked = Subject(("Zofia Kowalska",), places=("Lviv, Ukraine",))

    assert compare(asked, Subject(("Zofia Kowalska",), places=(record,))) == compare(
        asked, Subject(("Zofia Kowalska",))
    )


@pytest.mark.parametrize(
    ("query", "record", "finding"),
    [
        (("PL/AB1",), ("DE/X9", "PL/AB1"), "same"),
        (("*/AB1",), ("PL/AB1",), "same"),
        (("PL/AB1",), ("?/AB1",), "same"),
        (("PL/AB1",), ("DE/AB1",), "different"),
        (("PL/AB1",), ("PL/AB2", "DE/AB3"), "different"),
    ],
)
def test_documents_count(query: tuple[str, ...], record: tuple[str, ...], finding: str) -> None:
    asked, found = Subject(("Zofia Kowalska",), documents=query), Subject(("Zofia Kowalska",), documents=record)
    compared = compare(asked, found)

    term = compared.terms[-1]
    assert (term.kind, term.finding) == ("document", finding)
    assert (term.weight > 0) == (finding == "same")
    alone = compare(asked, Subject(("Zofia Kowalska",)))
    assert (compared.score > alone.score) == (finding == "same")


def test_another_sex_and_nationality_speak_against() -> None:
    compared = compare(Subject(("Ali Nowak",), (), "F", ("PL",)), Subject(("Ali Nowak",), (), "M", ("KE",)))

    assert ("sex", "different") in findings(compared)
    assert ("nationality", "different") in findings(compared)


def test_what_cannot_be_read_is_left_out() -> None:
    compared = compare(
        Subject(("()",), ("1984-13-40",), "U", ("Poland",)), Subject(("Zofia",), ("1984",), "U", ("PL",))
    )

    assert findings(compared) == [("prior", "base_rate")]


def test_a_legal_form_says_little_about_an_organisation() -> None:
    def company(name: str) -> Subject:
        return Subject((name,), (), "U", ("PL",), "organisation")

    same, other = compare(company("Zielona Rybka Ltd"), company("ZIELONA RYBKA GMBH")), company("Szara Mewa Ltd")

    assert same.strength != "none"
    assert compare(company("Zielona Rybka Ltd"), other).strength == "none"
    assert same.score == compare(company("Zielona Rybka"), company("ZIELONA RYBKA")).score


def test_a_name_of_nothing_but_titles_is_compared_all_the_same() -> None:
    assert ("name_part", "same") in findings(compare(person("Haji Imam"), person("Imam Haji")))


def test_another_table_of_rarities_may_be_given() -> None:
    class Flat:
        def bits(self, part: str) -> float:
            return len(part) / len(part) * 2.0

    flat, usual = (compare(person("Ali Nowak"), person("Ali Nowak"), table) for table in (Flat(), None))

    assert flat.score < usual.score
