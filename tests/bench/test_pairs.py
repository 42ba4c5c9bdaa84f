import json
from pathlib import Path

from bench.datasets import load
from bench.pairs import Pair, is_held_out, named, sample

_FIFTH = [f"person {number}" for number in range(1000)]


def pair(group: str) -> Pair:
    return Pair(named("a"), named("b"), True, group)


def test_the_split_never_changes() -> None:
    held = [name for name in _FIFTH[:40] if is_held_out(pair(name))]

    assert held == [f"person {number}" for number in (1, 2, 5, 6, 10, 13, 18, 28, 37)]


def test_a_fifth_is_kept_for_testing() -> None:
    assert 160 < sum(is_held_out(pair(name)) for name in _FIFTH) < 240


def test_the_split_does_not_depend_on_capitals() -> None:
    assert {is_held_out(pair(name)) for name in ("PERSON 5", "person 5", "Person 5")} == {True}


def test_a_larger_sample_has_all_of_a_smaller_one() -> None:
    assert sample(_FIFTH, 50, str)[:10] == sample(_FIFTH, 10, str)


def test_a_folder_without_sets_gives_none(tmp_path: Path) -> None:
    assert load(tmp_path) == {}


def test_single_names_are_paired_with_their_own_and_with_two_others(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    lines = "ivan\tи в а н\t2\nivanna\tи в а н н а\t1\nivano\tи в а н о\t1\nzed\tз е д\t1\n"
    (tmp_path / "names" / "wd_russian.tsv").write_text(lines, encoding="utf-8")

    pairs = load(tmp_path)["wd_russian"]

    own = [(one.candidate.names[0], one.is_match) for one in pairs if one.query.names == ("ivan",)]
    assert sorted(own) == [("иван", True), ("иванна", False), ("ивано", False)]
    assert {one.group for one in pairs} == {"ivan", "ivanna", "ivano", "zed"}


def test_two_spellings_of_one_name_are_not_taken_for_two_names(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "wd_arabic.tsv").write_text("nur\tن و ر\t1\nnoor\tن و ر\t1\n", encoding="utf-8")

    assert all(one.is_match for one in load(tmp_path)["wd_arabic"])


def test_checks_are_read_with_names_in_parts_quotes_and_long_lines(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    text = """checks:
  # A word about it.
  - match: true
    schema: Person
    query:
      firstName: Anna
      lastName: Nowak
    candidate:
      name: "'Abd Nowak"
      birthDate: 1984-02-29
      country: pl
  - match: false
    schema: Company
    label: Joined
    query:
      name: A long name that goes
        on
    candidate:
      name: Short
"""
    (tmp_path / "names" / "entity_checks.yml").write_text(text, encoding="utf-8")

    found = load(tmp_path)

    (person,), (company,) = found["entity_checks"], found["entity_checks_others"]
    assert person.query.names == ("Anna Nowak",)
    assert (person.candidate.names, person.candidate.born) == (("'Abd Nowak",), ("1984-02-29",))
    assert (company.query.names, company.is_match) == (("A long name that goes on",), False)


def test_the_wrong_names_of_an_alias_stay_on_its_side_of_the_split(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    text = "query,candidate,is_match\nAnn Roe,Anna Roe,true\nAnn Roe,Ann Row,false\n"
    (tmp_path / "names" / "ofac_aka_dev.csv").write_text(text, encoding="utf-8")

    assert [(one.group, one.is_match) for one in load(tmp_path)["ofac_dev"]] == [
        ("Anna Roe", True),
        ("Anna Roe", False),
    ]


def test_a_list_gives_aliases_and_original_letters(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    persons = "".join(
        f"<INDIVIDUAL><FIRST_NAME>{first}</FIRST_NAME><SECOND_NAME>ROE</SECOND_NAME>"
        f"<NAME_ORIGINAL_SCRIPT>{own}</NAME_ORIGINAL_SCRIPT>"
        f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{first} R.</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Fox</ALIAS_NAME></INDIVIDUAL_ALIAS></INDIVIDUAL>"
        for first, own in (("ANNA", "Анна"), ("BORIS", "Борис"), ("CLARA", "Клара"))
    )
    (tmp_path / "lists" / "un_list.xml").write_text(f"<LIST>{persons}</LIST>", encoding="utf-8")

    found = load(tmp_path)

    assert {name: sum(one.is_match for one in pairs) for name, pairs in found.items()} == {
        "un_aliases": 3,
        "un_original": 3,
        "un_original_aliases": 3,
    }
    assert "The Fox" not in json.dumps([one.query.names for pairs in found.values() for one in pairs])
    assert all(len(pairs) == 9 for pairs in found.values())
