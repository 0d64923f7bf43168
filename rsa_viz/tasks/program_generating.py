"""Random programs as problems. Knows no verdict: gold answers are computed from the programs."""

from __future__ import annotations

import random

from ..core.errors import InvalidInput
from ..core.problem import Problem
from ..core.program import draw_program

MOST = 1_000
"""Programs that are generated at once."""


def generate_programs(
    count: int, *, seed: int = 0, lines: tuple[int, int] = (6, 12), modulus: int = 97
) -> tuple[Problem, ...]:
    """``count`` random programs, whose numbers of lines go from the first of ``lines`` to the last in turn.

    The first of them are the same whatever ``count`` is. The more lines, the harder. Raises InvalidInput when a number
    is out of range.
    """
    low, high = lines
    if not 1 <= count <= MOST:
        raise InvalidInput(f"can generate 1 to {MOST:,} programs at once, not {count:,}")
    if not 1 <= low <= high <= 20:
        raise InvalidInput(f"programs have 1 to 20 lines, and a range goes up: not {low} to {high}")
    rng = random.Random(seed)
    found = []
    for number in range(count):
        program = draw_program(rng, lines=low + number % (high - low + 1), modulus=modulus)
        title = f"Program {number + 1} of seed {seed}: {len(program.lines)} lines"
        found.append(Problem("program", program.question(), str(program.values()[program.asked]), title))
    return tuple(found)
