"""The empty handler: a server with the flags of `liaison serve` that reads the body and returns as many bytes.

`python -m bench.empty PORT BYTES`
"""

import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Empty:
    """Answers every request with the same bytes, once it has read it to the end."""

    def __init__(self, size: int) -> None:
        self._body = b"x" * size
        self._headers = [
            (b"content-type", b"application/json"),
            (b"cache-control", b"no-store"),
            (b"content-length", str(size).encode()),
        ]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:  # noqa: ARG002  an ASGI callable
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})


def main() -> None:
    port, size = int(sys.argv[1]), int(sys.argv[2])
    # The same as in `liaison serve`.
    sys.setswitchinterval(0.001)
    uvicorn.run(
        Empty(size), host="127.0.0.1", port=port, loop="uvloop", http="httptools", ws="none", lifespan="off",
        access_log=False, log_level="warning", server_header=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
