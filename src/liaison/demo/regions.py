"""How names are built in each region: which parts, in which order, and how they change with sex.

The parts themselves are in `tables/<region>.csv`, written for this project.
Adding a region is adding one line here and one table.
"""

from typing import Literal, NamedTuple

Role = Literal["given", "middle", "family", "patronymic"]


class Slot(NamedTuple):
    """One place in a name: from which pool of the table, in which role, how often."""

    pool: str
    role: Role
    probability: float = 1.0


class Ending(NamedTuple):
    """A change for women: the ending in Latin letters and in the original script, and what replaces them."""

    latin: str
    latin_feminine: str
    original: str = ""
    original_feminine: str = ""


class Region(NamedTuple):
    """A region: `nationalities` are drawn as often as they are listed; `joiner` stands between original parts."""

    code: str
    nationalities: tuple[str, ...]
    slots: tuple[Slot, ...]
    joiner: str = " "
    feminine: tuple[Ending, ...] = ()


_GIVEN = Slot("given", "given")
_FAMILY = Slot("family", "family")
_TWO = (_GIVEN, _FAMILY)


def _second(probability: float, pool: str = "given") -> tuple[Slot, ...]:
    return (_GIVEN, Slot(pool, "middle", probability), _FAMILY)


def _two_families(probability: float) -> tuple[Slot, ...]:
    return (_GIVEN, Slot("given", "middle", probability), _FAMILY, Slot("family", "family", 0.9))


_RUSSIAN_ENDINGS = (
    Ending("ovich", "ovna", "ович", "овна"),
    Ending("evich", "evna", "евич", "евна"),
    Ending("sky", "skaya", "ский", "ская"),
    Ending("ny", "naya", "ный", "ная"),
    Ending("ov", "ova", "ов", "ова"),
    Ending("ev", "eva", "ев", "ева"),
    Ending("in", "ina", "ин", "ина"),
)
_UKRAINIAN_ENDINGS = (
    Ending("lyovych", "livna", "льович", "лівна"),
    Ending("yovych", "yivna", "йович", "ївна"),
    # Other romanisations of the same patronymics.
    Ending("iiovych", "iivna"),
    Ending("aiovych", "aivna"),
    Ending("ovych", "ivna", "ович", "івна"),
)
_POLISH_ENDINGS = (Ending("ski", "ska"), Ending("cki", "cka"))
_GREEK_ENDINGS = (
    Ending("opoulos", "opoulou", "όπουλος", "οπούλου"),
    Ending("os", "ou", "ος", "ου"),  # noqa: RUF001  Greek letters are meant
    Ending("is", "i", "ης", "η"),
    Ending("as", "a", "ας", "α"),  # noqa: RUF001  Greek letters are meant
)
_PATRONYMIC = Slot("patronymic", "patronymic", 0.85)

_ALL = (
    Region("polish", ("PL",), _second(0.35), feminine=_POLISH_ENDINGS),
    Region("kenyan", ("KE", "KE", "KE", "UG"), _second(0.85, "middle")),
    Region("english", ("CA", "AU", "GB"), _second(0.4)),
    Region("spanish", ("ES", "PE", "CO", "AR"), _two_families(0.4)),
    Region("french", ("FR", "CA", "BE"), _second(0.3)),
    Region("senegalese", ("SN",), _second(0.3)),
    Region("german", ("DE", "DE", "AT"), _second(0.3)),
    Region("brazilian", ("BR", "BR", "BR", "PT"), _two_families(0.3)),
    Region("turkish", ("TR",), _second(0.35)),
    Region("vietnamese", ("VN",), (_FAMILY, Slot("middle", "middle"), Slot("given", "given"))),
    Region("arabic", ("JO", "EG", "MA", "TN", "IQ", "LB"), (_GIVEN, Slot("male", "middle", 0.85), _FAMILY)),
    Region("persian", ("IR", "AF"), _second(0.25)),
    Region("russian", ("RU", "RU", "RU", "KZ"), (_GIVEN, _PATRONYMIC, _FAMILY), feminine=_RUSSIAN_ENDINGS),
    Region("ukrainian", ("UA",), (_GIVEN, _PATRONYMIC, _FAMILY), feminine=_UKRAINIAN_ENDINGS),
    Region("greek", ("GR",), _TWO, feminine=_GREEK_ENDINGS),
    Region("chinese", ("CN", "CN", "CN", "SG", "MY"), (_FAMILY, _GIVEN), joiner=""),
    Region("japanese", ("JP",), _TWO[::-1], joiner=""),
    Region("korean", ("KR",), (_FAMILY, _GIVEN), joiner=""),
    Region("hebrew", ("IL",), _second(0.3)),
    Region("hindi", ("IN", "IN", "IN", "NP"), _second(0.6, "middle")),
    Region("georgian", ("GE",), _TWO),
    # A father's and a grandfather's name stand where others have a family name.
    Region("amharic", ("ET",), (_GIVEN, Slot("male", "middle"), Slot("male", "family", 0.7))),
    Region("indonesian", ("ID",), (_GIVEN, Slot("given", "middle", 0.3), Slot("family", "family", 0.7))),
)

REGIONS: dict[str, Region] = {region.code: region for region in _ALL}
