"""Which readings does a Chinese character have: two committed tables, read once, at the first question.

`readings.csv` comes from Unicode's Unihan database (made by `bench/make_readings.py`; licence in
`readings.LICENSE.txt`); `readings_of_names.csv` was written for Liaison: what names do differently.
A table knows single characters and whole names, never which language a name is in.
"""

from functools import cache, lru_cache
from importlib import resources

UNIHAN_TABLE = "readings.csv"
NAMES_TABLE = "readings_of_names.csv"
_HEADERS = 2

# What one reading is kept as: for a character the usual one, for a name all that are likely.
Single = dict[str, str]
Several = dict[str, tuple[str, ...]]


@cache
def usual(kind: str) -> Single:
    """Return character -> reading, for one kind of `readings.csv`: zh, ko, on, kun or same."""
    readings: Single = {}
    for reading, written in _table(UNIHAN_TABLE).get(kind, ()):
        readings.update(dict.fromkeys(written, reading))
    return readings


@cache
def of_names(kind: str) -> Several:
    """Return written -> readings, likeliest first, for one kind of `readings_of_names.csv`.

    What is written is simplified, so that one row answers for every form: ask with `simplified(word)`.
    """
    readings: Several = {}
    for reading, written in _table(NAMES_TABLE).get(kind, ()):
        for word in dict.fromkeys(simplified(written).split()):
            readings[word] = (*readings.get(word, ()), reading)
    return readings


@cache
def one_of_names(kind: str) -> Single:
    """Return written -> likeliest reading for one kind of `readings_of_names.csv`; ask with `simplified(word)`."""
    return {written: readings[0] for written, readings in of_names(kind).items()}


@cache
def family_names(kind: str) -> frozenset[str]:
    """Return the single characters that open a name as its family name: zh-families or ko-families."""
    return frozenset("".join(written for _, written in _table(NAMES_TABLE)[kind]))


@lru_cache(maxsize=65536)
def simplified(text: str) -> str:
    """Write traditional and Japanese forms with the simplified characters, so that forms of one name are equal.

    Of two characters that one simplified character replaced (the family names 範 and 范) nothing
    remains to tell them apart.

    >>> simplified("陳廣東"), simplified("澤") == simplified("沢")
    ('陈广东', True)
    """
    simpler = usual("same")
    return "".join([simpler.get(character, character) for character in text])


@cache
def _table(table: str) -> dict[str, list[tuple[str, str]]]:
    """Return kind -> reading and what is written, row by row."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for line in resources.files(__package__).joinpath(table).read_text("utf-8").splitlines()[_HEADERS:]:
        kind, reading, written = line.split(",")
        rows.setdefault(kind, []).append((reading, written))
    return rows
