"""The bundled programs. Knows no verdict: gold answers are computed from the programs."""

from __future__ import annotations

from functools import cache

from ..core.problem import Problem
from ..core.program import Program, ProgramLine

# Title, then the program: modulus, inputs and operations. Easiest first.
_PROGRAMS = (("Six lines", "97", "a=12 b=45 c=80", "d=c+a e=d*b f=e-c g=f*a h=g+d i=h-b"),)


@cache
def bundled() -> tuple[Problem, ...]:
    """The bundled problems, easiest first."""
    return tuple(_problem(*row) for row in _PROGRAMS)


def _problem(title: str, modulus: str, inputs: str, lines: str) -> Problem:
    program = Program(
        int(modulus),
        tuple((row[0], int(row[2:])) for row in inputs.split()),
        tuple(ProgramLine(row[0], row[2], row[3], row[4]) for row in lines.split()),
    )
    return Problem("program", program.question(), str(program.values()[program.asked]), title)
