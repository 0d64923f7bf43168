"""Random problems with missing operations, as hard as much must be guessed. Knows no verdict and no model.

A line's last operation can be seen from its target, which is one step away. An operation before it cannot: who does not
work out all fillings guesses one of three. So a problem with g such holes is right by luck once in about 3 to the g.
"""

from __future__ import annotations

import random
from itertools import product

from ..core.errors import InvalidInput
from ..core.holes import HOLE, HoleLine, Holes
from ..core.problem import Problem
from ..core.program import OPERATIONS
from .holes_problems import MODULUS, gold_of

MOST = 1_000
"""Problems that are generated at once."""

SLOTS = 3
"""Operations of a line; it has one number more."""

MOST_LINES = 4
"""What the tiny models have learned."""


def generate_holes(
    count: int, *, seed: int = 0, lines: tuple[int, int] = (2, 3), guesses: tuple[int, int] = (1, 2)
) -> tuple[Problem, ...]:
    """``count`` random problems modulo 13, whose lines and guesses go from the first of each pair to the last in turn.

    ``guesses`` are the holes before the last place of a line, at most two a line; every line has a hole, and exactly
    one filling solves it. The first problems are the same whatever ``count`` is. Raises InvalidInput when a number is
    out of range.
    """
    if not 1 <= count <= MOST:
        raise InvalidInput(f"can generate 1 to {MOST:,} problems with missing operations at once, not {count:,}")
    if not 1 <= lines[0] <= lines[1] <= MOST_LINES:
        raise InvalidInput(f"they have 1 to {MOST_LINES} lines, and a range goes up: not {lines[0]} to {lines[1]}")
    most = (SLOTS - 1) * lines[0]
    if not 0 <= guesses[0] <= guesses[1] <= most:
        raise InvalidInput(
            f"with {lines[0]} lines and more they have 0 to {most} guesses, and a range goes up: "
            f"not {guesses[0]} to {guesses[1]}"
        )
    rng = random.Random(seed)
    found = []
    for number in range(count):
        guessed = guesses[0] + number % (guesses[1] - guesses[0] + 1)
        holes = _draw(rng, rng.randint(*lines), guessed)
        words = f"{_counted(len(holes.lines), 'line')}, {_counted(guessed, 'guess', 'guesses')}"
        title = f"Missing operations {number + 1} of seed {seed}: {words}"
        found.append(Problem("holes", holes.question(), gold_of(holes), title))
    return tuple(found)


def _draw(rng: random.Random, lines: int, guesses: int) -> Holes:
    """The guesses lie in different lines as long as there are lines without one."""
    order = rng.sample(range(lines), lines)
    early = [guesses // lines + (order[line] < guesses % lines) for line in range(lines)]
    return Holes(MODULUS, tuple(_line(rng, number) for number in early))


def _line(rng: random.Random, early: int) -> HoleLine:
    """A line with so many holes before its last place; one there too in half of the cases, or if it would have none."""
    places = {*rng.sample(range(SLOTS - 1), early)}
    if not places or rng.random() < 0.5:
        places.add(SLOTS - 1)
    while True:
        numbers = tuple(rng.randrange(2, MODULUS) for _ in range(SLOTS + 1))
        operations = [rng.choice(OPERATIONS) for _ in range(SLOTS)]
        signs = tuple(HOLE if place in places else operations[place] for place in range(SLOTS))
        target = HoleLine(numbers, signs, 0).results(operations, MODULUS)[-1]
        line = HoleLine(numbers, signs, target)
        if sum(line.solved_by(filling, MODULUS) for filling in product(OPERATIONS, repeat=SLOTS)) == 1:
            return line


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
