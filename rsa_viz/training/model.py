"""The transformer, written as functions of its weights. Needs torch, which is imported on the first call.

Its blocks are Llama's: RMSNorm before attention and before a SwiGLU network, rotary positions, no biases. What Llama
has not: the embedding is a sum of four, of the token and of its place (part, line, column). Weights are a plain
dictionary, so that they can be read without torch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .puzzles import MOST_LINES, Integers
from .tokens import COLUMNS, PARTS, Layout, Vocabulary

Parameters = Mapping[str, Any]
ROTARY_BASE = 10_000.0
EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class Shape:
    """The model's sizes. ``heads`` divides ``width`` into heads of an even size; ``lines`` is the most lines that a
    problem may have."""

    modulus: int = 13
    width: int = 64
    layers: int = 3
    heads: int = 4
    hidden: int = 160
    lines: int = MOST_LINES


def new_parameters(shape: Shape, seed: int) -> dict[str, Any]:
    """Freshly drawn weights, float32, in a fixed order."""
    import torch

    generator = torch.Generator().manual_seed(seed)

    def normal(*size: int, std: float) -> Any:
        return torch.empty(*size).normal_(0.0, std, generator=generator)

    width, hidden, vocabulary = shape.width, shape.hidden, Vocabulary(shape.modulus).size
    inner, outer = width**-0.5, (2 * shape.layers) ** -0.5
    drawn = {
        "token": normal(vocabulary, width, std=0.5),
        "part": normal(PARTS, width, std=0.5),
        "line": normal(shape.lines + 1, width, std=0.5),
        "column": normal(COLUMNS, width, std=0.5),
    }
    for layer in range(shape.layers):
        drawn |= {
            f"{layer}.norm1": torch.ones(width),
            f"{layer}.qkv": normal(3 * width, width, std=inner),
            f"{layer}.out": normal(width, width, std=inner * outer),
            f"{layer}.norm2": torch.ones(width),
            f"{layer}.gate_up": normal(2 * hidden, width, std=inner),
            f"{layer}.down": normal(width, hidden, std=hidden**-0.5 * outer),
        }
    drawn |= {"norm": torch.ones(width), "head": normal(vocabulary, width, std=inner)}
    return drawn


def embed(parameters: Parameters, tokens: Any, places: Layout, start: int = 0) -> Any:
    """The embeddings of tokens (B, S) that stand at the places ``start``.. of the layout."""
    import torch

    device, end = tokens.device, start + tokens.shape[1]

    def place(values: Integers) -> Any:
        return torch.as_tensor(values[start:end], device=device)

    where = parameters["part"][place(places.parts)] + parameters["line"][place(places.lines)]
    return parameters["token"][tokens] + where + parameters["column"][place(places.columns)]


def forward(
    shape: Shape,
    parameters: Parameters,
    tokens: Any,
    places: Layout,
    cache: list[Any] | None = None,
    start: int = 0,
    from_place: int = 0,
) -> Any:
    """Scores of the next token after each place from ``from_place`` on: (B, S - from_place, vocabulary).

    With a ``cache`` (one entry a layer, None before the first call) tokens continue what went before at ``start``.
    """
    import torch
    from torch.nn import functional

    batch, length = tokens.shape
    size = shape.width // shape.heads
    state = embed(parameters, tokens, places, start)
    cosine, sine = _rotary(size, start, length, tokens.device)
    behind = start > 0 and length > 1  # several tokens after others: each sees those and the ones before itself
    seen = torch.ones(length, start + length, dtype=torch.bool, device=tokens.device).tril(start) if behind else None
    for layer in range(shape.layers):
        normed = _norm(state, parameters[f"{layer}.norm1"])
        three = functional.linear(normed, parameters[f"{layer}.qkv"]).view(batch, length, 3, shape.heads, size)
        query, key, value = three.permute(2, 0, 3, 1, 4)
        query, key = _turn(query, cosine, sine), _turn(key, cosine, sine)
        if cache is not None:
            if cache[layer] is not None:
                key = torch.cat([cache[layer][0], key], dim=2)
                value = torch.cat([cache[layer][1], value], dim=2)
            cache[layer] = (key, value)
        mixed = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=seen, is_causal=length > 1 and not behind
        )
        state = state + functional.linear(
            mixed.transpose(1, 2).reshape(batch, length, shape.width), parameters[f"{layer}.out"]
        )
        normed = _norm(state, parameters[f"{layer}.norm2"])
        gate, up = functional.linear(normed, parameters[f"{layer}.gate_up"]).chunk(2, dim=-1)
        state = state + functional.linear(functional.silu(gate) * up, parameters[f"{layer}.down"])
    return functional.linear(_norm(state[:, from_place:], parameters["norm"]), parameters["head"])


def count(parameters: Parameters) -> int:
    """The number of weights."""
    return sum(math.prod(value.shape) for value in parameters.values())


def _norm(state: Any, scale: Any) -> Any:
    from torch.nn import functional

    return functional.rms_norm(state, (state.shape[-1],), scale, EPSILON)


def _rotary(size: int, start: int, length: int, device: Any) -> tuple[Any, Any]:
    import torch

    rates = ROTARY_BASE ** (-torch.arange(0, size, 2, device=device) / size)
    angles = torch.arange(start, start + length, device=device)[:, None] * rates
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


def _turn(state: Any, cosine: Any, sine: Any) -> Any:
    import torch

    first, second = state.chunk(2, dim=-1)
    return state * cosine + torch.cat([-second, first], dim=-1) * sine
