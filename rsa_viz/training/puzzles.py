"""The problems that the tiny model learns on: lines with missing operations, hard to find and easy to check.

::

    Work modulo 13, from left to right. Put +, - or * for every ?.
    (1) 3 ? 5 ? 7 ? 2 = 4
    (2) 4 * 9 ? 2 ? 6 = 8

A solution fills every line and works it out step by step: ``(1) 3 + 5 = 8, * 7 = 4, * 2 = 8, fails``. Working out is
three steps of arithmetic; to know the operations beforehand, all fillings would have to be worked out at once. So a
candidate's line that fits is worth copying, one that does not rules a filling out, and both are news to whoever reads
it. Many problems are held as arrays, one row a problem. Knows no tokens and no model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

OPERATIONS = ("+", "-", "*")
SLOTS = 3
"""Operations of a line; it has one number more."""

FILLINGS = len(OPERATIONS) ** SLOTS
"""Fillings of a line. A filling is a number whose digits to the base 3, highest first, are the operations."""

HOLE = -1
MOST_LINES = 4
_DIGITS: Integers = np.arange(FILLINGS)[:, None] // len(OPERATIONS) ** np.arange(SLOTS)[::-1] % len(OPERATIONS)


@dataclass(frozen=True, slots=True)
class Puzzles:
    """P problems of L lines each.

    ``numbers`` (P, L, SLOTS + 1) are the numbers of each line, in 2..modulus-1; ``given`` (P, L, SLOTS) its
    operations, HOLE where one is asked for; ``targets`` (P, L) its value, in 0..modulus-1.
    """

    modulus: int
    numbers: Integers
    given: Integers
    targets: Integers

    def possible(self) -> Booleans:
        """Which fillings leave the given operations as they are: (P, L, FILLINGS)."""
        given = self.given[..., None, :]
        kept: Booleans = ((given == HOLE) | (given == _DIGITS)).all(axis=-1)
        return kept

    def fitting(self) -> Booleans:
        """Which possible fillings give the target: (P, L, FILLINGS)."""
        value = self.numbers[..., 0, None]
        for slot in range(SLOTS):
            value = _apply(_DIGITS[:, slot], value, self.numbers[..., slot + 1, None], self.modulus)
        fits: Booleans = self.possible() & (value == self.targets[..., None])
        return fits

    def rows(self, chosen: Integers | slice) -> Puzzles:
        """The chosen problems, in the order given, repeated where named twice."""
        return Puzzles(self.modulus, self.numbers[chosen], self.given[chosen], self.targets[chosen])


@dataclass(frozen=True, slots=True)
class Attempts:
    """What solutions say: ``fillings`` (P, L), -1 for a line that cannot be read; ``results`` (P, L, SLOTS) as
    written; ``fits`` (P, L), whether the line says that it fits."""

    fillings: Integers
    results: Integers
    fits: Booleans

    def right(self, puzzles: Puzzles) -> Booleans:
        """Which lines are really solved, whatever they say: (P, L). A line that cannot be read is not."""
        known = np.take_along_axis(puzzles.fitting(), np.maximum(self.fillings, 0)[..., None], axis=-1)[..., 0]
        return known & (self.fillings >= 0)


def draw_puzzles(rng: np.random.Generator, count: int, lines: int, modulus: int, holes: int | None = None) -> Puzzles:
    """``count`` problems of ``lines`` lines with ``holes`` holes a line, or 1 to SLOTS, drawn for each line anew.

    Which operations are given is drawn uniformly. Of the lines so drawn those are kept that exactly one filling fits:
    where several do, a candidate that fits tells little about the solution to be learned.
    """
    size = count * lines
    wanted = rng.integers(1, SLOTS + 1, size=size) if holes is None else np.full(size, holes)
    drawn = _draw_lines(rng, wanted, modulus)
    while len(again := np.flatnonzero(drawn.fitting().sum(axis=-1) > 1)):
        other = _draw_lines(rng, wanted[again], modulus)
        drawn.numbers[again], drawn.given[again], drawn.targets[again] = other.numbers, other.given, other.targets
    shape = (count, lines)
    return Puzzles(
        modulus,
        drawn.numbers.reshape(*shape, SLOTS + 1),
        drawn.given.reshape(*shape, SLOTS),
        drawn.targets.reshape(shape),
    )


def _draw_lines(rng: np.random.Generator, holes: Integers, modulus: int) -> Puzzles:
    """One line for each number of holes, as arrays without the axis of problems; several fillings may fit."""
    size = len(holes)
    numbers = rng.integers(2, modulus, size=(size, SLOTS + 1))
    fillings = rng.integers(FILLINGS, size=size)
    order = np.argsort(rng.random((size, SLOTS)), axis=-1)
    given = np.where(order < holes[:, None], HOLE, _DIGITS[fillings])
    return Puzzles(modulus, numbers, given, _work(numbers, fillings, modulus)[-1])


def draw_fillings(rng: np.random.Generator, puzzles: Puzzles, true: Booleans) -> Integers:
    """A filling of each line: uniformly one that fits where ``true`` (P, L), else uniformly a possible one."""
    return choose(rng, np.where(true[..., None], puzzles.fitting(), puzzles.possible()))


def choose(rng: np.random.Generator, allowed: Booleans) -> Integers:
    """One of the allowed fillings of each line, uniformly; (..., FILLINGS) to (...)."""
    lots: NDArray[np.float64] = np.where(allowed, rng.random(allowed.shape), -1.0)
    chosen: Integers = np.argmax(lots, axis=-1)
    return chosen


def work_out(rng: np.random.Generator, puzzles: Puzzles, fillings: Integers, slip: float) -> Attempts:
    """The fillings worked out honestly, except that each result slips with the chance ``slip`` to any other value.

    A slip carries forward: later results and what the line says of itself follow from what was written.
    """

    def slipped(values: Integers) -> Integers:
        moved = (values + rng.integers(1, puzzles.modulus, size=values.shape)) % puzzles.modulus
        return np.where(rng.random(values.shape) < slip, moved, values)

    results = []
    value = puzzles.numbers[..., 0]
    for slot in range(SLOTS):
        operation = _DIGITS[fillings, slot]
        value = slipped(_apply(operation, value, puzzles.numbers[..., slot + 1], puzzles.modulus))
        results.append(value)
    return Attempts(fillings, np.stack(results, axis=-1), value == puzzles.targets)


def digits(fillings: Integers) -> Integers:
    """The operations of fillings: (...) to (..., SLOTS)."""
    found: Integers = _DIGITS[fillings]
    return found


def filling(operations: Integers) -> Integers:
    """The filling of operations: (..., SLOTS) to (...)."""
    total: Integers = (operations * len(OPERATIONS) ** np.arange(SLOTS)[::-1]).sum(axis=-1)
    return total


def _work(numbers: Integers, fillings: Integers, modulus: int) -> list[Integers]:
    values = [numbers[..., 0]]
    for slot in range(SLOTS):
        values.append(_apply(_DIGITS[fillings, slot], values[-1], numbers[..., slot + 1], modulus))
    return values[1:]


def _apply(operations: Integers, left: Integers, right: Integers, modulus: int) -> Integers:
    """left operation right, modulo the modulus, elementwise."""
    values: Integers = _table(modulus)[operations, left, right]
    return values


@cache
def _table(modulus: int) -> Integers:
    """Every result, (operations, modulus, modulus): looking up is several times faster than working out."""
    left, right = np.arange(modulus)[:, None], np.arange(modulus)
    return np.stack([left + right, left - right, left * right]) % modulus
