"""What LiteLLM, the openai client and httpx raise, as rsa_viz's own model errors, each with a message of one line.

An exception that nobody knows becomes ServerFailed: an answer that cannot be read shows in these libraries as any
kind of exception, and the number of retries is bounded.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime

from ..core.errors import (
    ConnectionLost,
    ContextOverflow,
    EndpointUnusable,
    ModelError,
    RateLimited,
    RequestRefused,
    ServerFailed,
    TimedOut,
)
from .secrets import struck
from .wire import UnreadableAnswerError

LONGEST_MESSAGE = 300

_OVERFLOW = re.compile(
    r"context.{0,20}(?:length|window|size)|context_length|prompt.{0,40} is too long|too many tokens|"
    r"longer than the (?:model|maximum model length)|max_model_len|n_ctx|"  # vLLM, SGLang, llama.cpp
    r"exceeds? the (?:available|maximum) (?:context|number of tokens|allowed length|input length)|"  # SGLang
    r"`?inputs?`? tokens \+ `?max_new_tokens|maximum.{0,20}tokens",  # TGI
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model.{0,80}(?:not found|not exist|unknown)|(?:unknown|no such) model", re.IGNORECASE | re.DOTALL
)
_PREFIX = re.compile(r"^(?:litellm\.)?\w*(?:Error|Exception|Timeout)\w*\s*[:\-]\s*", re.IGNORECASE)


def translated(
    error: BaseException, *, address: str = "the provider", secrets: Iterable[str] = (), now: float | None = None
) -> ModelError:
    """The model error for whatever a call to ``address`` raised.

    ``secrets`` are struck from its message; so is all that looks like a key, and a password in an address. ``now`` is
    the time in seconds since the Unix epoch, for a Retry-After that is a date.
    """
    import httpx
    import openai

    causes, secrets = list(_causes(error)), list(secrets)
    address = re.sub(r"//[^/@]*@", "//", address)
    if isinstance(error, ModelError):
        return error
    words = _words(causes, secrets)
    status = _status(causes)
    unreadable = next((one for one in causes if isinstance(one, UnreadableAnswerError)), None)
    if unreadable is not None:
        seen = struck(str(unreadable), secrets)[:120]
        return ServerFailed(f"the answer of {address} cannot be read: no chat completion but {seen!r}")
    if any(isinstance(one, openai.APITimeoutError | httpx.TimeoutException | TimeoutError) for one in causes):
        return TimedOut(f"{address} sent nothing within the time allowed")
    if any(isinstance(one, httpx.UnsupportedProtocol | httpx.InvalidURL) for one in causes):
        return EndpointUnusable(f"the address {address} cannot be used: {words}")
    if any(isinstance(one, httpx.TransportError | ConnectionError) for one in causes):
        return ConnectionLost(f"the connection to {address} failed: {words}")
    if any("Missing credentials" in str(one) for one in causes):
        return EndpointUnusable("no key is set for this model; set the provider's key variable, or name one")
    said = f"{address} answered {status}: {words}" if status else f"the call to {address} failed: {words}"
    if status == 413 or (_OVERFLOW.search(words) and status not in (401, 403, 404, 429)):
        return ContextOverflow(said)
    if status == 429:
        if any("insufficient_quota" in str(getattr(one, "body", "")) for one in causes):
            return EndpointUnusable(said)
        return RateLimited(said, _retry_after(causes, now))
    if status == 408:
        return TimedOut(said)
    if status in (401, 402, 403, 404) or (status == 400 and _NO_MODEL.search(words)):
        return EndpointUnusable(said)
    if any(type(one).__name__ == "LiteLLMUnknownProvider" for one in causes):
        return EndpointUnusable(said)
    if status is not None and 300 <= status < 500:
        return RequestRefused(said)
    if status is None:
        return ServerFailed(f"the call to {address} failed: {type(causes[-1]).__name__}: {words}")
    return ServerFailed(said, _retry_after(causes, now))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it came from, outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [getattr(one, "original_exception", None), one.__cause__, one.__context__]


def _status(causes: list[BaseException]) -> int | None:
    """The HTTP status that the server gave, or that it named in a streamed error."""
    for one in reversed(causes):
        for status in (getattr(one, "status_code", None), _body(one).get("code"), _body(one).get("status")):
            if isinstance(status, int | str) and str(status).isdecimal() and 300 <= int(status) < 600:
                return int(status)
    return None


def _words(causes: list[BaseException], secrets: Iterable[str]) -> str:
    """What the server said, else what the innermost exception says, on one line and without keys."""
    words = next((str(body["message"]) for one in causes if (body := _body(one)).get("message")), "")
    words = words or next((text for one in reversed(causes) if (text := str(one).strip())), type(causes[0]).__name__)
    words = " ".join(struck(words, secrets).split())
    while (shorter := _PREFIX.sub("", words)) != words and shorter:
        words = shorter
    return words if len(words) <= LONGEST_MESSAGE else words[: LONGEST_MESSAGE - 1] + "…"


def _body(error: BaseException) -> dict[str, object]:
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        inner = body.get("error")
        return inner if isinstance(inner, dict) else body
    return {}


def _retry_after(causes: list[BaseException], now: float | None) -> float | None:
    """Seconds from a Retry-After header in either form (seconds, HTTP date), or None."""
    for one in causes:
        headers = getattr(getattr(one, "response", None), "headers", None) or getattr(one, "headers", None) or {}
        told = headers.get("retry-after") or headers.get("Retry-After")
        if told is None:
            continue
        try:
            return max(0.0, float(told))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(told).timestamp() - (time.time() if now is None else now))
        except ValueError:
            continue
    return None
