"""Which models a server lists, by ``GET /models``: costs no token. Sends the key that a call would send, no other.

Only servers with OpenAI's protocol at an address are asked; what else there is answers no such question.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from ..core.errors import ServerFailed
from ..core.run import ModelChoice
from .secrets import PLACEHOLDER_KEY, environment_secrets, parts_of

MOST = 500
"""Models of a list that are kept; hosted ones list hundreds."""
LARGEST = 4_000_000
"""Bytes of a list that are read."""

_CONTEXTS = ("max_model_len", "context_length", "context_window", "loaded_context_length", "max_context_length")
"""Where servers tell a model's context: vLLM and SGLang; OpenRouter and others; Groq; LM Studio twice."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a server lists: the models' names, and the contexts in tokens of those for which it told one."""

    models: tuple[str, ...]
    contexts: dict[str, int]

    def context_of(self, model: str) -> int | None:
        """The context of one model, or of the only one that is listed: llama.cpp answers to any name."""
        if model in self.contexts:
            return self.contexts[model]
        return next(iter(self.contexts.values())) if len(self.models) == 1 and self.contexts else None


async def list_models(choice: ModelChoice, *, timeout_s: float, name: str | None = None) -> Listed:
    """Ask the server at ``choice.api_base``. ``name`` stands for its address in errors. Raises ModelErrors only, as a
    call would."""
    import httpx

    key = os.environ.get(choice.api_key_env or "", "").strip() or PLACEHOLDER_KEY
    address = (choice.api_base or "").rstrip("/")
    shown = name or address
    try:
        async with (
            httpx.AsyncClient(timeout=timeout_s, trust_env=False, headers={"Authorization": f"Bearer {key}"}) as client,
            client.stream("GET", f"{address}/models") as response,
        ):
            body = b""
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST:
                    raise ServerFailed(f"the list of models of {shown} is longer than {LARGEST:,} bytes")
            if response.status_code != 200:
                raise _StatusError(response.status_code, _parsed(body), body.decode("utf-8", "replace"))
            return _read(_parsed(body), shown)
    except Exception as error:  # noqa: BLE001 - the model boundary
        from .failures import translated  # loads the clients' libraries

        secrets = [key, *environment_secrets(), *(parts_of(address) if name is not None else ())]
        raise translated(error, address=shown, secrets=secrets) from None


class _StatusError(Exception):
    """An answer other than 200, in the form that ``failures`` reads."""

    def __init__(self, status: int, body: Any, text: str) -> None:
        super().__init__(text.strip() or "an empty answer")
        self.status_code = status
        self.body = body


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _read(content: Any, shown: str) -> Listed:
    rows = content.get("data") if isinstance(content, dict) else None
    if not isinstance(rows, list):
        raise ServerFailed(f"{shown} answers, but not with a list of models; is its address right?")
    names: list[str] = []
    contexts: dict[str, int] = {}
    for row in rows[:MOST]:
        name = row.get("id") if isinstance(row, dict) else None
        if not isinstance(name, str):
            continue
        names.append(name[:200])
        meta = row.get("meta") if isinstance(row.get("meta"), dict) else {}
        told = next((row[key] for key in _CONTEXTS if key in row), meta.get("n_ctx"))
        if isinstance(told, int) and not isinstance(told, bool) and told > 0:
            contexts[name[:200]] = told
    return Listed(tuple(names), contexts)
