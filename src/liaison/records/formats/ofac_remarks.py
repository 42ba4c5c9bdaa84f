"""Read the remarks of an OFAC entry: the facts that stand in that one line of text.

Remarks are facts between semicolons: "DOB 10 Dec 1948; POB Utopia City;
nationality Poland; Passport ZZ0001 (Poland) issued 01 Jan 2001."  A fact that
is not recognised becomes a line of the description, so nothing is lost.
"""

import re
from collections.abc import Callable

from liaison.records.formats.listed import SEXES, Draft, turned_name, years_between

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {month: f"{number:02d}" for number, month in enumerate(_MONTH_NAMES, start=1)}
_DATE = re.compile(r"(?:(?P<day>\d{1,2}) )?(?:(?P<month>[A-Z][a-z]{2})[a-z]* )?(?P<year>\d{4})")
_MAX_DATE = 60
_RANGE = re.compile(r"(?P<first>.*?\d{4})(?: to |-)(?P<last>.*\d{4})")
_BORN = re.compile(r"DOB:? (.+)")
_PLACE = re.compile(r"POB:? (.+)")
_NATIONALITY = re.compile(r"(?:nationality|citizen):? (.+)")
_GENDER = re.compile(r"Gender:? (.+)")
_ALIAS = re.compile(r"(?P<kind>[afn])\.k\.a\. ['\"](?P<name>.+?)['\"]?")
_ALIAS_KINDS = {"a": "weak_alias", "f": "former", "n": "alias"}
_LABELS = {
    "passport": (
        "Passport",
        "Diplomatic Passport",
        "Service Passport",
        "Official Passport",
        "Stateless Person Passport",
    ),
    "identity_card": (
        "National ID No.",
        "National ID Number",
        "National Foreign ID Number",
        "Identification Number",
        "Turkish Identification Number",
        "Kenyan ID No.",
        "Personal ID Card",
        "Citizen's Card Number",
        "Cedula No.",
        "Cedula de Residencia",
        "Numero de Identidad",
        "C.U.R.P.",
        "D.N.I.",
        "I.F.E.",
        "Residency Number",
        "Tazkira National ID Card",
        "Afghan Tazkira",
    ),
    "visa": ("VisaNumberID", "Visa Number"),
    "other": (
        "Travel Document Number",
        "Refugee ID Card",
        "Driver's License No.",
        "Birth Certificate Number",
        "SSN",
        "Tax ID No.",
        "R.F.C.",
        "RFC",
        "NIT",
        "RUC",
        "RIF",
        "RTN",
        "LE Number",
        "C.U.I.P.",
        "C.U.I.T.",
        "C.U.I.",
        "Italian Fiscal Code",
        "Electoral Registry No.",
        "Credencial electoral",
        "Cartilla de Servicio Militar Nacional",
        "Registration ID",
        "Registration Number",
        "Business Registration Number",
        "Business Registration Document",
        "Commercial Registry Number",
        "Public Registration Number",
        "Company Number",
        "UK Company Number",
        "Certificate of Incorporation Number",
        "Chamber of Commerce Number",
        "C.R. No.",
        "Folio Mercantil No.",
        "Matricula Mercantil No",
        "Trade License No.",
        "V.A.T. Number",
        "US FEIN",
        "D-U-N-S Number",
        "Enterprise Number",
        "Legal Entity Number",
        "Tourism License No.",
    ),
}
_TYPES = {label: kind for kind, labels in _LABELS.items() for label in labels}
_DOCUMENT = re.compile(
    rf"(?P<label>{'|'.join(re.escape(label) for label in sorted(_TYPES, key=len, reverse=True))})(?: #)? "
    r"(?P<number>[^()]*?\S)(?: \((?P<issuer>[^()]+)\))?(?P<rest> (?:issued|expires) .+)?"
)


def facts_of(remarks: str) -> list[str]:
    """Return the facts of a remarks cell, each without "alt." in front and the full stop of the last.

    >>> facts_of("DOB 1960; alt. DOB 1961; Linked To: UTOPIA LINES.")
    ['DOB 1960', 'DOB 1961', 'Linked To: UTOPIA LINES']
    """
    facts = (fact.strip() for fact in remarks.strip().removesuffix(".").split(";"))
    return [fact.removeprefix("alt. ") for fact in facts if fact]


def add_facts(draft: Draft, remarks: str, *, title: str = "") -> None:
    """Add every fact of the remarks to the draft: to its field, or to its description.

    The remarks often repeat the title of the entry, which is said already.
    """
    for fact in facts_of(remarks):
        if fact == title:
            continue
        for pattern, add in _FACTS:
            found = pattern.fullmatch(fact)
            if found:
                add(draft, found)
                break
        else:
            draft.note("", fact)


def dates_of(text: str) -> list[str]:
    """Return the partial ISO dates that a date of birth means; none when it is not understood.

    A range gives its years: each one up to fifteen years, else its ends.

    >>> dates_of("10 Dec 1948"), dates_of("circa 1965"), dates_of("Mar 1960 to 1962")
    (['1948-12-10'], ['1965'], ['1960', '1961', '1962'])
    """
    text = text.removeprefix("circa ")
    if len(text) > _MAX_DATE:
        return []
    single = _iso_date(text)
    if single:
        return [single]
    ends = _RANGE.fullmatch(text)
    if not ends:
        return []
    first, last = _iso_date(ends["first"]), _iso_date(ends["last"].removeprefix("circa "))
    return years_between(int(first[:4]), int(last[:4])) if first and last else []


def _iso_date(text: str) -> str:
    found = _DATE.fullmatch(text)
    if not found or (found["day"] and not found["month"]):
        return ""
    month = _MONTHS.get((found["month"] or "").lower())
    if found["month"] and not month:
        return ""
    day = f"{int(found['day']):02d}" if found["day"] else None
    return "-".join(filter(None, (found["year"], month, day)))


def _add_born(draft: Draft, found: "re.Match[str]") -> None:
    dates = dates_of(found[1])
    for date in dates:
        draft.add_born(date)
    # How sure the date is would be lost otherwise.
    if len(dates) != 1 or "circa" in found[1]:
        draft.note("Born", found[1])


def _add_place(draft: Draft, found: "re.Match[str]") -> None:
    draft.add("places_of_birth", found[1], "Place of birth")


def _add_nationality(draft: Draft, found: "re.Match[str]") -> None:
    draft.add_nationality(_COUNTRIES.get(found[1], found[1]))


def _add_gender(draft: Draft, found: "re.Match[str]") -> None:
    if found[1].lower() in SEXES:
        draft.set("sex", SEXES[found[1].lower()])
    else:
        draft.note("Gender", found[1])


def _add_alias(draft: Draft, found: "re.Match[str]") -> None:
    full, parts = turned_name(found["name"]) if draft.is_person else (found["name"], [])
    draft.add_name(full, _ALIAS_KINDS[found["kind"]], parts)


def _add_document(draft: Draft, found: "re.Match[str]") -> None:
    issuer = found["issuer"] or ""
    note = " ".join(filter(None, (found["label"], (found["rest"] or "").strip())))
    draft.add_document(found["number"], _TYPES[found["label"]], _COUNTRIES.get(issuer, issuer), note)


# What this list calls a country differently from its English name.
_COUNTRIES = {"Palestinian": "PS", "Burma": "MM"}

_FACTS: tuple[tuple["re.Pattern[str]", Callable[[Draft, "re.Match[str]"], None]], ...] = (
    (_BORN, _add_born),
    (_PLACE, _add_place),
    (_NATIONALITY, _add_nationality),
    (_GENDER, _add_gender),
    (_ALIAS, _add_alias),
    (_DOCUMENT, _add_document),
)
