"""An HTTP server that answers byte by byte what a test says: for answers that no well-behaved server gives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Raw:
    """The server's address and what it saw."""

    address: str = ""
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)  # a client closed its connection


Respond = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(respond: Respond) -> AsyncIterator[Raw]:
    """Serve one answer a connection on the loopback interface."""
    raw = Raw()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            raw.headers.append(headers)
            raw.bodies.append(json.loads(body or b"{}"))
            await respond(writer)
            await reader.read()  # until the client closes
            raw.closed.set()
        except (ConnectionError, asyncio.IncompleteReadError):
            raw.closed.set()
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    raw.address = f"http://{host}:{port}/v1"
    try:
        yield raw
    finally:
        server.close()
        await server.wait_closed()


def whole(body: bytes, content_type: str = "application/json", status: str = "200 OK", more: str = "") -> Respond:
    """An answer with a length, whose connection the server closes at once."""

    async def respond(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    return respond


def streamed(*events: str | dict[str, Any], hold: bool = False, content_type: str = "text/event-stream") -> Respond:
    """A stream of events; then the connection is closed, or held open."""

    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nConnection: close\r\n\r\n".encode())
        for event in events:
            writer.write(b"data: " + (event if isinstance(event, str) else json.dumps(event)).encode() + b"\n\n")
        await writer.drain()
        if not hold:
            writer.close()

    return respond


def piece(content: str | None = None, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    """One streamed piece."""
    said = {**({} if content is None else {"content": content}), **delta}
    choice = {"index": 0, "delta": said, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
