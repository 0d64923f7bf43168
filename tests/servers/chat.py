"""The chat-completions protocol as an aiohttp application: answers, streams, refuses, and keeps a log."""

from __future__ import annotations

import asyncio
import email.utils
import json
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.replies import Faults, Messages, Reply, answer, latency_of, request_key, tokens

REFUSED = {"errors": 500, "unavailable": 503, "refusals": 400}
"""The status with which each of these faults answers."""

BODIES = {
    "malformed": ('{"id": "x", "object": "chat.completion", "choices": [{"ind', "application/json"),
    "blanks": ("", "application/json"),
    "choiceless": ('{"id": "x", "object": "chat.completion", "choices": []}', "application/json"),
    "nulls": (
        '{"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, '
        '"message": {"role": "assistant", "content": null}, "finish_reason": "stop"}]}',
        "application/json",
    ),
    "strangers": ("<html><body>Welcome to your hotel's network</body></html>", "text/html"),
}
"""What each of these faults sends in place of an answer."""

Script = Callable[[Messages], Reply | str]


@dataclass
class Settings:
    """How the server behaves. Without ``models`` every name is accepted; ``context`` is the most tokens of prompt and
    answer.
    """

    script: Script | None = None
    seed: int = 0
    latency: str = "fixed:0"
    faults: Faults = field(default_factory=Faults)
    retry_after_s: float = 1.0
    slip: float = 0.1
    key: str | None = None
    models: tuple[str, ...] = ()
    context: int | None = None
    pieces: int = 20


class Served:
    """The application: its handlers and its log."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.entries: list[dict[str, Any]] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.closing = asyncio.Event()
        self._seen: Counter[str] = Counter()
        self._numbers = 0

    def application(self) -> web.Application:
        application = web.Application(client_max_size=256 * 2**20)
        application.router.add_post("/v1/chat/completions", self.complete)
        application.router.add_get("/v1/models", self.list_models)
        application.router.add_get("/log", self.show_log)
        return application

    async def list_models(self, request: web.Request) -> web.Response:
        names = self.settings.models or ("test-model",)
        data = [{"id": name, "object": "model", "created": 0, "owned_by": "tests"} for name in names]
        return web.json_response({"object": "list", "data": data})

    async def show_log(self, request: web.Request) -> web.Response:
        return web.json_response(self.log())

    def log(self) -> dict[str, Any]:
        return {
            "requests": len(self.entries),
            "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight,
            "entries": self.entries,
        }

    async def complete(self, request: web.Request) -> web.StreamResponse:
        entry: dict[str, Any] = {
            "path": request.path,
            "authorization": request.headers.get("Authorization"),
            "body": None,
            "outcome": "unreadable",
            "at": time.time(),
            "disconnected": False,
        }
        self.entries.append(entry)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            body = entry["body"] = await request.json()
            reply = self._refusal(request, body) or self._reply(body)
            entry["outcome"] = reply.outcome
            return await self._send(request, body, reply)
        except (asyncio.CancelledError, ConnectionError):
            entry["disconnected"] = True
            raise
        except json.JSONDecodeError as error:
            return error_response(400, f"the body is no JSON: {error}")
        finally:
            self.in_flight -= 1

    def _refusal(self, request: web.Request, body: dict[str, Any]) -> Reply | None:
        """What a real server refuses for good."""
        known = self.settings
        if known.key is not None and request.headers.get("Authorization") != f"Bearer {known.key}":
            return Reply(status=401, error="Incorrect API key provided.", code="invalid_api_key", outcome="refused")
        if known.models and body.get("model") not in known.models:
            message = f"The model `{body.get('model')}` does not exist."
            return Reply(status=404, error=message, code="model_not_found", outcome="refused")
        if not body.get("messages"):
            return Reply(status=400, error="'messages' is empty.", outcome="refused")
        if known.context is not None and (total := prompt_tokens(body) + (max_tokens(body) or 0)) > known.context:
            message = f"This model's maximum context length is {known.context} tokens. You requested {total} tokens."
            return Reply(status=400, error=message, code="context_length_exceeded", outcome="refused")
        return None

    def _reply(self, body: dict[str, Any]) -> Reply:
        known, key = self.settings, request_key(body)
        self._seen[key] += 1
        latency = latency_of(known.latency, known.seed, body["seed"] if body.get("seed") is not None else key)
        if known.script is not None:
            reply = known.script(body["messages"])
            return reply if isinstance(reply, Reply) else Reply(reply, latency_s=latency)
        rng = random.Random(f"{known.seed} {key} {self._seen[key]}")
        fault = known.faults.draw(rng)
        text = answer(body["messages"], random.Random(f"{known.seed} {key}"), known.slip)
        refused = REFUSED.get(fault or "")
        if refused is not None:
            return Reply(status=refused, error=f"The server says {refused}.", outcome=str(fault))
        if fault in BODIES:
            body, content_type = BODIES[fault]
            return Reply(body=body, content_type=content_type, latency_s=latency, outcome=fault)
        match fault:
            case "limits":
                return Reply(status=429, error="Rate limit reached.", headers=self._retry_after(rng), outcome=fault)
            case "hangs":
                return Reply(text, latency_s=latency, hang_after=rng.choice([0, 2]), outcome=fault)
            case "cuts":
                return Reply(text, latency_s=latency, cut_after=rng.randint(0, 3), outcome=fault)
            case "empties":
                return Reply("", latency_s=latency, outcome=fault)
            case "truncations":
                return Reply(text[: len(text) // 2], finish_reason="length", latency_s=latency, outcome=fault)
            case "drips":
                return Reply(text, latency_s=10 * latency, outcome=fault)
            case "floods":
                return Reply(f"{'so ' * 350_000}\n{text}", latency_s=latency, outcome=fault)
            case "repeats":
                return Reply(text, latency_s=latency, late=True, outcome=fault)
        return Reply(text, latency_s=latency)

    def _retry_after(self, rng: random.Random) -> dict[str, str]:
        """Retry-After as seconds or as a date, at random; whole seconds, as the standard has them."""
        wait = math.ceil(self.settings.retry_after_s)
        if rng.random() < 0.5:
            return {"Retry-After": str(wait)}
        return {"Retry-After": email.utils.formatdate(math.ceil(time.time()) + wait, usegmt=True)}

    async def _send(self, request: web.Request, body: dict[str, Any], reply: Reply) -> web.StreamResponse:
        if reply.status != 200:
            return error_response(reply.status, reply.error, reply.code, reply.headers)
        if reply.hang_after == 0:
            await self.closing.wait()
        if reply.body is not None:
            await asyncio.sleep(reply.latency_s)
            return web.Response(text=reply.body, content_type=reply.content_type)
        words, reason = tokens(reply.text), reply.finish_reason
        if (most := max_tokens(body)) is not None and len(words) > most and reply.outcome != "floods":
            words, reason = words[:most], "length"
        used = {"prompt_tokens": prompt_tokens(body), "completion_tokens": len(words) + len(tokens(reply.reasoning))}
        usage = {**used, "total_tokens": sum(used.values())}
        self._numbers += 1
        common = {"id": f"chatcmpl-{self._numbers}", "created": int(time.time()), "model": body.get("model")}
        if body.get("stream"):
            return await self._stream(request, body, reply, words, reason, usage, common)
        await asyncio.sleep(reply.latency_s)
        if reply.cut_after is not None:
            abort(request)
        if reply.hang_after is not None:
            await self.closing.wait()
        message = {"role": "assistant", "content": "".join(words)}
        if reply.reasoning:
            message["reasoning_content"] = reply.reasoning
        choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
        return web.json_response({**common, "object": "chat.completion", "choices": [choice], "usage": usage})

    async def _stream(
        self,
        request: web.Request,
        body: dict[str, Any],
        reply: Reply,
        words: list[str],
        reason: str,
        usage: dict[str, int],
        common: dict[str, Any],
    ) -> web.StreamResponse:
        begun = asyncio.get_running_loop().time()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)

        async def send(choices: list[dict[str, Any]], **more: object) -> None:
            chunk = {**common, "object": "chat.completion.chunk", "choices": choices, **more}
            await response.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")

        async def send_delta(delta: dict[str, str], finish: str | None = None) -> None:
            await send([{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}])

        deltas = [{"reasoning_content": piece} for piece in grouped(tokens(reply.reasoning), self.settings.pieces)]
        deltas += [{"content": piece} for piece in grouped(words, self.settings.pieces)]
        await send_delta({"role": "assistant", "content": ""})
        for sent, delta in enumerate(deltas):
            if sent == reply.cut_after:
                abort(request)
            if sent == reply.hang_after:
                await self.closing.wait()
            due = begun + reply.latency_s * (sent + 1) / len(deltas)
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            await send_delta(delta)
        if not deltas:
            await asyncio.sleep(reply.latency_s)
        if reply.cut_after is not None:
            abort(request)
        await send_delta({}, reason)
        if (body.get("stream_options") or {}).get("include_usage"):
            await send([], usage=usage)
        await response.write(b"data: [DONE]\n\n")
        if reply.late and deltas:
            await send_delta(deltas[-1])
        await response.write_eof()
        return response


def grouped(words: Sequence[str], pieces: int) -> list[str]:
    """Words joined into at most ``pieces`` pieces of about the same number of words."""
    size = max(1, math.ceil(len(words) / pieces))
    return ["".join(words[start : start + size]) for start in range(0, len(words), size)]


def abort(request: web.Request) -> None:
    """Cut the connection as a crashed server does."""
    if request.transport is not None:
        request.transport.abort()
    raise ConnectionResetError("cut on purpose")


def error_response(status: int, message: str, code: str | None = None, headers: Any = None) -> web.Response:
    kind = "invalid_request_error" if status < 500 else "server_error"
    error = {"message": message, "type": kind, "param": None, "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


def max_tokens(body: dict[str, Any]) -> int | None:
    """The most tokens that the request allows the answer, by either name."""
    found = body.get("max_completion_tokens", body.get("max_tokens"))
    return found if isinstance(found, int) else None


def prompt_tokens(body: dict[str, Any]) -> int:
    return sum(len(str(message.get("content", "")).split()) for message in body.get("messages") or ())
