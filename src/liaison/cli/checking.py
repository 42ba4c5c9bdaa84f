"""`liaison check` and `liaison screen`: one question, or a file of them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

Purpose = Annotated[
    str,
    typer.Option(
        help="Why you check: arrest, locate, information, warn, identify, forensic, security_check, border or "
        "analysis. It is kept in the register."
    ),
]
Reference = Annotated[str, typer.Option(help="Your own case or operation; it is kept in the register.")]
KeyFile = Annotated[Path | None, typer.Option(help="File that holds the key; default LIAISON_API_KEY, or the demo's.")]
Url = Annotated[str, typer.Option(help="Address of the service; default LIAISON_URL, or the home on this machine.")]

# Which option said the field of a question; what begins with the words of an option was said by it.
_OPTIONS = {
    "person.name": "--name", "person.born": "--born", "person.sex": "--sex", "person.nationality": "--nationality",
    "person.place_of_birth": "--place-of-birth", "person.documents": "--document",
    "document.number": "--document", "document.issuer": "--issuer", "mrz": "--mrz", "vehicle.vin": "--vin",
    "vehicle.plate": "--plate", "vehicle.country": "--country", "vessel.imo": "--imo", "vessel.mmsi": "--mmsi",
    "vessel.name": "--vessel",
    "person": "--name", "document": "--document", "vehicle": "--vin or --plate", "vessel": "--imo, --mmsi or --vessel",
    "purpose": "--purpose", "reference": "--reference", "reason": "--reason", "ends_on": "--until",
}  # fmt: skip
_ONE_KIND = (
    "Ask for exactly one of: --name (with --born, --sex, --nationality, --place-of-birth, and --document of theirs), "
    "--document (with --issuer), --mrz, --vin or --plate (with --country), --imo, --mmsi or --vessel."
)


def check(
    purpose: Purpose,
    reference: Reference,
    name: Annotated[str, typer.Option(help="Name of a person, in any script.")] = "",
    born: Annotated[str, typer.Option(help="YYYY, YYYY-MM or YYYY-MM-DD.")] = "",
    sex: Annotated[str, typer.Option(help="F, M, X or U.")] = "",
    nationality: Annotated[list[str] | None, typer.Option(help="Two letters; may be given several times.")] = None,
    place_of_birth: Annotated[str, typer.Option(help="Town or region; countries are not compared.")] = "",
    document: Annotated[str, typer.Option(help="Number of a document; with --name, of one of theirs.")] = "",
    issuer: Annotated[str, typer.Option(help="Country that issued it, two letters.")] = "",
    mrz: Annotated[str, typer.Option(help="Machine-readable zone of a travel document.")] = "",
    vin: Annotated[str, typer.Option(help="Vehicle identification number; ? and * where a part is known.")] = "",
    plate: Annotated[str, typer.Option(help="Registration plate; ? and * where a part is known.")] = "",
    country: Annotated[str, typer.Option(help="Country of the plate, two letters.")] = "",
    imo: Annotated[str, typer.Option(help="IMO number of a vessel.")] = "",
    mmsi: Annotated[str, typer.Option(help="MMSI of a vessel's radio.")] = "",
    vessel: Annotated[str, typer.Option(help="Name of a vessel.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's answer.")] = False,
    key_file: KeyFile = None,
    url: Url = "",
) -> None:
    """Check one person, document, vehicle or vessel. Exit 0: no match, 10: matches or too many."""
    query = asked(
        name=name, born=born, sex=sex, nationality=nationality, place_of_birth=place_of_birth, document=document,
        issuer=issuer, mrz=mrz, vin=vin, plate=plate, country=country, imo=imo, mmsi=mmsi, vessel=vessel,
    )  # fmt: skip
    answer = _ask(_client(url, key_file), purpose, reference, query)
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
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from liaison.cli.screen_text import errors
    from liaison.cli.screening import screen_file, screening_code

    client = _client(url, key_file)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} rows"), TimeElapsedColumn())
    with told_by_option(), Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("Screening", total=None)
        try:
            done = screen_file(file, out, client, purpose, reference, lambda row: bar.update(task, completed=row))
        except KeyboardInterrupt:
            sys.stderr.write("Stopped: call it again with the same files, and it goes on.\n")
            raise
    errors.print(
        f"{done.rows} rows, {done.alerts} with matches or too many, {done.refused} that you may not check, "
        f"{done.invalid} that could not be asked: {out}",
        soft_wrap=True,
    )
    raise typer.Exit(screening_code(done))


def asked(
    *, name: str, born: str, sex: str, nationality: list[str] | None, place_of_birth: str, document: str, issuer: str,
    mrz: str, vin: str, plate: str, country: str, imo: str, mmsi: str, vessel: str,
) -> dict[str, Any]:  # fmt: skip
    """Return the one question that the options ask; refuse none and several."""
    from liaison.errors import BadInput

    query: dict[str, Any] = {
        "person": _filled(name=name, born=born, sex=sex, nationality=nationality, place_of_birth=place_of_birth),
        "document": _filled(number=document, issuer=issuer),
        "mrz": mrz,
        "vehicle": _filled(vin=vin, plate=plate, country=country),
        "vessel": _filled(imo=imo, mmsi=mmsi, name=vessel),
    }
    if query["person"].get("name") and query["document"]:
        query["person"]["documents"] = [query.pop("document")]
    query = {kind: value for kind, value in query.items() if value}
    if len(query) != 1:
        raise BadInput("one-kind", _ONE_KIND)
    return query


def _filled(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _client(url: str, key_file: Path | None) -> Any:
    from liaison.cli.client import connect, find_key, load_for

    address = load_for(url)
    return connect(address, find_key(key_file))


def _ask(client: Any, purpose: str, reference: str, query: dict[str, Any]) -> bytes:
    """Ask for one thing."""
    with told_by_option():
        answer: bytes = client.check({"purpose": purpose, "reference": reference, "queries": [{"id": "1"} | query]})
    return answer


@contextmanager
def told_by_option() -> Iterator[None]:
    """Let what is refused name the option that said it, not a field of the API."""
    from liaison.errors import BadInput

    try:
        yield
    except BadInput as error:
        raise BadInput.of([msgspec.structs.replace(one, at=_option_at(one.at)) for one in error.problems]) from None


def _option_at(at: str) -> str:
    """Return the option that said the field at a place of the request.

    >>> _option_at("queries[0].person.nationality[0]")
    '--nationality'
    """
    field = at.removeprefix("queries[0].").removeprefix("query.").partition("[")[0]
    return _OPTIONS.get(field, at)


def _exit_code(answer: bytes) -> int:
    from liaison.cli.screen_text import MATCHES, NO_MATCH, REFUSED

    outcome = msgspec.json.decode(answer)["results"][0]["outcome"]
    return {"no_match": NO_MATCH, "refused": REFUSED}.get(outcome, MATCHES)


def _show(answer: bytes) -> None:
    """Print the answer for people: the outcome, each match, and why."""
    from liaison.cli.screen_text import console
    from liaison.web.words import word

    decoded = msgspec.json.decode(answer)
    result = decoded["results"][0]
    matches = result.get("matches", [])
    _say(word("outcome", result["outcome"]))
    for note in [*result.get("notes", []), *filter(None, [result.get("detail")])]:
        _say(str(note), indent=2)
    for match in matches:
        console.print()
        _show_match(match)
    if matches:
        sources = ", ".join(dict.fromkeys(match["source"] for match in matches))
        console.print()
        _say(f"Register entry {decoded['entry']}. A match is presumed: verify with {sources} before acting.")
    else:
        _say(f"Register entry {decoded['entry']}.")


def _show_match(match: dict[str, Any]) -> None:
    """Print one match: what whoever stands before the person must know first, and then the reasons."""
    from liaison.cli.screen_text import console, explain, table
    from liaison.web.words import word

    _say(f"{word('strength', match['strength'])} match: {match['name']} (score {match['score']:.4f})", "bold")
    if match.get("warning_markers"):
        marked = ", ".join(word("warning_marker", one) for one in match["warning_markers"])
        _say(f"WARNING: {marked}", "bold red", indent=2)
    for label in ("action_to_be_taken", "special_conditions"):
        if match.get(label):
            _say(f"{word('field', label)}: {match[label]}", "bold", indent=2)
    record = f"record {match['record']} in {match['database']}"
    _say(f"Source: {match['source']}, {match['source_reference']}, {record}", indent=2)
    why = [(explain(term), f"{term['weight']:+.1f}") for term in match["explanation"]]
    console.print(table("", ("why", "bits"), why))


def _say(text: str, style: str = "", indent: int = 0) -> None:
    """Print a text in which nothing is markup, folded at words."""
    from rich.padding import Padding
    from rich.text import Text

    from liaison.cli.screen_text import console, printable

    console.print(Padding(Text(printable(text), style=style), (0, 0, 0, indent), expand=False), highlight=False)
