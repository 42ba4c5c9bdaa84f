"""Where the invented people were born and where the invented things happened."""

import csv
from functools import cache
from importlib.resources import files


@cache
def cities() -> dict[str, tuple[str, ...]]:
    """Return some middle-sized cities by country (ISO 3166-1 alpha-2)."""
    table = files("liaison.demo").joinpath("tables", "places.csv").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(table.splitlines()):
        found.setdefault(row["country"], []).append(row["city"])
    return {country: tuple(names) for country, names in found.items()}
