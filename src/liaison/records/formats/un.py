"""Read the UN Security Council's consolidated list (XML): whom each entry names, and how.

Individuals and entities as published; empty elements are placeholders and say
nothing.  Document types, entities and external references of XML are refused.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse, tostring

from liaison.errors import BadInput, Problem, TooLarge
from liaison.records.formats.base import Limits, Row, refused, shortened
from liaison.records.formats.listed import SEXES, Draft, one_line, years_between
from liaison.records.formats.plain import plain_chunks

if TYPE_CHECKING:
    # The type only: everything is parsed by defusedxml.
    from xml.etree.ElementTree import Element

_ROOT = "CONSOLIDATED_LIST"
_MAX_DEPTH = 32
_QUALITIES = {"good": "alias", "low": "weak_alias", "a.k.a.": "alias", "f.k.a.": "former"}
_LISTED_BEFORE = ("formerly listed", "previously listed")
_IN_SCRIPT = re.compile(r"\bin \w+ script: (?P<name>[^;()]+)")
_NUMBER_IN_NOTE = re.compile(r"\b(?:number|no\.):? (?P<number>[A-Z]{0,3} ?[A-Z]{0,2}\d[\w/-]*)")
_NAME_FIELDS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ADDRESS_FIELDS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
# What becomes a line of the description: element, label.
_NOTES = (("TITLE", "Title"), ("DESIGNATION", "Designation"), ("SUBMITTED_BY", "Submitted by"), ("COMMENTS1", ""))


def read_un(source: BinaryIO, limits: Limits) -> Iterator[Row]:
    """Yield a row for each individual and entity on the list.

    Raises BadInput for XML that is malformed or forbidden, and for another document.
    """
    records = _records(_Stream(plain_chunks(source, limits), limits))
    for number, element in enumerate(records, start=1):
        yield _row(number, element)


class _Stream:
    """The file as the parser reads it; stops a record that grows past the limit."""

    def __init__(self, chunks: Iterator[bytes], limits: Limits) -> None:
        self._chunks = chunks
        self._rest = b""
        self._max_record = limits.max_row_bytes
        self._read_bytes = 0

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        if self._read_bytes > self._max_record:
            raise TooLarge("row-too-long", f"An entry is longer than {self._max_record} bytes: shorten it.")
        self._rest = self._rest or next(self._chunks, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        self._read_bytes += len(piece)
        return piece

    def begin_record(self) -> None:
        """Count the bytes of the next record from here."""
        self._read_bytes = 0


def _records(stream: _Stream) -> Iterator["Element"]:
    """Yield the elements two levels below the root, each emptied out of the tree afterwards."""
    path: list[Element] = []
    for event, element in _events(stream):
        if event == "start":
            path.append(element)
            _require_sound(path)
            continue
        path.pop()
        if len(path) == 2:
            yield element
        if 1 <= len(path) <= 2:
            path[-1].clear()
            stream.begin_record()


def _require_sound(path: list["Element"]) -> None:
    if path[0].tag != _ROOT:
        raise BadInput(
            "unknown-format",
            f"The root element is {path[0].tag[:60]!r}, not {_ROOT!r}: send the UN consolidated list as published.",
            at="line 1",
        )
    if len(path) > _MAX_DEPTH:
        raise BadInput("nested-too-deeply", f"Elements are nested deeper than {_MAX_DEPTH} levels.")


def _events(stream: _Stream) -> Iterator[tuple[str, "Element"]]:
    events = iter(iterparse(stream, events=("start", "end"), forbid_dtd=True))
    while True:
        try:
            event = next(events, None)
        except DefusedXmlException:
            raise BadInput(
                "forbidden-xml",
                "The XML declares a document type or entities, which could hide a bomb: send it without <!DOCTYPE>.",
            ) from None
        except ParseError as error:
            line, column = error.position
            raise BadInput(
                "bad-xml",
                f"This is not well-formed XML ({str(error).partition(':')[0]}): send the list as published.",
                at=f"line {line}, column {column + 1}",
            ) from None
        except (LookupError, ValueError):
            # The parser itself raises these for a declared encoding that it does not know.
            raise BadInput(
                "wrong-encoding", "The XML declares an encoding that is not read: save it as UTF-8.", at="line 1"
            ) from None
        if event is None:
            return
        yield event


def _row(number: int, element: "Element") -> Row:
    raw = shortened(tostring(element, encoding="unicode"))
    read = _READERS.get(element.tag)
    reference = _text(element, "REFERENCE_NUMBER")
    if read is None:
        detail = f"There is no database for {element.tag[:40]!r}: the list has individuals and entities."
        return refused(number, 0, raw, Problem("unsupported-kind", detail, f"entry {number}", element.tag[:200]))
    if not reference:
        detail = "The entry has no REFERENCE_NUMBER, so it could not be updated later: add it."
        return refused(number, 0, raw, Problem("missing-reference", detail, f"entry {number}"))
    draft = read(element, reference)
    if not draft.has_names():
        detail = "The entry has no name: it needs FIRST_NAME."
        return refused(number, 0, raw, Problem("missing-name", detail, f"entry {number}", reference[:200]))
    return Row(number, draft.fields(), None, raw, "nominal")


def _individual(element: "Element", reference: str) -> Draft:
    draft = Draft(reference, is_person=True)
    _add_common(draft, element, "INDIVIDUAL")
    draft.set("status", "subject_to_un_sanctions")
    for alias in element.iterfind("INDIVIDUAL_ALIAS"):
        _add_alias_birth(draft, alias)
    for birth in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        _add_birth(draft, birth)
    for place in element.iterfind("INDIVIDUAL_PLACE_OF_BIRTH"):
        draft.add("places_of_birth", _joined(place, _ADDRESS_FIELDS), "Place of birth")
        draft.note("Place of birth", _text(place, "NOTE"))
    for country in _values(element, "NATIONALITY"):
        draft.add_nationality(country)
    for document in element.iterfind("INDIVIDUAL_DOCUMENT"):
        _add_document(draft, document)
    gender = _text(element, "GENDER")
    if gender.lower() in SEXES:
        draft.set("sex", SEXES[gender.lower()])
    else:
        draft.note("Gender", gender)
    return draft


def _entity(element: "Element", reference: str) -> Draft:
    draft = Draft(reference, is_person=False)
    _add_common(draft, element, "ENTITY")
    return draft


_READERS: dict[str, Callable[["Element", str], Draft]] = {"INDIVIDUAL": _individual, "ENTITY": _entity}


def _add_common(draft: Draft, element: "Element", kind: str) -> None:
    """Add what individuals and entities share: names, addresses, the listing, remarks."""
    for name in _joined(element, _NAME_FIELDS, " ").split(";"):
        draft.add_name(name, "alias" if draft.has_names() else "primary")
    draft.add_name(_text(element, "NAME_ORIGINAL_SCRIPT"), "original_script" if draft.has_names() else "primary")
    for alias in element.iterfind(f"{kind}_ALIAS"):
        _add_alias(draft, alias)
    for address in element.iterfind(f"{kind}_ADDRESS"):
        line, note = _joined(address, _ADDRESS_FIELDS), _text(address, "NOTE")
        if line:
            draft.add("addresses", f"{line} ({note})" if note else line, "Address")
        else:
            draft.note("Address", note)
    listing = [f"UN Security Council list {_text(element, 'UN_LIST_TYPE')}".rstrip(), _text(element, "LISTED_ON")[:10]]
    draft.set("relevance", ", listed on ".join(filter(None, listing)))
    for field, label in _NOTES:
        for value in _values(element, field):
            draft.note(label, value)


def _add_alias(draft: Draft, alias: "Element") -> None:
    name, quality, note = _text(alias, "ALIAS_NAME"), _text(alias, "QUALITY"), _text(alias, "NOTE")
    kind = _QUALITIES.get(quality.lower(), "alias")
    if note.lower().startswith(_LISTED_BEFORE):
        kind = "former"
    # Some entries give several names in one, and the original script in the note.
    for single in name.split(";"):
        draft.add_name(single, kind)
    in_script = _IN_SCRIPT.search(note)
    if in_script:
        draft.add_name(in_script["name"], "original_script")
    draft.note(f"Alias {name}".rstrip(), note)


def _add_alias_birth(draft: Draft, alias: "Element") -> None:
    if date := _text(alias, "DATE_OF_BIRTH"):
        draft.add_born(date)
    place = ", ".join(filter(None, (_text(alias, "CITY_OF_BIRTH"), _text(alias, "COUNTRY_OF_BIRTH"))))
    draft.add("places_of_birth", place, "Place of birth")


def _add_birth(draft: Draft, birth: "Element") -> None:
    kind, note = _text(birth, "TYPE_OF_DATE"), _text(birth, "NOTE")
    date = _text(birth, "DATE") or _text(birth, "YEAR")
    first, last = _text(birth, "FROM_YEAR"), _text(birth, "TO_YEAR")
    if first.isdecimal() and last.isdecimal():
        for year in years_between(int(first[:4]), int(last[:4])):
            draft.add_born(year)
        note = f"between {first} and {last} {note}"
    elif date:
        draft.add_born(date)
        note = f"{kind.lower()} {date} {note}" if note or kind not in ("", "EXACT") else ""
    draft.note("Born", note)


def _add_document(draft: Draft, document: "Element") -> None:
    number, kind = _text(document, "NUMBER"), _text(document, "TYPE_OF_DOCUMENT")
    more = _text(document, "TYPE_OF_DOCUMENT2")
    issuer = _text(document, "ISSUING_COUNTRY") or _text(document, "COUNTRY_OF_ISSUE")
    issued = [_text(document, "DATE_OF_ISSUE"), _text(document, "CITY_OF_ISSUE")]
    said = (kind, more, f"issued {' in '.join(filter(None, issued))}" if any(issued) else "", _text(document, "NOTE"))
    note = "; ".join(filter(None, said))
    # Some entries leave NUMBER out and give it beside the second type or in the note.
    told = _NUMBER_IN_NOTE.search(f"{more}; {_text(document, 'NOTE')}")
    if not number and told:
        number = told["number"]
    if number:
        draft.add_document(number, _document_type(f"{kind} {more}"), issuer, note)
    else:
        draft.note("Document", note)


def _document_type(text: str) -> str:
    folded = text.lower()
    if "passport" in folded or "passeport" in folded or "pasaporte" in folded:
        return "passport"
    return "identity_card" if "identi" in folded else "other"


def _text(element: "Element", field: str) -> str:
    return one_line(element.findtext(field) or "")


def _values(element: "Element", field: str) -> list[str]:
    """Return the texts of an element's VALUE children, or its own text."""
    found = [one_line(value.text or "") for value in element.iterfind(f"{field}/VALUE")]
    return [value for value in (found or [_text(element, field)]) if value]


def _joined(element: "Element", fields: tuple[str, ...], separator: str = ", ") -> str:
    return separator.join(filter(None, (_text(element, field) for field in fields)))
