"""`liaison witness`: watch the logs of others, and sign that they have only grown. It needs no home."""

import sys
import time
from collections.abc import Callable, Coroutine, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from liaison.lib.tlog.notes import Signer
    from liaison.lib.tlog.witnessing import Witness

app = typer.Typer(help="Witness the logs of others.", no_args_is_help=True)
Folder = Annotated[Path, typer.Option(help="Folder of the witness: its key, the logs it knows, what it saw.")]
_KEY, _LOGS = "witness.key", "logs"
# A checkpoint with its proof and signatures is far smaller.
_MOST_BYTES = 1 << 16


@app.command("init")
def init(
    folder: Folder, name: Annotated[str, typer.Option(help="Its name, such as witness.ncb-nairobi.example.")]
) -> None:
    """Draw the key of a witness into an empty folder, and print its public key for those who run logs."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from liaison.errors import BadInput
    from liaison.lib.files import write_private
    from liaison.lib.tlog.notes import BadNote, read_verifier

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / _KEY).exists():
        raise BadInput("folder-exists", "There is a witness here already: name an empty folder.", at="--folder",
                       value=str(folder))  # fmt: skip
    write_private(folder / _KEY, f"{name}\n{Ed25519PrivateKey.generate().private_bytes_raw().hex()}\n")
    text = _signer(folder).verifier.text()
    try:
        read_verifier(text)
    except BadNote as error:
        (folder / _KEY).unlink()
        raise BadInput("bad-value", str(error), at="--name", value=name) from None
    sys.stdout.write(text + "\n")


@app.command("trust")
def trust(
    folder: Folder, log: Annotated[str, typer.Argument(help="Public key of a log, from `liaison log key`.")]
) -> None:
    """Let the witness know a log: from now on it signs that it has only grown."""
    from liaison.errors import BadInput
    from liaison.lib.tlog.notes import BadNote, read_verifier

    _signer(folder)
    try:
        verifier = read_verifier(log)
    except BadNote as error:
        raise BadInput("bad-value", str(error), at="LOG", value=log) from None
    known = _logs(folder)
    if verifier.name in {read_verifier(line).name for line in known if line != verifier.text()}:
        raise BadInput("bad-value", "The witness knows another key of this log: a new key comes with a new name.",
                       at="LOG", value=log)  # fmt: skip
    if verifier.text() not in known:
        with (folder / _LOGS).open("a", encoding="utf-8") as file:
            file.write(verifier.text() + "\n")


@app.command("serve")
def serve(
    folder: Folder,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8010,
    host: Annotated[str, typer.Option(help="Address to listen on; keep it on loopback behind a proxy.")] = "127.0.0.1",
) -> None:
    """Answer at /add-checkpoint until stopped (c2sp.org/tlog-witness)."""
    import uvicorn

    _signer(folder)
    uvicorn.run(_door(folder), host=host, port=port, log_level="warning", access_log=False, lifespan="off",
                server_header=False)  # fmt: skip


def _door(folder: Path) -> Callable[..., Coroutine[Any, Any, None]]:
    """Return the ASGI application of a witness; a log that it is told to trust meanwhile is known at once."""

    async def answer(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] != "/add-checkpoint" or scope["method"] != "POST":
            await _send(send, 404, "There is only POST /add-checkpoint here.\n")
            return
        body, more = b"", True
        while more and len(body) <= _MOST_BYTES:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        if len(body) > _MOST_BYTES:
            await _send(send, 413, "A checkpoint is smaller.\n")
            return
        found = _witness(folder).add_checkpoint(body, int(time.time()))
        await _send(send, found.status, found.text)

    return answer


def _witness(folder: Path) -> "Witness":
    from liaison.lib.tlog.notes import read_verifier
    from liaison.lib.tlog.witnessing import Witness

    return Witness(folder, _signer(folder), [read_verifier(line) for line in _logs(folder)])


async def _send(send: Any, status: int, text: str) -> None:
    kind = b"text/x.tlog.size" if status == 409 else b"text/plain; charset=utf-8"
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": text.encode()})


def _signer(folder: Path) -> "Signer":
    """Return the key in a folder; raise BadInput where there is none."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from liaison.errors import BadInput
    from liaison.lib.tlog.notes import Signer

    try:
        name, private = (folder / _KEY).read_text(encoding="utf-8").split("\n")[:2]
        return Signer(name, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private)), is_witness=True)
    except (OSError, ValueError):
        detail = "There is no witness here: make one with `liaison witness init`."
        raise BadInput("no-such-folder", detail, at="--folder", value=str(folder)) from None


def _logs(folder: Path) -> list[str]:
    path = folder / _LOGS
    return path.read_text(encoding="utf-8").split() if path.exists() else []
