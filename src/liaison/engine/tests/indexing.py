"""What the tests of the index share: a person, an item, and how they are asked for."""

import numpy as np

from liaison.engine.index import Found
from liaison.engine.types import Item, Subject

TODAY = 100
NEVER = 99_999
ALL = np.ones(4, dtype=np.bool_)
NAMES = (
    "Zofia Kowalska",
    "Kowalska Zofya",
    "Andrei Kuznetsov",
    "Андрей Кузнецов",
    "Abdul Rahman Nuristani",
    "Abdulrahman",
)
KEYS = (b"vin:1", b"vin:2", b"document:PL:3")


def person(*names: str, born: tuple[str, ...] = (), countries: tuple[str, ...] = ()) -> Subject:
    return Subject(names, born, "U", countries)


def item(record: int, sequence: int, subject: Subject | None = None, *keys: bytes) -> Item:
    return Item(record, sequence, 0, NEVER, keys, subject)


def numbers(found: Found) -> list[int]:
    return [candidate.record for candidate in found.candidates]
