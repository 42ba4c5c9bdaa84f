"""Check a file of persons row by row, in batches, so that it can go on after any interruption."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from liaison.checks.request import MAX_PLACE
from liaison.cli.client import Checker
from liaison.errors import BadInput, Problem
from liaison.lib.partial_date import readable_part
from liaison.records.databases import database_named
from liaison.records.formats import Row, open_rows
from liaison.records.identifiers import document_number

BATCH = 100


class Done(NamedTuple):
    """What a screening came to."""

    rows: int
    alerts: int
    refused: int
    invalid: int


def screen_file(
    file: Path, out: Path, client: Checker, purpose: str, reference: str, tell: Callable[[int], None]
) -> Done:  # fmt: skip
    """Check every row and append one JSON line for each to `out`; rows that `out` holds already are passed over."""
    _require_place(out)
    _require_same(file, out, purpose, reference)
    with _opened(file) as source, out.open("ab+") as sink:
        done = _take_up(sink)
        rows = (row for row in open_rows(source, format="csv") if row.number > done.rows)
        while batch := list(islice(rows, BATCH)):
            results = _check(batch, client, purpose, reference)
            sink.write(b"".join(msgspec.json.encode(result) + b"\n" for result in results))
            sink.flush()
            done = _added(done, results)
            tell(done.rows)
    return done


def screening_code(done: Done) -> int:
    """Return 0 only when every row was checked and nobody matched; 3 when the key may not check at all."""
    if done.refused:
        return 3
    return 10 if done.alerts or done.invalid else 0


def _require_place(out: Path) -> None:
    """Refuse an output that cannot be written before anybody is checked."""
    if out.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK):
        raise BadInput("unwritable-file", "No file can be written there: name one in a folder that is yours.",
                       at="--out", value=str(out))  # fmt: skip


def _require_same(file: Path, out: Path, purpose: str, reference: str) -> None:
    """Refuse to go on with an output that another file, purpose or reference began: its rows were not checked."""
    with _opened(file) as source:
        asked = f"{hashlib.file_digest(source, 'sha256').hexdigest()} {purpose} {reference}"
    note = out.with_name(out.name + ".screen")
    if out.exists() and out.stat().st_size and (not note.exists() or note.read_text(encoding="utf-8") != asked):
        raise BadInput(
            "other-screening",
            "The output holds another screening (of another file, purpose or reference): name a new file.",
            at="--out",
        )
    note.write_text(asked, encoding="utf-8")


def _opened(file: Path) -> BufferedReader:
    try:
        return file.open("rb")
    except OSError as error:
        raise BadInput("unreadable-file", f"The file cannot be read: {error}", at=str(file)) from None


def _take_up(sink: BinaryIO) -> Done:
    """Count the complete lines of an earlier run, and cut off a line that it did not finish."""
    sink.seek(0)
    done, end = Done(0, 0, 0, 0), 0
    for line in sink:
        if not line.endswith(b"\n"):
            break
        done = _added(done, [msgspec.json.decode(line)])
        end += len(line)
    sink.truncate(end)
    sink.seek(0, 2)
    return done


def _added(done: Done, results: list[dict[str, Any]]) -> Done:
    outcomes = [result["outcome"] for result in results]
    alerts = outcomes.count("matches") + outcomes.count("too_many")
    refused, invalid = outcomes.count("refused"), outcomes.count("invalid")
    return Done(done.rows + len(results), done.alerts + alerts, done.refused + refused, done.invalid + invalid)


def _check(batch: list[Row], client: Checker, purpose: str, reference: str) -> list[dict[str, Any]]:
    """Return one result per row, in order; a row that cannot be asked says why and stops no other."""
    results: dict[int, dict[str, Any]] = {}
    queries = []
    notes: dict[int, list[str]] = {}
    for row in batch:
        try:
            query, notes[row.number] = _query(row)
            queries.append(query)
        except BadInput as error:
            results[row.number] = _invalid(row.number, error.problems)
    for result in _answers(queries, client, purpose, reference):
        number = int(result["id"])
        said = [*result.pop("notes", []), *notes[number]]
        results[number] = {"row": number, **result, **({"notes": said} if said else {})}
    return [results[row.number] for row in batch]


def _answers(queries: list[dict[str, Any]], client: Checker, purpose: str, reference: str) -> Iterator[dict[str, Any]]:
    """Ask for all queries at once; when one is impossible, ask one by one, so that the others are answered."""
    if not queries:
        return
    try:
        answer = client.check({"purpose": purpose, "reference": reference, "queries": queries})
        yield from msgspec.json.decode(answer)["results"]
    except BadInput as error:
        if len(queries) == 1:
            if not error.problems[0].at.startswith("queries"):
                raise
            yield {"id": queries[0]["id"], **_invalid(int(queries[0]["id"]), error.problems)}
        else:
            for query in queries:
                yield from _answers([query], client, purpose, reference)


def _invalid(row: int, problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {"row": row, "outcome": "invalid", "problems": msgspec.to_builtins(problems)}


def _query(row: Row) -> tuple[dict[str, Any], list[str]]:
    """Return the row as a question about a person, and what was left out; the header is the nominal database's."""
    if row.refusal or row.fields is None:
        raise BadInput.of([row.refusal or Problem("empty-row", "The row says nothing.")])
    cells, notes = _with_readable_date(row.fields)
    fields: dict[str, Any] = database_named("nominal").normalise(cells)
    if not fields.get("names"):
        raise BadInput("missing-field", "The row has no name.", at="full_name")
    documents, left = _readable_documents(fields.get("documents", []))
    person = {
        "name": fields["names"][0]["full"], "born": (fields.get("born") or [""])[0], "sex": fields.get("sex"),
        "nationality": fields.get("nationalities"), "documents": documents,
        "place_of_birth": "; ".join(fields.get("places_of_birth", []))[:MAX_PLACE],
    }  # fmt: skip
    return {"id": str(row.number), "person": {name: value for name, value in person.items() if value}}, notes + left


def _readable_documents(documents: Sequence[Mapping[str, str]]) -> tuple[list[dict[str, str]], list[str]]:
    """Return the documents as they are asked, and a note for each whose number cannot be one."""
    asked, notes = [], []
    for document in documents:
        try:
            document_number(document["number"])
        except ValueError as error:
            notes.append(f"Checked without the document: {error}")
        else:
            asked.append({name: document[name] for name in ("number", "issuer") if name in document})
    return asked, notes


def _with_readable_date(fields: dict[str, object]) -> tuple[dict[str, object], list[str]]:
    """Keep what can be read of an impossible birth date: the person is checked all the same."""
    text = fields.get("date_of_birth")
    if not isinstance(text, str) or not text.strip():
        return dict(fields), []
    part = readable_part(text)
    if part is not None and len(text.strip().split("-")) == sum(piece is not None for piece in part):
        return dict(fields), []
    note = f"The date of birth {text[:20]!r} is impossible: checked by {part or 'the name alone'}."
    return {**fields, "date_of_birth": str(part) if part else ""}, [note]
