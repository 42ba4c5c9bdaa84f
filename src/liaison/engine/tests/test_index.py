"""The index against a plain list of records, its life on disk, and its readers."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.engine.index import Found, Index, warm_up
from liaison.engine.score import compare
from liaison.engine.tests.indexing import ALL, KEYS, NAMES, NEVER, TODAY, item, numbers, person
from liaison.engine.types import Candidate, Item, Removal, Subject
from liaison.engine.writer import IndexWriter


class PlainScan:
    """The same answers from a list that is read from end to end."""

    def __init__(self) -> None:
        self.newest: dict[int, Item | Removal] = {}

    def apply(self, changes: Sequence[Item | Removal]) -> None:
        for change in changes:
            known = self.newest.get(change.record)
            if known is None or change.sequence > known.sequence:
                self.newest[change.record] = change

    def visible(self, allowed: Sequence[bool]) -> list[Item]:
        items = [change for change in self.newest.values() if isinstance(change, Item)]
        return [
            item
            for item in items
            if item.expires_day > TODAY and item.rights_class < len(allowed) and allowed[item.rights_class]
        ]

    def find_exact(self, key: bytes, allowed: Sequence[bool]) -> list[int]:
        return sorted(item.record for item in self.visible(allowed) if key in item.keys)

    def search(self, query: Subject, allowed: Sequence[bool]) -> list[tuple[int, float]]:
        compared = [
            (item.record, compare(query, item.subject))
            for item in self.visible(allowed)
            if item.subject and item.subject.kind == query.kind
        ]
        found = [(record, one.score) for record, one in compared if one.strength != "none"]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


born = st.sampled_from([(), ("1984",), ("1984-02-29",), ("1951-05-06", "1984")])
persons = st.builds(
    Subject,
    names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=2).map(tuple),
    born=born,
    kind=st.sampled_from(["person", "person", "organisation"]),
)
items = st.builds(
    Item,
    record=st.integers(1, 8),
    sequence=st.just(0),
    rights_class=st.integers(0, 3),
    expires_day=st.sampled_from([TODAY, TODAY + 1, NEVER]),
    keys=st.lists(st.sampled_from(KEYS), unique=True, max_size=2).map(tuple),
    subject=st.none() | persons,
)
removals = st.builds(Removal, record=st.integers(1, 8), sequence=st.just(0))
histories = st.lists(
    st.tuples(st.lists(items | removals, max_size=6), st.sampled_from(["stay", "flush", "publish", "reopen"])),
    max_size=8,
)


class Play:
    """A folder with its writer, a service that follows it, a command that catches up in memory, and a plain scan."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sequence = folder, 0
        self.writer, self.plain = IndexWriter(folder), PlainScan()
        self.service, self.command = Index(folder), Index(folder)

    def play(self, history: Sequence[tuple[Sequence[Item | Removal], str]]) -> "Play":
        for changes, then in history:
            numbered = [self._numbered(change) for change in changes]
            self.plain.apply(numbered)
            self.writer.apply(numbered, self.sequence)
            self.command.apply(numbered, self.sequence)
            self._then(then)
        self._then("publish")
        return self

    def _numbered(self, change: Item | Removal) -> Item | Removal:
        self.sequence += 1
        if isinstance(change, Removal):
            return Removal(change.record, self.sequence)
        return Item(change.record, self.sequence, change.rights_class, change.expires_day, change.keys, change.subject)

    def _then(self, then: str) -> None:
        if then in ("flush", "reopen"):
            self.writer.flush()
        if then == "publish":
            self.writer.publish()
            self.service.refresh()
            self.command.refresh()
        if then == "reopen":
            self.writer.close()
            self.writer = IndexWriter(self.folder)
            self.command = Index(self.folder)
            self.command.apply(list(self.plain.newest.values()), self.sequence)

    def close(self) -> None:
        self.writer.close()


@given(
    histories,
    st.lists(st.booleans(), min_size=2, max_size=4),
    persons,
    st.sampled_from(["writer", "service", "command"]),
)
@settings(max_examples=90, deadline=None)
def test_the_index_answers_like_a_plain_scan(
    history: list[tuple[list[Item | Removal], str]], allowed: list[bool], query: Subject, who: str
) -> None:
    with TemporaryDirectory() as folder, closing(Play(Path(folder)).play(history)) as play:
        index: Index = getattr(play, who)

        rights = np.array(allowed)
        exact = index.find_exact(KEYS, rights, TODAY)
        found = index.search(query, rights, TODAY)

    expected = play.plain.search(query, allowed)
    assert exact == [play.plain.find_exact(key, allowed) for key in KEYS]
    assert numbers(found) == [record for record, _ in expected]
    assert [candidate.score for candidate in found.candidates] == pytest.approx([score for _, score in expected])
    assert found.total == len(expected)
    assert index.sequence == play.sequence


@given(st.lists(items, max_size=8))
@settings(max_examples=20, deadline=None)
def test_hidden_records_change_nothing(hidden: list[Item]) -> None:
    query = person("Zofia Kowalska", born=("1984",))
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        alone, among = Index(Path(first)), Index(Path(second))
        alone.apply([item(100, 1, query), item(101, 2, person("Zofia Kowalski"))], 2)
        among.apply([item(100, 1, query), item(101, 2, person("Zofia Kowalska"))], 2)
        among.apply([item(101, 3, person("Zofia Kowalski"))], 3)
        among.apply([Item(h.record, 4 + n, 9, NEVER, h.keys, h.subject) for n, h in enumerate(hidden)], 20)

        assert among.search(query, ALL, TODAY) == alone.search(query, ALL, TODAY)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[IndexWriter]:
    with IndexWriter(tmp_path / "index") as writer:
        yield writer


@pytest.mark.parametrize(
    ("query", "record"),
    [
        (person("NURISTANI Abdul Rahman"), person("Abdul Rahman Nuristani")),
        (person("Abdulrahman Nuristani"), person("Abdul Rahman Nuristani")),
        (person("Abdul Rahman Nuristani"), person("Abdulrahman Nuristani")),
        (person("مصطفى الظواهري"), person("Mostafa al-Zawahiri")),
        (person("Mostafa al-Zawahiri"), person("مصطفى الظواهري")),
        (person("Андрей Кузнецов"), person("Andrei Kuznetsov")),
        (person("Zofja Kowlaska", born=("1984",)), person("Zofia Kowalska", born=("1984-02-29",))),
        (
            person("Zofia Nuristani Wolanska", born=("1984-02-29",), countries=("PL",)),
            person("Zofia Nuristani Wolanska", countries=("PL",)),
        ),
        (person("Faridullah", born=("1971",)), person("Fardiullah", born=("1971-01-02",))),
        (person("J Nuristani"), person("Jamila Nuristani")),
        (person("M Wisniewska"), person("Wisniewska", "Maria Wisniewska")),
    ],
)
def test_a_name_written_otherwise_is_found(index: IndexWriter, query: Subject, record: Subject) -> None:
    index.apply([item(1, 1, person("Peter Otieno", born=("1984-02-29",))), item(2, 2, record)], 2)

    assert numbers(index.search(query, ALL, TODAY)) == [2]


def test_an_empty_folder_is_an_empty_index(index: IndexWriter) -> None:
    assert index.sequence == index.delta_size == index.record_count == 0
    assert index.search(person("Zofia Kowalska"), ALL, TODAY) == Found([], 0)
    assert index.find_exact([b"vin:1"], ALL, TODAY) == [[]]
    assert index.refresh() is False


@pytest.mark.parametrize("name", ["", "()", "🙂"])
def test_a_query_without_a_name_finds_nothing(index: IndexWriter, name: str) -> None:
    index.apply([item(1, 1, person("Zofia Kowalska", born=("1984",))), item(2, 2, person(name))], 2)

    assert index.search(person(name, born=("1984",)), ALL, TODAY).total == 0


def test_only_subjects_of_the_same_kind_are_found(index: IndexWriter) -> None:
    ship = Subject(("Zielona Rybka",), (), "U", (), "vessel")
    index.apply([item(1, 1, ship), item(2, 2, person("Zielona Rybka"))], 2)

    assert numbers(index.search(ship, ALL, TODAY)) == [1]


@pytest.mark.parametrize("flushed", ["in memory", "on disk"])
def test_what_is_expired_or_of_another_class_is_found_by_no_path(index: IndexWriter, flushed: str) -> None:
    subject = person("Zofia Kowalska", born=("1984",))
    index.apply(
        [
            Item(1, 1, 0, TODAY, (b"k",), subject),
            Item(2, 2, 1, NEVER, (b"k",), subject),
            Item(3, 3, 7, NEVER, (b"k",), subject),
            Item(4, 4, 2, TODAY + 1, (b"k",), subject),
        ],
        4,
    )
    {"in memory": index.refresh, "on disk": index.flush}[flushed]()
    allowed = np.array([True, False, True])

    assert index.find_exact([b"k"], allowed, TODAY) == [[4]]
    found = index.search(subject, allowed, TODAY)
    score = compare(subject, subject).score
    assert found == Found([Candidate(4, pytest.approx(score), "possible")], 1)  # type: ignore[arg-type]


def test_a_namesake_born_in_another_decade_is_not_found(index: IndexWriter) -> None:
    index.apply([item(1, 1, person("Ali Ibrahim", born=("1951",)))], 1)

    assert numbers(index.search(person("Ali Ibrahim"), ALL, TODAY)) == [1]
    assert numbers(index.search(person("Ali Ibrahim", born=("1984",)), ALL, TODAY)) == []


def test_a_name_that_shares_little_is_not_found(index: IndexWriter) -> None:
    index.apply([item(1, 1, person("Ali Kowalska Otieno Wisniewska Hernandez"))], 1)

    assert numbers(index.search(person("Ali Papadopoulos Kuznetsova Fernando"), ALL, TODAY)) == []


def test_superseded_rows_of_the_delta_stay_superseded_after_a_refresh(index: IndexWriter, tmp_path: Path) -> None:
    other = Index(tmp_path / "index")
    other.apply([item(number, number + 1, None, b"old") for number in (1, 2, 3)], 4)
    other.apply([item(1, 5, None, b"new")], 5)
    index.apply([item(9, 1, None, b"flushed")], 1)
    index.flush()
    index.publish()

    other.refresh()

    assert other.find_exact([b"old", b"new", b"flushed"], ALL, TODAY) == [[2, 3], [1], [9]]


def test_a_long_answer_is_cut_and_counted(index: IndexWriter) -> None:
    index.apply([item(number, number, person("Zofia Kowalska")) for number in range(1, 151)], 150)

    found = index.search(person("Zofia Kowalska"), ALL, TODAY, limit=3)

    assert numbers(found) == [1, 2, 3]
    assert found.total == 150


def test_many_keys_are_looked_up_at_once(index: IndexWriter) -> None:
    keys = [b"vin:%d" % number for number in range(20)]
    index.apply([item(number + 1, number + 1, None, keys[number]) for number in range(10)], 10)
    index.flush()
    index.apply([item(30, 11, None, keys[3])], 11)

    found = index.find_exact(keys, ALL, TODAY)

    assert found[:5] == [[1], [2], [3], [4, 30], [5]]
    assert found[10:] == [[]] * 10


def test_an_older_version_is_ignored(index: IndexWriter) -> None:
    index.apply([item(1, 5, None, b"new")], 0)
    index.apply([item(1, 4, None, b"old"), item(1, 3, None, b"older")], 0)
    index.flush()
    index.apply([item(1, 4, None, b"old"), item(1, 5, None, b"again")], 0)

    assert index.find_exact([b"new", b"old", b"older", b"again"], ALL, TODAY) == [[1], [], [], []]


def test_applying_twice_changes_nothing(index: IndexWriter) -> None:
    changes: list[Item | Removal] = [item(1, 1, person("Zofia Kowalska"), b"k"), Removal(2, 2)]
    index.apply(changes, 2)
    before = index.describe()

    index.apply(changes, 2)

    assert index.describe() == before
    assert before["records"] == 1
    assert before["delta_rows"] == 2


def test_what_is_removed_does_not_come_back_when_history_is_applied_again(index: IndexWriter) -> None:
    history: list[Item | Removal] = [item(1, 1, None, b"k"), Removal(1, 2)]
    index.apply(history[:1], 1)
    index.flush()
    index.apply(history[1:], 2)
    index.flush()

    index.apply(history[:1], 1)

    assert index.find_exact([b"k"], ALL, TODAY) == [[]]
    assert index.describe()["segment_rows"] == 0


def test_a_candidate_names_its_record_score_and_strength(index: IndexWriter) -> None:
    query = person("Zofia Kowalska", born=("1984-02-29",))
    index.apply([item(7, 1, query)], 1)

    [candidate] = index.search(query, ALL, TODAY).candidates

    assert candidate == Candidate(7, compare(query, query).score, "strong")


def test_warming_up_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    warm_up()

    assert list(tmp_path.iterdir()) == []
