"""Invented travellers about whom nothing is recorded, for trials and benchmarks: nearly every check is a miss."""

from collections.abc import Iterator
from typing import NamedTuple

from liaison.demo.dice import Dice
from liaison.demo.numbers import document_number
from liaison.demo.persons import fresh_identity
from liaison.demo.shares import SOURCES


class Traveller(NamedTuple):
    """A traveller as a passport describes them; `born` is a whole date."""

    name: str
    original_name: str
    born: str
    sex: str
    nationality: str
    birthplace: str
    document_number: str


def travellers(seed: int, count: int) -> Iterator[Traveller]:
    """Yield `count` clean travellers; they share names with recorded persons only by chance."""
    dice = Dice(seed, "clean travellers")
    for index in range(count):
        identity = fresh_identity(dice.pick(SOURCES), dice)
        originals = [str(name["full"]) for name in identity.names if name["kind"] == "original_script"]
        yield Traveller(
            name=str(identity.names[0]["full"]),
            original_name=originals[0] if originals else "",
            born=dice.date(1945, 2006),
            sex=identity.sex,
            nationality=identity.nationality,
            birthplace=identity.birthplace,
            document_number=document_number("C", (seed * 1_000_003 + index) % 28_000_000),
        )
