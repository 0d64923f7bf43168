"""The holes task: its grammar, what counts as an answer, and how lines are judged."""

from __future__ import annotations

from itertools import product

import pytest

from rsa_viz.core.chain import Verdict
from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.holes import parse_holes
from rsa_viz.core.problem import Problem
from rsa_viz.tasks.holes import HOLES

QUESTION = """Work modulo 11, from left to right. Put +, - or * for every ?.
(1) 3 ? 5 ? 7 ? 2 = 2
(2) 4 * 9 ? 2 ? 6 = 5"""
PROBLEM = Problem("holes", QUESTION)
# 4 * 9 = 3, and the nine ways on give 0, 10, 8 (after +), 7, 6, 6 (after -), 1, 0, 3 (after *), never 5.


def solutions(question: str) -> list[str]:
    holes = parse_holes(question)
    found = [
        [
            "".join(operations)
            for operations in product("+-*", repeat=len(line.signs))
            if line.solved_by(operations, holes.modulus)
        ]
        for line in holes.lines
    ]
    return [" ".join(one) for one in product(*found)]


def test_a_line_that_nothing_solves_is_refused_by_its_number() -> None:
    with pytest.raises(InvalidProblem, match=r"line \(2\) give 5 modulo 11"):
        HOLES.check(PROBLEM)


GOOD = Problem("holes", QUESTION.replace("6 = 5", "6 = 10"))


def test_a_solvable_problem_is_accepted_and_its_gold_answer_checked() -> None:
    HOLES.check(GOOD)
    assert "+** *+-" in solutions(GOOD.question)
    HOLES.check(Problem("holes", GOOD.question, "+**, *+-"))
    with pytest.raises(InvalidProblem, match="does not solve the puzzle; give all 6 operations"):
        HOLES.check(Problem("holes", GOOD.question, "+++ *++"))


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("(1) 3 ? 5 = 8", "no modulus"),
        ("Work modulo 11.\nWhat is 3 + 5?", "no line with holes"),
        ("Work modulo 11.\n(2) 3 ? 5 = 8", r"line \(2\) should be line \(1\)"),
        ("Work modulo 1.\n(1) 3 ? 5 = 8", "no modulus"),
    ],
)
def test_what_is_no_such_problem_is_refused_with_its_reason(question: str, why: str) -> None:
    with pytest.raises(InvalidProblem, match=why):
        HOLES.check(Problem("holes", question))


def test_the_lines_are_the_answer_where_there_is_no_box() -> None:
    text = "(1) 3 + 5 = 8, * 7 = 1, * 2 = 2, fits\n(2) 4 * 9 = 3, + 2 = 5, - 6 = 10, fits"
    answer = HOLES.extract(text, GOOD)
    assert answer is not None
    assert (answer.key, answer.start, answer.end) == ("+** *+-", 0, len(text))
    assert HOLES.judge(answer, GOOD).verdict is Verdict.RIGHT


def test_the_last_box_goes_before_the_lines() -> None:
    text = "(1) 3 + 5 = 8, * 7 = 1, * 2 = 2, fits\n(2) 4 * 9 = 3, + 2 = 5, - 6 = 10, fits\n\\boxed{-+* *--}"
    answer = HOLES.extract(text, GOOD)
    assert answer is not None
    assert (answer.text, answer.key) == ("-+* *--", "-+* *--")
    judgement = HOLES.judge(answer, GOOD)
    assert judgement.verdict is Verdict.WRONG
    assert judgement.why == "not solved: (1), (2)"


def test_a_line_is_right_by_its_operations_whatever_it_says_of_itself() -> None:
    text = "Let me see.\n(1) 3 + 5 = 8, * 7 = 2, * 2 = 4, fails\n(2) 4 * 9 = 3, - 2 = 1, - 6 = 10, fits"
    said, first, second = HOLES.steps(text, GOOD)
    assert said.judgement.verdict is Verdict.UNKNOWN
    assert first.judgement.verdict is Verdict.RIGHT
    assert first.judgement.why == "line (1) gives 2, not 4 as written"
    assert first.fragment == "(1) +**"
    assert second.judgement.verdict is Verdict.WRONG
    assert second.judgement.why == "line (2) gives 6, not 10 as written; it should give 10"
    assert text[second.start : second.end].startswith("(2) 4 * 9")


@pytest.mark.parametrize(
    "line",
    [
        "(1) 3 + 5 = 8, 8 * 7 = 1, 1 * 2 = 2",
        "(1) 3 + 5 * 7 * 2 = 2",
        "**(1)** 3 + 5 = 8; × 7 = 1; · 2 = 2",
        "  (1) 3 + 5 \\times 7 \\cdot 2 = 2 fits",
    ],
)
def test_other_ways_of_writing_a_line_are_read(line: str) -> None:
    (step,) = HOLES.steps(line, GOOD)
    assert step.fragment == "(1) +**"


@pytest.mark.parametrize(
    "line", ["(1) 3 + 5 * 7", "(1) 3 + 4 * 7 * 2 = 2", "(1) 3 ? 5 ? 7 ? 2 = 2", "(9) 3 + 5", "(1)"]
)
def test_a_line_that_is_not_the_problems_own_states_nothing(line: str) -> None:
    (step,) = HOLES.steps(line, GOOD)
    assert step.judgement.verdict is Verdict.UNKNOWN
    assert HOLES.extract(line, GOOD) is None


def test_a_changed_given_operation_is_wrong() -> None:
    (step,) = HOLES.steps("(2) 4 + 9 = 2, + 2 = 4, + 6 = 10", GOOD)
    assert step.judgement.verdict is Verdict.WRONG
    assert "other operations than the given ones" in step.judgement.why
