"""The HTTP client for servers that speak OpenAI's protocol. Imported when the first call is made, never before.

It sees to what neither LiteLLM nor the openai client does: an address that someone typed in gets the key that was
chosen for it and nothing else from this process's environment; a server that does not stream is read as one that does;
a stream that ends before its end is an error.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import openai

from .secrets import PLACEHOLDER_KEY

_SENT_HEADERS = {"host", "accept", "accept-encoding", "connection", "content-length", "content-type", "user-agent"}
_SENT_HEADERS.add("x-stainless-raw-response")  # the openai client reads it back from the request


class UnreadableAnswerError(Exception):
    """A successful answer that holds no chat completion; its argument is the answer, as text that may hold a key."""


def openai_client(api_base: str | None, api_key: str | None, timeout_s: float) -> openai.AsyncOpenAI:
    """A client for one address, with its own connections; whoever makes it closes it.

    Without ``api_base`` it is the provider's own address, or the operator's by OPENAI_BASE_URL, and a key that is not
    given comes from the environment. Raises openai.OpenAIError when there is none.
    """
    key = api_key if api_base is None else api_key or PLACEHOLDER_KEY
    before: list[Callable[[httpx.Request], Awaitable[None]]] = [] if api_base is None else [_only_key(str(key))]
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=256)
    timeout = httpx.Timeout(timeout_s, pool=None)
    http = httpx.AsyncClient(
        limits=limits,
        timeout=timeout,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"request": before, "response": [_check]},
    )
    return openai.AsyncOpenAI(base_url=api_base, api_key=key, http_client=http, timeout=timeout, max_retries=0)


def _only_key(key: str) -> Callable[[httpx.Request], Awaitable[None]]:
    """A hook that leaves a request its plain headers and this key: no account or header of the environment."""

    async def strip(request: httpx.Request) -> None:
        for name in list(request.headers):
            if name.lower() not in _SENT_HEADERS:
                del request.headers[name]
        request.headers["Authorization"] = f"Bearer {key}"

    return strip


async def _check(response: httpx.Response) -> None:
    """A hook that puts a checked stream in a successful answer's place."""
    if response.status_code == 200 and isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _CheckedStream(response.stream, response.headers.get("content-type", ""))


class _CheckedStream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, content_type: str) -> None:
        self._stream = stream
        self._is_json = content_type.split(";")[0].strip().lower() == "application/json"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._is_json:
            yield _as_events(b"".join([piece async for piece in self._stream]))
            return
        tail = b""
        is_stream = False
        async for piece in self._stream:
            tail = (tail + piece)[-2000:]
            is_stream = is_stream or b"data:" in tail
            yield piece
        if not is_stream:
            raise UnreadableAnswerError(tail.decode("utf-8", "replace"))
        if b"[DONE]" not in tail:
            raise httpx.RemoteProtocolError("the stream ended before its end")

    async def aclose(self) -> None:
        await self._stream.aclose()


def _as_events(body: bytes) -> bytes:
    """A whole answer in the form of a stream of one piece."""
    try:
        answer = json.loads(body)
        if answer.get("error") is None:
            answer["choices"] = [
                {**{name: choice[name] for name in choice if name != "message"}, "delta": choice["message"]}
                for choice in answer["choices"]
            ]
    except (ValueError, AttributeError, KeyError, TypeError):
        raise UnreadableAnswerError(body[:2000].decode("utf-8", "replace")) from None
    return b"data: " + json.dumps(answer).encode() + b"\n\ndata: [DONE]\n\n"
