"""The bundled problems with missing operations. Gold answers are found by trying every filling."""

from __future__ import annotations

from functools import cache
from itertools import product

from ..core.holes import HoleLine, Holes
from ..core.problem import Problem
from ..core.program import OPERATIONS
from .difficulty import ALONE, alone

MODULUS = 13
MODEL = "tiny/holes"
OF = 1000
"""Solutions of the model that were judged for each problem; ``python -m benchmarks.tiny_difficulty`` does it again."""

# Easiest first: how many of OF solutions without candidates are right, and the lines. One filling solves each line.
_LINES = (
    (354, "11 - 9 * 12 ? 10 = 6; 6 + 4 - 2 ? 7 = 1; 8 * 4 ? 5 - 11 = 6"),
    (350, "12 ? 10 - 12 * 5 = 11; 8 - 12 - 6 ? 7 = 8; 4 - 10 * 3 ? 8 = 12; 2 + 11 - 6 ? 12 = 8"),
    (337, "12 ? 6 - 10 * 8 = 12; 5 - 7 * 8 ? 11 = 6"),
    (282, "6 - 12 ? 11 + 2 = 1; 2 - 11 * 9 ? 3 = 7; 2 + 8 + 6 ? 9 = 12"),
    (273, "4 ? 11 + 11 ? 2 = 0; 4 ? 7 + 4 ? 4 = 8"),
    (219, "11 - 5 ? 3 ? 4 = 10; 5 + 3 ? 5 ? 9 = 0"),
    (176, "5 * 3 ? 3 ? 6 = 11; 11 * 6 ? 11 ? 12 = 1"),
    (169, "11 - 6 * 9 ? 11 = 1; 4 + 10 - 4 ? 5 = 11; 5 + 10 ? 8 * 6 = 3; 8 + 3 ? 5 + 2 = 8"),
    (163, "2 ? 7 + 2 ? 11 = 0; 10 ? 6 + 4 ? 7 = 0"),
    (67, "6 + 10 ? 7 ? 5 = 5; 7 - 2 ? 2 ? 11 = 9; 2 ? 10 - 8 ? 8 = 9"),
    (13, "8 ? 9 ? 9 ? 10 = 10; 11 ? 12 ? 11 ? 10 = 6"),
    (4, "6 ? 10 ? 7 + 2 = 11; 5 ? 9 - 6 ? 12 = 9; 8 ? 6 ? 9 * 2 = 5"),
)
_HARD, _EASY = 0.15, 0.30


@cache
def bundled() -> tuple[Problem, ...]:
    """The bundled problems, easiest first."""
    return tuple(_problem(number, right, rows) for number, (right, rows) in enumerate(_LINES, start=1))


def written(rows: str, title: str, **metadata: object) -> Problem:
    """A problem from its lines as one writes them, ``3 ? 5 ? 7 + 2 = 6; 4 * 9 ? 2 ? 6 = 3``."""
    holes = Holes(MODULUS, tuple(_line(row.split()) for row in rows.split("; ")))
    return Problem("holes", holes.question(), gold_of(holes), title, metadata)


def _problem(number: int, right: int, rows: str) -> Problem:
    level = "easy" if right >= _EASY * OF else "medium" if right >= _HARD * OF else "hard"
    title = f"Missing operations {number}, {level}"
    return written(rows, title, **{ALONE: alone(level, MODEL, right, OF)})


def _line(words: list[str]) -> HoleLine:
    return HoleLine(tuple(map(int, words[:-1:2])), tuple(words[1:-2:2]), int(words[-1]))


def gold_of(holes: Holes) -> str:
    """The first solution of each line, in the order + - *."""
    found = []
    for line in holes.lines:
        fillings = product(OPERATIONS, repeat=len(line.signs))
        found.append("".join(next(one for one in fillings if line.solved_by(one, holes.modulus))))
    return " ".join(found)
