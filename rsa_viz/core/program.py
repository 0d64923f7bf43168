"""Straight-line programs of modular arithmetic: the grammar that the program task and its solvers share.

::

    Work modulo 97.
    a = 12
    b = 45
    c = a * b
    d = c - a
    What is d?

Inputs are integers; every later line applies one operation to two earlier names. Knows nothing of prompts,
verdicts or models.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import InvalidProblem

NAMES = "abcdefghijkmnpqrstuvwxyz"  # no l, no o: they read as digits
OPERATIONS = ("+", "-", "*")


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """One operation: ``name = left operation right``."""

    name: str
    left: str
    operation: str
    right: str


@dataclass(frozen=True, slots=True)
class Program:
    """A straight-line program: a modulus >= 2, named inputs in 0..modulus-1, and at least one line.

    The last line's name is what is asked for.
    """

    modulus: int
    inputs: tuple[tuple[str, int], ...]
    lines: tuple[ProgramLine, ...]

    @property
    def asked(self) -> str:
        """The name whose value is the answer."""
        return self.lines[-1].name

    def values(self) -> Mapping[str, int]:
        """The true value of every name, inputs included, each in 0..modulus-1."""
        values = dict(self.inputs)
        for line in self.lines:
            values[line.name] = apply(line.operation, values[line.left], values[line.right], self.modulus)
        return values

    def question(self) -> str:
        """The program as a question; ``parse_program`` reads it back."""
        rows = [f"Work modulo {self.modulus}."]
        rows += [f"{name} = {value}" for name, value in self.inputs]
        rows += [f"{line.name} = {line.left} {line.operation} {line.right}" for line in self.lines]
        rows.append(f"What is {self.asked}?")
        return "\n".join(rows)


def apply(operation: str, left: int, right: int, modulus: int) -> int:
    """left operation right, reduced to 0..modulus-1. ``operation`` is one of + - *."""
    if operation == "+":
        return (left + right) % modulus
    if operation == "-":
        return (left - right) % modulus
    return (left * right) % modulus


_MODULUS = re.compile(r"modulo\s+(\d{1,6})\b", re.IGNORECASE)
_INPUT = re.compile(r"^\s*([a-z])\s*=\s*(\d{1,6})\s*$")
_LINE = re.compile(r"^\s*([a-z])\s*=\s*([a-z])\s*([-+*])\s*([a-z])\s*$")


def parse_program(question: str) -> Program:
    """Read a program from a question.

    Raises InvalidProblem, naming the line, when there is no modulus or no operation, when a name is used before
    it is defined or defined twice.
    """
    modulus = _MODULUS.search(question)
    if modulus is None or int(modulus[1]) < 2:
        raise InvalidProblem("the question is no program: it needs a line like 'Work modulo 97.'")
    inputs: list[tuple[str, int]] = []
    lines: list[ProgramLine] = []
    defined: set[str] = set()
    for row in question.splitlines():
        if found := _INPUT.match(row):
            name, used = found[1], tuple[str, ...]()
            inputs.append((name, int(found[2]) % int(modulus[1])))
        elif found := _LINE.match(row):
            name, used = found[1], (found[2], found[4])
            lines.append(ProgramLine(found[1], found[2], found[3], found[4]))
        else:
            continue
        for operand in used:
            if operand not in defined:
                raise InvalidProblem(f"the program uses {operand!r} before it is defined, in {row.strip()!r}")
        if name in defined:
            raise InvalidProblem(f"the program defines {name!r} twice, in {row.strip()!r}")
        defined.add(name)
    if not lines:
        raise InvalidProblem("the question is no program: it needs a line like 'd = a * b'")
    return Program(int(modulus[1]), tuple(inputs), tuple(lines))


def draw_program(rng: random.Random, lines: int = 8, inputs: int = 3, modulus: int = 97) -> Program:
    """A random program of ``lines`` operations (1..20) in which every line is needed for the answer's line.

    The first operand of each line is the line before, so a slip anywhere carries forward; the second is any
    earlier name. Raises InvalidProblem when the numbers are out of range.
    """
    if not (1 <= lines <= 20 and 2 <= inputs <= 4 and 2 <= modulus <= 999_999):
        raise InvalidProblem("a program has 1..20 lines, 2..4 inputs and a modulus of 2..999999")
    names = list(NAMES[: inputs + lines])
    drawn = tuple((name, rng.randrange(2, modulus) if modulus > 2 else 1) for name in names[:inputs])
    made: list[ProgramLine] = []
    for index in range(inputs, inputs + lines):
        left = names[index - 1]
        right = names[rng.randrange(index - 1)]
        made.append(ProgramLine(names[index], left, rng.choice(OPERATIONS), right))
    return Program(modulus, drawn, tuple(made))
