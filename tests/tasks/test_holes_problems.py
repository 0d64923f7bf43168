"""The bundled problems with missing operations: what they tell of their difficulty is what the model does."""

from __future__ import annotations

import re
from itertools import product

import pytest

from benchmarks.tiny_difficulty import right_alone
from rsa_viz.analysis.intervals import wilson
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.holes import HOLE, parse_holes
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import opening_problem
from rsa_viz.tasks.difficulty import Difficulty, difficulty
from rsa_viz.tasks.holes import HOLES
from rsa_viz.tasks.holes_generating import generate_holes

PROBLEMS = HOLES.problems()


def told(problem: Problem) -> Difficulty:
    found = difficulty(problem)
    assert found is not None
    return found


def test_most_are_neither_trivial_nor_hopeless_and_a_few_are_hard_for_the_contrast() -> None:
    shares = [told(problem).right / told(problem).of for problem in PROBLEMS]
    assert shares == sorted(shares, reverse=True)
    assert sum(0.15 <= share <= 0.45 for share in shares) >= 9
    levels = [told(problem).level for problem in PROBLEMS]
    assert 2 <= levels.count("hard") <= 3
    assert levels == sorted(levels, key=["easy", "medium", "hard"].index)
    assert all(problem.title.endswith(f", {told(problem).level}") for problem in PROBLEMS)
    assert told(opening_problem()).level == "medium"


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: re.findall(r"\d+", problem.title)[0])
def test_the_model_alone_is_right_as_often_as_the_problem_tells(problem: Problem) -> None:
    """Of the first 100 of the solutions that were counted; a wide interval, so that another machine's last bits, which
    may turn one solution in a thousand, matter nothing."""
    low, high = wilson(right_alone(problem, 100), 100)
    assert low - 0.05 <= told(problem).right / told(problem).of <= high + 0.05


@pytest.mark.parametrize(
    "alone",
    [None, "easy", {}, {"level": "easy"}, {"level": "cosy", "model": "m", "right": 1, "of": 2}]
    + [{"level": "easy", "model": "m", "right": right, "of": of} for right, of in ((3, 2), (-1, 2), (0, 0), (True, 2))],
)
def test_what_others_write_into_a_file_is_no_difficulty_unless_it_can_be_meant_so(alone: object) -> None:
    assert difficulty(Problem("holes", "?", metadata={"alone": alone})) is None


def early(problem: Problem) -> int:
    """Holes that are not a line's last operation."""
    return sum(sign == HOLE for line in parse_holes(problem.question).lines for sign in line.signs[:-1])


def test_generated_problems_have_the_lines_and_guesses_that_are_asked_for_and_one_solution() -> None:
    found = generate_holes(40, seed=3, lines=(2, 4), guesses=(0, 4))
    assert [early(problem) for problem in found] == [number % 5 for number in range(40)]
    assert {len(parse_holes(problem.question).lines) for problem in found} == {2, 3, 4}
    for problem in found:
        HOLES.check(problem)
        for line in parse_holes(problem.question).lines:
            assert HOLE in line.signs
            assert sum(line.solved_by(filling, 13) for filling in product("+-*", repeat=3)) == 1
    assert re.fullmatch(r"Missing operations 2 of seed 3: [234] lines, 1 guess", found[1].title)
    assert generate_holes(7, seed=3, lines=(2, 4), guesses=(0, 4)) == found[:7]
    assert generate_holes(7, seed=4, lines=(2, 4), guesses=(0, 4)) != found[:7]


@pytest.mark.parametrize(
    ("count", "lines", "guesses", "says"),
    [
        (0, (2, 3), (1, 2), "1 to 1,000 problems"),
        (1, (2, 5), (1, 2), "1 to 4 lines, and a range goes up: not 2 to 5"),
        (1, (3, 2), (1, 2), "not 3 to 2"),
        (1, (1, 3), (1, 3), "0 to 2 guesses, and a range goes up: not 1 to 3"),
        (1, (2, 3), (2, 1), "not 2 to 1"),
    ],
)
def test_what_cannot_be_generated_is_refused(
    count: int, lines: tuple[int, int], guesses: tuple[int, int], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        generate_holes(count, lines=lines, guesses=guesses)


def test_most_generated_problems_are_neither_trivial_nor_hopeless_for_the_model_alone() -> None:
    """One of three with one guess, one of nine with two."""
    shares = [right_alone(problem, 100) / 100 for problem in generate_holes(32, seed=1)]
    assert sum(0.08 <= share <= 0.42 for share in shares) >= 24
    assert 0.25 < sum(shares[::2]) / 16 < 0.45
    assert 0.05 < sum(shares[1::2]) / 16 < 0.2
