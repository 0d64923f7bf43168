"""The tiny language model as a LiteLLM provider in this process: a real transformer, sampled in numpy.

Its weights come with the app; docs/tiny-model.md is its model card. It knows one kind of problem, writes and checks its
solutions, and says so when it is asked anything else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..core.tensors import Tensor, read_tensors
from .in_process import chunk, last_chunk
from .synthetic import tokens as words_of
from .tiny_checking import check_of
from .tiny_desk import Desk
from .tiny_language import WIDTH, Language, Unreadable
from .tiny_names import check_name
from .tiny_network import Floats, Network

WEIGHTS = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class TinyModel:
    """A model's language and network, and the desk where solutions are asked for."""

    language: Language
    network: Network
    desk: Desk


@cache
def load(name: str) -> TinyModel:
    """A model from its file; kept. Raises InvalidEndpoint, InvalidInput."""
    tensors, told = read_tensors((WEIGHTS / f"tiny-{check_name(name)}.safetensors").read_bytes())
    arrays = {name: _numbers(tensor) for name, tensor in tensors.items()}
    language = Language(int(told["modulus"]), int(told["lines"]), int(told["candidates"]))
    network = Network(arrays, int(told["heads"]))
    return TinyModel(language, network, Desk(network))


def _numbers(tensor: Tensor) -> Floats:
    kind = {"F16": "<f2", "F32": "<f4"}[tensor.kind]
    return np.frombuffer(tensor.content, kind).reshape(tensor.shape).astype(np.float32)


async def write(
    model: str, prompt: str, *, temperature: float, max_tokens: int, seed: int
) -> AsyncIterator[dict[str, Any]]:
    """The answer line by line, in the form of LiteLLM's generic chunks; the last one carries the token counts.

    A solution, or what ``tiny_checking`` makes of a question about one. The same prompt, temperature and seed give the
    same text. A prompt that the model has no tokens for gets one sentence that says why, and the counts of its words.
    Raises InvalidEndpoint, and RequestRefused when a summary is asked for.
    """
    tiny = await asyncio.to_thread(load, check_name(model))
    try:
        check = check_of(prompt, tiny.language)
        reading = tiny.language.read(prompt) if check is None else check.reading
    except Unreadable as why:
        refusal = f"I am a tiny model. {why}. I give no answer."
        yield chunk(refusal)
        yield last_chunk(len(words_of(prompt)), len(words_of(refusal)), cut=False)
        return
    own = WIDTH * reading.lines
    whole = own if check is None else own + check.words
    length = min(max_tokens, whole)
    rows: list[list[int]] = []
    async with aclosing(tiny.desk.solution(reading, temperature, seed)) as solution:
        async for row in solution:
            rows.append(row)
            if check is None or check.shown:
                kept = row[: length - WIDTH * (len(rows) - 1)]
                yield chunk(("\n" if len(rows) > 1 else "") + tiny.language.line(len(rows), kept))
            if WIDTH * len(rows) >= length:
                break
    if check is not None and length == whole:
        yield chunk(check.says(rows, tiny.language))
    read = len(reading.tokens) if check is None else len(reading.tokens) + own
    yield last_chunk(read, length, cut=length < whole)
