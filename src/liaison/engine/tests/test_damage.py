"""Whatever happens to the files of an index: it is found out, or harmless; nothing false is ever answered."""

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from liaison.engine.index import Index, IndexDamaged
from liaison.engine.manifest import read_manifest
from liaison.engine.tests.indexing import ALL, NAMES, TODAY, item, numbers, person
from liaison.engine.types import Item, Removal
from liaison.engine.writer import IndexWriter

Answers = tuple[list[list[int]], list[list[int]]]
KEYS = [b"k%d" % number for number in range(40)]
PAGE = 4096


def history() -> Iterator[Sequence[Item | Removal]]:
    """Yield versions of 400 records in steps: some replaced, some removed."""
    sequence = 0
    for step in range(8):
        changes: list[Item | Removal] = []
        for number in [*range(step * 50, step * 50 + 50), *range(step, step * 50, 17)]:
            sequence += 1
            name = NAMES[(number + step) % len(NAMES)]
            changes.append(item(number, sequence, person(name), KEYS[(number + 3 * step) % len(KEYS)]))
        changes.append(Removal(step * 7, sequence := sequence + 1))
        yield changes


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with segments and fresh shards, as a writer leaves it that is killed."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    with IndexWriter(folder) as writer:
        for step, changes in enumerate(history()):
            writer.apply(changes, changes[-1].sequence)
            _flush_or_not(writer, step)
        writer.publish()
    return folder


def _flush_or_not(writer: IndexWriter, step: int) -> None:
    if step in (3, 4):
        writer.flush()
    writer.publish()


def answers(index: Index) -> Answers:
    searched = [numbers(index.search(person(name), ALL, TODAY)) for name in NAMES]
    return index.find_exact(KEYS, ALL, TODAY), searched


def change_of(path: Path, change: Callable[[bytearray], None]) -> None:
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(content)


def flip(folder: Path, chance: random.Random) -> None:
    """Flip a bit anywhere: in a header, an array, the padding, a manifest."""

    def do(content: bytearray) -> None:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)

    change_of(_any_file(folder, chance), do)


def cut(folder: Path, chance: random.Random) -> None:
    def do(content: bytearray) -> None:
        del content[chance.randrange(len(content)) :]

    change_of(_any_file(folder, chance), do)


def lengthen(folder: Path, chance: random.Random) -> None:
    change_of(_any_file(folder, chance), lambda content: content.extend(chance.randbytes(chance.randint(1, PAGE))))


def lose_pages(folder: Path, chance: random.Random) -> None:
    """A power cut leaves zeros where pages never reached the disk."""

    def do(content: bytearray) -> None:
        first = chance.randrange(0, len(content), PAGE)
        last = min(len(content), first + PAGE * chance.randint(1, 4))
        content[first:last] = bytes(last - first)

    change_of(_any_file(folder, chance), do)


def overwrite(folder: Path, chance: random.Random) -> None:
    def do(content: bytearray) -> None:
        first = chance.randrange(len(content))
        content[first : first + 32] = chance.randbytes(len(content[first : first + 32]))

    change_of(_any_file(folder, chance), do)


def delete(folder: Path, chance: random.Random) -> None:
    _any_file(folder, chance).unlink()


def swap(folder: Path, chance: random.Random) -> None:
    """Two files change places: each is whole, and in the wrong place."""
    one, other = chance.sample(_files(folder), 2)
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def copy_over(folder: Path, chance: random.Random) -> None:
    one, other = chance.sample(_files(folder), 2)
    one.write_bytes(other.read_bytes())


DAMAGES = (flip, flip, flip, cut, lengthen, lose_pages, overwrite, delete, swap, copy_over)


def _files(folder: Path) -> list[Path]:
    # In an order that is the same in every run: names are drawn.
    files = [path for path in folder.iterdir() if path.suffix in (".segment", ".fresh", ".json")]
    return sorted(files, key=lambda path: (path.suffix, path.stat().st_size, path.name))


def _any_file(folder: Path, chance: random.Random) -> Path:
    return chance.choice(_files(folder))


def answered_by(open_index: Callable[[Path], Index], folder: Path) -> Answers | None:
    """Return what an index answers after it is damaged, None where it refuses to."""
    try:
        return answers(open_index(folder))
    except IndexDamaged:
        return None


def follower(folder: Path) -> Index:
    """Open like the service and its search processes: they answer from what is there."""
    return Index(folder, as_published=True)


def command(folder: Path) -> Index:
    """Open like a command: it makes up what is missing from the records."""
    return _fed_again(Index(folder))


def next_writer(folder: Path) -> Index:
    """Open like the next indexer, which begins again when what it finds is damaged."""
    try:
        writer = IndexWriter(folder)
    except IndexDamaged:
        writer = IndexWriter(folder, begin_again=True)
    try:
        return _fed_again(writer)
    finally:
        writer.close()


def _fed_again(index: Index) -> Index:
    for changes in history():
        index.apply(changes, changes[-1].sequence)
    return index


@pytest.mark.campaign(sample=50, full=1000)
def test_nothing_false_is_answered_from_damaged_files(sound: Path, tmp_path: Path, rounds: int) -> None:
    expected = answers(follower(sound))
    chance = random.Random(17)  # noqa: S311
    outcomes: dict[str, list[Answers | None]] = {"follower": [], "command": [], "next_writer": []}

    for number in range(rounds):
        for open_index in (follower, command, next_writer):
            folder = shutil.copytree(sound, tmp_path / f"{number}-{open_index.__name__}")
            chance.seed(number)
            chance.choice(DAMAGES)(folder, chance)
            outcomes[open_index.__name__].append(answered_by(open_index, folder))
            shutil.rmtree(folder)

    # A follower refuses unless what is damaged does not concern it; the others make good what they lost.
    assert [answer for answer in outcomes["follower"] if answer not in (None, expected)] == []
    assert outcomes["follower"].count(None) > rounds / 2
    assert [answer for answer in outcomes["command"] if answer not in (None, expected)] == []
    assert outcomes["next_writer"] == [expected] * rounds


@pytest.mark.campaign(sample=10, full=300)
def test_a_reader_that_is_open_answers_the_same_whatever_is_damaged_beside_it(
    sound: Path, tmp_path: Path, rounds: int
) -> None:
    """Damage that comes after a file was opened is found by the next who opens it, and by the next merge."""
    expected = answers(follower(sound))
    chance = random.Random(18)  # noqa: S311
    seen = []

    for number in range(rounds):
        folder = shutil.copytree(sound, tmp_path / str(number))
        with IndexWriter(folder) as writer:
            _fed_again(writer)
            writer.publish()
            reader = follower(folder)
            manifest = chance.choice(("live.json", "manifest.json"))
            (folder / manifest).write_bytes(chance.randbytes(90))
            writer.publish_again()
            seen.append((answers(reader), answered_by(follower, folder)))
        shutil.rmtree(folder)

    assert seen == [(expected, expected)] * rounds


def test_the_sound_folder_has_what_can_be_damaged(sound: Path) -> None:
    manifest = read_manifest(sound)

    assert manifest
    assert len(manifest.segments) >= 1
    assert {path.suffix for path in _files(sound)} == {".segment", ".fresh", ".json"}
    assert any(answers(follower(sound))[0])
