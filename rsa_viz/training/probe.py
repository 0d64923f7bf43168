"""What a child gains from candidates, measured in seconds while a model trains. Needs torch."""

from __future__ import annotations

from typing import Any

import numpy as np

from .model import Parameters, Shape
from .puzzles import Integers, Puzzles, draw_fillings, draw_puzzles, work_out
from .sampling import sample
from .tokens import Vocabulary

CONDITIONS = ("none", "own", "other", "true")


def candidates_for(
    condition: str,
    shape: Shape,
    parameters: Parameters,
    puzzles: Puzzles,
    k: int,
    generator: Any,
    rng: np.random.Generator,
) -> list[Integers]:
    """The K candidates of a condition: none; the model's own samples; its samples of another problem (the next one);
    true solutions, each filling drawn among those that fit."""
    if condition == "none":
        return []
    vocabulary = Vocabulary(shape.modulus)
    if condition == "true":
        true = np.ones(puzzles.targets.shape, bool)
        return [
            vocabulary.attempt(puzzles, work_out(rng, puzzles, draw_fillings(rng, puzzles, true), 0.0))
            for _ in range(k)
        ]
    own = [sample(shape, parameters, puzzles, [], generator) for _ in range(k)]
    return own if condition == "own" else [np.roll(tokens, 1, axis=0) for tokens in own]


def probe(
    shape: Shape, parameters: Parameters, *, seed: int, problems: int = 192, lines: int = 3, holes: int = 2, k: int = 4
) -> dict[str, float]:
    """Shares of right solutions and (``…_lines``) of right lines under each condition, of wrong marks and of lines
    that cannot be read, without candidates; each in 0..1."""
    import torch

    rng = np.random.default_rng([seed, 2])
    puzzles = draw_puzzles(rng, problems, lines, shape.modulus, holes)
    generator = torch.Generator(parameters["head"].device).manual_seed(seed)
    found: dict[str, float] = {}
    for condition in CONDITIONS:
        candidates = candidates_for(condition, shape, parameters, puzzles, k, generator, rng)
        tokens = sample(shape, parameters, puzzles, candidates, generator)
        written = Vocabulary(shape.modulus).read(puzzles, tokens)
        right = written.right(puzzles)
        found[condition] = round(float(right.all(axis=1).mean()), 4)
        found[f"{condition}_lines"] = round(float(right.mean()), 4)
        if condition == "none":
            found["unreadable"] = round(float((written.fillings < 0).mean()), 4)
            found["mismarked"] = round(float((written.fits != right).mean()), 4)
    return found
