"""Understand what an officer typed, pasted or scanned into the one box, and what is to be asked.

Pure.  What may be several things is asked as each of them: a check too many
costs nothing, a missed one does.  What looks like a date of birth and cannot be
read is a problem, never a silence.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

from liaison.lib.countries import is_country
from liaison.lib.partial_date import parse_partial_date
from liaison.records import identifiers
from liaison.records.patterns import is_pattern, plate_pattern, vin_pattern

_MRZ = re.compile(r"[A-Z0-9<]+")
# The shortest zone has two lines of 36; a text this long with a filler in it was meant as one, even when cut.
_SHORTEST_MRZ = 25
_VIN_LENGTH = 17
# As vehicles carry it since 1981: no I, O, Q, and a serial number at the end, however it is spaced.
_VIN = re.compile(r"[0-9A-HJ-NPR-Z]{13}[0-9]{4}")
# "Anna Leweska 3.2.1984" has as many letters and digits as a VIN.
_THREE_NUMBERS = re.compile(r"\d[./-]\d+[./-]\d")
_LONGEST_PLATE = 12
_LONGEST_NUMBER = 30
_MMSI_LENGTH = 9
_LABELLED = re.compile(
    r"\b(?:رقم\s+)?(?P<label>IMO|MMSI)(?:\s*(?:number|numer|no|nr|رقم)\b)?[\s:#.-]*(?P<number>\d(?:[\s-]?\d){0,29})\b",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s./·\u2010-\u2015-]+")
_WITH_COUNTRY = re.compile(r"(.+?)\s*,\s*([A-Z]{2})")
_LETTERS = re.compile(r"[^\W\d_]+")
_HAS_DIGIT = re.compile(r"\S*\d\S*")

# Arabic writes marks of direction around the signs between the numbers of a date (so CLDR has it).
_JOINT = r"[\u200e\u200f\u061c]?\s?[./\u2010-\u2015-]\s?[\u200e\u200f\u061c]?"
_BORN_WORDS = (
    r"(?:\*|\b(?:date of birth|data urodzenia|urodzon[ya]|urodz|ur|born|dob|geb|b|تاريخ الميلاد|مواليد|ولدت?)\b)"
    r"[.:]?\s*(?:(?:on|in|w|dnia|في|عام|سنة)\s+)?"
)
# A number, or numbers that belong together, with nothing but their own signs around them.
_NUMBERS = re.compile(
    rf"(?:(?P<word>{_BORN_WORDS})|(?<![\w./\u2010-\u2015-]))"
    rf"(?P<text>(?:\d{{1,2}}\s+\d{{1,2}}\s+\d{{4}}|\d{{4}}\s+\d{{1,2}}\s+\d{{1,2}}|\d++(?:{_JOINT}\d++)*+))"
    r"(?:\s?(?:r\.|م))?(?![^\W_])",
    re.IGNORECASE,
)
# Three numbers with four digits first or last: hardly a plate.
_WITH_YEAR = re.compile(r"\d{4}\D+\d+\D+\d+|\d+\D+\d+\D+\d{4}")
_YEARS = range(1800, 2100)
_BORN_STAR = re.compile(r"\s\*\s?\d")
_LEADING = " ,;:()\n-\u2013"


class Guess(NamedTuple):
    """One thing that a text may be, and the query of a check for it, without its id.

    `kind` is "mrz", "imo", "mmsi", "vin", "vin_part", "document", "plate", "plate_part", "name", "name_and_birth",
    "organisation_name" or "vessel_name".
    """

    kind: str
    query: dict[str, Any]


class Understood(NamedTuple):
    """What a text means.

    `problem` is "" or says why nothing can be asked: "no-date", "several-dates" or
    "no-name", and `about` which part of the text is to blame.  `left` are the parts
    with digits that count as parts of a name, for want of another meaning.
    """

    guesses: tuple[Guess, ...] = ()
    problem: str = ""
    about: str = ""
    left: tuple[str, ...] = ()


def understand(text: str) -> Understood:
    """Return what to ask for a text of the one box.

    >>> [guess.kind for guess in understand("P<UTOERIKSSON<<ANNA<MARIA<<<").guesses]
    ['mrz']
    >>> understand("Anna Eriksson 12.8.1974").guesses
    (Guess(kind='name_and_birth', query={'person': {'name': 'Anna Eriksson', 'born': '1974-08-12'}}),)
    >>> understand("Anna Eriksson 31.2.1974")
    Understood(guesses=(), problem='no-date', about='31.2.1974', left=())
    """
    text = text.strip()
    if _is_mrz(text):
        return Understood((Guess("mrz", {"mrz": text}),))
    if labelled := _LABELLED.search(text):
        return Understood(_labelled(text, labelled))
    if partly_known := _partly_known(text):
        return partly_known
    with_country = _WITH_COUNTRY.fullmatch(text)
    if with_country and is_country(with_country[2]) and _is_short_number(with_country[1]):
        return Understood(_number_of(with_country[1], with_country[2]))
    if _is_identifier(text):
        return _identifier_or_short_name(text)
    return _name(text)


def read_birth_date(text: str) -> str:
    """Return a date in ISO form as people write it, or "" when it is none; "3.2.1984" is day, month, year.

    >>> read_birth_date("3/2/1984"), read_birth_date("1984"), read_birth_date("3/2/84")
    ('1984-02-03', '1984', '')
    """
    numbers = re.findall(r"\d+", text)
    sizes = tuple(map(len, numbers))
    if sizes == (8,):
        joined = numbers[0]
        tries = [[joined[:4], joined[4:6], joined[6:]], [joined[4:], joined[2:4], joined[:2]]]
    elif sizes and sizes[0] == 4 and len(sizes) <= 3 and max(sizes[1:], default=1) <= 2:
        tries = [numbers]
    elif sizes and sizes[-1] == 4 and len(sizes) <= 3 and max(sizes[:-1]) <= 2:
        tries = [numbers[::-1]]
    else:
        return ""
    return next(filter(None, map(_iso, tries)), "")


def _iso(parts: list[str]) -> str:
    try:
        return str(parse_partial_date("-".join(parts))) if int(parts[0]) in _YEARS else ""
    except ValueError:
        return ""


def _is_mrz(text: str) -> bool:
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.replace("«", "<"))).upper()
    return "<" in bare and len(bare) >= _SHORTEST_MRZ and _MRZ.fullmatch(bare) is not None


def _labelled(text: str, found: re.Match[str]) -> tuple[Guess, ...]:
    """Return the number that is called by its name, and what stands beside it as the vessel's name."""
    kind = found["label"].lower()
    number = Guess(kind, {"vessel": {kind: found["number"]}})
    name = _joined(text[: found.start()], text[found.end() :])
    return (number, _vessel(name)) if name else (number,)


def _is_identifier(text: str) -> bool:
    """Say whether a text with a digit is a number: it has no word long enough to be a name beside others."""
    if not any(character.isdigit() for character in text):
        return False
    words, bare = _SEPARATORS.split(text), _SEPARATORS.sub("", text)
    if len(text) > _LONGEST_NUMBER:
        return False
    return (
        len(words) == 1
        or (_VIN.fullmatch(bare.upper()) is not None and not _THREE_NUMBERS.search(text))
        or max((len(run) for run in _LETTERS.findall(text)), default=0) <= 3
    )


def _is_short_number(text: str) -> bool:
    """Say whether a text with some digits is short enough for a plate or the number of a document."""
    bare = _SEPARATORS.sub("", text)
    is_short = len(bare) <= _LONGEST_PLATE and len(text) <= _LONGEST_NUMBER
    return is_short and sum(character.isdigit() for character in text) > 1


def _number_of(number: str, country: str) -> tuple[Guess, ...]:
    """Return what to ask for a number and, behind a comma, its country."""
    document = Guess("document", {"document": {"number": number, "issuer": country}})
    return _askable((document, Guess("plate", {"vehicle": {"plate": number, "country": country}})))


def _partly_known(text: str) -> Understood | None:
    """Take "WX ?23*" for a plate or a VIN of which a part is known; "Anna *1984" is a name with a date of birth."""
    words = _LETTERS.findall(text)
    if (
        not is_pattern(text)
        or len(text) > _LONGEST_NUMBER
        or (max(map(len, words), default=0) > 3 and len(_SEPARATORS.split(text)) > 1)
    ):
        return None
    with_country = _WITH_COUNTRY.fullmatch(text)
    is_of_country = with_country is not None and is_country(with_country[2])
    number, country = with_country.groups() if with_country and is_of_country else (text, None)
    plate = Guess("plate_part", {"vehicle": {"plate": number} | ({"country": country} if country else {})})
    vin = Guess("vin_part", {"vehicle": {"vin": number}})
    guesses = [plate] if _is_taken(lambda part: plate_pattern(part, country).text, number) else []
    if not country and _is_taken(lambda part: vin_pattern(part).text, number):
        guesses.append(vin)
    has_digit = _HAS_DIGIT.search(number) is not None
    person = Understood() if has_digit and not _BORN_STAR.search(text) else _name(text)
    if not guesses and person.guesses:
        return None
    return Understood((*(guesses or [plate]), *person.guesses), left=person.left)


def _identifier(text: str) -> tuple[Guess, ...]:
    bare = _SEPARATORS.sub("", text)
    if len(bare) == _VIN_LENGTH and bare.isascii() and not bare.isdigit():
        return (Guess("vin", {"vehicle": {"vin": text}}),)
    guesses = [Guess("document", {"document": {"number": text}})]
    if len(bare) <= _LONGEST_PLATE:
        guesses.append(Guess("plate", {"vehicle": {"plate": text}}))
    if bare.isdecimal() and _is_taken(identifiers.imo_number, text):
        guesses.append(Guess("imo", {"vessel": {"imo": text}}))
    if bare.isdecimal() and len(bare) == _MMSI_LENGTH:
        guesses.append(Guess("mmsi", {"vessel": {"mmsi": text}}))
    return _askable(tuple(guesses))


def _askable(guesses: tuple[Guess, ...]) -> tuple[Guess, ...]:
    """Leave out the guesses that no check takes; when none is left, all stay, and the refusal says why."""
    return tuple(filter(_is_askable, guesses)) or guesses


def _is_askable(guess: Guess) -> bool:
    if guess.kind == "document":
        return _is_taken(identifiers.document_number, guess.query["document"]["number"])
    return guess.kind != "plate" or _is_taken(identifiers.plate, guess.query["vehicle"]["plate"])


def _is_taken(read: Callable[[str], str], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _identifier_or_short_name(text: str) -> Understood:
    """Take a number for what it is, and "Ng Li 1984" or "王伟 1984" for a person as well."""
    taken = _identifier(text)
    has_word = any(len(run) > 1 for run in _LETTERS.findall(text))
    person = _name(text) if has_word and len(_SEPARATORS.split(text)) > 1 else Understood()
    if person.problem == "no-date" and _WITH_YEAR.fullmatch(person.about):
        return person
    if any(guess.kind == "name_and_birth" for guess in person.guesses):
        return Understood((*taken, person.guesses[0]), left=person.left)
    return Understood(taken)


def _name(text: str) -> Understood:
    """Take a text for a name, with at most one date of birth anywhere in it."""
    text = " ".join(text.split(" "))
    is_short = _is_short_number(text)
    # Two numbers in a short text, "DEMO 12-34", may be those of a plate.
    most = 2 if is_short else 1
    found = [(place, read_birth_date(place["text"])) for place in _NUMBERS.finditer(text)]
    for place, born in found:
        if not born and (place["word"] or len(re.findall(r"\d+", place["text"])) > most):
            return Understood(problem="no-date", about=place["text"])
    dates = [(place, born) for place, born in found if born]
    if len(dates) > 1:
        return Understood(problem="several-dates", about=", ".join(place["text"] for place, _ in dates))
    if dates:
        return _name_and_birth(text, found, *dates[0])
    names = (
        Guess("name", {"person": {"name": text}}),
        Guess("organisation_name", {"organisation": {"name": text}}),
        _vessel(text),
    )
    # "DEMO 000001" may be a plate of letters and digits: it is asked as what it can be, and as a name too.
    numbers = tuple(filter(_is_askable, _identifier(text))) if is_short else ()
    return Understood((*numbers, *names), left=tuple(_HAS_DIGIT.findall(text)))


def _name_and_birth(text: str, found: list[tuple[re.Match[str], str]], place: re.Match[str], born: str) -> Understood:
    """Take what stands around the date for the name; "13 February 1984" is a date that was not read whole."""
    days = [other for other, _ in found if other is not place and len(other["text"]) <= 2]
    if len(born) == 4 and days:
        start, end = min(days[0].start(), place.start()), max(days[0].end(), place.end())
        return Understood(problem="no-date", about=text[start:end])
    name = _joined(text[: place.start()], text[place.end() :])
    if not name:
        return Understood(problem="no-name", about=place["text"])
    guesses = [Guess("name_and_birth", {"person": {"name": name, "born": born}})]
    if len(born) == 4 and not place["word"]:
        # "Ocean Star 2000" may be all of a vessel's name.
        guesses.append(_vessel(text))
    return Understood(tuple(guesses), left=tuple(_HAS_DIGIT.findall(name)))


def _vessel(name: str) -> Guess:
    return Guess("vessel_name", {"vessel": {"name": name}})


def _joined(before: str, after: str) -> str:
    """Return what stands around a part that was taken out, without the signs that led to it."""
    around = (before.rstrip(_LEADING), after.lstrip(_LEADING))
    return " ".join(filter(None, around)).strip(" ,;:()\n")
