"""The synthetic reasoner as a LiteLLM provider in this process: a simulation behind the same calls as a real model."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any

from .in_process import chunk, last_chunk
from .knobs import knobs_of
from .synthetic import reason, stream, tokens
from .synthetic_asides import about
from .synthetic_judge import judge

PIECE_S = 0.1
"""Seconds of writing that are sent as one piece: often enough for an eye, seldom enough to cost nothing."""


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
    yield last_chunk(len(tokens(prompt)), length, cut=length < len(pieces))
