"""The simulated judge: from the prompt's text alone, mistaken where its own arithmetic is."""

from __future__ import annotations

from rsa_viz.core.chain import Verdict
from rsa_viz.core.judge_prompts import JUDGE_STEPS, read_verdicts
from rsa_viz.core.problem import Problem
from rsa_viz.llm.knobs import Knobs
from rsa_viz.llm.synthetic_judge import judge
from rsa_viz.tasks.program import PROGRAM

PROBLEM = Problem("program", "Work modulo 97.\na = 12\nb = 45\nc = a * b\nd = c - a\nWhat is d?", "43")
PERFECT = Knobs(slip=0.0, blind=0.0, miscopy=0.0)
R, W, U = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN


def said(*steps: str, knobs: Knobs = PERFECT, problem: Problem = PROBLEM, **options: float) -> list[Verdict]:
    """What it says of these steps."""
    (message,) = JUDGE_STEPS.compose(PROGRAM.parts(problem), problem, steps)
    reply = judge(message["content"], knobs, **options)  # type: ignore[arg-type]
    assert reply is not None
    return [one.verdict for one in read_verdicts(reply, len(steps))]


def test_without_slips_it_is_always_right() -> None:
    right = "c = a * b = 12 * 45 = 540 ≡ 55 (mod 97)"
    assert said("I work modulo 97.", right, "d = c - a = 55 - 12 = 43", "\\boxed{43}") == [U, R, R, R]
    wrong = "c = a * b = 12 * 45 = 540 ≡ 56 (mod 97)"
    assert said(wrong, "d = c - a = 56 - 12 = 44", "\\boxed{44}") == [W, W, W]
    assert said("d = 43", "c = 55", "\\boxed{140}") == [R, R, R]  # out of order, and not reduced


def test_with_slips_it_is_mistaken_at_times_and_the_same_way_each_time() -> None:
    steps = ("c = a * b = 12 * 45 = 540 ≡ 55 (mod 97)", "d = c - a = 55 - 12 = 43")
    sloppy = Knobs(slip=0.9)
    first = [said(*steps, knobs=sloppy, temperature=1.0, seed=seed) for seed in range(40)]
    assert first == [said(*steps, knobs=sloppy, temperature=1.0, seed=seed) for seed in range(40)]
    assert {verdict for row in first for verdict in row} == {R, U, W}
    assert said(*steps, knobs=sloppy, seed=1) == said(*steps, knobs=sloppy, seed=2)  # greedy


def test_of_another_question_it_says_nothing_and_another_prompt_is_not_its_business() -> None:
    assert said("2 + 3 = 5", problem=Problem("text", "What is 2 + 3?")) == [U]
    assert judge(PROBLEM.question, PERFECT) is None
    assert said("c = 55", knobs=Knobs(empty=1.0)) == [U]
