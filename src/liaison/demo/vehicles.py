"""Stolen vehicles of invented makes, with numbers that no vehicle can have."""

from collections.abc import Iterator

from liaison.demo.dice import Dice
from liaison.demo.leading import Fed, leading_vehicles
from liaison.demo.numbers import plate, vin
from liaison.demo.shares import SOURCES, Row

_MODELS = (
    ("Kestrel", "Andar", "KA4B2"),
    ("Kestrel", "Brisa", "KB1C7"),
    ("Meridian", "Courier", "MC2D5"),
    ("Meridian", "Tundra", "MT6E1"),
    ("Halden", "Fjord", "HF3G8"),
    ("Ostara", "Linnet", "LN5H4"),
    ("Ostara", "Plover", "PV9J6"),
    ("Zephyrine", "Nimbus", "NM8K3"),
    ("Tamarind", "Sabi", "SB7L0"),
    ("Corvane", "Atlas 12", "AT2M9"),
)
_COLOURS = ("white", "black", "grey", "silver", "blue", "red", "green", "beige", "brown", "yellow")
_ACTION = "Secure the vehicle and tell the bureau that recorded it"


def vehicles(seed: int, count: int) -> Iterator[Fed]:
    """Yield `count` vehicles, first the fixed ones; a greater count only adds vehicles.

    One in eight has no plate; one in two hundred bears the plate of the vehicle
    before it under another country, so that a plate alone decides nothing.
    """
    yield from leading_vehicles()[:count]
    dice = Dice(seed, "vehicles")
    for index in range(len(leading_vehicles()), count):
        source = dice.pick(SOURCES)
        yield source, _row(index, source, dice)


def _row(index: int, source: str, dice: Dice) -> Row:
    make, model, descriptor = dice.pick(_MODELS)
    stolen_in = dice.number(2016, 2025)
    year = stolen_in - dice.number(0, 15)
    row: Row = {
        "source_reference": f"{source}-V-{index:07d}",
        "purpose": ["locate"],
        "vin": vin(descriptor, year, index),
        "make": make,
        "model": model,
        "colour": dice.pick(_COLOURS),
        "year": year,
        "stolen_on": dice.date(stolen_in, stolen_in),
        "relevance": "Reported stolen by the owner.",
        "action_to_be_taken": _ACTION,
    }
    if dice.chance(0.875):
        twin = dice.chance(0.005)
        row["plate"] = plate(index - 1 if twin else index)
        row["plate_country"] = "NO" if twin else source
    return row
