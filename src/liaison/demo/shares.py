"""Which bureau records how much, and which names it meets: in life as here, a few record most."""

from liaison.demo.dice import Dice
from liaison.demo.regions import REGIONS, Region

Row = dict[str, object]
"""One row in the shape that `liaison feed` takes: the fields of the database's record."""

# A bureau is drawn as often as it is listed: one records three in ten, as one country makes a third of real checks.
SOURCES: tuple[str, ...] = (
    *(["BR"] * 12),
    *(["PL"] * 6),
    *(["ES"] * 4),
    *(["TR"] * 4),
    *(["KE", "JO", "VN"] * 2),
    *["GE", "PE", "CA", "GR", "SN", "KR", "AU", "JP"],
)

HOME_REGION = {
    "PL": "polish",
    "KE": "kenyan",
    "ES": "spanish",
    "JO": "arabic",
    "GE": "georgian",
    "PE": "spanish",
    "VN": "vietnamese",
    "CA": "english",
    "GR": "greek",
    "SN": "senegalese",
    "KR": "korean",
    "AU": "english",
    "TR": "turkish",
    "BR": "brazilian",
    "JP": "japanese",
}

_EVERY_REGION = tuple(REGIONS.values())


def draw_region(source: str, dice: Dice) -> Region:
    """Choose whose names a record of this bureau bears: two in five are the bureau's own region's."""
    if dice.chance(0.4):
        return REGIONS[HOME_REGION[source]]
    return dice.pick(_EVERY_REGION)


def other_bureaux(source: str, dice: Dice) -> list[str]:
    """Choose one or two bureaux beside this one, for a restriction."""
    others = [country for country in HOME_REGION if country != source]
    first, second = dice.pick(others), dice.pick(others)
    return sorted({first, second})
