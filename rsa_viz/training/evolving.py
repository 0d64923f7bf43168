"""Recursive Self-Aggregation and what it is measured against, on many problems at once. Needs torch.

The rules are the app's: a first generation of N independent solutions, then N children that each see K distinct
parents drawn uniformly from the generation before. Self-refinement lets every slot refine its own last version.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .model import Parameters, Shape
from .puzzles import Booleans, Integers, Puzzles
from .sampling import sample
from .tokens import Vocabulary


def evolve(
    shape: Shape,
    parameters: Parameters,
    puzzles: Puzzles,
    *,
    n: int,
    k: int,
    t: int,
    generator: Any,
    rng: np.random.Generator,
    own_line: bool = False,
) -> list[Integers]:
    """The tokens of every generation, each (P, N, 11 L). ``own_line`` with ``k`` = 1 is self-refinement."""
    problems = len(puzzles.targets)
    repeated = puzzles.rows(np.repeat(np.arange(problems), n))
    population = sample(shape, parameters, repeated, [], generator).reshape(problems, n, -1)
    generations = [population]
    for _ in range(t - 1):
        if own_line:
            parents = np.broadcast_to(np.arange(n)[:, None], (problems, n, 1))
        else:
            parents = np.argsort(rng.random((problems, n, n)), axis=-1)[..., :k]
        seen = np.take_along_axis(population[:, None], parents[..., None], axis=2)  # P, N, K, 11 L
        candidates = [seen[:, :, place].reshape(problems * n, -1) for place in range(k)]
        population = sample(shape, parameters, repeated, candidates, generator).reshape(problems, n, -1)
        generations.append(population)
    return generations


def right(shape: Shape, puzzles: Puzzles, population: Integers) -> Booleans:
    """Which solutions of a population (P, N, 11 L) are right, (P, N): every line is solved."""
    problems, n, _ = population.shape
    repeated = puzzles.rows(np.repeat(np.arange(problems), n))
    written = Vocabulary(shape.modulus).read(repeated, population.reshape(problems * n, -1))
    return written.right(repeated).all(axis=1).reshape(problems, n)


def vote(shape: Shape, puzzles: Puzzles, populations: Sequence[Integers]) -> Booleans:
    """Whether the most common answer of all these solutions is right, (P,).

    An answer is the fillings of all lines; one with an unreadable line is no answer. A tie goes to the answer that
    comes first in order; without any answer the vote is wrong.
    """
    population = np.concatenate(list(populations), axis=1)
    problems, n, _ = population.shape
    repeated = puzzles.rows(np.repeat(np.arange(problems), n))
    written = Vocabulary(shape.modulus).read(repeated, population.reshape(problems * n, -1))
    correct = written.right(repeated).all(axis=1).reshape(problems, n)
    fillings = written.fillings.reshape(problems, n, -1)
    won = np.zeros(problems, bool)
    for problem in range(problems):
        answers, first, votes = np.unique(fillings[problem], axis=0, return_index=True, return_counts=True)
        votes = np.where((answers >= 0).all(axis=1), votes, 0)
        if votes.max() > 0:
            won[problem] = correct[problem, first[int(np.argmax(votes))]]
    return won
