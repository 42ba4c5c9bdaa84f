"""Ask one server over a few connections kept open: HTTP/1.1 with no more in it than a load generator needs."""

import asyncio
from collections import deque
from typing import cast


class Connection(asyncio.Protocol):
    """One connection: one request at a time, answered through a future."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[bytes] | None = None
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not derive from asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if found and len(rest) >= _length(head):
            self._buffer = b""
            self._finish(head, rest)

    def _finish(self, head: bytes, body: bytes) -> None:
        if self._answer and not self._answer.done():
            if head.startswith(b"HTTP/1.1 200"):
                self._answer.set_result(body)
            else:
                self._answer.set_exception(RuntimeError(f"{head[:60]!r} {body[:200]!r}"))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("The server closed the connection."))

    async def ask(self, request: bytes) -> bytes:
        """Send a whole request and return the body of its answer."""
        if self._transport is None:
            raise ConnectionError("There is no connection.")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport:
            self._transport.close()


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])


class Pool:
    """Connections that are lent for one request; who finds none free waits, and the wait counts as latency."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._head = f"POST /api/check HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Length: "
        self._free: deque[Connection] = deque()
        self._lent = asyncio.Semaphore(0)

    async def open(self, count: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(count):
            _, connection = await loop.create_connection(Connection, "127.0.0.1", self._port)
            self._free.append(connection)
            self._lent.release()

    def request(self, body: bytes) -> bytes:
        return f"{self._head}{len(body)}\r\n\r\n".encode() + body

    async def ask(self, request: bytes) -> bytes:
        async with self._lent:
            connection = self._free.popleft()
            try:
                return await connection.ask(request)
            finally:
                self._free.append(connection)

    def close(self) -> None:
        for connection in self._free:
            connection.close()
