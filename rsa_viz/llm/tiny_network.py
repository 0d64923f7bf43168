"""The tiny transformer in numpy: the same sums as the training's, with a cache of keys and values, for many prompts at
once. Knows no text.

Each prompt is read by itself, equal ones once; then all solutions are written together, a place of each at a time.
Matrix products have the same shape however many there are, so a solution is bit for bit the same whatever is written
beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .tiny_language import FREE, PROBLEM_WIDTH, WIDTH

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.int64]
COLUMNS = PROBLEM_WIDTH + WIDTH + 1
EPSILON = np.float32(1e-5)
ROTARY_BASE = 10_000.0
SINGLE = 200_000
"""Multiplications of a matrix product that OpenBLAS still does on one thread (it starts others from 262,144 on)."""

ROWS = 8
"""Solutions that go into one matrix product, filled up with zeros where there are fewer."""


class _Layer(NamedTuple):
    """A block's weights, turned round so that rows are multiplied from the left. Queries are scaled beforehand."""

    norm1: Floats
    qkv: Floats
    out: Floats
    norm2: Floats
    gate_up: Floats
    down: Floats


@dataclass(frozen=True)
class Network:
    """The weights by name, float32, and the number of attention heads."""

    weights: Mapping[str, Floats]
    heads: int

    def write(
        self,
        prompts: Integers,
        lines: int,
        candidates: int,
        temperature: float,
        rngs: Sequence[np.random.Generator],
        held: Integers | None = None,
    ) -> Iterator[Integers]:
        """The tokens of solutions to B equally long prompts (B, S), one place after the other: ``WIDTH * lines`` arrays
        (B,). ``rngs`` holds one random stream a prompt, so a solution does not depend on its neighbours. At the
        temperature 0 the likeliest token is taken. Where ``held`` (B, WIDTH * lines) is not FREE, its token stands in
        the place of what was chosen."""
        start = prompts.shape[1]
        scores, cache = self._read(prompts, lines, candidates, WIDTH * lines)
        for place in range(start, start + WIDTH * lines):
            chosen = _choose(scores, temperature, rngs)
            if held is not None:
                chosen = np.where(held[:, place - start] == FREE, chosen, held[:, place - start])
            yield chosen
            if place + 1 < start + WIDTH * lines:
                scores = self._next(chosen, self._places(lines, candidates)[place], cache, place)

    def scores(self, tokens: Integers, lines: int, candidates: int) -> Floats:
        """Scores of what follows the last of tokens (B, S), (B, vocabulary): a prompt and what was written so far."""
        return self._read(tokens, lines, candidates, 0)[0]

    def _read(self, prompts: Integers, lines: int, candidates: int, room: int) -> tuple[Floats, Floats]:
        """Scores after each prompt, and the cache (layers, 2, B filled up, heads, S + room, size)."""
        places = self._places(lines, candidates)[: prompts.shape[1]]
        different, which = np.unique(prompts, axis=0, return_inverse=True)
        which = which.reshape(-1)  # of another shape in some versions of numpy
        read = [self._read_one(self.weights["token"][prompt] + places) for prompt in different]
        scores = np.stack([one for one, _ in read])[which]
        kept = np.stack([one for _, one in read])[which]
        batch, layers, _, heads, length, size = kept.shape
        cache = np.zeros((layers, 2, _filled(batch), heads, length + room, size), np.float32)
        cache[:, :, :batch, :, :length] = kept.transpose(1, 2, 0, 3, 4, 5)
        return scores, cache

    def _read_one(self, state: Floats) -> tuple[Floats, Floats]:
        """Scores after one prompt's embeddings (S, width), and its keys and values (layers, 2, heads, S, size)."""
        length, width = state.shape
        size = width // self.heads
        cosine, sine = _rotary(size, length)
        kept = np.empty((len(self._layers), 2, self.heads, length, size), np.float32)
        for number, layer in enumerate(self._layers):
            three = _in_blocks(_norm(state, layer.norm1), layer.qkv).reshape(length, 3, self.heads, size)
            query, key, value = three.transpose(1, 2, 0, 3)
            kept[number] = _turn(key, cosine, sine), value
            if number + 1 == len(self._layers):  # what comes after the last place is all that is asked for
                state, query, cosine, sine = state[-2:], query[:, -2:], cosine[-2:], sine[-2:]
            mixed = _attend(_turn(query, cosine, sine), *kept[number])
            state = state + _in_blocks(mixed.swapaxes(0, 1).reshape(-1, width), layer.out)
            state = state + _in_blocks(_gated(_in_blocks(_norm(state, layer.norm2), layer.gate_up)), layer.down)
        return _in_blocks(_norm(state, self.weights["norm"]), self._head)[-1], kept

    def _next(self, tokens: Integers, place: Floats, cache: Floats, at: int) -> Floats:
        """Scores after one more token of each solution (B,), which stand at the place ``at``; its keys and values are
        added to the cache."""
        state: Floats = np.zeros((cache.shape[2], len(place)), np.float32)
        state[: len(tokens)] = self.weights["token"][tokens] + place
        size = len(place) // self.heads
        cosine, sine = (turned[at] for turned in _rotary(size, cache.shape[4]))
        for layer, kept in zip(self._layers, cache, strict=True):
            three = _by_rows(_norm(state, layer.norm1), layer.qkv).reshape(len(state), 3, self.heads, size)
            turned = _turn(three[:, :2], cosine, sine)
            kept[0, :, :, at], kept[1, :, :, at] = turned[:, 1], three[:, 2]
            key, value = kept[:, :, :, : at + 1]
            shares = _softmax(turned[:, 0, :, None] @ key.swapaxes(-1, -2))
            state = state + _by_rows((shares @ value).reshape(state.shape), layer.out)
            state = state + _by_rows(_gated(_by_rows(_norm(state, layer.norm2), layer.gate_up)), layer.down)
        return _by_rows(_norm(state, self.weights["norm"]), self._head)[: len(tokens)]

    def _places(self, lines: int, candidates: int) -> Floats:
        """What is added to a token at every place, (length, width)."""
        part, line, column = _where(lines, candidates)
        weights = self.weights
        summed: Floats = weights["part"][part] + weights["line"][line] + weights["column"][column]
        return summed

    @cached_property
    def _layers(self) -> tuple[_Layer, ...]:
        return tuple(self._layer(number) for number in range(sum(name.endswith(".qkv") for name in self.weights)))

    def _layer(self, number: int) -> _Layer:
        held = {name: self.weights[f"{number}.{name}"] for name in _Layer._fields}
        query, others = np.split(held["qkv"], [len(held["out"])])
        held["qkv"] = np.concatenate([query * np.float32((len(query) // self.heads) ** -0.5), others])
        return _Layer(**{name: np.ascontiguousarray(array.T) for name, array in held.items()})

    @cached_property
    def _head(self) -> Floats:
        return np.ascontiguousarray(self.weights["head"].T)


@cache
def _where(lines: int, candidates: int) -> Integers:
    """Part, line and column of every place, (3, length): problem, candidates, solution."""
    rows = [(0, line, column) for line in range(1, lines + 1) for column in range(PROBLEM_WIDTH)]
    for part in (*[1] * candidates, 2):
        rows.append((part, 0, COLUMNS - 1))
        rows += [(part, line, PROBLEM_WIDTH + column) for line in range(1, lines + 1) for column in range(WIDTH)]
    return np.array(rows, np.int64).T


def _filled(rows: int) -> int:
    return -(-rows // ROWS) * ROWS


def _by_rows(state: Floats, weight: Floats) -> Floats:
    """``state`` (B filled up, width) times ``weight``, as products of ROWS rows each."""
    found: Floats = (state.reshape(-1, ROWS, state.shape[-1]) @ weight).reshape(len(state), -1)
    return found


def _in_blocks(state: Floats, weight: Floats) -> Floats:
    """``state`` (two rows or more, width) times ``weight``, in blocks below SINGLE: numpy's BLAS would share larger
    products out among threads, which for a model of this size costs ten times what it gains."""
    blocks = min(len(state) // 2, 1 + len(state) * weight.size // SINGLE)
    return np.concatenate([block @ weight for block in np.array_split(state, blocks)])


def _attend(query: Floats, key: Floats, value: Floats) -> Floats:
    """What each query (heads, Q, size) takes from the keys and values (heads, S, size) up to its own place; the last
    query stands at the last key. In blocks, as in ``_in_blocks``."""
    length, size, seen = query.shape[1], query.shape[2], key.shape[1]
    found = []
    for block in np.array_split(np.arange(length), 1 + length * seen * size // SINGLE):
        until = int(block[-1]) + seen - length + 1
        closeness = query[:, block] @ key[:, :until].swapaxes(-1, -2)
        closeness += np.where(np.arange(until) > (block + seen - length)[:, None], np.float32(-np.inf), np.float32(0))
        found.append(_softmax(closeness) @ value[:, :until])
    return np.concatenate(found, axis=1)


def _gated(both: Floats) -> Floats:
    gate, up = np.split(both, 2, axis=-1)
    gated: Floats = gate / (1 + np.exp(-gate)) * up
    return gated


def _choose(scores: Floats, temperature: float, rngs: Sequence[np.random.Generator]) -> Integers:
    if temperature <= 0:
        likeliest: Integers = scores.argmax(axis=-1)
        return likeliest
    summed = np.cumsum(_softmax(scores.astype(np.float64) / temperature), axis=-1)
    lots = np.array([rng.random() for rng in rngs])[:, None]
    chosen: Integers = np.minimum((summed <= lots * summed[:, -1:]).sum(axis=-1), scores.shape[-1] - 1)
    return chosen


def _softmax(values: Floats) -> Floats:
    raised: Floats = np.exp(values - values.max(axis=-1, keepdims=True))
    raised /= raised.sum(axis=-1, keepdims=True)
    return raised


def _norm(state: Floats, scale: Floats) -> Floats:
    squares = np.einsum("ij,ij->i", state, state)[:, None] / np.float32(state.shape[1])
    normed: Floats = state / np.sqrt(squares + EPSILON) * scale
    return normed


@cache
def _rotary(size: int, length: int) -> tuple[Floats, Floats]:
    """Cosine and sine by place, (length, size / 2)."""
    rates = ROTARY_BASE ** (-np.arange(0, size, 2) / size)
    angles = np.arange(length)[:, None] * rates
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def _turn(state: Floats, cosine: Floats, sine: Floats) -> Floats:
    half = cosine.shape[-1]
    first, second = state[..., :half], state[..., half:]
    turned = np.empty_like(state)
    np.subtract(first * cosine, second * sine, out=turned[..., :half])
    np.add(second * cosine, first * sine, out=turned[..., half:])
    return turned
