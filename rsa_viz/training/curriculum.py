"""Training sequences, drawn anew for every step: no problem is ever used twice on purpose.

A solution's line is one that fits or any filling, half and half, and is worked out honestly. Its operations count in
the loss only where it fits, its results and its mark always. So the model learns to calculate and to say honestly
whether a line fits, and its choices learn from success alone; nothing tells it to copy. Candidates are guesses,
partly true or wholly true, with a few slips in their results; some belong to another problem. Knows no model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .puzzles import MOST_LINES, Attempts, Integers, Puzzles, draw_fillings, draw_puzzles, work_out
from .tokens import MARK_COLUMN, NUMBER_COLUMNS, OPERATION_COLUMNS, RESULT_COLUMNS, WIDTH, Vocabulary, Weights

MOST_CANDIDATES = 8
CANDIDATE_CHANCES = (0.2, 0.2, 0.2, 0.1, 0.15, 0.05, 0.04, 0.03, 0.03)
"""Of a step's number of candidates, 0..8."""
SLIP = 0.02
"""The chance that a candidate's result is wrong by itself."""

FOREIGN = 0.1
"""The chance that a candidate is one of another problem."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of equally long sequences: tokens (B, S) and the weight of each token in the loss (B, S)."""

    lines: int
    candidates: int
    tokens: Integers
    weights: Weights


def draw_shape(rng: np.random.Generator) -> tuple[int, int]:
    """How many lines and candidates a step has."""
    return 1 + int(rng.integers(MOST_LINES)), int(rng.choice(MOST_CANDIDATES + 1, p=CANDIDATE_CHANCES))


def draw_batch(rng: np.random.Generator, size: int, lines: int, candidates: int, modulus: int) -> Batch:
    """``size`` fresh sequences with drawn candidates."""
    puzzles = draw_puzzles(rng, size, lines, modulus)
    return batch(rng, puzzles, draw_candidates(rng, puzzles, candidates), Vocabulary(modulus))


def draw_candidates(rng: np.random.Generator, puzzles: Puzzles, count: int) -> list[Attempts]:
    """Candidates of a shared share of true lines: a third of the problems 0, a third uniform, a third 1. Other lines
    are uniform guesses, which are right by chance."""
    size = len(puzzles.targets)
    share = np.clip(rng.uniform(-1.0, 2.0, size=(size, 1)), 0.0, 1.0)
    return [
        work_out(rng, puzzles, draw_fillings(rng, puzzles, rng.random(puzzles.targets.shape) < share), SLIP)
        for _ in range(count)
    ]


def batch(rng: np.random.Generator, puzzles: Puzzles, candidates: list[Attempts], vocabulary: Vocabulary) -> Batch:
    """Sequences of these problems and candidates, with a solution drawn for each."""
    size, lines = puzzles.targets.shape
    tokens = [_mixed(rng, vocabulary.attempt(puzzles, one)) for one in candidates]
    solved = rng.random((size, lines)) < 0.5
    solution = work_out(rng, puzzles, draw_fillings(rng, puzzles, solved), 0.0)
    sequence = np.concatenate(
        [vocabulary.prompt(vocabulary.problem(puzzles), tokens), vocabulary.attempt(puzzles, solution)], axis=1
    )
    width = lines * WIDTH
    weights = np.zeros(sequence.shape, np.float32)
    for place in range(len(candidates)):
        start = sequence.shape[1] - (width + 1) * (len(candidates) - place) - width
        weights[:, start : start + width] = _weights(np.zeros((size, lines)), numbers=0.0, results=0.5)
    weights[:, -width:] = _weights(np.where(solution.right(puzzles), 2.0, 0.0), numbers=0.3, results=1.0)
    return Batch(lines, len(candidates), sequence, weights)


def _mixed(rng: np.random.Generator, tokens: Integers) -> Integers:
    """Some rows replaced by their neighbour, which is a candidate of another problem."""
    return np.where(rng.random((len(tokens), 1)) < FOREIGN, np.roll(tokens, 1, axis=0), tokens)


def _weights(operations: NDArray[np.float64], numbers: float, results: float) -> Weights:
    """The weights of one solution's tokens, (P, 11 L), from those of its lines' operations, (P, L)."""
    rows = np.zeros((*operations.shape, WIDTH), np.float32)
    rows[..., NUMBER_COLUMNS] = numbers
    rows[..., RESULT_COLUMNS] = results
    rows[..., MARK_COLUMN] = results
    rows[..., OPERATION_COLUMNS] = operations[..., None]
    return rows.reshape(len(rows), -1)
