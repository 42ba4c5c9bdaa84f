"""`liaison notifications`: what a system was told, by standing checks and by whatever else tells."""

import sys
from typing import Annotated

import msgspec
import typer

from liaison.cli.checking import KeyFile, Url


def notifications(
    after: Annotated[int, typer.Option(min=0, help="Only what has a larger number.")] = 0,
    unread: Annotated[bool, typer.Option("--unread", help="Only what was not marked as read.")] = False,
    mark_read: Annotated[bool, typer.Option("--mark-read", help="Mark as read what is printed.")] = False,
    key_file: KeyFile = None,
    url: Url = "",
) -> None:
    """Print what the system was told, the oldest first, one JSON object a line."""
    from liaison.cli.client import connect, find_key, load_for

    address = load_for(url)
    client = connect(address, find_key(key_file))
    wanted = "&unread=yes" if unread else ""
    while True:
        page = msgspec.json.decode(client.call("GET", f"/api/notifications?after={after}{wanted}"))
        for one in page["notifications"]:
            sys.stdout.write(msgspec.json.encode(one).decode() + "\n")
        sys.stdout.flush()
        if page["next"] == after:
            return
        after = page["next"]
        if mark_read:
            client.call("POST", "/api/notifications/read", {"until": after})
