"""Solutions sampled from the model, many problems at once. Needs torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .model import Parameters, Shape, forward
from .puzzles import Integers, Puzzles
from .tokens import WIDTH, Vocabulary, layout

BATCH_TOKENS = 60_000
"""Places that are worked on at once; bounds the memory."""


def sample(
    shape: Shape,
    parameters: Parameters,
    puzzles: Puzzles,
    candidates: Sequence[Integers],
    generator: Any,
    temperature: float = 1.0,
    copies: int = 1,
) -> Integers:
    """``copies`` solutions a problem, one after the other, as tokens (P * copies, 11 L); ``candidates`` are K arrays of
    such tokens, (P, 11 L).

    Exactly 11 L tokens are drawn, from the model's own distribution at the temperature 1, the likeliest at 0. Nothing
    keeps them within the grammar.
    """
    lines = puzzles.targets.shape[1]
    most = max(1, BATCH_TOKENS // (layout(lines, len(candidates)).length * copies))
    pieces = []
    for start in range(0, len(puzzles.targets), most):
        rows = slice(start, start + most)
        some = [candidate[rows] for candidate in candidates]
        pieces.append(_sample(shape, parameters, puzzles.rows(rows), some, generator, temperature, copies))
    return np.concatenate(pieces)


def _sample(
    shape: Shape,
    parameters: Parameters,
    puzzles: Puzzles,
    candidates: list[Integers],
    generator: Any,
    temperature: float,
    copies: int,
) -> Integers:
    import torch

    vocabulary = Vocabulary(shape.modulus)
    places = layout(puzzles.targets.shape[1], len(candidates))
    prompt = vocabulary.prompt(vocabulary.problem(puzzles), candidates)
    device = parameters["head"].device
    fed = torch.as_tensor(prompt, device=device)
    cache: list[Any] = [None] * shape.layers
    start, written = 0, []
    with torch.no_grad():
        for _ in range(puzzles.targets.shape[1] * WIDTH):
            scores = forward(shape, parameters, fed, places, cache, start, fed.shape[1] - 1)[:, -1]
            if start == 0 and copies > 1:
                scores = scores.repeat_interleave(copies, dim=0)
                cache = [tuple(held.repeat_interleave(copies, dim=0) for held in layer) for layer in cache]
            start += fed.shape[1]
            if temperature == 0:
                fed = scores.argmax(dim=-1, keepdim=True)
            else:
                fed = torch.multinomial((scores / temperature).softmax(dim=-1), 1, generator=generator)
            written.append(fed)
    tokens: Integers = torch.cat(written, dim=1).cpu().numpy()
    return tokens
