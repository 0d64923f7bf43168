"""The tiny language model as a LiteLLM provider in this process: a real transformer, sampled in numpy.

Its weights come with the app; docs/tiny-model.md is its model card. It knows one kind of problem and says so when it is
asked anything else.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..core.tensors import Tensor, read_tensors
from .in_process import chunk, last_chunk
from .synthetic import tokens as words_of
from .tiny_language import WIDTH, Language, Reading, Unreadable
from .tiny_names import check_name
from .tiny_network import Floats, Network

WEIGHTS = Path(__file__).parent / "weights"
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class TinyModel:
    """A model's language and network."""

    language: Language
    network: Network


@cache
def load(name: str) -> TinyModel:
    """A model from its file; kept. Raises InvalidEndpoint, InvalidInput."""
    tensors, told = read_tensors((WEIGHTS / f"tiny-{check_name(name)}.safetensors").read_bytes())
    arrays = {name: _numbers(tensor) for name, tensor in tensors.items()}
    language = Language(int(told["modulus"]), int(told["lines"]), int(told["candidates"]))
    return TinyModel(language, Network(arrays, int(told["heads"])))


def _numbers(tensor: Tensor) -> Floats:
    kind = {"F16": "<f2", "F32": "<f4"}[tensor.kind]
    return np.frombuffer(tensor.content, kind).reshape(tensor.shape).astype(np.float32)


async def write(
    model: str, prompt: str, *, temperature: float, max_tokens: int, seed: int
) -> AsyncIterator[dict[str, Any]]:
    """The solution line by line, in the form of LiteLLM's generic chunks; the last one carries the token counts.

    The same prompt, temperature and seed give the same text. A prompt that the model has no tokens for gets one
    sentence that says why, and the counts of its words. Raises InvalidEndpoint.
    """
    tiny = await asyncio.to_thread(load, check_name(model))
    try:
        reading = tiny.language.read(prompt)
    except Unreadable as why:
        refusal = f"I am a tiny model. {why}. I give no answer."
        yield chunk(refusal)
        yield last_chunk(len(words_of(prompt)), len(words_of(refusal)), cut=False)
        return
    length = min(max_tokens, WIDTH * reading.lines)
    written: list[int] = []
    line = 0
    solution = _Solution(tiny, reading, temperature, seed)
    while len(written) < length:
        row = await asyncio.to_thread(solution.row)
        line += 1
        written += row
        kept = row[: length - WIDTH * (line - 1)]
        yield chunk(("\n" if line > 1 else "") + tiny.language.line(line, kept))
    yield last_chunk(len(reading.tokens), length, cut=length < WIDTH * reading.lines)


class _Solution:
    """One solution, written line by line; any thread may ask for the next line."""

    def __init__(self, tiny: TinyModel, reading: Reading, temperature: float, seed: int) -> None:
        self._tokens = tiny.network.write(
            np.array([reading.tokens], np.int64),
            reading.lines,
            reading.candidates,
            temperature,
            [np.random.default_rng(abs(seed))],
        )

    def row(self) -> list[int]:
        """The tokens of the next line. Numpy's threads would only be in each other's way: one solution at a time."""
        with _one_at_a_time:
            return [int(next(self._tokens)[0]) for _ in range(WIDTH)]
