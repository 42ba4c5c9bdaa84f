"""What is asked: bodies of `POST /api/check`, drawn once from one seed."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

import msgspec

from liaison.demo.clean import Traveller, travellers
from liaison.demo.documents import documents
from liaison.demo.numbers import document_number, plate, vin
from liaison.demo.persons import persons
from liaison.demo.vehicles import vehicles
from liaison.demo.world import SEED

Query = dict[str, Any]
# Of a million searches for a travel document 86 found one in 2024: one in ten thousand is a real rate.
REAL_HITS = 0.0001
_KNOWN = 2000


def body(queries: list[Query], reference: str) -> bytes:
    return msgspec.json.encode({"purpose": "border", "reference": reference, "queries": queries})


def exact_bodies(count: int, size: int) -> Iterator[bytes]:
    """Yield `count` batches of `size` checks of documents and vehicles; hits at a real rate."""
    draw = _Draw(1)
    for number in range(count):
        queries = [draw.exact(draw.random.random() < REAL_HITS) for _ in range(size)]
        yield body([{"id": f"q{place}", **query} for place, query in enumerate(queries)], f"BENCH/{number}")


def mixed_bodies(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield single checks with their kind: 70 % documents, 10 % vehicles, 20 % persons; one in ten is a hit."""
    draw = _Draw(2)
    for number in range(count):
        kind, query = draw.any(is_hit=draw.random.random() < 0.1)
        yield kind, body([{"id": "q1", **query}], f"BENCH/{number}")


class _Draw:
    """Draws questions: known ones from the demo world, unknown ones from travellers of whom nothing is recorded."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._serial = 0
        self._travellers: Iterator[Traveller] = travellers(seed, 1_000_000)
        self._documents = [row for _, row in islice(documents(SEED, _KNOWN), _KNOWN)]
        self._vehicles = [row for _, row in islice(vehicles(SEED, _KNOWN), _KNOWN)]
        self._persons = [row for _, row in islice(persons(SEED, _KNOWN), _KNOWN)]

    def any(self, *, is_hit: bool) -> tuple[str, Query]:
        roll = self.random.random()
        if roll < 0.7:
            return "document", self.document(is_hit)
        return ("vehicle", self.vehicle(is_hit)) if roll < 0.8 else ("person", self.person(is_hit))

    def exact(self, is_hit: bool) -> Query:
        return self.document(is_hit) if self.random.random() < 0.8 else self.vehicle(is_hit)

    def document(self, is_hit: bool) -> Query:
        if is_hit:
            row = self.random.choice(self._documents)
            return {"document": {"number": row["number"], "issuer": row["issuer"]}}
        self._serial += 1
        return {"document": {"number": document_number("C", self._serial), "issuer": self.random.choice(("PL", "KE"))}}

    def vehicle(self, is_hit: bool) -> Query:
        if is_hit:
            row = self.random.choice([row for row in self._vehicles if "vin" in row])
            return {"vehicle": {"vin": row["vin"]}}
        self._serial += 1
        if self.random.random() < 0.5:
            return {"vehicle": {"vin": vin("KA4B2", 2019, 5_000_000 + self._serial)}}
        return {"vehicle": {"plate": plate(500_000 + self._serial % 400_000), "country": "PL"}}

    def person(self, is_hit: bool) -> Query:
        if is_hit:
            row: Any = self.random.choice(self._persons)
            asked = {"name": row["names"][0]["full"], "nationality": row["nationalities"]}
            return {"person": asked | ({"born": row["born"][0]} if row.get("born") else {})}
        one = next(self._travellers)
        return {"person": {"name": one.name, "born": one.born, "sex": one.sex, "nationality": [one.nationality]}}
