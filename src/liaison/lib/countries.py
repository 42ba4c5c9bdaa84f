"""Which country a code or an English name means: ISO 3166-1, and the codes of travel documents.

The table `countries.csv` beside this file follows ISO 3166-1 with its English
short names and takes no position on any territory.  Kosovo is listed under XK,
the user-assigned code in common use.  Codes of machine-readable zones are
those of ICAO Doc 9303, part 3, section 5.
"""

import csv
import re
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from anyascii import anyascii

# Words that carry no difference: "Korea, Republic of" is "Republic of Korea".
_SILENT = frozenset({"the", "of", "and"})
# Words of official names that may be left out when the full name is not in the table.
_FORMS_OF_STATE = frozenset(
    (
        "republic",
        "kingdom",
        "state",
        "commonwealth",
        "sultanate",
        "principality",
        "duchy",
        "grand",
        "islamic",
        "federal",
    )
)
# What English names of countries are written with, beside letters.
_NAME_SHAPE = re.compile(r"[A-Za-z ,.()'&-]+")
# ICAO Doc 9303 part 3, section 5: codes that ISO 3166-1 does not have, and the two-letter code where there is one.
_MRZ_ONLY: dict[str, str | None] = {
    "D": "DE",
    "GBD": "GB",
    "GBN": "GB",
    "GBO": "GB",
    "GBP": "GB",
    "GBS": "GB",
    "RKS": "XK",
    "EUE": "EU",
    "UNO": "UN",
    "UNA": "UN",
    # Residents of Kosovo with a document of the United Nations mission.
    "UNK": "UN",
    "XBA": None,  # African Development Bank
    "XIM": None,  # African Export-Import Bank
    "XCC": None,  # Caribbean Community
    "XCE": None,  # Council of Europe
    "XCO": None,  # Common Market for Eastern and Southern Africa
    "XDC": None,  # Southern African Development Community
    "XEC": None,  # Economic Community of West African States
    "XES": None,  # Organization of Eastern Caribbean States
    "XMP": None,  # Parliamentary Assembly of the Mediterranean
    "XOM": None,  # Sovereign Military Order of Malta
    "XPO": None,  # International Criminal Police Organization
    "XXA": None,  # stateless person
    "XXB": None,  # refugee, convention of 1951
    "XXC": None,  # other refugee
    "XXX": None,  # unspecified nationality
    "UTO": None,  # Utopia, the country of specimens
}
# Organisations that issue travel documents under a two-letter code that ISO 3166-1 reserves for them.
_ORGANISATIONS = {"UN": "United Nations", "EU": "European Union"}


class _Tables(NamedTuple):
    """The table in the shapes that questions need."""

    names: dict[str, str]  # alpha-2 -> English short name
    alpha3: dict[str, str]  # alpha-2 -> alpha-3
    of_alpha3: dict[str, str]  # alpha-3 -> alpha-2
    of_words: dict[str, str]  # folded name -> alpha-2
    spellings: dict[str, str]  # every name and code in lower case -> alpha-2, for suggestions


def _fold(name: str) -> list[str]:
    """Return the words of a name that tell countries apart, in alphabetical order."""
    plain = anyascii(name).lower().replace("'", "").replace("u.s.", "us")
    words = ["saint" if word == "st" else word for word in re.findall("[a-z]+", plain)]
    return sorted(word for word in words if word not in _SILENT)


@cache
def _tables() -> _Tables:
    text = files("liaison.lib").joinpath("countries.csv").read_text(encoding="utf-8")
    tables = _Tables({}, {}, {}, {}, {})
    for row in csv.DictReader(text.splitlines()):
        code = row["alpha2"]
        tables.names[code] = row["name"]
        tables.alpha3[code] = row["alpha3"]
        tables.of_alpha3[row["alpha3"]] = code
        tables.spellings[row["alpha3"].lower()] = code
        for name in (row["name"], *filter(None, row["variants"].split("|"))):
            tables.of_words[" ".join(_fold(name))] = code
            tables.spellings[name.lower()] = code
    return tables


def is_country(code: str) -> bool:
    """Say whether this is an alpha-2 code of ISO 3166-1 (or XK), in upper case."""
    return code in _tables().names


def is_issuer(code: str) -> bool:
    """Say whether this code can issue a travel document: a country, UN or EU."""
    return code in _tables().names or code in _ORGANISATIONS


def all_countries() -> list[tuple[str, str]]:
    """Return alpha-2 code and English short name of every country, by code."""
    return sorted(_tables().names.items())


def country_name(alpha2: str) -> str:
    """Return the English short name; an unknown code is returned as it is.

    >>> country_name("PL")
    'Poland'
    """
    return _tables().names.get(alpha2) or _ORGANISATIONS.get(alpha2, alpha2)


def country_code(text: str) -> str:
    """Return the alpha-2 code for an alpha-2 or alpha-3 code or an English name in any case.

    Words may stand in any order ("Korea, North"), with or without accents.
    Raises ValueError naming the text and the nearest country.

    >>> country_code("Iran (Islamic Republic of)")
    'IR'
    """
    if text in _tables().names:
        return text
    return _country_code(text[:200])


def issuer_code(text: str) -> str:
    """Return the two-letter code of a country, or of an organisation that issues travel documents (UN, EU).

    Raises ValueError like `country_code`.

    >>> issuer_code("United Nations"), issuer_code("Kenya")
    ('UN', 'KE')
    """
    upper = text.strip().upper()
    organisation = next((code for code, name in _ORGANISATIONS.items() if upper in (code, name.upper())), None)
    return organisation or country_code(text)


@lru_cache(maxsize=4096)
def _country_code(text: str) -> str:
    """Look up what is not already a code in upper case; lists name few countries many times."""
    tables = _tables()
    plain = text.strip().upper()
    if plain in tables.names:
        return plain
    if plain in tables.of_alpha3:
        return tables.of_alpha3[plain]
    words = _fold(text) if _NAME_SHAPE.fullmatch(anyascii(plain)) else []
    code = tables.of_words.get(" ".join(words))
    if code is None:
        code = tables.of_words.get(" ".join(word for word in words if word not in _FORMS_OF_STATE))
    if code is None:
        raise ValueError(f"{text[:60]!r} is not a country. {_suggestion(text)}")
    return code


@lru_cache(maxsize=1024)
def _suggestion(text: str) -> str:
    """Name the nearest country, or say what is accepted."""
    spellings = _tables().spellings
    near = get_close_matches(text[:60].strip().lower(), spellings, n=1, cutoff=0.7)
    if near:
        code = spellings[near[0]]
        return f"Did you mean {code!r} ({country_name(code)})?"
    return "Write a code of ISO 3166-1 such as 'PL' or 'POL', or the English name."


def is_mrz_code(code: str) -> bool:
    """Say whether a machine-readable zone may name this state or organisation; fillers may be left on.

    >>> is_mrz_code("D<<"), is_mrz_code("XXA"), is_mrz_code("QQQ")
    (True, True, False)
    """
    bare = code.rstrip("<")
    return bare in _MRZ_ONLY or bare in _tables().of_alpha3


def alpha2_of_mrz(code: str) -> str | None:
    """Return the two-letter code of a code in a machine-readable zone, or None where there is none.

    Source: ICAO Doc 9303, part 3, section 5.

    >>> alpha2_of_mrz("D<<"), alpha2_of_mrz("GBN"), alpha2_of_mrz("XXA")
    ('DE', 'GB', None)
    """
    bare = code.rstrip("<")
    return _MRZ_ONLY[bare] if bare in _MRZ_ONLY else _tables().of_alpha3.get(bare)


def mrz_of_alpha2(alpha2: str) -> str:
    """Return the code that a machine-readable zone writes for a country, without fillers.

    Raises ValueError when the code is not a country, UN or EU.

    >>> mrz_of_alpha2("DE"), mrz_of_alpha2("XK"), mrz_of_alpha2("PL")
    ('D', 'RKS', 'POL')
    """
    special = {"DE": "D", "XK": "RKS", "UN": "UNO", "EU": "EUE"}
    code = special.get(alpha2) or _tables().alpha3.get(alpha2)
    if code is None:
        raise ValueError(f"{alpha2[:60]!r} is not a country. {_suggestion(alpha2)}")
    return code
