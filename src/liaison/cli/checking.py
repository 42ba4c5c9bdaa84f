"""`liaison check` and `liaison screen`: one question, or a file of them."""

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

Text = Annotated[str, typer.Option()]
Purpose = Annotated[str, typer.Option(help="Why you check: border, arrest, identify... It is kept in the register.")]
Reference = Annotated[str, typer.Option(help="Your own case or operation; it is kept in the register.")]
KeyFile = Annotated[Path | None, typer.Option(help="File that holds the key; default LIAISON_API_KEY, or the demo's.")]
Url = Annotated[str, typer.Option(help="Address of the service; default LIAISON_URL, or the home on this machine.")]


def check(
    purpose: Purpose,
    reference: Reference,
    name: Annotated[str, typer.Option(help="Name of a person, in any script.")] = "",
    born: Annotated[str, typer.Option(help="YYYY, YYYY-MM or YYYY-MM-DD.")] = "",
    sex: Annotated[str, typer.Option(help="F, M, X or U.")] = "",
    nationality: Annotated[list[str] | None, typer.Option(help="Two letters; may be given several times.")] = None,
    document: Annotated[str, typer.Option(help="Number of a document.")] = "",
    issuer: Annotated[str, typer.Option(help="Country that issued it, two letters.")] = "",
    mrz: Annotated[str, typer.Option(help="Machine-readable zone of a travel document.")] = "",
    vin: Annotated[str, typer.Option(help="Vehicle identification number.")] = "",
    plate: Annotated[str, typer.Option(help="Registration plate.")] = "",
    country: Annotated[str, typer.Option(help="Country of the plate, two letters.")] = "",
    imo: Annotated[str, typer.Option(help="IMO number of a vessel.")] = "",
    vessel: Annotated[str, typer.Option(help="Name of a vessel.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's answer.")] = False,
    key_file: KeyFile = None,
    url: Url = "",
) -> None:
    """Check one person, document, vehicle or vessel. Exit 0: no match, 10: matches or too many."""
    query: dict[str, Any] = {
        "person": _filled(name=name, born=born, sex=sex, nationality=nationality),
        "document": _filled(number=document, issuer=issuer),
        "mrz": mrz,
        "vehicle": _filled(vin=vin, plate=plate, country=country),
        "vessel": _filled(imo=imo, name=vessel),
    }
    query = {"id": "1"} | {kind: value for kind, value in query.items() if value}
    answer = _client(url, key_file).check({"purpose": purpose, "reference": reference, "queries": [query]})
    if as_json:
        sys.stdout.write(answer.decode() + "\n")
    else:
        _show(answer)
    raise typer.Exit(_exit_code(answer))


def screen(
    file: Annotated[Path, typer.Argument(help="CSV with a header (see docs/integrator/formats.md).")],
    out: Annotated[Path, typer.Option(help="JSON lines, one per row; an unfinished file is continued.")],
    purpose: Purpose,
    reference: Reference,
    key_file: KeyFile = None,
    url: Url = "",
) -> None:
    """Check every person of a CSV file, and go on where an earlier run stopped."""
    from rich.progress import Progress

    from liaison.cli.screen_text import errors
    from liaison.cli.screening import screen_file, screening_code

    client = _client(url, key_file)
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("Screening", total=None)
        done = screen_file(file, out, client, purpose, reference, lambda row: progress.update(task, completed=row))
    errors.print(
        f"{done.rows} rows, {done.alerts} with matches or too many, {done.refused} that you may not check, "
        f"{done.invalid} that could not be asked: {out}",
        soft_wrap=True,
    )
    raise typer.Exit(screening_code(done))


def _filled(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _client(url: str, key_file: Path | None) -> Any:
    from liaison.cli import setup
    from liaison.cli.client import connect, find_key

    setup.load()
    from django.conf import settings

    return connect(url or settings.LIAISON_URL, find_key(key_file))


def _exit_code(answer: bytes) -> int:
    from liaison.cli.screen_text import MATCHES, NO_MATCH, REFUSED

    outcome = msgspec.json.decode(answer)["results"][0]["outcome"]
    return {"no_match": NO_MATCH, "refused": REFUSED}.get(outcome, MATCHES)


def _show(answer: bytes) -> None:
    """Print the answer for people: the outcome, each match, and why."""
    from liaison.cli.screen_text import console, explain, table
    from liaison.web.words import word

    decoded = msgspec.json.decode(answer)
    result = decoded["results"][0]
    console.print(word("outcome", result["outcome"]), markup=False)
    for note in [*result.get("notes", []), *filter(None, [result.get("detail")])]:
        console.print(f"  {note}", markup=False)
    for match in result.get("matches", []):
        title = f"{match['strength']} match: {match['name']} (score {match['score']:.4f})"
        why = [(explain(term), f"{term['weight']:+.1f}") for term in match["explanation"]]
        source = f"{match['source']}, {match['source_reference']}, record {match['record']} in {match['database']}"
        console.print(table(title, ("why", "bits"), [(source, ""), *why]))
        for label in ("action_to_be_taken", "special_conditions"):
            if match.get(label):
                console.print(f"  {label.replace('_', ' ')}: {match[label]}", markup=False)
        if match.get("warning_markers"):
            console.print(f"  WARNING: {', '.join(match['warning_markers'])}", markup=False)
    console.print(f"Register entry {decoded['entry']}. A match is presumed: verify with the source before acting.")
