"""The math task: extraction, verdicts by mathematical equality, and bundled problems worked out again."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb, isclose, sqrt

import pytest

from rsa_viz.core.chain import Verdict, VerdictSource
from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import find_task
from rsa_viz.tasks.math import MATH

PROBLEM = Problem("math", "How many?", "70")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("So it is \\boxed{70}.", "70"),
        ("\\boxed{69}, no: \\boxed{\\$70}", "\\$70"),
        ("\\boxed{70} and then \\boxed{71", "70"),
        ("\\boxed{70} and \\boxed{} and \\boxed{$$}", "70"),
        ("a stray \\boxed says nothing of \\boxed{70}", "70"),
        ("\\fbox{70}", "70"),
        ("The final answer is **70**.", "70"),
        ("Answer: $\\frac{140}{2}$", "$\\frac{140}{2}$"),
        ("Hence\n$70$", "$70$"),
    ],
)
def test_texts_with_a_right_answer(text: str, read: str) -> None:
    answer = MATH.extract(text, PROBLEM)
    assert answer is not None
    assert (answer.text, answer.key) == (read, "70")
    assert text[answer.start : answer.end] == answer.text
    judgement = MATH.judge(answer, PROBLEM)
    assert (judgement.verdict, judgement.source, judgement.score) == (Verdict.RIGHT, VerdictSource.REFERENCE, 1.0)


@pytest.mark.parametrize(
    "text",
    ["\\boxed{71}", "\\boxed{70\\%}", "\\boxed{70_8}", "\\boxed{}", "", "It is 70, I think", "\\boxed{seventy-one}"],
)
def test_texts_with_a_wrong_answer_or_none(text: str) -> None:
    judgement = MATH.judge(MATH.extract(text, PROBLEM), PROBLEM)
    assert (judgement.verdict, judgement.source, judgement.score) == (Verdict.WRONG, VerdictSource.REFERENCE, 0.0)
    assert "70" in judgement.why


@pytest.mark.parametrize("text", ["\\boxed{9^{9^9}}", "\\boxed{\\int_0^1 \\sin(9^{9^9}x)\\,dx}"])
def test_what_cannot_be_compared_is_unknown_and_no_class_with_gold(text: str) -> None:
    answer = MATH.extract(text, PROBLEM)
    assert answer is not None
    assert answer.key not in ("", "70")
    judgement = MATH.judge(answer, PROBLEM)
    assert (judgement.verdict, judgement.source, judgement.score) == (Verdict.UNKNOWN, VerdictSource.NONE, None)


def test_an_answer_that_is_right_by_math_verify_votes_with_gold() -> None:
    keys = set()
    for text in ("\\boxed{3}", "\\boxed{\\log_2 8}", "\\boxed{|-3|}", "Answer: 3.0"):
        answer = MATH.extract(text, Problem("math", "How many?", "3"))
        assert answer is not None
        keys.add(answer.key)
    assert keys == {"3"}


def test_without_a_gold_answer_nothing_is_known_and_answers_have_classes() -> None:
    problem = Problem("math", "How many?")
    MATH.check(problem)
    answers = [MATH.extract(text, problem) for text in ("\\boxed{1/2}", "\\boxed{0.5}", "\\boxed{\\frac12}", "hm")]
    assert [answer and answer.key for answer in answers] == ["1/2"] * 3 + [None]
    assert {MATH.judge(answer, problem).verdict for answer in answers} == {Verdict.UNKNOWN}


@pytest.mark.parametrize("gold", ["", "$$", "\\text{}", "9^{9^9}", "(" * 100 + "1" + ")" * 100, "x" * 3000])
def test_gold_answers_that_cannot_be_read_are_refused(gold: str) -> None:
    with pytest.raises(InvalidProblem, match="gold answer"):
        MATH.check(Problem("math", "How many?", gold))


def test_steps_are_sentences_with_unknown_verdicts() -> None:
    text = "First 1 + 1 = 2. Then 2 + 2 = 4.\n\\boxed{4}"
    steps = MATH.steps(text, PROBLEM)
    assert [text[step.start : step.end] for step in steps] == ["First 1 + 1 = 2.", "Then 2 + 2 = 4.", "\\boxed{4}"]
    assert {step.judgement.verdict for step in steps} == {Verdict.UNKNOWN}


def test_the_bundled_problems_have_answers_that_are_right() -> None:
    """Each worked out again by counting, adding or the defining equation."""
    gold = {problem.title: problem.gold for problem in MATH.problems()}
    ways = {(0, 0): 1}
    for x in range(6):
        for y in range(5):
            if (x, y) != (0, 0):
                ways[x, y] = 0 if (x, y) == (2, 2) else ways.get((x - 1, y), 0) + ways.get((x, y - 1), 0)
    even = sum(sum(three) % 2 == 0 for three in combinations(range(1, 10), 3))
    third = (1 + sqrt(5)) / 2
    expected = {
        "Around a missing corner": str(ways[5, 4]),
        "Three of nine": f"{even}/{comb(9, 3)}",
        "Unit fractions": str(
            sum(Fraction(1, a) + Fraction(1, b) == Fraction(1, 12) for a in range(13, 157) for b in range(13, 157))
        ),
        "A telescope": str(sum(Fraction(1, k * (k + 2)) for k in range(1, 21))),
        "Four solutions": ", ".join(str(x) for x in range(-50, 51) if (x * x - 3 * x) ** 2 == 2 * (x * x - 3 * x) + 8),
        "Last three digits": str(7**2026 % 1000),
        "Two neighbours and fifteen": str(sum(n for n in range(1, 100) if (n + 1) * (n + 2) % 15 == 0)),
        "Its reciprocal plus one": "2+\\sqrt5",
        "Every other midpoint": "\\frac94\\sqrt3",
        "Odd cubes": "n^2(2n^2-1)",
    }
    assert isclose(third - 1 / third, 1)
    assert isclose(third**3, 2 + sqrt(5))
    corners = [(sqrt(3) * cos, sqrt(3) * sin) for cos, sin in ((1, 0), (-0.5, sqrt(0.75)), (-0.5, -sqrt(0.75)))]
    (ax, ay), (bx, by), (cx, cy) = corners
    assert isclose(abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2, 9 * sqrt(3) / 4)
    assert all(sum(k**3 for k in range(1, 2 * n, 2)) == 2 * n**4 - n**2 for n in range(1, 9))
    assert set(gold) == set(expected)
    for problem in MATH.problems():
        MATH.check(problem)
        assert find_task(problem.task) is MATH
        for text in (f"\\boxed{{{expected[problem.title]}}}", str(problem.metadata["solution"])):
            assert MATH.judge(MATH.extract(text, problem), problem).verdict is Verdict.RIGHT, problem.title
    assert "\\boxed{answer}" in MATH.parts(PROBLEM).answer_hint
