"""What goes wrong between a record and a passport, or on the way through a keyboard, a scanner, an office?

Written without regard to the engine: it knows no folding rule and no learned spelling.  Letters go wrong as hands and
machines make them (neighbours on the keyboard, shapes that scanners confuse), scripts as the public standards of
`spelling.py` differ, dates as forms are filled in.  An error that a person cannot have (to swap the parts of a single
name) gives None.
"""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import NamedTuple

import msgspec

from bench.people import Person, travelling
from bench.spelling import SPELLERS, latin
from liaison.engine.types import Subject

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Shapes that optical character recognition takes for each other.
_SHAPES = (
    *(("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("vv", "w"), ("w", "vv"), ("l", "i"), ("i", "l")),
    *(("o", "0"), ("l", "1"), ("s", "5"), ("b", "8"), ("g", "q"), ("q", "g"), ("u", "v"), ("v", "u"), ("e", "c")),
    *(("c", "e"), ("h", "b"), ("n", "h"), ("f", "t"), ("z", "2")),
)
_SHORTEST = 4
Change = Callable[[Person, Random], Subject | None]


class Error(NamedTuple):
    """A kind of error: in letters, in the order of a name, in its spelling, or in the date."""

    name: str
    family: str
    change: Change


def chance(seed: int) -> Random:
    """Return a source of chance that is the same for the same seed."""
    return Random(seed)


def _neighbour(text: str, random: Random) -> str | None:
    """Hit the key beside the right one."""
    places = [place for place, letter in enumerate(text) if any(letter in row for row in _ROWS)]
    if not places:
        return None
    place = random.choice(places)
    row = next(row for row in _ROWS if text[place] in row)
    beside = [at for at in (row.index(text[place]) - 1, row.index(text[place]) + 1) if 0 <= at < len(row)]
    return text[:place] + row[random.choice(beside)] + text[place + 1 :]


def _misread(text: str, random: Random) -> str | None:
    """Take a shape for another, as a scanner does."""
    found = [(text.index(old), old, new) for old, new in _SHAPES if old in text[1:]]
    if not found:
        return None
    place, old, new = random.choice(found)
    return text[:place] + new + text[place + len(old) :]


def _dropped(text: str, random: Random) -> str:
    place = random.randrange(len(text))
    return text[:place] + text[place + 1 :]


def _doubled(text: str, random: Random) -> str:
    place = random.randrange(len(text))
    return text[:place] + text[place] + text[place:]


def _swapped(text: str, random: Random) -> str | None:
    places = [place for place in range(1, len(text) - 1) if text[place] != text[place + 1]]
    if not places:
        return None
    place = random.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _in_letters(change: Callable[[str, Random], str | None]) -> Change:
    """Let one part of the name go wrong, a long one: the error is one letter, not half of the name."""

    def altered(person: Person, random: Random) -> Subject | None:
        parts = person.name.split()
        long = [place for place, part in enumerate(parts) if len(part) >= _SHORTEST]
        if not long:
            return None
        place = random.choice(long)
        wrong = change(parts[place].lower(), random)
        if wrong is None:
            return None
        return _renamed(person, " ".join([*parts[:place], wrong.capitalize(), *parts[place + 1 :]]))

    return altered


def _renamed(person: Person, name: str) -> Subject | None:
    return msgspec.structs.replace(travelling(person), names=(name,)) if name != person.name else None


def _given_last(person: Person, _: Random) -> Subject | None:
    """Write the last part first."""
    *others, last = person.name.split()
    return _renamed(person, " ".join([last, *others]))


def _without_a_part(person: Person, random: Random) -> Subject | None:
    """Leave out a part of three or more, not the first and not the last."""
    parts = person.name.split()
    if len(parts) < 3:
        return None
    place = random.randrange(1, len(parts) - 1)
    return _renamed(person, " ".join(parts[:place] + parts[place + 1 :]))


def _joined(person: Person, random: Random) -> Subject | None:
    parts = person.name.split()
    if len(parts) < 2:
        return None
    place = random.randrange(len(parts) - 1)
    return _renamed(person, " ".join([*parts[:place], parts[place] + parts[place + 1].lower(), *parts[place + 2 :]]))


def _initial(person: Person, _: Random) -> Subject | None:
    first, *others = person.name.split()
    return _renamed(person, " ".join([first[0], *others])) if others else None


def _other_standard(person: Person, random: Random) -> Subject | None:
    """Spell the same name by another standard."""
    others = [standard for standard in SPELLERS[person.writing] if standard != person.standard]
    if not others:
        return None
    return _renamed(person, latin(person.words, person.writing, random.choice(others)))


def _own_letters(person: Person, _: Random) -> Subject | None:
    return _renamed(person, person.own_name) if person.own_name else None


def _born(person: Person, born: str) -> Subject | None:
    return msgspec.structs.replace(travelling(person), born=(born,)) if born != person.born else None


def _one_digit(person: Person, random: Random) -> Subject | None:
    """Change the last digit of the year, of the month or of the day; what is no date is no error of a form."""
    place = random.choice((3, 6, 9))
    changed = (person.born[:place] + digit + person.born[place + 1 :] for digit in "0123456789")
    found = [born for born in changed if born != person.born and _is_day(born)]
    return _born(person, random.choice(found)) if found else None


def _is_day(born: str) -> bool:
    try:
        return bool(date.fromisoformat(born))
    except ValueError:
        return False


def _day_for_month(person: Person, _: Random) -> Subject | None:
    year, month, day = person.born.split("-")
    return _born(person, f"{year}-{day}-{month}") if int(day) <= 12 else None


def _year_beside(person: Person, random: Random) -> Subject | None:
    year, rest = int(person.born[:4]), person.born[4:]
    return _born(person, f"{year + random.choice((-1, 1))}{rest if rest != '-02-29' else '-02-28'}")


def _without_day(person: Person, _: Random) -> Subject | None:
    return _born(person, person.born[:7])


ONE_ERROR = (
    Error("neighbouring key", "letters", _in_letters(_neighbour)),
    Error("misread by a scanner", "letters", _in_letters(_misread)),
    Error("letter dropped", "letters", _in_letters(_dropped)),
    Error("letter doubled", "letters", _in_letters(_doubled)),
    Error("letters swapped", "letters", _in_letters(_swapped)),
    Error("last part first", "parts", _given_last),
    Error("a part left out", "parts", _without_a_part),
    Error("parts joined", "parts", _joined),
    Error("initial", "parts", _initial),
    Error("another standard", "spelling", _other_standard),
    Error("own letters", "spelling", _own_letters),
    Error("one digit of the date", "date", _one_digit),
    Error("day for month", "date", _day_for_month),
    Error("year beside", "date", _year_beside),
    Error("no day", "date", _without_day),
)
NO_ERROR = Error("as recorded", "no error", lambda person, _: travelling(person))


def _two(person: Person, random: Random) -> Subject | None:
    """Let a name and a date go wrong at once."""
    named = random.choice([error for error in ONE_ERROR if error.family != "date"]).change(person, random)
    dated = random.choice([error for error in ONE_ERROR if error.family == "date"]).change(person, random)
    return msgspec.structs.replace(named, born=dated.born) if named and dated else None


TWO_ERRORS = Error("a name and a date", "name and date", _two)
EVERY = (NO_ERROR, *ONE_ERROR, TWO_ERRORS)
