"""A service takes over what its indexer publishes, refuses when that falls silent, and starts it again."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.checks import follower as follower_module
from liaison.checks.follower import Follower
from liaison.engine.index import Index
from liaison.engine.tests.indexing import ALL, TODAY, item
from liaison.engine.writer import IndexWriter
from tests.cast import soon

# Says what each line of a file says when it comes, until its standard input closes.
INDEXER = """
import sys, threading, time
threading.Thread(target=lambda: (sys.stdin.read(), open(sys.argv[1] + ".over", "w").close()), daemon=True).start()
told = open(sys.argv[1])
while True:
    line = told.readline()
    if line.strip() == "end":
        open(sys.argv[1], "w").close()
        break
    if line:
        print(line, end="", flush=True)
    time.sleep(0.005)
    import os
    if os.path.exists(sys.argv[1] + ".over"):
        break
"""


class Stage:
    """A folder with a writer in this process, and a follower of an indexer that says what the test wants."""

    def __init__(self, folder: Path) -> None:
        self.script = folder / "told"
        self.script.touch()
        self.writer = IndexWriter(folder / "index")
        self.follower = Follower(folder / "index", (sys.executable, "-c", INDEXER, str(self.script)))

    def publish(self, number: int) -> None:
        self.writer.apply([item(number, number, None, b"k%d" % number)], number)
        self.writer.publish()
        self.say(f'{{"sequence": {number}}}')

    def say(self, line: str) -> None:
        with self.script.open("a") as file:
            file.write(line + "\n")

    def start(self) -> Index:
        self.publish(1)
        return self.follower.start()


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(follower_module, "_RESTART_SECONDS", 0.01)
    one = Stage(tmp_path)
    yield one
    one.follower.stop()
    one.writer.close()


def test_what_is_published_is_found(stage: Stage) -> None:
    index = stage.start()
    at_first = index.find_exact([b"k1", b"k2"], ALL, TODAY)

    stage.publish(2)

    assert at_first == [[1], []]
    assert soon(lambda: index.find_exact([b"k1", b"k2"], ALL, TODAY) == [[1], [2]])
    assert stage.follower.is_fresh()


def test_a_failure_of_the_indexer_makes_it_stale_until_the_next_good_news(stage: Stage) -> None:
    stage.start()

    stage.say('{"failure": "OperationalError"}')
    assert soon(lambda: not stage.follower.is_fresh())
    stage.publish(2)

    assert soon(stage.follower.is_fresh)


def test_silence_makes_it_stale(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.start()

    monkeypatch.setattr(follower_module, "SILENCE_SECONDS", 0.05)

    assert soon(lambda: not stage.follower.is_fresh())


@pytest.mark.parametrize("nonsense", ["{", "[]", '{"sequence": "many"}'])
def test_what_is_no_news_makes_it_stale_and_breaks_nothing(stage: Stage, nonsense: str) -> None:
    stage.start()

    stage.say(nonsense)
    assert soon(lambda: not stage.follower.is_fresh())
    stage.publish(2)

    assert soon(stage.follower.is_fresh)


def test_files_that_cannot_be_opened_make_it_stale(stage: Stage) -> None:
    index = stage.start()
    stage.writer.apply([item(2, 2, None, b"k2")], 2)
    stage.writer.publish()
    for path in stage.writer.folder.glob("*.fresh"):
        path.write_bytes(path.read_bytes()[:-9])

    stage.say('{"sequence": 2}')

    assert soon(lambda: not stage.follower.is_fresh())
    assert index.find_exact([b"k1"], ALL, TODAY) == [[1]]


def test_an_indexer_that_ends_is_started_again(stage: Stage) -> None:
    index = stage.start()

    stage.say("end")
    assert soon(lambda: not stage.follower.is_fresh())
    stage.publish(2)

    assert soon(stage.follower.is_fresh)
    assert soon(lambda: index.sequence == 2)


def test_stopping_before_the_start_starts_nothing(tmp_path: Path) -> None:
    follower = Follower(tmp_path, ("/nonexistent",))

    follower.stop()

    assert list(tmp_path.iterdir()) == []
