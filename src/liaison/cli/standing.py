"""`liaison standing`: set, list, extend and end standing checks of a system; compare new versions with all of them."""

import os
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from liaison.cli.checking import KeyFile, Purpose, Reference, Url, asked, told_by_option

app = typer.Typer(help="Be told when anyone like this is fed.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(help="Number of the standing check, as the list names it.")]
_USUAL_DAYS = 90


@app.command("add")
def add(
    purpose: Purpose,
    reference: Reference,
    reason: Annotated[str, typer.Option(help="Why you want to be told; those who control it read it.")],
    until: Annotated[str, typer.Option(help="Last day, YYYY-MM-DD; default in 90 days.")] = "",
    name: Annotated[str, typer.Option(help="Name of a person, in any script.")] = "",
    born: Annotated[str, typer.Option(help="YYYY, YYYY-MM or YYYY-MM-DD.")] = "",
    sex: Annotated[str, typer.Option(help="F, M, X or U.")] = "",
    nationality: Annotated[list[str] | None, typer.Option(help="Two letters; may be given several times.")] = None,
    place_of_birth: Annotated[str, typer.Option(help="Town or region; countries are not compared.")] = "",
    document: Annotated[str, typer.Option(help="Number of a document; with --name, of one of theirs.")] = "",
    issuer: Annotated[str, typer.Option(help="Country that issued it, two letters.")] = "",
    mrz: Annotated[str, typer.Option(help="Machine-readable zone of a travel document.")] = "",
    vin: Annotated[str, typer.Option(help="Vehicle identification number.")] = "",
    plate: Annotated[str, typer.Option(help="Registration plate.")] = "",
    country: Annotated[str, typer.Option(help="Country of the plate, two letters.")] = "",
    imo: Annotated[str, typer.Option(help="IMO number of a vessel.")] = "",
    mmsi: Annotated[str, typer.Option(help="MMSI of a vessel's radio.")] = "",
    vessel: Annotated[str, typer.Option(help="Name of a vessel.")] = "",
    key_file: KeyFile = None,
    url: Url = "",
) -> None:
    """Set a standing check; print it, and what a check answers now, as JSON."""
    query = asked(
        name=name, born=born, sex=sex, nationality=nationality, place_of_birth=place_of_birth, document=document,
        issuer=issuer, mrz=mrz, vin=vin, plate=plate, country=country, imo=imo, mmsi=mmsi, vessel=vessel,
    )  # fmt: skip
    client = _client(url, key_file)
    from django.utils import timezone

    last_day = until or str((timezone.now() + timedelta(days=_USUAL_DAYS)).date())
    body = {"purpose": purpose, "reference": reference, "reason": reason, "ends_on": last_day, "query": query}
    with told_by_option():
        _print(client.call("POST", "/api/standing", body))


@app.command("list")
def list_(
    ended: Annotated[bool, typer.Option("--ended", help="Those that have ended, instead of those that run.")] = False,
    key_file: KeyFile = None,
    url: Url = "",
) -> None:
    """Print the standing checks of the system, one JSON object a line."""
    client, before = _client(url, key_file), ""
    while True:
        state = "ended" if ended else "active"
        page = msgspec.json.decode(client.call("GET", f"/api/standing?state={state}&before={before}"))
        for one in page["standing_checks"]:
            _print(msgspec.json.encode(one))
        if not (before := page.get("next", "")):
            return


@app.command("extend")
def extend(
    number: Number,
    until: Annotated[str, typer.Option(help="New last day, YYYY-MM-DD.")],
    reason: Annotated[str, typer.Option(help="Why it goes on.")],
    key_file: KeyFile = None,
    url: Url = "",
) -> None:
    """Let a standing check run until another day."""
    client = _client(url, key_file)
    with told_by_option():
        _print(client.call("POST", f"/api/standing/{_safe(number)}/extend", {"ends_on": until, "reason": reason}))


@app.command("end")
def end(number: Number, key_file: KeyFile = None, url: Url = "") -> None:
    """End a standing check at once."""
    _print(_client(url, key_file).call("POST", f"/api/standing/{_safe(number)}/end", {}))


@app.command("follow")
def follow() -> None:
    """Compare new versions with all standing checks until standard input closes; a service starts this itself."""
    import signal

    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.engine.index import warm_up
    from liaison.lib.priority import TELLING, step_back
    from liaison.standing.worker import Worker

    step_back(TELLING)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())

    def wait_for_the_end() -> None:
        # Below the buffer, whose lock a thread must not hold when the program ends.
        while os.read(sys.stdin.fileno(), 4096):
            pass
        stop.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    warm_up()
    Worker(timezone.now, stop).run()


def _client(url: str, key_file: Path | None) -> Any:
    from liaison.cli.client import connect, find_key, load_for

    address = load_for(url)
    return connect(address, find_key(key_file))


def _safe(number: str) -> str:
    """Return a number as a part of an address."""
    from urllib.parse import quote

    return quote(number, safe="")


def _print(body: bytes) -> None:
    sys.stdout.write(body.decode() + "\n")
