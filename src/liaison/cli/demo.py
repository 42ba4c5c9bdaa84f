"""`liaison demo`: the invented world, and sample checks in it."""

import time
from typing import Annotated, Any

import typer

app = typer.Typer(help="An invented world to try Liaison in.", no_args_is_help=True)

Persons = Annotated[int, typer.Option(min=0, help="Persons to invent.")]
Documents = Annotated[int, typer.Option(min=0, help="Stolen and lost documents to invent.")]
Vehicles = Annotated[int, typer.Option(min=0, help="Stolen vehicles to invent.")]


@app.command()
def build(persons: Persons = 20_000, documents: Documents = 100_000, vehicles: Vehicles = 20_000) -> None:
    """Build the invented world in an empty home."""
    from liaison.cli import setup

    setup.load_to_make()
    from liaison.agencies.models import Agency
    from liaison.cli.home import migrate_home
    from liaison.errors import BadInput

    migrate_home()
    if Agency.objects.exists():
        raise BadInput("home-not-empty", "This home is in use: build the demo in another (LIAISON_HOME).")
    _build(persons, documents, vehicles)


@app.command()
def sample() -> None:
    """Run the sample checks of a demo home."""
    from liaison.cli import setup

    setup.load()
    run_samples()


@app.command()
def code(name: Annotated[str, typer.Argument(help="A role of the demo accounts, or an address.")]) -> None:
    """Print the code of now of a demo account's authenticator app."""
    from liaison.cli import setup

    setup.load()
    from liaison.cli.screen_text import console
    from liaison.demo.codes import officer_called, unused_code

    console.print(unused_code(officer_called(name)), markup=False, highlight=False)


def build_if_empty() -> None:
    """Build the world of the usual size in a home without agencies."""
    from liaison.agencies.models import Agency

    if not Agency.objects.exists():
        _build(20_000, 100_000, 20_000)


def _build(persons: int, documents: int, vehicles: int) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from liaison.cli.screen_text import errors
    from liaison.demo.build import Sizes, build_world

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors) as progress:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, goal: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=goal)
            progress.update(tasks[what], completed=done, total=goal)

        build_world(Sizes(persons, documents, vehicles), tell)


def run_samples() -> None:
    """Check every sample and print query, answer and time."""
    from rich.progress import track

    from liaison.cli.client import LocalClient, find_key
    from liaison.cli.screen_text import console, errors, table
    from liaison.demo.samples import PURPOSE, samples

    client = LocalClient(find_key(None))
    _warm_up()
    rows = []
    for sample in track(samples(), "Checking", console=errors, transient=True):
        request = {"purpose": PURPOSE, "reference": "DEMO/1", "queries": [sample.query]}
        started = time.perf_counter()
        answer = client.check(request)
        milliseconds = (time.perf_counter() - started) * 1000
        rows.append((sample.story, _asked(sample.query), _answered(answer), f"{milliseconds:.1f} ms"))
    console.print(table("Sample checks", ("what", "asked", "answer", "time"), rows))


def _warm_up() -> None:
    """Do first what a process does once, so that the times below are those of a service that runs."""
    from liaison.checks.live import live
    from liaison.cli.screen_text import errors
    from liaison.engine.index import warm_up

    with errors.status("Compiling the search, once: a few seconds"):
        warm_up()
        live()


def _asked(query: dict[str, Any]) -> str:
    value = next(value for name, value in query.items() if name != "id")
    if isinstance(value, str):
        return value
    return ", ".join(" ".join(part) if isinstance(part, list) else str(part) for part in value.values())


def _answered(answer: bytes) -> str:
    import msgspec

    result = msgspec.json.decode(answer)["results"][0]
    if result["outcome"] != "matches":
        return {"no_match": "no record", "too_many": "too many"}.get(result["outcome"], str(result["outcome"]))
    best = result["matches"][0]
    more = f" and {len(result['matches']) - 1} more" if len(result["matches"]) > 1 else ""
    return f"{best['strength']}: {best['name']} ({best['source']}){more}"
