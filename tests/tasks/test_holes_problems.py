"""The bundled problems with missing operations: what they tell of their difficulty is what the model does."""

from __future__ import annotations

import re

import pytest

from benchmarks.tiny_difficulty import right_alone
from rsa_viz.analysis.intervals import wilson
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import opening_problem
from rsa_viz.tasks.difficulty import Difficulty, difficulty
from rsa_viz.tasks.holes import HOLES

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
