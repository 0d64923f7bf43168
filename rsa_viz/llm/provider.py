"""The synthetic reasoner as a LiteLLM provider in this process: a simulation behind the same calls as a real model."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any

from .knobs import knobs_of
from .synthetic import reason, stream, tokens
from .synthetic_asides import about
from .synthetic_judge import judge

PROVIDER_IN_LITELLM = "rsa_viz_synthetic"
"""LiteLLM knows a hosted provider that is called synthetic; ours must not be taken for it."""

PIECE_S = 0.1
"""Seconds of writing that are sent as one piece: often enough for an eye, seldom enough to cost nothing."""


def synthetic_provider() -> Any:
    """The provider's row of ``litellm.custom_provider_map``. Imports litellm."""
    from litellm.llms.custom_llm import CustomLLM

    class SyntheticReasoner(CustomLLM):
        """Answers streamed chat completions; nothing else is asked of it."""

        def astreaming(self, *_: Any, **call: Any) -> Any:
            asked = call["optional_params"]
            return write(
                call["model"],
                "\n\n".join(str(message.get("content") or "") for message in call["messages"]),
                temperature=float(asked.get("temperature", 1.0)),
                max_tokens=int(asked.get("max_tokens") or 2**31),
                seed=int(asked.get("seed") or 0),
            )

    return {"provider": PROVIDER_IN_LITELLM, "custom_handler": SyntheticReasoner()}


async def write(
    model: str, prompt: str, *, temperature: float, max_tokens: int, seed: int
) -> AsyncIterator[dict[str, Any]]:
    """The answer in pieces, in the form of LiteLLM's generic chunks; the last one carries the token counts.

    Written at the model's speed, varied from call to call. Raises InvalidEndpoint for a name that cannot be read.
    """
    knobs = knobs_of(model)
    text = next(
        written
        for answer in (judge, about, reason)  # the first that knows what the prompt asks for
        if (written := answer(prompt, knobs, temperature=temperature, seed=seed)) is not None
    )
    pieces = tokens(text)
    rng = stream("pace", seed, prompt)
    speed = knobs.speed * math.exp(knobs.jitter * rng.gauss(0.0, 1.0))
    if rng.random() < knobs.cut:
        max_tokens = min(max_tokens, 1 + int(rng.random() * len(pieces)))
    length = min(len(pieces), max_tokens)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    sent = 0
    while sent < length:
        due = length if speed <= 0 else min(length, sent + max(1, round(speed * PIECE_S)))
        await asyncio.sleep(0 if speed <= 0 else begun + due / speed - loop.time())
        yield chunk("".join(pieces[sent:due]))
        sent = due
    usage = {"prompt_tokens": len(tokens(prompt)), "completion_tokens": length}
    yield chunk(
        "",
        is_finished=True,
        finish_reason="length" if length < len(pieces) else "stop",
        usage={**usage, "total_tokens": sum(usage.values())},
    )


def chunk(text: str, **last: Any) -> dict[str, Any]:
    """One piece of text in the form of LiteLLM's generic chunks; ``last`` has what the last one says."""
    return {
        "text": text,
        "is_finished": False,
        "finish_reason": "",
        "usage": None,
        "index": 0,
        "tool_use": None,
        **last,
    }
