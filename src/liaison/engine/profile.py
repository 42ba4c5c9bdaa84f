"""What of a subject takes part in a comparison: folded names with weights, packed dates, codes."""

from functools import lru_cache
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from liaison.engine.fold import fold_parts, is_minor
from liaison.engine.lettering import Parts
from liaison.engine.parts import make_parts, plain
from liaison.engine.places import place_keys
from liaison.engine.rarity import Rarity, bits_of_part, names, organisations
from liaison.engine.readings import readings
from liaison.engine.types import Subject
from liaison.lib.partial_date import parse_partial_date

MINOR_BITS = 0.3
KINDS = ("person", "organisation", "vessel")
SEXES = ("U", "F", "M", "X")
# More names, dates, nationalities and words of places than these are not compared.
MAX_NAMES = 200
MAX_ALTERNATIVES = 20
MAX_PLACE_KEYS = 60


class FoldedName(NamedTuple):
    """A name in parts; `bits` is the evidence of each; `major` marks those whose absence counts."""

    parts: tuple[str, ...]
    bits: tuple[float, ...]
    major: tuple[bool, ...]


class Profile(msgspec.Struct, frozen=True, array_like=True):
    """A subject made ready: `names` are parts (`fold.fold_parts`) joined by spaces, `born` packed yyyymmdd.

    `nationalities` are two letters packed as first * 256 + second; `kind` and
    `sex` are numbers in KINDS and SEXES; `places` are keys of places of birth (`places.place_keys`).
    """

    names: tuple[str, ...]
    born: tuple[int, ...]
    sex: int
    nationalities: tuple[int, ...]
    kind: int
    places: tuple[int, ...] = ()

    def born_array(self) -> NDArray[np.int32]:
        """Return the dates as an array for the kernels."""
        return np.array(self.born, dtype=np.int32)

    def nationality_array(self) -> NDArray[np.uint16]:
        """Return the nationalities as an array for the kernels."""
        return np.array(self.nationalities, dtype=np.uint16)

    def place_array(self) -> NDArray[np.uint16]:
        """Return the keys of places as an array for the kernels."""
        return np.array(self.places, dtype=np.uint16)


def profile_of(subject: Subject) -> Profile:
    """Fold the names of a subject and pack the rest; what cannot be read is left out."""
    folded = dict.fromkeys(spelt for name in subject.names[:MAX_NAMES] for spelt in _folded(name))
    born = (_packed(text) for text in subject.born[:MAX_ALTERNATIVES])
    places = dict.fromkeys(key for place in subject.places[:MAX_ALTERNATIVES] for key in place_keys(place))
    return Profile(
        names=tuple(folded),
        born=tuple(dict.fromkeys(date for date in born if date)),
        sex=SEXES.index(subject.sex),
        nationalities=tuple(ord(code[0]) << 8 | ord(code[1]) for code in _codes(subject.nationalities)),
        kind=KINDS.index(subject.kind),
        places=tuple(places)[:MAX_PLACE_KEYS],
    )


def _codes(nationalities: tuple[str, ...]) -> list[str]:
    kept = nationalities[:MAX_ALTERNATIVES]
    return [code for code in kept if len(code) == 2 and code.isascii()]


@lru_cache(maxsize=65536)
def _folded(name: str) -> tuple[str, ...]:
    """Return the ways to fold a name, each as parts joined by spaces: several for East Asian names."""
    ways = [fold_parts(name), *(reading.parts for reading in readings(name))]
    return tuple(dict.fromkeys(" ".join(way) for way in ways if way))


@lru_cache(maxsize=65536)
def _packed(text: str) -> int:
    """Return a partial date as yyyymmdd with zeros for what is unknown; 0 for what is no date."""
    try:
        date = parse_partial_date(text)
    except ValueError:
        return 0
    return date.year * 10000 + (date.month or 0) * 100 + (date.day or 0)


def rarity_for(kind: int) -> Rarity:
    """Return the committed table for a kind of subject."""
    return names() if kind == 0 else organisations()


@lru_cache(maxsize=65536)
def weigh(name: str, rarity: Rarity) -> FoldedName:
    """Give each part of a folded name its weight.

    Particles and titles weigh little and may be missing, unless the name has nothing else.
    """
    parts = tuple(name.split())
    minor = [is_minor(plain(part)) for part in parts]
    if all(minor):
        minor = [False] * len(parts)
    weighed = zip(parts, minor, strict=True)
    bits = tuple(MINOR_BITS if small else bits_of_part(plain(part), rarity) for part, small in weighed)
    return FoldedName(parts, bits, tuple(not small for small in minor))


class Named(NamedTuple):
    """The names of a subject as arrays: the distinct parts, and the parts of name n at name_ptr[n]:name_ptr[n + 1]."""

    parts: Parts
    spelt: tuple[str, ...]
    name_part: NDArray[np.uint32]
    name_ptr: NDArray[np.uint32]

    def numbers(self, name: int) -> NDArray[np.uint32]:
        """Return the numbers of the parts of a name."""
        return self.name_part[self.name_ptr[name] : self.name_ptr[name + 1]]

    def texts(self, name: int) -> list[str]:
        """Return the parts of a name, in plain spelling."""
        return [plain(self.spelt[number]) for number in self.numbers(name).tolist()]


@lru_cache(maxsize=65536)
def named(names: tuple[str, ...], rarity: Rarity) -> Named:
    """Return the names of a profile as arrays."""
    divided = [name.split() for name in names]
    spelt = tuple(dict.fromkeys(part for name in divided for part in name))
    number = {part: place for place, part in enumerate(spelt)}
    return Named(
        make_parts(spelt, rarity),
        spelt,
        np.array([number[part] for name in divided for part in name], np.uint32),
        np.cumsum([0, *map(len, divided)]).astype(np.uint32),
    )
