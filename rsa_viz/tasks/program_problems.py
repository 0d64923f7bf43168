"""The bundled programs. Knows no verdict: gold answers are computed from the programs."""

from __future__ import annotations

from functools import cache

from ..core.problem import Problem
from ..core.program import Program, ProgramLine

# Modulus, inputs, operations. Easiest first, by how often the synthetic reasoner with its default knobs solves them
# alone: from 41 % to 11 %. In the last four, but the thirteenth, it remembers one product wrongly.
_PROGRAMS = (
    (97, "a=66 b=35 c=62", "d=c-b e=d-b f=e*a g=f-a h=g*f i=h-c"),
    (83, "a=17 b=65 c=13", "d=c-b e=d-c f=e*b g=f-b h=g+f i=h*c j=i*b"),
    (97, "a=44 b=85 c=28 d=26", "e=d+a f=e-b g=f+b h=g*e i=h*b j=i-h"),
    (97, "a=6 b=50 c=75", "d=c+a e=d+a f=e*b g=f*a h=g+b i=h*b j=i+a"),
    (97, "a=12 b=85 c=48", "d=c*b e=d-a f=e*a g=f+b h=g-f i=h-d j=i*e k=j+b"),
    (97, "a=79 b=61 c=56", "d=c-b e=d-c f=e*b g=f-d h=g+e i=h+a j=i*e k=j*f m=k-g"),
    (83, "a=32 b=64 c=53", "d=c+b e=d-b f=e+a g=f*e h=g+c i=h*c j=i+h k=j*i"),
    (97, "a=79 b=63 c=83", "d=c*a e=d-c f=e+d g=f+e h=g+b i=h-e j=i*e k=j+c m=k+e n=m-f"),
    (97, "a=34 b=38 c=20", "d=c-a e=d-b f=e+d g=f*b h=g+b i=h+f j=i+b k=j-a m=k-h n=m*j"),
    (97, "a=46 b=58 c=9 d=36", "e=d*a f=e+a g=f-c h=g*a i=h-c j=i*g k=j*a m=k+h n=m*j"),
    (101, "a=83 b=97 c=15", "d=c+b e=d*a f=e-a g=f-b h=g+a i=h*a j=i-h k=j+a m=k+e n=m+b p=n*g q=p-f"),
    (97, "a=61 b=33 c=78", "d=c*a e=d+c f=e-a g=f+e h=g*e i=h+f j=i-c"),
    (89, "a=17 b=33 c=49", "d=c*b e=d+a f=e*b g=f*c h=g-f i=h*e j=i-e k=j*b m=k-a n=m*e p=n-b"),
    (97, "a=55 b=29 c=72", "d=c+b e=d*b f=e-a g=f*e h=g+b i=h+f j=i*f k=j-d m=k-e n=m*g"),
    (97, "a=25 b=30 c=9", "d=c+b e=d-a f=e*b g=f*d h=g+d i=h*c j=i*c k=j+h m=k+a n=m-a p=n-c q=p-h"),
)


@cache
def bundled() -> tuple[Problem, ...]:
    """The bundled problems, easiest first."""
    return tuple(_problem(number, *row) for number, row in enumerate(_PROGRAMS, start=1))


def _problem(number: int, modulus: int, inputs: str, lines: str) -> Problem:
    program = Program(
        modulus,
        tuple((row[0], int(row[2:])) for row in inputs.split()),
        tuple(ProgramLine(row[0], row[2], row[3], row[4]) for row in lines.split()),
    )
    title = f"Program {number}: {len(program.lines)} lines, {lines.count('*')} products"
    return Problem("program", program.question(), str(program.values()[program.asked]), title)
