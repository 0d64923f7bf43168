"""The program task: answers and steps read leniently, judged exactly."""

from __future__ import annotations

import random
import time

import pytest

from rsa_viz.core.chain import Step, Verdict, VerdictSource
from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.problem import Problem
from rsa_viz.core.program import Program, apply, draw_program, parse_program
from rsa_viz.tasks import find_task
from rsa_viz.tasks.program import LONGEST_TEXT, PROGRAM

# c = 540 = 55, d = 43, e = 98 = 1 modulo 97
QUESTION = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nd = c - a\ne = d + c\nWhat is e?"
PROBLEM = Problem("program", QUESTION, "1")
R, W, U = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN


def read(text: str) -> str | None:
    answer = PROGRAM.extract(text, PROBLEM)
    if answer is None:
        return None
    assert text[answer.start : answer.end] == answer.text
    return answer.key


def steps(text: str) -> list[tuple[str, Verdict, str | None]]:
    return [(text[step.start : step.end], step.judgement.verdict, step.fragment) for step in found(text)]


def found(text: str) -> tuple[Step, ...]:
    made = PROGRAM.steps(text, PROBLEM)
    ends = 0
    for step in made:
        assert ends <= step.start < step.end
        assert text[ends : step.start].strip() == "", "the steps lose no character"
        ends = step.end
    assert text[ends:].strip() == ""
    return made


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("\\boxed{55}", "55"),
        ("so \\boxed{ -42 } it is", "55"),
        ("\\boxed{1,000}", "30"),
        ("\\boxed{e = 1}", "1"),
        ("\\boxed{1 \\pmod{97}}", "1"),
        ("$\\boxed{\\text{1}}$", "1"),
        ("**\\boxed{1}**", "1"),
        ("\\fbox{7}", "7"),
        ("first \\boxed{5}, no: \\boxed{6}", "6"),
        ("\\boxed{5} and then \\boxed{6", "5"),
        ("\\boxed{5} and \\boxed{} and \\boxed{  }", "5"),
        ("\\boxed{5} with \\boxed{value}", "5"),
        ("\\boxed{5 or 6}", None),
        ("\\boxed 5", None),
        ("the answer is 5", "5"),
        ("The final answer is **5**.", "5"),
        ("**Answer:** e = 5", "5"),
        ("Answer: 5\nAnswer: 6", "6"),
        ("Answer:\n\n5", "5"),
        ("Answer: 5 but see \\boxed{6}", "6"),
        ("e = d + c = 43 + 55 = 98 ≡ 1 (mod 97).", "1"),
        ("e = 98\nwhich settles it", "1"),
        ("e = d + c = 43 + 55", None),
        ("e = 9", None),  # it may have been cut in 98
        ("d = 43 (mod 97).", None),
        ("I give no answer.", None),
        ("the answer is not clear", None),
        ("", None),
        ("\\boxed{0.5}", None),
        ("\\boxed{" + "9" * 10_000 + "}", None),
    ],
)
def test_the_answer_is_the_last_one_that_is_complete(text: str, key: str | None) -> None:
    assert read(text) == key


@pytest.mark.parametrize("gold", ["1", None, "98", "\\boxed{1}"])
def test_the_programs_own_value_decides(gold: str | None) -> None:
    problem = Problem("program", QUESTION, gold)
    PROGRAM.check(problem)
    for text, verdict, score in (("\\boxed{98}", R, 1.0), ("\\boxed{2}", W, 0.0), ("no idea", W, 0.0)):
        judgement = PROGRAM.judge(PROGRAM.extract(text, problem), problem)
        assert (judgement.verdict, judgement.source, judgement.score) == (verdict, VerdictSource.EXACT, score)


@pytest.mark.parametrize(("gold", "says"), [("2", "contradicts the program, which gives e = 1"), ("one", "no integer")])
def test_a_gold_answer_that_contradicts_the_program_is_refused(gold: str, says: str) -> None:
    with pytest.raises(InvalidProblem, match=says):
        PROGRAM.check(Problem("program", QUESTION, gold))


def test_a_question_that_is_no_program_is_refused() -> None:
    with pytest.raises(InvalidProblem, match="no program"):
        PROGRAM.check(Problem("program", "What is 1 + 1?"))


def test_every_line_is_a_step_and_states_its_value() -> None:
    text = "Let me see.\n\nc = a * b = 12 * 45 = 540 ≡ 55 (mod 97)\nd = c - a = 55 - 12 = 43\n\\boxed{43}\n"
    assert steps(text) == [
        ("Let me see.", U, None),
        ("c = a * b = 12 * 45 = 540 ≡ 55 (mod 97)", R, "c=55"),
        ("d = c - a = 55 - 12 = 43", R, "d=43"),
        ("\\boxed{43}", W, "e=43"),
    ]


@pytest.mark.parametrize(
    ("line", "verdict", "fragment"),
    [
        ("- **c** = a·b = 12×45 = 540 ≡ 55 (mod 97)", R, "c=55"),
        ("$c \\equiv a \\cdot b = 12 \\times 45 = 540 \\equiv 55 \\pmod{97}$", R, "c=55"),
        ("\\[ c = \\boxed{55} \\]", R, "c=55"),
        ("1. So `c` ≡ 55, as we saw", R, "c=55"),
        ("c = 540 mod 97 = 55", R, "c=55"),
        ("c = 12 x 45 = 540 % 97 = 55.", R, "c=55"),
        ("c = 540", R, "c=55"),
        ("c := 540 - 5*97 = 55;", R, "c=55"),
        ("c equals 55 here", R, "c=55"),
        ("c = a \\ast b = 12\\times45 = 1{,}000?", W, "c=30"),
        ("c = 56 modulo 97.", W, "c=56"),
        ("d = c − a = 55 − 12 = 43 .", R, "d=43"),
        ("d = -54 (mod 97).", R, "d=43"),
        ("a = 12 and that is given", R, "a=12"),
        ("b = 54 is given", W, "b=54"),
        ("c = a * b", U, None),
        ("c = 12 * 45 mod 97", U, None),
        ("a * b = 540", U, None),
        ("c is about 55", U, None),
        ("c = 55.5 or so", U, None),
        ("c is not = 55", U, None),
        ("z = 55 is no name of the program", U, None),
        ("cc = 55 is no name either", U, None),
        ("C = 55 is no name either", U, None),
        ("c = " + "9" * 10_000 + " is too long to be read", U, None),
    ],
)
def test_lines_are_read_as_models_write_them(line: str, verdict: Verdict, fragment: str | None) -> None:
    assert steps(line + "\n") == [(line, verdict, fragment)]


def test_a_line_that_states_several_values_is_cut_before_each_further_one() -> None:
    assert steps("First c = a * b = 55, then d = 55 - 12 = 44, done.") == [
        ("First c = a * b = 55, then", R, "c=55"),
        ("d = 55 - 12 = 44, done.", W, "d=44"),
    ]


def test_an_equality_goes_on_over_lines() -> None:
    assert steps("c &= a \\cdot b \\\\\n&= 12 \\cdot 45 \\\\\n&= 540 \\\\\n&\\equiv 56 \\pmod{97}\n") == [
        ("c &= a \\cdot b \\\\", U, None),
        ("&= 12 \\cdot 45 \\\\", U, None),
        ("&= 540 \\\\", R, "c=55"),
        ("&\\equiv 56 \\pmod{97}", W, "c=56"),
    ]
    assert steps("So far.\n= 12\n")[1] == ("= 12", U, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("c = 12 * 45 = 541 ≡ 56 (mod 97)", "own slip, 12 × 45 is 55 modulo 97"),
        ("c = a + b = 12 + 45 = 57 !", "own slip, the question says a × b"),
        ("c = 12 * 54 = 648 ≡ 66 (mod 97)", "own slip, b was 45 and is written as 54"),
        ("c = 45 * 13 = 585 ≡ 3 (mod 97)", "own slip, a was 12 and is written as 13"),
        ("a = 13 .", "own slip, the question gives a = 12"),
        ("d = 43\nc = 56\nd = c - a = 56 - 12 = 44 .", "carried over from c = 56 (right is 55)"),
        ("c = 56\nd = 44 .", "carried over from c = 56 (right is 55)"),
        ("c = 56\nd = c - a = 56 - 12 = 45 .", "own slip, 56 - 12 is 44 modulo 97"),
        ("d = c - a = 56 - 12 = 44 .", "own slip, c was 55 and is written as 56"),
        ("c = 56\nd = 44\ne = 56 + 44 = 100 ≡ 3 .", "carried over from d = 44 (right is 43) and c = 56 (right is 55)"),
    ],
)
def test_a_wrong_step_says_whether_it_is_an_own_slip_or_carried_over(text: str, why: str) -> None:
    step = found(text)[-1]
    assert step.judgement.verdict is W
    assert step.judgement.source is VerdictSource.EXACT
    assert step.judgement.why.endswith(why)


@pytest.mark.parametrize(
    ("text", "verdict", "why"),
    [
        (r"The final answer is \boxed{98}.", R, "e is 1"),
        ("e = d + c = 43 + 55 = 99\n\\boxed{2}", W, "e is 1, not 2: carried over from its line"),
        ("e = d + c = 43 + 55 = 98\n\\boxed{7}", W, "e is 1, not 7: own slip, it is not what the text got"),
        (r"\boxed{seven}", U, "states no value of the program"),
        (r"\boxed{}", U, "states no value of the program"),
    ],
)
def test_the_boxed_answer_is_a_step_that_states_the_asked_name(text: str, verdict: Verdict, why: str) -> None:
    last = found(text)[-1]
    assert (last.judgement.verdict, last.judgement.why) == (verdict, why)
    assert (last.fragment is None) == (verdict is U)


def test_a_number_that_ends_the_text_may_be_cut_and_is_never_called_wrong() -> None:
    assert steps("c = a * b = 12 * 45 = 5") == [("c = a * b = 12 * 45 = 5", U, None)]
    assert steps("c = a * b = 12 * 45 = 55") == [("c = a * b = 12 * 45 = 55", R, "c=55")]


def chain_of(program: Program, rng: random.Random) -> tuple[str, dict[str, tuple[bool, bool]]]:
    """A chain with slips, and for every name: is its value right, was there an own slip on its line?"""
    true, mine = program.values(), dict(program.inputs)
    rows, truth = [], {}
    for line in program.lines:
        left, right = mine[line.left], mine[line.right]
        value = apply(line.operation, left, right, program.modulus)
        slip = rng.random() < 0.2
        mine[line.name] = (value + rng.randrange(1, program.modulus)) % program.modulus if slip else value
        shown = f"{left} {line.operation} {right}"
        rows.append(f"{line.name} = {line.left} {line.operation} {line.right} = {shown} = {mine[line.name]}")
        truth[line.name] = (mine[line.name] == true[line.name], slip)
    return "\n".join(rows) + "\n", truth


def test_slips_and_what_they_carry_are_told_apart_in_random_chains() -> None:
    rng = random.Random(8)
    carried = slipped = 0
    for _ in range(200):
        program = draw_program(rng, lines=rng.randrange(3, 12))
        problem = Problem("program", program.question())
        text, truth = chain_of(program, rng)
        made = PROGRAM.steps(text, problem)
        assert len(made) == len(program.lines)
        for line, step in zip(program.lines, made, strict=True):
            right, slip = truth[line.name]
            assert (step.judgement.verdict is R) == right
            if not right:
                assert ("own slip" in step.judgement.why) == slip
                assert ("carried over" in step.judgement.why) == (not slip)
                slipped, carried = slipped + slip, carried + (not slip)
    assert slipped > 100
    assert carried > 100


def test_the_bundled_programs_are_sound_and_grow_harder() -> None:
    problems = PROGRAM.problems()
    assert len(problems) >= 12
    assert (
        len({problem.question for problem in problems}) == len({problem.title for problem in problems}) == len(problems)
    )
    for problem in problems:
        PROGRAM.check(problem)
        program = parse_program(problem.question)
        assert problem.gold == str(program.values()[program.asked])
        assert 6 <= len(program.lines) <= 12
        assert find_task(problem.task) is PROGRAM
        assert "\\boxed{value}" in PROGRAM.parts(problem).answer_hint


@pytest.mark.parametrize(
    "hostile",
    [
        "c = " * 500_000,
        "=" * 2_000_000,
        "c = 5\n" * 200_000,
        "\\boxed{" * 300_000,
        "{" * 2_000_000 + "\\boxed{1}",
        "\\boxed{x}" * 200_000,
        "\\boxed{" + "9" * 10**6 + "}",
        "9" * 10**6,
        "c = " + "9," * 500_000,
        "answer is " * 200_000,
        "\n" * 2_000_000,
        " " * 2_000_000,
        "a" * 2_000_000,
        "c - - - " * 200_000,
        "\\" * 1_000_000,
        "\x00\x1b\ud800\u2028" * 300_000,
    ],
    ids=range(16),
)
def test_hostile_texts_cost_linear_time(hostile: str) -> None:
    begun = time.process_time()
    PROGRAM.judge(PROGRAM.extract(hostile, PROBLEM), PROBLEM)
    made = PROGRAM.steps(hostile, PROBLEM)
    assert time.process_time() - begun < 6.0
    assert made == () or made[-1].end <= len(hostile)


def test_what_lies_behind_the_part_that_is_read_is_one_unknown_step() -> None:
    text = "c = 55\n" * (LONGEST_TEXT // 7 + 10)
    *_, last = found(text)
    assert (last.judgement.verdict, last.end) == (U, len(text) - 1)
    assert last.end - last.start > 20
