"""The persons of the demo world, and the look-alikes that make finding the right one hard.

Of a hundred persons seven resemble an earlier one: three bear the name with
another date of birth, two the name and the year of birth with another
nationality, two differ by one letter.  Of the others four in a hundred are
undated, one has one name only, and one in 250 has a very long name.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from liaison.demo.cases import case_fields
from liaison.demo.dice import Dice
from liaison.demo.leading import Fed, leading_persons
from liaison.demo.names import PersonName, draw_name
from liaison.demo.numbers import document_number
from liaison.demo.places import cities
from liaison.demo.regions import REGIONS, Region
from liaison.demo.shares import SOURCES, Row, draw_region, other_bureaux

# How many of the persons drawn last a look-alike is made from.
_REMEMBERED = 512
_FIRST_YEAR, _LAST_YEAR = 1945, 2006
# Born in these years: a minor at the time of any event of this world.
_MINORS_FROM, _MINORS_TO = 2010, 2019
_LONG_NAMED = ("spanish", "brazilian", "arabic", "amharic")
# A letter and the one that is taken for it by ear, by eye or by a finger beside the key.
_MISTAKEN = dict(zip("aeiouyknrstdmlbv", "eaueaigmlztnnrdw", strict=True))


class Identity(NamedTuple):
    """Who a person is, before anything happens: names as rows have them, and what the papers say."""

    names: list[dict[str, object]]
    born: list[str]
    sex: str
    nationality: str
    birthplace: str


def persons(seed: int, count: int) -> Iterator[Fed]:
    """Yield `count` persons, first the fixed ones; a greater count only adds persons."""
    leading = leading_persons()
    yield from leading[:count]
    dice = Dice(seed, "persons")
    identities = _identities(dice)
    for index in range(len(leading), count):
        source, identity = next(identities)
        yield source, _row(index, source, identity, dice)


def _identities(dice: Dice) -> Iterator[tuple[str, Identity]]:
    remembered: list[Identity] = []
    drawn = 0
    while True:
        source = dice.pick(SOURCES)
        make = _maker(dice.roll()) if remembered else None
        identity = make(dice.pick(remembered), dice) if make else _anyone(source, dice)
        # The list is a ring: the newest identity takes the place of the oldest.
        if len(remembered) < _REMEMBERED:
            remembered.append(identity)
        else:
            remembered[drawn % _REMEMBERED] = identity
        drawn += 1
        yield source, identity


def _maker(roll: float) -> Callable[[Identity, Dice], Identity] | None:
    """Say how the next person resembles an earlier one, if at all."""
    if roll < 0.03:
        return _namesake_of_another_age
    if roll < 0.05:
        return _namesake_of_another_nationality
    if roll < 0.07:
        return _one_letter_off
    return None


def _namesake_of_another_age(model: Identity, dice: Dice) -> Identity:
    return model._replace(born=[dice.date(_FIRST_YEAR, _LAST_YEAR)])


def _namesake_of_another_nationality(model: Identity, dice: Dice) -> Identity:
    year = model.born[0][:4] if model.born else str(dice.number(_FIRST_YEAR, _LAST_YEAR))
    nationality = dice.pick(dice.pick(tuple(REGIONS.values())).nationalities)
    return model._replace(
        born=[f"{year}-{dice.number(1, 12):02d}-{dice.number(1, 28):02d}"],
        nationality=nationality,
        birthplace=dice.pick(cities()[nationality]),
    )


def _one_letter_off(model: Identity, dice: Dice) -> Identity:
    """Change one letter of the name in Latin letters; its parts are then not known any more."""
    full = str(model.names[0]["full"])
    place = dice.pick([place for place, letter in enumerate(full) if place and letter.isalpha()])
    changed = full[:place] + _MISTAKEN.get(full[place], "e") + full[place + 1 :]
    return model._replace(names=[{"full": changed, "kind": "primary"}])


def _anyone(source: str, dice: Dice) -> Identity:
    """Draw a new person: now and then undated, with one name only, or with a very long name."""
    identity = fresh_identity(source, dice)
    roll = dice.roll()
    if roll < 0.04:
        return identity._replace(born=[])
    if roll < 0.05:
        return identity._replace(names=_one_name_only(identity.names))
    if roll < 0.054:
        return identity._replace(names=_long_name(REGIONS[dice.pick(_LONG_NAMED)], identity.sex, dice))
    return identity


def fresh_identity(source: str, dice: Dice) -> Identity:
    """Draw a person whom the bureau of this country may meet, with at least a year of birth."""
    region = draw_region(source, dice)
    sex = "F" if dice.chance(0.4) else "M"
    nationality = dice.pick(region.nationalities)
    names = _names(draw_name(region, sex, dice), dice)
    return Identity(names, [_birth_date(dice)], sex, nationality, dice.pick(cities()[nationality]))


def _birth_date(dice: Dice) -> str:
    """Draw a date of birth: one in twelve knows the year only, one in thirty the year and the month."""
    roll = dice.roll()
    whole = dice.date(_FIRST_YEAR, _LAST_YEAR)
    if roll < 0.08:
        return whole[:4]
    return whole[:7] if roll < 0.11 else whole


def _names(name: PersonName, dice: Dice) -> list[dict[str, object]]:
    """Write a name as a row has it: the primary one, mostly the original script, often another spelling."""
    latin = name.latin
    parts = [{"role": role, "text": spelled.latin} for role, spelled in name.parts]
    names: list[dict[str, object]] = [{"full": latin, "kind": "primary", "parts": parts}]
    original = name.original
    if original and dice.chance(0.8):
        names.append({"full": original, "kind": "original_script"})
        if name.kana:
            names.append({"full": name.kana, "kind": "original_script"})
    if dice.chance(0.35):
        variant = name.variant(dice)
        if variant:
            names.append({"full": variant, "kind": "alias"})
    return names


def _one_name_only(names: list[dict[str, object]]) -> list[dict[str, object]]:
    given = str(names[0]["full"]).split(" ", maxsplit=1)[0]
    return [{"full": given, "kind": "primary"}]


def _long_name(region: Region, sex: str, dice: Dice) -> list[dict[str, object]]:
    """Put the names of four persons into one: some registers really hold such names."""
    parts = [part.spelled.latin for _ in range(4) for part in draw_name(region, sex, dice).parts]
    return [{"full": " ".join(parts), "kind": "primary"}]


def _row(index: int, source: str, identity: Identity, dice: Dice) -> Row:
    row: Row = {
        "source_reference": f"{source}-N-{index:07d}",
        "names": identity.names,
        "born": identity.born,
        "sex": identity.sex if dice.roll() > 0.03 else dice.pick("UX"),
        "nationalities": [identity.nationality],
        "places_of_birth": [identity.birthplace],
    }
    if dice.roll() < 0.4:
        number = document_number("P", index)
        row["documents"] = [{"number": number, "issuer": identity.nationality, "type": "passport"}]
    if dice.roll() < 0.05:
        row["portrait"] = f"demo-portrait-{index}"
    if dice.roll() < 0.005:
        row["restricted_against"] = other_bureaux(source, dice)
    # One in a hundred is a missing child.
    minor = dice.roll() < 0.01
    if minor:
        row["born"] = [dice.date(_MINORS_FROM, _MINORS_TO)]
    row |= case_fields(source, minor, dice)
    return row
