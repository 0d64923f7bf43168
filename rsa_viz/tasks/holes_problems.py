"""The bundled problems with missing operations. Gold answers are found by trying every filling."""

from __future__ import annotations

from functools import cache
from itertools import product

from ..core.holes import HOLE, HoleLine, Holes
from ..core.problem import Problem
from ..core.program import OPERATIONS

MODULUS = 13

# Easiest first, by how often the tiny model solves them alone. One filling solves each line.
_LINES = (
    "12 ? 6 - 10 * 8 = 12; 5 - 7 * 8 ? 11 = 6",
    "11 - 9 * 12 ? 10 = 6; 6 + 4 - 2 ? 7 = 1; 8 * 4 ? 5 - 11 = 6",
    "10 + 11 * 3 ? 7 = 4; 7 ? 5 - 4 * 8 = 10; 9 * 3 - 6 ? 2 = 6",
    "2 ? 2 - 2 + 2 = 0; 5 ? 5 * 6 - 4 = 9; 5 * 7 * 4 ? 12 = 3",
    "6 - 12 ? 11 + 2 = 1; 2 - 11 * 9 ? 3 = 7; 2 + 8 + 6 ? 9 = 12",
    "12 ? 8 - 9 * 4 = 10; 4 ? 3 + 12 - 8 = 3",
    "3 ? 5 ? 2 - 5 = 5; 5 * 9 ? 12 ? 10 = 11",
    "6 - 8 ? 7 ? 11 = 10; 6 + 3 ? 12 ? 7 = 1",
    "9 + 9 ? 4 - 6 = 1; 5 ? 8 + 11 + 12 = 10; 5 ? 8 * 2 * 5 = 9",
    "3 ? 10 - 12 - 11 = 7; 9 + 4 ? 4 * 11 = 5; 9 ? 9 + 10 - 9 = 1",
    "4 + 10 ? 3 - 3 = 0; 10 * 8 - 11 ? 8 = 9; 9 - 6 + 4 ? 2 = 1; 11 ? 4 * 11 * 8 = 7",
    "8 ? 9 ? 9 ? 10 = 10; 11 ? 12 ? 11 ? 10 = 6",
    "6 ? 10 ? 7 + 2 = 11; 5 ? 9 - 6 ? 12 = 9; 8 ? 6 ? 9 * 2 = 5",
)


@cache
def bundled() -> tuple[Problem, ...]:
    """The bundled problems, easiest first."""
    return tuple(_problem(number, rows) for number, rows in enumerate(_LINES, start=1))


def _problem(number: int, rows: str) -> Problem:
    holes = Holes(MODULUS, tuple(_line(row.split()) for row in rows.split("; ")))
    missing = sum(line.signs.count(HOLE) for line in holes.lines)
    title = f"Missing operations {number}: {len(holes.lines)} lines, {missing} holes"
    return Problem("holes", holes.question(), _gold(holes), title)


def _line(words: list[str]) -> HoleLine:
    return HoleLine(tuple(map(int, words[:-1:2])), tuple(words[1:-2:2]), int(words[-1]))


def _gold(holes: Holes) -> str:
    """The first solution of each line, in the order + - *."""
    found = []
    for line in holes.lines:
        fillings = product(OPERATIONS, repeat=len(line.signs))
        found.append("".join(next(one for one in fillings if line.solved_by(one, holes.modulus))))
    return " ".join(found)
