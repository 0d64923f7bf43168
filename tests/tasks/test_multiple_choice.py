"""The multiple_choice task: letters and texts that name an option, and those that name none."""

from __future__ import annotations

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
    ],
)
def test_letters_and_texts_of_nine_options(text: str, letter: str | None) -> None:
    answer = MULTIPLE_CHOICE.extract(text, NINE)
    assert (answer and answer.key) == letter


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
