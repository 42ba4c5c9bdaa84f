"""Read the SDN list of OFAC, three CSV files as the US Treasury publishes them: whom each entry names.

SDN holds the entries, ALT their other names, ADD their addresses, joined by
the entry number.  The files have no header and write "-0-" for nothing.
Source: treasury.gov, "Specially Designated Nationals list: data specification".
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from liaison.errors import BadInput, Problem, TooLarge
from liaison.records.formats.base import DEFAULT_LIMITS, Limits, Row, refused, shortened
from liaison.records.formats.csv_rows import CellRow, split_rows
from liaison.records.formats.listed import Draft, code_of, one_line, turned_name
from liaison.records.formats.ofac_remarks import add_facts, facts_of
from liaison.records.formats.plain import empty_file, text_lines
from liaison.records.identifiers import imo_number, mmsi

_WIDTHS = {"SDN": 12, "ALT": 5, "ADD": 6}
_ALIAS_KINDS = {"aka": "alias", "fka": "former", "nka": "alias"}
_END_OF_FILE = "\x1a"
_FILE_NAME = re.compile(r"(?P<before>.*?)sdn(?P<after>\.csv(?:\.gz)?)", re.IGNORECASE | re.DOTALL)
_VESSEL_FACTS = (
    ("imo", re.compile(r"Vessel Registration Identification IMO (\d+)"), imo_number),
    ("mmsi", re.compile(r"MMSI (\d+)"), mmsi),
)
_MAX_ALIASES = 100


class _Entry(NamedTuple):
    """One line of the main file."""

    number: str
    name: str
    kind: str
    programmes: str
    title: str
    call_sign: str
    vessel_type: str
    tonnage: str
    gross_tonnage: str
    flag: str
    owner: str
    remarks: str


class _Companion:
    """ALT or ADD in memory: the rows of each entry, and the rows that could not be used."""

    def __init__(self, kind: str, source: BinaryIO | None, limits: Limits) -> None:
        self.kind = kind
        self._rows: dict[str, list[CellRow]] = {}
        self._unused: dict[str, list[CellRow]] = {}
        self._broken: list[tuple[CellRow, Problem]] = []
        size = 0
        for row in _cells(kind, source, limits) if source else ():
            size += len(row.raw)
            if size > limits.max_companion_bytes:
                raise TooLarge("file-too-large", f"The {kind} file is larger than {limits.max_companion_bytes} bytes.")
            if row.problem:
                self._broken.append((row, row.problem))
            else:
                self._rows.setdefault(row.cells[0], []).append(row)
        self._unused = dict(self._rows)

    def of(self, entry: str) -> list[list[str]]:
        """Return the rows of cells that belong to this entry."""
        self._unused.pop(entry, None)
        return [row.cells for row in self._rows.get(entry, ())]

    def left_over(self) -> Iterator[tuple[CellRow, Problem]]:
        """Yield the rows that were broken, and those whose entry the main file does not have."""
        yield from self._broken
        for rows in self._unused.values():
            for row in rows:
                detail = f"The SDN file has no entry {row.cells[0][:20]!r}: send the three files of one publication."
                yield row, Problem("unknown-entry", detail, value=row.cells[0][:200])


def read_ofac(source: BinaryIO, limits: Limits) -> Iterator[Row]:
    """Yield the entries of an SDN file alone, without the names and addresses of ALT and ADD."""
    return open_ofac(source, None, None, limits=limits)


def open_ofac(
    sdn: BinaryIO, alt: BinaryIO | None, add: BinaryIO | None, *, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Row]:
    """Yield a row for each entry of SDN, then a refused row for each line of ALT or ADD that fits none.

    Aircraft are refused as `unsupported-kind`.  Raises BadInput for a file that is not of this list.
    """
    names, addresses = _Companion("ALT", alt, limits), _Companion("ADD", add, limits)
    number = 0
    for number, row in enumerate(_cells("SDN", sdn, limits), start=1):
        if row.problem:
            yield refused(number, row.line, row.raw, row.problem)
            continue
        entry = _Entry(*row.cells)
        found = _fields_of(entry, names.of(entry.number), addresses.of(entry.number))
        if isinstance(found, Problem):
            yield refused(number, row.line, row.raw, found)
        else:
            database, fields = found
            yield Row(number, fields, None, shortened(row.raw), database, row.line)
    for companion in (names, addresses):
        for row, problem in companion.left_over():
            number += 1
            at = f"{companion.kind} line {row.line}"
            yield refused(number, row.line, row.raw, Problem(problem.code, problem.detail, at, problem.value))


def find_companions(path: Path) -> tuple[Path, Path]:
    """Return the ALT and ADD files that lie beside an SDN file, whatever the case of their names.

    "x_sdn.csv" goes with "x_alt.csv" and "x_add.csv"; each may be compressed (".gz").
    Raises BadInput naming the file that is missing.
    """
    found = _FILE_NAME.fullmatch(path.name)
    if not found:
        detail = f"{path.name!r} does not end in 'sdn.csv', so ALT and ADD cannot be found beside it: rename it."
        raise BadInput("unknown-format", detail, at=path.name)
    beside = {file.name.lower(): file for file in path.parent.iterdir()}
    return _companion(beside, found, "alt"), _companion(beside, found, "add")


def _companion(beside: dict[str, Path], sdn: "re.Match[str]", kind: str) -> Path:
    name = f"{sdn['before']}{kind}.csv"
    for candidate in (name, f"{name}.gz"):
        if candidate.lower() in beside:
            return beside[candidate.lower()]
    detail = f"The file {name!r} is missing beside {sdn[0]!r}: the list is published in three files, fetch all three."
    raise BadInput("missing-companion", detail, at=name)


def _cells(kind: str, source: BinaryIO, limits: Limits) -> Iterator[CellRow]:
    """Yield the rows of one of the files, nulls as empty cells; a row of another width has a problem.

    Raises BadInput when the first row shows that this is another file.
    """
    is_first = True
    for row in split_rows(text_lines(source, limits), ",", limits):
        cells = ["" if cell.strip() == "-0-" else one_line(cell.rstrip(_END_OF_FILE)) for cell in row.cells]
        if not row.problem and not any(cells) and _END_OF_FILE in row.raw:
            break
        problem = row.problem or _shape_problem(kind, cells, row.raw)
        if is_first and problem:
            detail = f"This is not the {kind} file of the OFAC list. {problem.detail}"
            raise BadInput("unknown-format", detail, at=f"{kind} line {row.line}")
        is_first = False
        yield CellRow(row.line, cells, row.raw, problem)
    if is_first:
        raise empty_file()


def _shape_problem(kind: str, cells: list[str], raw: str) -> Problem | None:
    width = _WIDTHS[kind]
    if len(cells) != width:
        return Problem("ragged-row", f"The row has {len(cells)} cells and must have {width}: send the file unchanged.")
    if not (cells[0].isascii() and cells[0].isdecimal()):
        return Problem("ragged-row", "The row does not begin with the number of an entry: send the file unchanged.")
    if "\0" in raw:
        return Problem("bad-character", "The row holds the character U+0000: leave it out.")
    return None


def _fields_of(
    entry: _Entry, aliases: list[list[str]], addresses: list[list[str]]
) -> tuple[str, dict[str, object]] | Problem:
    if not entry.name:
        return Problem("missing-name", "The entry has no name: send the file unchanged.", value=entry.number[:200])
    if entry.kind == "vessel":
        return "vessels", _vessel(entry, aliases, addresses)
    if entry.kind in ("individual", ""):
        return "nominal", _nominal(entry, aliases, addresses)
    detail = f"There is no database for entries of the kind {entry.kind[:40]!r}: they are left out."
    return Problem("unsupported-kind", detail, value=entry.kind[:200])


def _nominal(entry: _Entry, aliases: list[list[str]], addresses: list[list[str]]) -> dict[str, object]:
    draft = Draft(f"OFAC-{entry.number}", is_person=entry.kind == "individual")
    _add_name(draft, entry.name, "primary")
    for _, _, kind, name, remarks in aliases:
        _add_name(draft, name, _ALIAS_KINDS.get(kind, "alias"))
        draft.note(f"Alias {name}", remarks)
    for _, _, street, city, country, remarks in addresses:
        line = ", ".join(filter(None, (street, city, country)))
        draft.add("addresses", f"{line} ({remarks})" if line and remarks else line or remarks, "Address")
    draft.note("Title", entry.title)
    add_facts(draft, entry.remarks, title=entry.title)
    draft.set("relevance", _relevance(entry))
    return draft.fields()


def _add_name(draft: Draft, name: str, kind: str) -> None:
    full, parts = turned_name(name) if draft.is_person else (name, [])
    draft.add_name(full, kind, parts)


def _relevance(entry: _Entry) -> str:
    """Return under which programmes the entry is listed; the file writes several as "A] [B"."""
    programmes = [name.strip() for name in re.split(r"\]\s*\[", entry.programmes.strip("[] "))]
    return f"OFAC SDN list, programme {', '.join(filter(None, programmes))}".removesuffix(" programme ").rstrip(",")


def _vessel(entry: _Entry, aliases: list[list[str]], addresses: list[list[str]]) -> dict[str, object]:
    """Return the fields of a vessel; what has no field becomes a line of the description."""
    fields: dict[str, object] = {"source_reference": f"OFAC-{entry.number}", "name": entry.name}
    notes = _vessel_facts(fields, entry)
    names = [cells[3] for cells in aliases if cells[3]]
    if names:
        fields["aliases"] = names[:_MAX_ALIASES]
    flag = code_of(entry.flag) if entry.flag else None
    known = (("flag", flag), ("type", entry.vessel_type), ("call_sign", entry.call_sign))
    fields |= {field: text for field, text in known if text}
    labelled = (
        ("Flag", "" if flag else entry.flag),
        ("Tonnage", entry.tonnage),
        ("Gross tonnage", entry.gross_tonnage),
        ("Owner", entry.owner),
        ("Title", entry.title),
        ("Names", "; ".join(names[_MAX_ALIASES:])),
    )
    notes += [f"{label}: {text}" for label, text in labelled if text]
    notes += [f"Address: {', '.join(filter(None, cells[2:]))}" for cells in addresses if any(cells[2:])]
    fields["relevance"] = _relevance(entry)
    if notes:
        fields["description"] = "\n".join(notes)
    return fields


def _vessel_facts(fields: dict[str, object], entry: _Entry) -> list[str]:
    """Put the first sound IMO number and MMSI of the remarks into the fields; return the other facts."""
    notes = []
    for fact in facts_of(entry.remarks):
        field, number = _vessel_number(fact)
        if number and field not in fields:
            fields[field] = number
        else:
            notes.append(fact)
    return notes


def _vessel_number(fact: str) -> tuple[str, str]:
    """Return the field and the number that a fact gives; no number when it cannot be one."""
    for field, pattern, read in _VESSEL_FACTS:
        found = pattern.fullmatch(fact)
        if found:
            try:
                return field, read(found[1])
            except ValueError:
                return field, ""
    return "", ""
