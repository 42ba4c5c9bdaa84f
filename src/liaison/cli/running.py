"""`liaison serve` and `liaison run`: the service itself, and the way to see it work at once."""

import errno
import os
import socket
import sys
from typing import Annotated

import typer

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")]
_LAST_PORT = 65535
# Its pages are in English, and it may check everything.
FIRST_TO_TRY = "nairobi_feeder"


def serve(
    port: Port = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; keep it on loopback behind a proxy.")] = "127.0.0.1",
) -> None:
    """Answer checks, feeds and pages until stopped; what was acknowledged is finished first."""
    from liaison.cli import setup

    setup.load()
    from liaison.cli.home import require_migrated

    _require_free(host, port, "liaison serve --port ")
    require_migrated()
    _listen(host, port)


def run(
    port: Port = 8000,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve at the end.")] = True,
) -> None:
    """Make the home, build the invented world if it is empty, run sample checks, then serve."""
    # Whoever called `make` is advised to call it again.
    again = "make run PORT=" if os.environ.get("MAKELEVEL") else "liaison run --port "
    if serving:
        _require_free("127.0.0.1", port, again)
    # One-time links must lead to this service, not to one on the usual port.
    os.environ.setdefault("LIAISON_ADDRESS", f"http://localhost:{port}")
    from liaison.cli import setup

    setup.load_to_make()
    from liaison.cli.demo import build_if_empty, run_samples
    from liaison.cli.home import migrate_home
    from liaison.cli.screen_text import console
    from liaison.demo.home import accounts_file, is_demo_home
    from liaison.demo.world import account

    migrate_home()
    build_if_empty()
    if is_demo_home():
        run_samples()
        console.print(f"Demo accounts and their passwords: {accounts_file()}", markup=False, soft_wrap=True)
    if not serving:
        return
    console.print(f"\nLiaison answers at http://localhost:{port}", markup=False)
    if is_demo_home():
        console.print(
            f"Try: sign in as {account(FIRST_TO_TRY).email}, check a sample above, misspell it and check.\n"
            f"Its second factor is a code: {os.path.relpath(sys.argv[0])} demo code {FIRST_TO_TRY}",
            markup=False,
            soft_wrap=True,
        )
    console.print("Stop with Ctrl-C.", markup=False)
    _require_free("127.0.0.1", port, again)
    _listen("127.0.0.1", port)


def _require_free(host: str, port: int, again: str) -> None:
    """Say before any work that the port cannot be used; `again` is what was called, up to the port."""
    from liaison.errors import BadInput

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                detail = f"The service cannot listen at {host}, port {port}: {error.strerror}."
                raise BadInput("port-unusable", detail, at="--host", value=host) from None
            other = port + 1 if port < _LAST_PORT else port - 1
            raise BadInput("port-taken", f"Port {port} is taken: choose another, as in `{again}{other}`.",
                           at="--port", value=str(port)) from None  # fmt: skip


def _listen(host: str, port: int) -> None:
    import uvicorn

    # A thread that holds the interpreter hands it on after 1 ms instead of 5: the event loop must not wait for a feed.
    sys.setswitchinterval(0.001)
    uvicorn.run(
        "liaison.asgi:app", host=host, port=port, loop="uvloop", http="httptools", ws="none", lifespan="on",
        access_log=False, log_config=None, log_level="warning", server_header=False, timeout_graceful_shutdown=30,
    )  # fmt: skip
