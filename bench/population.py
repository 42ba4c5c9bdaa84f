"""An index of invented people, built through the engine's own writer, and who of them is asked about."""

import os
import time
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.people import BLOCK, Person, people, recorded
from liaison.engine.index import Index
from liaison.engine.types import Item, Subject
from liaison.engine.writer import IndexWriter

RECORDED, TRAVELLING, ASKED = 1, 2, 3
TODAY = 20_000
_NEVER = 60_000
ALLOWED: NDArray[np.bool_] = np.ones(1, dtype=np.bool_)


class Built(NamedTuple):
    """What it took to build an index, with the inventing of the people told apart."""

    records: int
    seconds: float
    inventing_seconds: float
    size_bytes: int
    peak_mib: float
    identities: NDArray[np.int64]

    def has_twin(self, person: Person) -> bool:
        """Say whether somebody recorded has the very same name and birth date: no matcher could tell them apart."""
        identity = _identity(person)
        place = int(np.searchsorted(self.identities, identity))
        return place < len(self.identities) and int(self.identities[place]) == identity


def build(folder: Path, size: int) -> Built:
    """Record `size` invented people, block by block, until they are on disk."""
    started = time.perf_counter()
    inventing = 0.0
    identities = array("q")
    with IndexWriter(folder) as writer:
        for block in range(-(-size // BLOCK)):
            begun = time.perf_counter()
            persons = people(RECORDED, block)[: size - block * BLOCK]
            items = list(_items(block, persons))
            identities.extend(map(_identity, persons))
            inventing += time.perf_counter() - begun
            writer.apply(items, items[-1].sequence)
            writer.merge_in_time()
        writer.flush()
    seconds = time.perf_counter() - started - inventing
    return Built(size, seconds, inventing, bytes_of(folder), peak_mib(), np.sort(np.asarray(identities)))


def index_of(folder: Path, subjects: Sequence[Subject]) -> Index:
    """Index subjects, numbered from 1, block by block, until they are on disk."""
    with IndexWriter(folder) as writer:
        for start in range(0, len(subjects), BLOCK):
            some = subjects[start : start + BLOCK]
            items = [Item(at, at, 0, _NEVER, (), subject) for at, subject in enumerate(some, start + 1)]
            writer.apply(items, items[-1].sequence)
            writer.merge_in_time()
        writer.flush()
    return Index(folder)


def _items(block: int, persons: list[Person]) -> Iterator[Item]:
    for number, subject in enumerate(_subjects(block, persons), block * BLOCK + 1):
        yield Item(number, number, 0, _NEVER, (), subject)


def _subjects(block: int, persons: list[Person]) -> Iterator[Subject]:
    random = np.random.default_rng((RECORDED, block, 1))
    return (recorded(person, random) for person in persons)


def subjects(size: int) -> Iterator[Subject]:
    """Yield what is recorded, in the order of the record numbers: for other engines."""
    for block in range(-(-size // BLOCK)):
        yield from _subjects(block, people(RECORDED, block)[: size - block * BLOCK])


def _identity(person: Person) -> int:
    return hash((person.words, person.born))


def bytes_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def peak_mib() -> float:
    """Return the most memory that this process has ever had, in MiB; pages of mapped files count."""
    return _memory_mib("VmHWM")


def memory_mib() -> float:
    """Return the memory that this process has now, and begin to watch its peak anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _memory_mib("VmRSS")


def _memory_mib(field: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


class Known(NamedTuple):
    """A recorded person, the number of the record, and what it says."""

    record: int
    person: Person
    subject: Subject


def known(size: int, count: int, seed: int = ASKED) -> list[Known]:
    """Draw recorded people, alike from everywhere: from some blocks, many of each."""
    random = np.random.default_rng(seed)
    blocks = -(-size // BLOCK)
    chosen = random.permutation(blocks)[: max(1, min(blocks, count // 500 + 1))].tolist()
    found = []
    for block in chosen:
        persons = people(RECORDED, block)[: size - block * BLOCK]
        told = list(_subjects(block, persons))
        places = random.permutation(len(persons))[: -(-count // len(chosen))].tolist()
        found += [Known(block * BLOCK + place + 1, persons[place], told[place]) for place in places]
    return found[:count]


def travellers(count: int) -> Iterator[Person]:
    """Yield people who are drawn like the recorded ones, and independently of them."""
    for block in range(-(-count // BLOCK)):
        yield from people(TRAVELLING, block)[: count - block * BLOCK]


def drop_caches() -> bool:
    """Let the kernel forget the files that it keeps in memory; say whether it did (only root may ask it)."""
    os.sync()
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3", encoding="ascii")
    except OSError:
        return False
    return True
