"""The gsm8k task: where the number stands, what is right, and bundled problems worked out again."""

from __future__ import annotations

import re

import pytest

from rsa_viz.core.chain import Verdict, VerdictSource
from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import find_task
from rsa_viz.tasks.gsm8k import GSM8K, gold_number

PROBLEM = Problem("gsm8k", "How many dollars?", "900 * 2 = 1,800\n#### 1,800")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("900 * 2 = 1800\n#### 1800", "1800"),
        ("#### $1,800.00", "$1,800.00"),
        ("#### 1800 dollars", "1800 dollars"),
        ("#### 17\nI was wrong.\n#### 1800", "1800"),
        ("#### 1800\n####", "1800"),
        ("\\boxed{1800}", "1800"),
        ("\\boxed{\\frac{3600}{2}}", "\\frac{3600}{2}"),
        ("The answer is 1800 dollars per week.", "1800 dollars per week"),
        ("Answer: she makes $1,800, as shown.", "$1,800"),
        ("A: 1800", "1800"),
        ("**1800**", "**1800**"),
        ("It is clear.\nShe makes $1800 a week.", "$1800"),
        ("So she makes 900*2 = 1800 dollars", "1800"),
        ("#### The answer is 1800", "1800"),
        ("#### 1800 (in 2 days)", "1800"),
        ("#### 1800 dollars per 1 hour", "1800"),
        ("#### Total = 1800", "Total = 1800"),
        ("#### Step 2: Add\n900 + 900 = 1800\n\n#### 3. Conclude\nShe makes **1800** a week.", "1800"),
        ("So the total is #### 1800", "1800"),
        ("The answer is 1800, not 1900.", "1800"),
        ("The answer is 1800 because 2*900 = 1800.", "1800"),
        ("The answer must be 1800.", "1800"),
        ("The answer is not 900. The answer is 1800.", "1800"),
        ("The answer is 1800. The answer is not 900.", "1800"),
        ("If the answer is 900, she lost.\nSo she makes 1800.", "1800"),
        ("答案：1800", "1800"),
        ("所以答案是 1800。", "1800"),
        ("最终答案为 1,800 元。", "1,800"),
        ("答：她一周赚 1800 元。", "1800"),
        ("因此她一共赚了1800元。", "1800"),
        ("<answer>1800</answer>", "1800"),
        ("<think>\\boxed{900}? No.</think>\n\\boxed{1800}", "1800"),
        ("<think>It may be \\boxed{900}.</think>\n#### 1800", "1800"),
        ("\\boxed{900}. Wait, that is wrong. The answer is 1800.", "1800"),
        ("The answer is 900. No, that is a mistake; it should be 1800.", "1800"),
        ("She makes 900 * 2 = $<<900*2=1800>>1800 every week.", "1800"),
        ("She makes 1800 dollars, i.e. $1800.", "$1800"),
        ("First 900. Then twice that. In total she makes 1800.", "1800"),
        ("So 1800 people who did not pay are left.", "1800"),
        ("It takes her 2 steps.\nShe makes 1800.", "1800"),
        ("She runs 1800 miles in week 2.", "1800"),
        ("1800 is the answer.", "1800"),
        ("She makes eighteen-hundred (1800) dollars.", "1800"),
        ("It follows that she makes 1800 dollars a week.", "1800"),
        ("That gives us a total of 1800 dollars.", "1800"),
        ("Her weekly income is 1800 dollars.", "1800"),
        ("She makes **1800 dollars**, or 900 twice.", "1800"),
        ("She makes 1800 dollars.\n\nNote: taxes are not counted.", "1800"),
        ("Ans: 1800", "1800"),
        ("The answer is 1800 (900 + 900).", "1800"),
        ("\\boxed{900}\n\nHmm, I forgot a week. So the answer is 1800.", "1800"),
    ],
)
def test_texts_with_a_right_answer(text: str, read: str) -> None:
    answer = GSM8K.extract(text, PROBLEM)
    assert answer is not None
    assert (answer.text, answer.key) == (read, "1800")
    assert text[answer.start : answer.end] == read
    judgement = GSM8K.judge(answer, PROBLEM)
    assert (judgement.verdict, judgement.source, judgement.score) == (Verdict.RIGHT, VerdictSource.REFERENCE, 1.0)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("#### 180", "180"),
        ("#### -1800", "-1800"),
        ("#### 1800%", "1800%"),
        ("#### 1800 or 1900", None),
        ("#### not 1800", None),
        ("#### > 1800", None),
        ("#### $\\geq 1800$", None),
        ("#### at least 1800", None),
        ("#### at most 1800", None),
        ("#### more than 1800", None),
        ("#### less than 1800", None),
        ("#### no fewer than 1800", None),
        ("#### over 1800", None),
        ("#### under 1800", None),
        ("#### between 1800 and 1900", None),
        ("#### 1800 or more", None),
        ("#### 1800+", None),
        ("#### 1800?", None),
        ("#### 1800 dozen", None),
        ("#### 1800 is wrong", None),
        ("#### 至少 1800", None),
        ("#### 1800 以上", None),
        ("The answer is not 1800.", None),
        ("The answer is less than 1800.", None),
        ("The answer is neither 1800 nor 900.", None),
        ("So the answer is over 1800", None),
        ("答案不是 1800。", None),
        ("If the answer is 1800, she is rich.", None),
        ("I do not think that the answer is 1800.", None),
        ("I doubt the answer is 1800.", None),
        ("I think it is not 1800.", None),
        ("I guess 1800.", None),
        ("It can't be 1800.", None),
        ("There is no answer, but 1800 is close.", None),
        ("1800 is too many, so I cannot say.", None),
        ("She had 1800 dollars and now has none.", None),
        ("So 1800 dollars would not be right.", None),
        ("She sold 1800 eggs", None),
        ("Is it 1800?", None),
        ("The answer is 1800. Wait. The answer is not 1800.", None),
        ("#### 1800\n#### at least 1800", None),
        ("Answer: I do not know whether it is 1800", None),
        ("#### unknown", None),
        ("\\boxed{\\text{not } 1800}", None),
        ("The answer is twice 1800.", None),
        ("The answer is half of 1800.", None),
        ("We need to find x such that 3x = 1800.", None),
        ("至少有 1800 元。", None),
        ("A student claims that the answer is 1800.", None),
        ("The answer is 1800. This is wrong.", None),
        ("#### 1800\nActually #### 1900", "1900"),
        ("\\boxed{1800}. Wait, that is wrong. The answer is 1900.", "1900"),
        ("The answer is 1800. I made a mistake; it should be 1900.", "1900"),
        ("#### 1800 hours and 30 minutes", "1800 hours and 30 minutes"),
        ("#### 1800 to 1900", "1800 to 1900"),
        ("\\boxed{eighteen hundred}", "eighteen hundred"),
        ("It is 1800 or 1900.", None),
        ("####", None),
        ("", None),
        ("I cannot say.", None),
    ],
)
def test_texts_with_a_wrong_answer_or_none(text: str, read: str | None) -> None:
    answer = GSM8K.extract(text, PROBLEM)
    assert (answer and answer.text) == read
    judgement = GSM8K.judge(answer, PROBLEM)
    assert (judgement.verdict, judgement.source, judgement.score) == (Verdict.WRONG, VerdictSource.REFERENCE, 0.0)
    assert "1,800" in judgement.why


def test_dozens_are_a_unit_where_the_question_counts_in_them() -> None:
    problem = Problem("gsm8k", "How many dozens of eggs does she sell?", "7")
    assert GSM8K.judge(GSM8K.extract("#### 7 dozen", problem), problem).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    "gold", ["It is 9 * 2 = 18.\nA: 18", "A: 18", "9 * 2 = 18\n#### 18", "A: 17\nA: $18 \n", " 18"]
)
def test_gold_may_be_a_worked_solution(gold: str) -> None:
    problem = Problem("gsm8k", "How many?", gold)
    GSM8K.check(problem)
    assert gold_number(problem) in ("18", "$18")
    assert GSM8K.judge(GSM8K.extract("#### 18", problem), problem).verdict is Verdict.RIGHT


@pytest.mark.parametrize("gold", ["18", "$1,800", "2.5", "3/4", "so 9 * 2 = 18\n#### 18", "18 dollars", "#### 1,000"])
def test_gold_answers_that_are_read(gold: str) -> None:
    GSM8K.check(Problem("gsm8k", "How many?", gold))


@pytest.mark.parametrize("gold", ["", "####", "many", "1, 2", "x+1", "9^{9^9}", "\\sqrt{2}", "18\n#### about 18 or 19"])
def test_gold_answers_that_are_no_number_are_refused(gold: str) -> None:
    with pytest.raises(InvalidProblem, match="is no number"):
        GSM8K.check(Problem("gsm8k", "How many?", gold))


def test_without_a_gold_answer_nothing_is_known() -> None:
    problem = Problem("gsm8k", "How many?")
    GSM8K.check(problem)
    answer = GSM8K.extract("#### 1,800", problem)
    assert answer is not None
    assert answer.key == "1800"
    assert GSM8K.judge(answer, problem).verdict is Verdict.UNKNOWN


def test_the_bundled_problems_have_answers_that_are_right() -> None:
    """Worked out again from the questions, and every equation of the solutions holds."""
    expected = {
        "Honey jars": (14 + 19 - 5) * 6,
        "The ferry": 12 * 3 + 45 + 8,
        "Half a loaf": 2.5 * 18 / 4,
        "Pages before Sunday": 320 - sum(25 + 10 * day for day in range(5)),
        "A leaking tank": next(h for h in range(1000) if 600 * 3 / 4 + 4 * h - 13 * h <= 0),
        "Two discounts": 240 * 3 * 9 / 40,
        "Older sisters": next(2 * k + 4 for k in range(50) if k + 2 * k + 2 * k + 4 == 49),
        "There and back": 60 * 36 / 18 + 90 + 60 * 36 / 24,
        "Tiles for the hall": -(-(720 // 40) * (480 // 40) // 20) * 35,
    }
    assert {problem.title for problem in GSM8K.problems()} == set(expected)
    for problem in GSM8K.problems():
        GSM8K.check(problem)
        assert find_task(problem.task) is GSM8K
        solution = str(problem.metadata["solution"])
        for text in (f"#### {expected[problem.title]:g}", solution):
            assert GSM8K.judge(GSM8K.extract(text, problem), problem).verdict is Verdict.RIGHT, problem.title
        for left, right in re.findall(r"([\d.]+(?: [-+*/] [\d.]+)+) = ([\d.]*\d)", solution):
            assert eval(left) == pytest.approx(float(right)), (problem.title, left)
    assert "####" in GSM8K.parts(PROBLEM).answer_hint


def test_steps_are_lines() -> None:
    text = "3 + 4 = 7\n7 * 2 = 14\n#### 14"
    assert [text[step.start : step.end] for step in GSM8K.steps(text, PROBLEM)] == text.split("\n")


def test_the_case_of_a_letter_says_nothing_in_a_word_problem() -> None:
    small, large = (GSM8K.steps(f"7 + {x} + {x} = 44\n{x} = 15.", PROBLEM) for x in "xX")
    assert [step.fragment for step in small] == [step.fragment for step in large]
    assert small[1].fragment == "x=15"


def test_signs_of_tex_keep_their_case() -> None:
    steps = GSM8K.steps("B = 2 \\Rightarrow 3 * 4 = 13.", PROBLEM)
    assert [(step.fragment, step.judgement.verdict) for step in steps][-1] == ("3*4=13", Verdict.WRONG)
