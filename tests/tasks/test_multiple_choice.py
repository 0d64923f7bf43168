"""The multiple_choice task: letters and texts that name an option, and those that name none."""

from __future__ import annotations

import time

import pytest

from rsa_viz.core.chain import Verdict, VerdictSource
from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import find_task
from rsa_viz.tasks.multiple_choice import MULTIPLE_CHOICE, options_of

PROBLEM = Problem("multiple_choice", "Which colour?", "B", metadata={"options": ["red", "blue", "green", "blue sky"]})
NINE = Problem(
    "multiple_choice",
    "Which?",
    "I",
    metadata={"options": ["one", "2", "1/3", "$\\sqrt{2}$", "x", "y", "z", "z", "i^2"]},
)


@pytest.mark.parametrize(
    "text",
    [
        "\\boxed{B}",
        "\\boxed{B.}",
        "\\boxed{(B)}",
        "\\boxed{b}",
        "\\boxed{\\text{B}}",
        "$\\boxed{\\textbf{(B)}\\ blue}$",
        "\\boxed{B: blue}",
        "\\boxed{B) blue}",
        "\\boxed{Option B}",
        "\\boxed{blue}",
        "\\boxed{\\text{Blue}}",
        "the answer is B",
        "The answer is **B**.",
        "The correct option is (B) blue.",
        "Answer: B because it is so.",
        "Answer: blue",
        "I think hard.\nB",
        "I think hard.\n(B)",
        "I think hard.\n**B.**",
        "I think hard.\nOption B",
        "\\boxed{A}? No. \\boxed{B}",
        "\\boxed{12} is an intermediate result, so the answer is B",
        "\\boxed{B} and \\boxed{",
        "\\boxed{B (blue)}",
        "\\boxed{B blue}",
        "\\boxed{B, blue}",
        "\\boxed{B - blue}",
        "\\boxed{B \\text{ (blue)}}",
        "\\boxed{B\\;blue}",
        "\\boxed{B = blue}",
        "\\boxed{\\text{blue (B)}}",
        "\\boxed{Ｂ}",
        "Answer: B (blue)",
        "Answer: blue (B)",
        "Answer - B",
        "Answer B",
        "Answer: <B>",
        "<answer>B</answer>",
        "Answer is B, not A.",
        "The answer is B, since A is false.",
        "The answer is B rather than A.",
        "The answer must be B.",
        "The answer would be (B).",
        "The answer is clearly B.",
        "Therefore, B is the correct answer.",
        "Option (B) is the correct one.",
        "(B) blue is the right answer.",
        "I think hard. B is correct.",
        "B is the answer.",
        "Hence (B).",
        "Hence, option B.",
        "So it is **B**.",
        "I choose B.",
        "I will go with option B.",
        "I think hard.\nB) blue",
        "I think hard.\n\nblue",
        "A is wrong.\nB is right since it holds.\nC is wrong.\nD is wrong.",
        "The correct answer is B.\nOption A is wrong.",
        "The answer is B. The answer is not A.",
        "If the answer is A, we are lost. The answer is B.",
        "<think>\\boxed{A}</think> \\boxed{B}",
        "答案：B",
        "答案是 B。",
        "正确答案为（B）。",
        "故选B",
        "应选 B。",
        "选 B，因为 A 不对。",
        "所以答案选 B。",
        "B是正确答案。",
        "Option B: blue is the correct answer.",
        "B) blue\n\nExplanation: Option A is wrong.",
        "Answer: B (blue), because the sky is blue.",
        "综上，应选择 B 选项。",
        "【答案】B",
        "B 选项是正确的。",
        "选项B正确。",
    ],
)
def test_all_of_these_mean_option_b(text: str) -> None:
    answer = MULTIPLE_CHOICE.extract(text, PROBLEM)
    assert answer is not None
    assert answer.key == "B"
    assert text[answer.start : answer.end] == answer.text
    judgement = MULTIPLE_CHOICE.judge(answer, PROBLEM)
    assert (judgement.verdict, judgement.source, judgement.score) == (Verdict.RIGHT, VerdictSource.REFERENCE, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "\\boxed{A and B}",
        "\\boxed{A, B}",
        "\\boxed{AB}",
        "\\boxed{A or B}",
        "\\boxed{B: red}",
        "The answer is A or B.",
        "\\boxed{E}",
        "\\boxed{purple}",
        "the answer is a matter of taste",
        "It could be B as well as A",
        "",
        "\\boxed{}",
        "\\boxed{B} no, \\boxed{C and D}",
        "answer: ſ",
        "Option B is wrong.",
        "B is wrong.",
        "Option B is incorrect.",
        "The answer is not (B).",
        "Answer: not (B)",
        "Answer: anything but B",
        "The answer isn't B.",
        "\\boxed{none, not even option B}",
        "\\boxed{all but B}",
        "\\boxed{\\neg B}",
        "\\boxed{C (blue)}",
        "\\boxed{A: B}",
        "\\boxed{Option A is better than option B}",
        "Answer: neither A nor B",
        "A. We first look at the option list and cannot decide",
        "A - that is my final word, except that it may be B",
        "The answer is B. Wait. The answer is not B.",
        "If B is the correct answer, we are lost.",
        "I do not think that B is the correct answer.",
        "Is B the correct answer?",
        "A is correct.\nB is correct.",
        "B is true.",
        "So B is larger than A.",
        "Hence A follows from C.",
        "I choose A to be the first set.",
        "不选B",
        "答案不是B",
        "选项B是错的。",
        "选 A 或 B",
        "A) red\nB) blue\nC) green",
        "The answer is B. This is wrong.",
    ],
)
def test_none_of_these_names_one_option(text: str) -> None:
    assert MULTIPLE_CHOICE.extract(text, PROBLEM) is None
    judgement = MULTIPLE_CHOICE.judge(None, PROBLEM)
    assert (judgement.verdict, judgement.source, judgement.score) == (Verdict.WRONG, VerdictSource.REFERENCE, 0.0)


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("\\boxed{\\text{I}}", "I"),
        ("\\boxed{i}", "I"),
        ("\\boxed{I}", "I"),
        ("\\boxed{x}", "E"),
        ("\\boxed{z}", None),
        ("\\boxed{G}", "G"),
        ("\\boxed{\\frac13}", "C"),
        ("\\boxed{2.0}", "B"),
        ("\\boxed{2^{1/2}}", "D"),
        ("\\boxed{J}", None),
        ("I. e. cannot decide", None),
        ("I think that it is clear.", None),
        ("So I do not know.", None),
        ("Answer: I think A", None),
    ],
)
def test_letters_and_texts_of_nine_options(text: str, letter: str | None) -> None:
    answer = MULTIPLE_CHOICE.extract(text, NINE)
    assert (answer and answer.key) == letter


def test_blanks_and_markup_in_an_options_text_say_nothing() -> None:
    problem = Problem("multiple_choice", "How fast?", "C", metadata={"options": ["5 km/s", "5 m", "5 m/s", "5 0 m/s"]})
    for text, letter in (
        ("\\boxed{5\\,\\text{m/s}}", "C"),
        ("\\boxed{5\\text{ m/s}}", "C"),
        ("Answer: **5 m/s**", "C"),
        ("\\boxed{50 m/s}", None),
        ("\\boxed{5}", None),
    ):
        answer = MULTIPLE_CHOICE.extract(text, problem)
        assert (answer and answer.key) == letter, text


def test_gold_may_be_an_options_text() -> None:
    problem = Problem("multiple_choice", "Which colour?", "green", metadata=PROBLEM.metadata)
    MULTIPLE_CHOICE.check(problem)
    for text, verdict in (
        ("\\boxed{C}", Verdict.RIGHT),
        ("\\boxed{green}", Verdict.RIGHT),
        ("\\boxed{B}", Verdict.WRONG),
    ):
        assert MULTIPLE_CHOICE.judge(MULTIPLE_CHOICE.extract(text, problem), problem).verdict is verdict


@pytest.mark.parametrize("gold", ["", "E", "purple", "A or B", "same"])
def test_gold_answers_that_name_no_single_option_are_refused(gold: str) -> None:
    with pytest.raises(InvalidProblem, match="letter from A to D"):
        MULTIPLE_CHOICE.check(
            Problem("multiple_choice", "?", gold, metadata={"options": ["red", "same", "same", "blue"]})
        )


@pytest.mark.parametrize("options", [None, [], ["one"], "AB", ["a", 2], ["a", " "], [str(n) for n in range(27)]])
def test_options_that_cannot_be_read_are_refused(options: object) -> None:
    with pytest.raises(InvalidProblem, match="options"):
        MULTIPLE_CHOICE.check(Problem("multiple_choice", "?", "A", metadata={"options": options}))


def test_the_prompt_lists_the_options_once() -> None:
    assert "B) blue" in MULTIPLE_CHOICE.parts(PROBLEM).answer_hint
    for problem in MULTIPLE_CHOICE.problems():
        assert all(option in problem.question for option in options_of(problem))
        assert "options are" not in MULTIPLE_CHOICE.parts(problem).answer_hint


def test_without_a_gold_answer_nothing_is_known() -> None:
    problem = Problem("multiple_choice", "?", metadata=PROBLEM.metadata)
    MULTIPLE_CHOICE.check(problem)
    answer = MULTIPLE_CHOICE.extract("\\boxed{B}", problem)
    assert answer is not None
    assert MULTIPLE_CHOICE.judge(answer, problem).verdict is Verdict.UNKNOWN


def test_the_bundled_questions_have_solutions_that_end_in_gold() -> None:
    assert len(MULTIPLE_CHOICE.problems()) >= 8
    for problem in MULTIPLE_CHOICE.problems():
        MULTIPLE_CHOICE.check(problem)
        assert find_task(problem.task) is MULTIPLE_CHOICE
        assert len(set(options_of(problem))) == len(options_of(problem))
        answer = MULTIPLE_CHOICE.extract(str(problem.metadata["solution"]), problem)
        assert MULTIPLE_CHOICE.judge(answer, problem).verdict is Verdict.RIGHT, problem.title


def test_steps_are_sentences() -> None:
    text = "It is not A. So: \\boxed{B}"
    steps = MULTIPLE_CHOICE.steps(text, PROBLEM)
    assert [text[step.start : step.end] for step in steps] == ["It is not A.", "So: \\boxed{B}"]


def test_a_step_states_its_equation_or_the_option_that_it_gives_as_the_answer() -> None:
    text = (
        "Option C cannot be, since 2*3 = 7.\nThe answer is (A) red.\nNo: 4 + 4 = 8, so blue.\n\n"
        "So A or C. Final: \\boxed{B}"
    )
    steps = MULTIPLE_CHOICE.steps(text, PROBLEM)
    assert [(text[step.start : step.end], step.fragment) for step in steps] == [
        ("Option C cannot be, since 2*3 = 7.", "2*3=7"),
        ("The answer is (A) red.", "answer=A"),
        ("No: 4 + 4 = 8, so blue.", "4+4=8"),
        ("So A or C.", None),
        ("Final: \\boxed{B}", "answer=B"),
    ]
    assert [step.judgement.verdict for step in steps] == [Verdict.WRONG, *[Verdict.UNKNOWN] * 4]
    assert steps[-1].judgement.source is VerdictSource.NONE  # stated, not judged


def test_an_answer_that_names_two_options_or_none_is_no_fragment() -> None:
    for text in ("\\boxed{A, B}", "\\boxed{z}", "The answer is purple."):
        assert [step.fragment for step in MULTIPLE_CHOICE.steps(text, NINE)] == [None], text


HOSTILE = (
    "B is correct. " * 40_000,
    "Option B " * 60_000,
    "(" * 500_000 + "B",
    "So B " * 100_000,
    "选B" * 200_000,
    "I choose B and " * 40_000,
    "A, " * 300_000,
    "<answer>" * 100_000,
    "B)" + " x" * 300_000 + " is the correct answer",
    "answer is B, not " * 30_000,
    "答案" * 300_000,
    "B\n" * 300_000 + "Explanation",
)


@pytest.mark.parametrize("name", ["multiple_choice", "gsm8k", "text"])
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_cost_linear_time(hostile: str, name: str) -> None:
    problem = Problem(name, "?", "B" if name != "gsm8k" else "7", metadata=PROBLEM.metadata)
    task = find_task(name)
    begun = time.process_time()
    task.judge(task.extract(hostile, problem), problem)
    assert time.process_time() - begun < 3.0
