"""Lines of modular arithmetic with missing operations: the grammar that the holes task and its solvers share.

::

    Work modulo 11, from left to right. Put +, - or * for every ?.
    (1) 3 ? 5 ? 7 ? 2 = 2
    (2) 4 * 9 ? 2 ? 6 = 8

Hard to find, easy to check: the first line is 3 + 5 = 8, * 7 = 1, * 2 = 2. Knows nothing of prompts, verdicts or
models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .errors import InvalidProblem
from .program import OPERATIONS, apply

HOLE = "?"


@dataclass(frozen=True, slots=True)
class HoleLine:
    """``numbers`` with ``signs`` between them, worked from left to right, should give ``target``. A sign is one of
    + - * or HOLE; there is one number more than signs."""

    numbers: tuple[int, ...]
    signs: tuple[str, ...]
    target: int

    def allows(self, operations: Sequence[str]) -> bool:
        """Whether these operations fill the holes and leave the given signs as they are."""
        return len(operations) == len(self.signs) and all(
            operation in OPERATIONS and sign in (HOLE, operation)
            for sign, operation in zip(self.signs, operations, strict=True)
        )

    def results(self, operations: Sequence[str], modulus: int) -> tuple[int, ...]:
        """The value after each operation, in 0..modulus-1."""
        value, found = self.numbers[0], []
        for operation, number in zip(operations, self.numbers[1:], strict=True):
            value = apply(operation, value, number, modulus)
            found.append(value)
        return tuple(found)

    def solved_by(self, operations: Sequence[str], modulus: int) -> bool:
        """Whether these operations are allowed and give the target."""
        return self.allows(operations) and self.results(operations, modulus)[-1] == self.target


@dataclass(frozen=True, slots=True)
class Holes:
    """A problem: a modulus >= 2 and at least one line, each with one hole or more or none."""

    modulus: int
    lines: tuple[HoleLine, ...]

    @property
    def slots(self) -> int:
        """The number of operations of all lines, given ones included."""
        return sum(len(line.signs) for line in self.lines)

    def question(self) -> str:
        """The problem in words; ``parse_holes`` reads it back."""
        rows = [f"Work modulo {self.modulus}, from left to right. Put +, - or * for every ?."]
        for number, line in enumerate(self.lines, start=1):
            pairs = zip(line.signs, line.numbers[1:], strict=True)
            filled = " ".join(f"{sign} {value}" for sign, value in pairs)
            rows.append(f"({number}) {line.numbers[0]} {filled} = {line.target}")
        return "\n".join(rows)


_MODULUS = re.compile(r"modulo\s+(\d{1,6})\b", re.IGNORECASE)
_LINE = re.compile(r"^\s*\((\d{1,3})\)\s*(\d{1,6}(?:\s*[-+*?]\s*\d{1,6}){1,12})\s*=\s*(\d{1,6})\s*$", re.MULTILINE)


def parse_holes(question: str) -> Holes:
    """Read a problem from a question.

    Raises InvalidProblem when there is no modulus or no line, when lines are not numbered 1, 2, 3 …, or when a line
    cannot be solved at all, naming it.
    """
    modulus = _MODULUS.search(question)
    if modulus is None or int(modulus[1]) < 2:
        raise InvalidProblem("the question has no modulus: it needs a line like 'Work modulo 11, from left to right.'")
    lines: list[HoleLine] = []
    for found in _LINE.finditer(question):
        if int(found[1]) != len(lines) + 1:
            raise InvalidProblem(f"line ({found[1]}) should be line ({len(lines) + 1}); number the lines 1, 2, 3 …")
        signs = tuple(re.findall(r"[-+*?]", found[2]))
        target = int(found[3]) % int(modulus[1])
        lines.append(HoleLine(tuple(map(int, re.findall(r"\d+", found[2]))), signs, target))
    if not lines:
        raise InvalidProblem("the question has no line with holes; it needs one like '(1) 3 ? 5 ? 7 = 1'")
    for number, line in enumerate(lines, start=1):
        if line.target not in _reachable(line, int(modulus[1])):
            raise InvalidProblem(f"no operations make line ({number}) give {line.target} modulo {modulus[1]}")
    return Holes(int(modulus[1]), tuple(lines))


def _reachable(line: HoleLine, modulus: int) -> set[int]:
    values = {line.numbers[0] % modulus}
    for sign, number in zip(line.signs, line.numbers[1:], strict=True):
        signs = OPERATIONS if sign == HOLE else (sign,)
        values = {apply(one, value, number, modulus) for value in values for one in signs}
    return values
