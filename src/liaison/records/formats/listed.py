"""Gather a subject from a published list into the fields of a nominal record, losing nothing.

What has no field of its own, does not fit, or cannot be understood becomes a
line of the description.  Knows no list: `ofac.py`, `un.py` and `ftm.py` do the reading.
"""

import re

from liaison.lib.countries import country_code, issuer_code
from liaison.lib.partial_date import parse_partial_date
from liaison.records.identifiers import document_number

SEXES = {"male": "M", "female": "F", "other": "X"}
_MAX_YEARS = 15
_MAX_LINE = 500
_MAX_NUMBER = 64
# A number with the code of its issuer behind it in parentheses.
_ISSUER_BEHIND = re.compile(r"(?P<number>[^()]+?) \((?P<issuer>[A-Z]{2,3})\)")
_MAX_OF = {"names": 200, "born": 20, "nationalities": 20, "places_of_birth": 20, "addresses": 100, "documents": 100}


class Draft:
    """A nominal record being gathered; `fields` gives it as the database's JSON row."""

    def __init__(self, source_reference: str, *, is_person: bool) -> None:
        self.is_person = is_person
        self._fields: dict[str, object] = {
            "source_reference": source_reference,
            "kind": "person" if is_person else "organisation",
        }
        self._lists: dict[str, list[object]] = {}
        # The keys are the lines, in their order and each once.
        self._notes: dict[str, None] = {}
        self._full_names: set[str] = set()

    def set(self, field: str, value: str) -> None:
        """Set a field of one value."""
        self._fields[field] = value

    def add(self, field: str, value: object, label: str) -> None:
        """Add to a field of many values; a value too many or too long becomes a note under `label`."""
        values = self._lists.setdefault(field, [])
        if not value or value in values:
            return
        if len(values) >= _MAX_OF[field] or (isinstance(value, str) and len(value) > _MAX_LINE):
            self.note(label, str(value))
        else:
            values.append(value)

    def add_name(self, full: str, kind: str, parts: list[tuple[str, str]] | None = None) -> None:
        """Add a name, once; the first one added is the primary name."""
        full = one_line(full)
        if not full or full in self._full_names:
            return
        self._full_names.add(full)
        name: dict[str, object] = {"full": full, "kind": kind}
        if parts:
            name["parts"] = [{"role": role, "text": text} for role, text in parts]
        names = self._lists.setdefault("names", [])
        if len(names) >= _MAX_OF["names"] or (names and len(full) > _MAX_LINE):
            self.note("Name", full)
        else:
            names.append(name)

    def add_born(self, date: str) -> None:
        """Add a date of birth; a time after it is dropped, and what is no date becomes a note."""
        try:
            self.add("born", str(parse_partial_date(date[:10])), "Born")
        except ValueError:
            self.note("Born", date)

    def add_nationality(self, country: str) -> None:
        """Add a nationality by its English name or code; what is no country becomes a note."""
        code = code_of(country)
        if code:
            self.add("nationalities", code, "Nationality")
        else:
            self.note("Nationality", country)

    def add_document(self, number: str, kind: str, issuer: str = "", note: str = "") -> None:
        """Add a document; an issuer that is no country goes into its note, prose around the number too."""
        text = one_line(number)
        abroad = _ISSUER_BEHIND.fullmatch(text)
        if abroad and not issuer and _issuer_of(abroad["issuer"]):
            text, issuer = abroad["number"], abroad["issuer"]
        plain = _bare_number(text)
        if not plain:
            self.note("Document", ", ".join(filter(None, (text, issuer, note))))
            return
        document: dict[str, object] = {"number": plain, "type": kind}
        code = _issuer_of(issuer)
        if code:
            document["issuer"] = code
        said = (note, text if text != plain else "", f"issued by {issuer}" if issuer and not code else "")
        if any(said):
            document["note"] = "; ".join(filter(None, said))[:_MAX_LINE]
        self.add("documents", document, "Document")

    def note(self, label: str, text: str) -> None:
        """Add a line to the description, once."""
        text = one_line(text)
        line = f"{label}: {text}" if label else text
        if text:
            self._notes[line] = None

    def has_names(self) -> bool:
        """Say whether there is a name to find the subject by."""
        return bool(self._lists.get("names"))

    def fields(self) -> dict[str, object]:
        """Return the record as the database's JSON row has it."""
        fields = self._fields | {name: values for name, values in self._lists.items() if values}
        if self._notes:
            fields["description"] = "\n".join(self._notes)
        return fields


def code_of(country: str) -> str | None:
    """Return the two-letter code of a country by name or code, or None when there is no such country."""
    try:
        return country_code(country)
    except ValueError:
        return None


def _issuer_of(text: str) -> str | None:
    try:
        return issuer_code(text)
    except ValueError:
        return None


def years_between(first: int, last: int) -> list[str]:
    """Return every year of a range of at most 15 years, and only its ends when it is longer.

    >>> years_between(1960, 1962)
    ['1960', '1961', '1962']
    """
    if 0 <= last - first <= _MAX_YEARS:
        return [f"{year:04d}" for year in range(first, last + 1)]
    return [f"{first:04d}", f"{last:04d}"]


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space.

    >>> one_line("  Port  Road 7 ")
    'Port Road 7'
    """
    return " ".join(text.split())


def turned_name(name: str) -> tuple[str, list[tuple[str, str]]]:
    """Turn "FAMILY, Given" round; return the whole name and its parts (none when there is no comma).

    A suffix after a second comma stays at the end: "FAMILY, Given, Jr.".

    >>> turned_name("KOWAL, Ada Maria")
    ('Ada Maria KOWAL', [('given', 'Ada Maria'), ('family', 'KOWAL')])
    """
    family, comma, rest = one_line(name).partition(", ")
    if not comma:
        return family, []
    given, _, suffix = rest.partition(", ")
    full = " ".join(filter(None, (given, family, suffix)))
    return full, [(role, text) for role, text in (("given", given), ("family", family)) if text]


def _bare_number(text: str) -> str:
    """Return the number itself: prose and labels such as "service passport no. X1" are left out.

    What no document can have as its number gives "".

    >>> _bare_number("Utopian service passport no. ZZ0001"), _bare_number("CNIC: 77-88")
    ('ZZ0001', '77-88')
    """
    words = [word.strip(".,;:()#") for word in text.split()]
    is_prose = any(word.isalpha() and not (word.isascii() and word.isupper()) for word in words)
    if is_prose or len(text) > _MAX_NUMBER:
        numbers = [word for word in words if any(map(str.isdigit, word))]
        plain = max(numbers, key=len, default="")
    else:
        plain = text.rpartition(":")[2].strip(" #")
    return plain if any(map(str.isdigit, plain)) and _is_document_number(plain) else ""


def _is_document_number(text: str) -> bool:
    try:
        document_number(text)
    except ValueError:
        return False
    return len(text) <= _MAX_NUMBER
