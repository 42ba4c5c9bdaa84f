"""`liaison compare`: how alike two names are and why, or how well a file of pairs is judged. It needs no home."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    from liaison.engine.types import Comparison, Subject

_COLUMNS = (
    "query", "candidate", "is_match", "query_born", "candidate_born", "query_country", "candidate_country",
)  # fmt: skip
_NEEDED = ("query", "candidate")
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_KINDS = ("person", "organisation", "vessel")


class Pair(NamedTuple):
    """Two subjects, and whether they are one where the file says so."""

    query: "Subject"
    candidate: "Subject"
    is_match: bool | None


def compare(
    names: Annotated[list[str] | None, typer.Argument(help="Two names, in any script.", metavar="[NAME NAME]")] = None,
    born: Annotated[
        list[str] | None, typer.Option(help="YYYY, YYYY-MM or YYYY-MM-DD; twice: of the first, then of the second.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(help="Nationality or country; twice: of the first, then of the second.")
    ] = None,
    kind: Annotated[str, typer.Option(help="person, organisation or vessel.")] = "person",
    pairs: Annotated[
        Path | None, typer.Option(help="CSV with query,candidate[,is_match] instead of two names.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how alike two names are, and why; or judge a file of pairs."""
    from liaison.errors import BadInput

    if kind not in _KINDS:
        raise BadInput("unknown-value", f"A kind is one of {', '.join(_KINDS)}.", at="--kind", value=kind)
    if pairs:
        _print_pairs(pairs, kind, as_json=as_json)
        return
    if not names or len(names) != 2:
        raise BadInput("missing-field", "Give two names, or a file with --pairs.", at="NAME")
    sides = zip(names, _of_both(born, "--born"), _of_both(country, "--country"), strict=True)
    first, second = (_subject(name, day, land, kind, "") for name, day, land in sides)
    _print_two(first, second, as_json=as_json)


def _of_both(given: list[str] | None, option: str) -> list[str]:
    """Return what an option says of the first and of the second; once given, it is said of both."""
    from liaison.errors import BadInput

    if given and len(given) > 2:
        raise BadInput("conflicting-fields", "Give it once for both, or twice: there are two names.", at=option)
    return (given or [""]) * (1 if given and len(given) == 2 else 2)


def _subject(name: str, born: str, country: str, kind: str, at: str) -> "Subject":
    from liaison.engine.types import Subject
    from liaison.errors import BadInput
    from liaison.lib.countries import country_code
    from liaison.lib.partial_date import parse_partial_date

    try:
        days = (str(parse_partial_date(born.strip())),) if born.strip() else ()
    except ValueError as error:
        raise BadInput("impossible-date", str(error), at=f"{at}born", value=born) from None
    try:
        lands = (country_code(country.strip()),) if country.strip() else ()
    except ValueError as error:
        raise BadInput("unknown-country", str(error), at=f"{at}country", value=country) from None
    if not any(letter.isalnum() for letter in name):
        raise BadInput("empty-name", "A name needs a letter or a digit.", at=f"{at}name", value=name)
    return Subject((name,), days, "U", lands, kind)  # type: ignore[arg-type]


def _print_two(first: "Subject", second: "Subject", *, as_json: bool) -> None:
    import msgspec

    from liaison.checks.plan import spelling_notes
    from liaison.cli.screen_text import console
    from liaison.engine.score import compare as compare_subjects

    compared = compare_subjects(first, second)
    notes = spelling_notes((*first.names, *second.names))
    if as_json:
        console.print_json(data=msgspec.to_builtins(compared) | {"notes": notes})
        return
    _explain(compared)
    for note in notes:
        console.print(note, markup=False, highlight=False)


def _explain(compared: "Comparison") -> None:
    import msgspec

    from liaison.cli import setup

    # The words of an explanation are those of the pages, which Django translates.
    setup.load_elsewhere()
    from liaison.cli.screen_text import console, explain, table

    console.print(f"{compared.score:.4f}  {compared.strength}", markup=False, highlight=False)
    rows = [(f"{term.weight:+.2f}", explain(msgspec.to_builtins(term))) for term in compared.terms]
    console.print(table("Why (bits that speak for a match, or against it)", ("bits", "reason"), rows))


def _print_pairs(file: Path, kind: str, *, as_json: bool) -> None:
    from liaison.engine.judging import best_quality, quality_at
    from liaison.engine.pairs import score_pairs
    from liaison.engine.score import MATCH

    judged = list(_read_pairs(file, kind))
    scores = score_pairs([(pair.query, pair.candidate) for pair in judged])
    told: dict[str, Any] = {"threshold": MATCH}
    truth = [pair.is_match for pair in judged if pair.is_match is not None]
    if truth:
        known = [score for score, pair in zip(scores, judged, strict=True) if pair.is_match is not None]
        at = quality_at(MATCH, known, truth)
        best = best_quality(known, truth)
        told |= {"precision": at.precision, "recall": at.recall, "f1": at.f1}
        told["best"] = {"threshold": best.threshold, "precision": best.precision, "recall": best.recall, "f1": best.f1}
    told["pairs"] = [{"score": score, "match": score >= MATCH} for score in scores]
    _tell(told, as_json=as_json)


def _tell(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(told) + "\n")
        return
    from liaison.cli.screen_text import console

    calls = sum(pair["match"] for pair in told["pairs"])
    console.print(f"{len(told['pairs'])} pairs, {calls} called a match at {told['threshold']}", highlight=False)
    if "best" in told:
        for name, at in (("at the threshold", told), (f"at {told['best']['threshold']:.4f}, the best", told["best"])):
            figures = f"precision {at['precision']:.3f}, recall {at['recall']:.3f}, F1 {at['f1']:.3f}"
            console.print(f"{name}: {figures}", highlight=False)


def _read_pairs(file: Path, kind: str) -> Iterator[Pair]:
    """Yield the pairs of a CSV file; raise BadInput that says which row is wrong, and how."""
    from liaison.errors import BadInput

    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            rows = csv.DictReader(source)
            _require_columns(rows.fieldnames or ())
            for number, row in enumerate(rows, 1):
                yield _pair(row, kind, f"row {number}: ")
    except OSError as error:
        detail = f"The file cannot be read ({error.strerror}): look at its path and permissions."
        raise BadInput("unreadable-file", detail, at=str(file)) from None
    except UnicodeDecodeError:
        raise BadInput("wrong-encoding", "The file is not UTF-8: export it as UTF-8.", at=str(file)) from None


def _require_columns(header: Any) -> None:
    from liaison.errors import BadInput

    if missing := [name for name in _NEEDED if name not in header]:
        detail = f"The first line names the columns, and {' and '.join(missing)} must be among them."
        raise BadInput("missing-header", detail, at="line 1")
    if unknown := [name for name in header if name not in _COLUMNS]:
        detail = f"There is no column {unknown[0]!r} here: the columns are {', '.join(_COLUMNS)}."
        raise BadInput("unknown-field", detail, at="line 1", value=str(unknown[0]))


def _pair(row: Mapping[str, str | None], kind: str, at: str) -> Pair:
    def side(name: str) -> "Subject":
        born, country = row.get(f"{name}_born") or "", row.get(f"{name}_country") or ""
        return _subject(row.get(name) or "", born, country, kind, f"{at}{name}_")

    return Pair(side("query"), side("candidate"), _truth(row.get("is_match") or "", at))


def _truth(text: str, at: str) -> bool | None:
    from liaison.errors import BadInput

    word = text.strip().lower()
    if word not in ("", *_TRUE, *_FALSE):
        raise BadInput("bad-value", "is_match is true, false or empty.", at=f"{at}is_match", value=text)
    return word in _TRUE if word else None
