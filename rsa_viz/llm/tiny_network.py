"""The tiny transformer in numpy: the same sums as the training's, with a cache of keys and values, for many prompts at
once. Knows no text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tiny_language import PROBLEM_WIDTH, WIDTH

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.int64]
COLUMNS = PROBLEM_WIDTH + WIDTH + 1
EPSILON = 1e-5
ROTARY_BASE = 10_000.0
SINGLE = 200_000
"""Multiplications of a matrix product that OpenBLAS still does on one thread (it starts others from 262,144 on)."""


@dataclass(frozen=True, slots=True)
class Network:
    """The weights by name, float32, and the number of attention heads."""

    weights: Mapping[str, Floats]
    heads: int

    @property
    def layers(self) -> int:
        return sum(name.endswith(".qkv") for name in self.weights)

    def write(
        self, prompts: Integers, lines: int, candidates: int, temperature: float, rngs: Sequence[np.random.Generator]
    ) -> Iterator[Integers]:
        """The tokens of solutions to B equally long prompts (B, S), one place after the other: ``WIDTH * lines`` arrays
        (B,). ``rngs`` holds one random stream a prompt, so a solution does not depend on its neighbours. At the
        temperature 0 the likeliest token is taken."""
        places = _places(lines, candidates)
        cache: list[tuple[Floats, Floats]] = []
        fed, start = prompts, 0
        for _ in range(WIDTH * lines):
            scores = self._scores(fed, places, cache, start)
            start += fed.shape[1]
            chosen = _choose(scores, temperature, rngs)
            yield chosen
            fed = chosen[:, None]

    def _scores(self, tokens: Integers, places: Integers, cache: list[tuple[Floats, Floats]], start: int) -> Floats:
        """Scores of what follows the last token, (B, vocabulary). The cache holds what stood before ``start``."""
        weights = self.weights
        batch, length = tokens.shape
        part, line, column = places[:, start : start + length]
        state = weights["token"][tokens] + (weights["part"][part] + weights["line"][line] + weights["column"][column])
        width = state.shape[-1]
        size = width // self.heads
        cosine, sine = _rotary(size, start, length)
        for layer in range(self.layers):
            normed = _norm(state, weights[f"{layer}.norm1"])
            three = _linear(normed, weights[f"{layer}.qkv"]).reshape(batch, length, 3, self.heads, size)
            query, key, value = three.transpose(2, 0, 3, 1, 4)
            query, key = _turn(query, cosine, sine), _turn(key, cosine, sine)
            if start:
                key = np.concatenate([cache[layer][0], key], axis=2)
                value = np.concatenate([cache[layer][1], value], axis=2)
                cache[layer] = (key, value)
            else:
                cache.append((key, value))
            mixed = _attend(query, key, value).swapaxes(1, 2).reshape(batch, length, width)
            state = state + _linear(mixed, weights[f"{layer}.out"])
            normed = _norm(state, weights[f"{layer}.norm2"])
            gate, up = np.split(_linear(normed, weights[f"{layer}.gate_up"]), 2, axis=-1)
            state = state + _linear(gate / (1 + np.exp(-gate)) * up, weights[f"{layer}.down"])
        return _linear(_norm(state[:, -1], weights["norm"]), weights["head"])


def _places(lines: int, candidates: int) -> Integers:
    """Part, line and column of every place, (3, length): problem, candidates, solution."""
    rows = [(0, line, column) for line in range(1, lines + 1) for column in range(PROBLEM_WIDTH)]
    for part in (*[1] * candidates, 2):
        rows.append((part, 0, COLUMNS - 1))
        rows += [(part, line, PROBLEM_WIDTH + column) for line in range(1, lines + 1) for column in range(WIDTH)]
    return np.array(rows, np.int64).T


def _linear(state: Floats, weight: Floats) -> Floats:
    """``state`` (..., width) times the transposed weight, in blocks below SINGLE: numpy's BLAS would share larger
    products, and single rows, out among threads, which for a model of this size costs ten times what it gains."""
    rows = state.reshape(-1, state.shape[-1])
    if len(rows) == 1:
        product = (np.repeat(rows, 2, axis=0) @ weight.T)[:1]
    else:
        blocks = min(len(rows) // 2, 1 + len(rows) * weight.size // SINGLE)
        product = np.concatenate([block @ weight.T for block in np.array_split(rows, blocks)])
    found: Floats = product.reshape(*state.shape[:-1], len(weight))
    return found


def _attend(query: Floats, key: Floats, value: Floats) -> Floats:
    """What each query (B, heads, Q, size) takes from the keys and values (B, heads, S, size) up to its own place; the
    last query stands at the last key. In blocks, as in ``_linear``."""
    length, size, seen = query.shape[2], query.shape[3], key.shape[2]
    found = []
    for block in np.array_split(np.arange(length), 1 + length * seen * size // SINGLE):
        closeness = query[:, :, block] @ key.swapaxes(-1, -2) * np.float32(size**-0.5)
        later = np.arange(seen) > (block + seen - length)[:, None]
        found.append(_softmax(np.where(later, np.float32(-np.inf), closeness)) @ value)
    return np.concatenate(found, axis=2)


def _choose(scores: Floats, temperature: float, rngs: Sequence[np.random.Generator]) -> Integers:
    if temperature <= 0:
        likeliest: Integers = scores.argmax(axis=-1)
        return likeliest
    summed = np.cumsum(_softmax(scores.astype(np.float64) / temperature), axis=-1)
    lots = np.array([rng.random() for rng in rngs])[:, None]
    chosen: Integers = np.minimum((summed <= lots * summed[:, -1:]).sum(axis=-1), scores.shape[-1] - 1)
    return chosen


def _softmax(values: Floats) -> Floats:
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _norm(state: Floats, scale: Floats) -> Floats:
    normed: Floats = state / np.sqrt((state * state).mean(axis=-1, keepdims=True) + np.float32(EPSILON)) * scale
    return normed


def _rotary(size: int, start: int, length: int) -> tuple[Floats, Floats]:
    rates = ROTARY_BASE ** (-np.arange(0, size, 2) / size)
    angles = np.arange(start, start + length)[:, None] * rates
    angles = np.concatenate([angles, angles], axis=-1)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def _turn(state: Floats, cosine: Floats, sine: Floats) -> Floats:
    first, second = np.split(state, 2, axis=-1)
    turned: Floats = state * cosine + np.concatenate([-second, first], axis=-1) * sine
    return turned
