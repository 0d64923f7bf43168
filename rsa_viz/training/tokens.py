"""The tiny model's language: one token a number, hole, operation, result and mark, at places known beforehand.

A sequence is the problem (five tokens a line), the candidates (a mark and eleven tokens a line each), and the
solution (a mark and eleven tokens a line). Besides its token, every place has a part, a line and a column, which are
counted from the tokens before it. Knows no model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .puzzles import OPERATIONS, SLOTS, Attempts, Integers, Puzzles, digits, filling

Weights = NDArray[np.float32]

PROBLEM_WIDTH = SLOTS + 2
"""Tokens of a problem's line: a number, an operation or a hole with its number for each slot, the target."""

WIDTH = 3 * SLOTS + 2
"""Tokens of a solution's line: a number; operation, number and result for each slot; fits or fails."""

PARTS = 3
COLUMNS = PROBLEM_WIDTH + WIDTH + 1
NUMBER_COLUMNS = (0, *range(2, WIDTH - 1, 3))
OPERATION_COLUMNS = tuple(range(1, WIDTH - 1, 3))
RESULT_COLUMNS = tuple(range(3, WIDTH - 1, 3))
MARK_COLUMN = WIDTH - 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tokens of one modulus m, by kind: m numbers, m times ``? n``, m times each ``+ n``, ``- n``, ``* n``, m
    times ``= n``, the operations, ``fails``, ``fits``, and the marks before a candidate and before the solution."""

    modulus: int

    @property
    def hole(self) -> int:
        return self.modulus

    @property
    def result(self) -> int:
        return (2 + len(OPERATIONS)) * self.modulus

    @property
    def operation(self) -> int:
        return self.result + self.modulus

    @property
    def fails(self) -> int:
        return self.operation + len(OPERATIONS)

    @property
    def fits(self) -> int:
        return self.fails + 1

    @property
    def candidate(self) -> int:
        return self.fails + 2

    @property
    def solution(self) -> int:
        return self.fails + 3

    @property
    def size(self) -> int:
        return self.fails + 4

    def problem(self, puzzles: Puzzles) -> Integers:
        """The problems' tokens, (P, 5 L)."""
        slots = self.hole + (puzzles.given + 1) * self.modulus + puzzles.numbers[..., 1:]
        target = self.result + puzzles.targets[..., None]
        return np.concatenate([puzzles.numbers[..., :1], slots, target], axis=-1).reshape(len(slots), -1)

    def attempt(self, puzzles: Puzzles, attempts: Attempts) -> Integers:
        """The solutions' tokens without the mark before them, (P, 11 L). Every line must be readable."""
        rows = np.empty((*attempts.fillings.shape, WIDTH), np.int64)
        rows[..., NUMBER_COLUMNS] = puzzles.numbers
        rows[..., OPERATION_COLUMNS] = self.operation + digits(attempts.fillings)
        rows[..., RESULT_COLUMNS] = self.result + attempts.results
        rows[..., MARK_COLUMN] = np.where(attempts.fits, self.fits, self.fails)
        return rows.reshape(len(rows), -1)

    def prompt(self, problem: Integers, candidates: list[Integers]) -> Integers:
        """Problem, candidates (each (P, 11 L)) and the mark that asks for a solution."""
        count = len(problem)
        pieces = [problem]
        for candidate in candidates:
            pieces += [np.full((count, 1), self.candidate), candidate]
        return np.concatenate([*pieces, np.full((count, 1), self.solution)], axis=1)

    def read(self, puzzles: Puzzles, tokens: Integers) -> Attempts:
        """What written solutions (P, 11 L) say. A line counts as unreadable if its numbers or given operations are
        not the problem's, or if anything stands where it does not belong."""
        rows = tokens.reshape(len(tokens), -1, WIDTH)
        operations = rows[..., OPERATION_COLUMNS] - self.operation
        results = rows[..., RESULT_COLUMNS] - self.result
        mark = rows[..., MARK_COLUMN]
        readable = (rows[..., NUMBER_COLUMNS] == puzzles.numbers).all(axis=-1)
        readable &= ((operations >= 0) & (operations < len(OPERATIONS))).all(axis=-1)
        readable &= ((puzzles.given < 0) | (puzzles.given == operations)).all(axis=-1)
        readable &= ((results >= 0) & (results < self.modulus)).all(axis=-1)
        readable &= (mark == self.fits) | (mark == self.fails)
        return Attempts(np.where(readable, filling(operations), -1), results, mark == self.fits)

    def text(self, tokens: Integers) -> str:
        """One solution's tokens as lines of text: ``(1) 3 + 5 = 8, * 7 = 4, * 2 = 8, fails``."""
        rows = []
        for line, row in enumerate(tokens.reshape(-1, WIDTH), 1):
            words = [self.word(int(token)) for token in row]
            steps = [" ".join(words[start : start + 3]) for start in range(1, WIDTH - 1, 3)]
            rows.append(f"({line}) {words[0]} {', '.join(steps)}, {words[-1]}")
        return "\n".join(rows)

    def word(self, token: int) -> str:
        if token < self.hole:
            return str(token)
        if token < self.operation:
            kinds = ("?", *OPERATIONS, "=")
            return f"{kinds[token // self.modulus - 1]} {token % self.modulus}"
        return (*OPERATIONS, "fails", "fits", "candidate:", "solution:")[token - self.operation]


def question(puzzles: Puzzles, row: int) -> str:
    """One problem in words."""
    lines = [f"Work modulo {puzzles.modulus}, from left to right. Put +, - or * for every ?."]
    for line, target in enumerate(puzzles.targets[row]):
        first, *others = puzzles.numbers[row, line]
        signs = ["?" if one < 0 else OPERATIONS[one] for one in puzzles.given[row, line]]
        filled = " ".join(f"{sign} {number}" for sign, number in zip(signs, others, strict=True))
        lines.append(f"({line + 1}) {first} {filled} = {target}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Layout:
    """Part, line (0 for the marks between parts) and column of every place of a sequence; the same for all sequences
    with this many lines and candidates."""

    parts: Integers
    lines: Integers
    columns: Integers

    @property
    def length(self) -> int:
        return len(self.parts)


def layout(lines: int, candidates: int) -> Layout:
    """The places of the problem, the candidates and the solution."""
    count = np.arange(1, lines + 1)
    attempt_lines = np.concatenate([[0], np.repeat(count, WIDTH)])
    attempt_columns = np.concatenate([[COLUMNS - 1], np.tile(np.arange(PROBLEM_WIDTH, COLUMNS - 1), lines)])
    width = len(attempt_lines)
    return Layout(
        np.repeat([0, 1, 2], [lines * PROBLEM_WIDTH, candidates * width, width]),
        np.concatenate([np.repeat(count, PROBLEM_WIDTH), np.tile(attempt_lines, candidates + 1)]),
        np.concatenate([np.tile(np.arange(PROBLEM_WIDTH), lines), np.tile(attempt_columns, candidates + 1)]),
    )
