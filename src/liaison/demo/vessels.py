"""Vessels of interest with invented names, and numbers that no ship can have."""

from collections.abc import Iterator

from liaison.demo.dice import Dice
from liaison.demo.leading import Fed, leading_vessels
from liaison.demo.numbers import imo_number, mmsi
from liaison.demo.shares import SOURCES, Row

_FIRST = ("Amber", "Boreal", "Cinder", "Distant", "Ember", "Fallow", "Gilded", "Hollow", "Ivory", "Quiet", "Sable")
_SECOND = ("Albatross", "Beacon", "Cormorant", "Dune", "Estuary", "Fulmar", "Gannet", "Heron", "Isthmus", "Petrel")
_TYPES = ("general cargo", "bulk carrier", "crude oil tanker", "fishing vessel", "reefer", "yacht", "tug")
_FLAGS = ("PA", "LR", "MH", "GR", "SN", "BR", "ES", "VN", "KR", "TR")


def vessels(seed: int, count: int) -> Iterator[Fed]:
    """Yield `count` vessels, first the fixed one; a greater count only adds vessels."""
    yield from leading_vessels()[:count]
    dice = Dice(seed, "vessels")
    # The fixed vessels have the first numbers.
    for index in range(len(leading_vessels()) + 1, count + 1):
        source = dice.pick(SOURCES)
        yield source, _row(index, source, dice)


def _row(index: int, source: str, dice: Dice) -> Row:
    row: Row = {
        "source_reference": f"{source}-S-{index:07d}",
        "purpose": ["information", "locate"],
        "imo": imo_number(index),
        "name": f"{dice.pick(_FIRST)} {dice.pick(_SECOND)}",
        "flag": dice.pick(_FLAGS),
        "type": dice.pick(_TYPES),
        "relevance": "Met another ship at sea without a transponder signal.",
        "action_to_be_taken": "Tell the bureau that recorded it the position and the next port",
    }
    if dice.chance(0.8):
        row["mmsi"] = mmsi(index)
    return row
