import re
from collections import Counter

import numpy as np
import pytest

from bench.nations import nations
from bench.people import people, recorded, travelling
from bench.population import known, subjects
from bench.spelling import SPELLERS, Word, latin, own
from tests.project.tree import ROOT


def test_a_block_is_always_the_same_people() -> None:
    assert people(1, 3, 200) == people(1, 3, 200)


def test_those_who_travel_are_not_those_who_are_recorded() -> None:
    assert not set(people(1, 0, 500)) & set(people(2, 0, 500))


def test_there_are_more_than_twenty_nations_and_ten_writings() -> None:
    assert len(nations()) >= 20
    assert len({nation.writing for nation in nations()}) >= 10


@pytest.mark.parametrize(
    ("nation", "family", "percent"),
    [("vietnamese", "Nguyễn", 38), ("korean", "김", 21.5), ("chinese", "wang", 7.5), ("indian", "siṃh", 9)],
)
def test_a_common_family_name_is_as_common_as_in_life(nation: str, family: str, percent: float) -> None:
    found = next(one for one in nations() if one.name == nation)

    drawn = Counter(word.source for word in found.lists["family"].draw(20_000, np.random.default_rng(1)))

    assert 100 * drawn[family] / 20_000 == pytest.approx(percent, rel=0.12)


@pytest.mark.parametrize("nation", [one.name for one in nations()])
def test_every_name_can_be_spelt_by_every_standard_of_its_writing(nation: str) -> None:
    some = [one for one in people(1, 0, 6000) if one.nation == nation]

    spelt = [latin(one.words, one.writing, standard) for one in some for standard in SPELLERS[one.writing]]

    assert len(some) > 20
    assert [name for name in spelt if not name or re.search(r"[\u0370-\u1dff\u2e80-\uffff]", name)] == []


@pytest.mark.parametrize(
    ("writing", "standard", "source", "written"),
    [
        ("russian", "ICAO 9303", "Щедрин", "Shchedrin"),
        ("russian", "ISO 9", "Журавлёв", "Žuravlëv"),
        ("russian", "BGN/PCGN", "Андреев", "Andreyev"),
        ("ukrainian", "decree 55", "Згурський", "Zghurskyi"),
        ("ukrainian", "decree 55", "Гончаренко", "Honcharenko"),
        ("bulgarian", "law of 2009", "Кръстев", "Krastev"),
        ("serbian", "Gaj", "Ђорђевић", "Đorđević"),
        ("serbian", "ICAO 9303", "Ђорђевић", "Djordjevic"),
        ("greek", "ELOT 743", "Παπαδόπουλος", "Papadopoulos"),
        ("greek", "ELOT 743", "Ευαγγελία", "Evangelia"),
        ("chinese", "Wade-Giles", "ze-dong", "Tsê-tung"),
        ("chinese", "Wade-Giles", "xiao", "Hsiao"),
        ("chinese", "Pinyin", "xiao-ping", "Xiaoping"),
        ("korean", "McCune-Reischauer", "박", "Pak"),
        ("korean", "Revised", "박", "Bak"),
        ("japanese", "Hepburn", "さとう", "Satō"),
        ("japanese", "Kunrei", "しま", "Sima"),
        ("japanese", "passport", "さとう", "Sato"),
        ("arabic", "French", "rashīd", "Rachid"),
        ("arabic", "DIN 31635", "khālid", "Ḫālid"),
        ("latin", "ICAO 9303", "Müller", "Mueller"),
        ("latin", "ICAO 9303", "Łukasz", "Lukasz"),
        ("indian", "Hunterian", "śarmā", "Sharma"),
    ],
)
def test_a_standard_writes_what_its_text_says(writing: str, standard: str, source: str, written: str) -> None:
    assert latin((Word(source),), writing, standard) == written


def test_a_name_in_its_own_letters_is_joined_as_its_readers_do() -> None:
    assert own((Word("wang", "王"), Word("jian-guo", "建国")), "chinese") == "王建国"
    assert own((Word("Иван"), Word("Иванов")), "russian") == "Иван Иванов"
    assert own((Word("Anna"),), "latin") == ""


def test_a_woman_bears_the_feminine_form_of_her_family_name() -> None:
    women = [one for one in people(1, 0, 6000) if one.nation == "polish" and one.sex == "F"]

    assert [one.name for one in women if re.search(r"(ski|cki)$", one.name)] == []


def test_some_records_know_less_than_a_passport() -> None:
    random = np.random.default_rng(1)
    told = [recorded(person, random) for person in people(1, 0, 2000)]

    lengths = Counter(len(subject.born[0]) if subject.born else 0 for subject in told)

    assert set(lengths) == {0, 4, 7, 10}
    assert lengths[10] > 1600


def test_a_passport_has_one_name_and_the_whole_date() -> None:
    assert all(len(travelling(one).names) == 1 and len(one.born) == 10 for one in people(2, 0, 200))


def test_a_known_person_is_the_one_under_the_number() -> None:
    recorded_people = list(subjects(12_000))

    drawn = known(12_000, 30)

    assert [recorded_people[one.record - 1] for one in drawn] == [one.subject for one in drawn]


def test_the_generators_know_no_rule_of_the_engine() -> None:
    files = [ROOT / "bench" / f"{name}.py" for name in ("people", "nations", "spelling", "spelling_tables", "errors")]
    imported = {line for file in files for line in re.findall(r"liaison\S*", "\n".join(_imports(file.read_text())))}

    assert imported == {"liaison.engine.types"}


def _imports(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("from ", "import "))]
