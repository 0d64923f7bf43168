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

from ..core.errors import InvalidEndpoint
from ..core.tensors import Tensor, read_tensors
from .provider import chunk
from .synthetic import tokens as words_of
from .tiny_language import WIDTH, Language, Reading, Unreadable
from .tiny_network import Floats, Network

PROVIDER = "tiny"
PROVIDER_IN_LITELLM = "rsa_viz_tiny"
MODELS = ("holes",)
WEIGHTS = Path(__file__).parent / "weights"
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class TinyModel:
    """A model's language and network."""

    language: Language
    network: Network


def check_name(model: str) -> str:
    """The model's own name in ``tiny/holes``. Raises InvalidEndpoint for one that is not there."""
    name = model.removeprefix(f"{PROVIDER}/")
    if name not in MODELS:
        known = ", ".join(f"{PROVIDER}/{one}" for one in MODELS)
        raise InvalidEndpoint(f"there is no tiny model {model!r}; those that come with the app are {known}")
    return name


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


def tiny_provider() -> Any:
    """The provider's row of ``litellm.custom_provider_map``. Imports litellm."""
    from litellm.llms.custom_llm import CustomLLM

    class Tiny(CustomLLM):
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

    return {"provider": PROVIDER_IN_LITELLM, "custom_handler": Tiny()}


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
        yield _last(len(words_of(prompt)), len(words_of(refusal)), cut=False)
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
    yield _last(len(reading.tokens), length, cut=length < WIDTH * reading.lines)


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


def _last(prompt: int, written: int, *, cut: bool) -> dict[str, Any]:
    usage = {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}
    return chunk("", is_finished=True, finish_reason="length" if cut else "stop", usage=usage)
