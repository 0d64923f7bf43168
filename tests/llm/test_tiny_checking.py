"""The tiny model asked about a solution: it works it out again by its own weights, and cannot summarise."""

from __future__ import annotations

import numpy as np
import pytest

from rsa_viz.core.aside import AsideKind
from rsa_viz.core.chain import Completion, Verdict
from rsa_viz.core.errors import RequestRefused
from rsa_viz.core.holes import parse_holes
from rsa_viz.core.judge_prompts import JUDGE_STEPS, read_verdicts
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice
from rsa_viz.core.verification import read_verification
from rsa_viz.llm.gateway import Gateway
from rsa_viz.llm.tiny import load
from rsa_viz.llm.tiny_checking import CANNOT_TELL, Check
from rsa_viz.llm.tiny_language import FREE, WIDTH
from rsa_viz.tasks.holes import HOLES
from rsa_viz.tasks.holes_problems import bundled

TINY = load("holes")
PROBLEM = Problem(
    "holes",
    "Work modulo 13, from left to right. Put +, - or * for every ?.\n(1) 3 ? 5 ? 7 ? 2 = 4\n(2) 4 * 9 ? 2 ? 6 = 7",
)
FITTING = ("+++", "*+*")
FAILING = ("+++", "**+")


def solution(operations: tuple[str, ...], says: str = "fits") -> str:
    """These operations worked out, a line each; every line says ``says`` of itself, true or not."""
    rows = []
    for number, (line, signs) in enumerate(zip(parse_holes(PROBLEM.question).lines, operations, strict=True), start=1):
        steps = zip(signs, line.numbers[1:], line.results(tuple(signs), 13), strict=True)
        rows.append(f"({number}) {line.numbers[0]} {', '.join(f'{s} {n} = {r}' for s, n, r in steps)}, {says}")
    return "\n".join(rows)


async def asked(prompt: str, max_tokens: int = 500, model: str = "tiny/holes") -> Completion:
    gateway = Gateway(ModelChoice(model), timeout_s=30)
    try:
        return await gateway.complete(
            ({"role": "user", "content": prompt},),
            temperature=0.1, max_tokens=max_tokens, seed=3, on_text=lambda *_: None,
        )  # fmt: skip
    finally:
        await gateway.aclose()


def about(kind: AsideKind, candidate: str) -> str:
    return PLAIN.compose_aside(kind, HOLES.parts(PROBLEM), PROBLEM, candidate)[0]["content"]


def test_the_examples_are_what_they_are_called() -> None:
    for operations, verdict in ((FITTING, Verdict.RIGHT), (FAILING, Verdict.WRONG)):
        answer = HOLES.extract(solution(operations), PROBLEM)
        assert HOLES.judge(answer, PROBLEM).verdict is verdict


@pytest.mark.parametrize("model", ["tiny/holes", "tiny/holes-direct", "tiny/holes-aggregation"])
@pytest.mark.parametrize("says", ["fits", "fails"])
@pytest.mark.parametrize(("operations", "accepts"), [(FITTING, True), (FAILING, False)])
async def test_it_verifies_by_working_out_again_and_not_by_what_the_candidate_says_of_itself(
    operations: tuple[str, ...], accepts: bool, says: str, model: str
) -> None:
    found = await asked(about(AsideKind.VERIFY, solution(operations, says)), model=model)
    lines = found.text.splitlines()
    assert read_verification(found.text) is accepts
    assert lines[-1] == str(accepts)
    assert ["".join(sign for sign in line if sign in "+-*") for line in lines[:-1]] == list(operations)
    assert found.tokens_out == 2 * WIDTH + 1


async def test_results_that_slipped_in_the_candidate_are_worked_out_anew() -> None:
    """The model is held to numbers and operations alone."""
    slipped = solution(FITTING).replace("+ 5 = 8", "+ 5 = 9").replace("+ 7 = 2", "+ 7 = 3").replace("2 = 4", "2 = 5")
    assert "9, + 7 = 3, + 2 = 5" in slipped
    assert (await asked(about(AsideKind.VERIFY, slipped))).text == f"{solution(FITTING)}\nTrue"


async def test_a_verification_that_is_cut_or_cannot_read_the_candidate_says_neither() -> None:
    cut = await asked(about(AsideKind.VERIFY, solution(FITTING)), max_tokens=2 * WIDTH)
    assert (cut.finish_reason, read_verification(cut.text)) == ("length", None)
    unread = await asked(about(AsideKind.VERIFY, solution(FITTING).splitlines()[0]))
    assert unread.text == "I am a tiny model. I cannot read every line of this candidate. I give no answer."
    assert read_verification(unread.text) is None


def test_a_line_that_says_neither_leaves_open_what_no_line_refuses() -> None:
    language = TINY.language
    rows = [language.stated(PROBLEM.question, solution(FITTING, says))[1] for says in ("fits", "fails")]
    garbled = [*rows[0][:-1], rows[0][0]]
    check = Check(language.read(PROBLEM.question))
    assert [check.says(two, language).strip() for two in ([rows[0]] * 2, rows, [rows[0], garbled])] == [
        "True", "False", CANNOT_TELL,
    ]  # fmt: skip
    assert check.says([rows[1], garbled], language).strip() == "False"
    assert read_verification(CANNOT_TELL) is None


async def test_a_summary_is_refused_and_no_solution_of_its_own_is_passed_off_as_one() -> None:
    with pytest.raises(RequestRefused, match="cannot summarise"):
        await asked(about(AsideKind.SUMMARISE, solution(FITTING)))


async def test_as_a_judge_it_says_of_each_step_what_it_makes_of_its_line() -> None:
    first, second = solution(FAILING, "fits").splitlines()
    steps = ("I begin.", second, first, second)
    prompt = JUDGE_STEPS.compose(HOLES.parts(PROBLEM), PROBLEM, steps)[0]["content"]
    said = read_verdicts((await asked(prompt)).text, len(steps))
    assert [one.verdict for one in said] == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.RIGHT, Verdict.WRONG]
    assert "states no line" in said[0].why
    assert "states no line" in said[1].why  # the last statement of a line counts
    assert said[2].why == solution(FITTING).splitlines()[0]
    other = JUDGE_STEPS.compose(HOLES.parts(PROBLEM), Problem("text", "Why?"), steps)[0]["content"]
    assert {one.verdict for one in read_verdicts((await asked(other)).text, len(steps))} == {Verdict.UNKNOWN}


def test_what_is_held_stands_and_the_rest_is_as_free_as_ever() -> None:
    reading = TINY.language.read(PROBLEM.question)
    prompts = np.array([reading.tokens, reading.tokens])
    free = np.full((2, 2 * WIDTH), FREE)

    def written(held: np.ndarray | None) -> list[list[int]]:
        rngs = [np.random.default_rng(seed) for seed in (1, 2)]
        return np.stack(list(TINY.network.write(prompts, 2, 0, 1.0, rngs, held)), axis=1).tolist()

    assert written(free) == written(None)
    held = free.copy()
    held[1] = TINY.language.checking(PROBLEM.question, TINY.language.stated(PROBLEM.question, solution(FAILING))).held
    found = written(held)
    assert found[0] == written(None)[0]
    assert [token for token, one in zip(found[1], held[1].tolist(), strict=True) if one != FREE] == [
        one for one in held[1].tolist() if one != FREE
    ]


def test_its_verifications_tell_right_from_wrong_on_what_it_writes_itself() -> None:
    """Of 20 solutions of each bundled problem those that can be read; docs/tiny-model.md tells of more."""
    told = {(verdict, accepted): 0 for verdict in (Verdict.RIGHT, Verdict.WRONG) for accepted in (True, False)}
    for problem in bundled():
        reading = TINY.language.read(problem.question)
        prompts = np.array([reading.tokens] * 20)
        rngs = [np.random.default_rng([1, seed]) for seed in range(20)]
        for row in np.stack(list(TINY.network.write(prompts, reading.lines, 0, 1.0, rngs)), axis=1).tolist():
            text = _text(row)
            stated = TINY.language.stated(problem.question, text)
            if len(stated) < reading.lines:
                continue
            check = Check(TINY.language.checking(problem.question, stated))
            held, again = np.array([check.reading.held]), [np.random.default_rng(5)]
            places = TINY.network.write(prompts[:1], reading.lines, 0, 0.1, again, held)
            rows = np.stack(list(places), axis=1).reshape(reading.lines, WIDTH).tolist()
            accepted = read_verification(check.says(rows, TINY.language))
            assert accepted is not None
            told[HOLES.judge(HOLES.extract(text, problem), problem).verdict, accepted] += 1
    assert told[Verdict.RIGHT, True] >= 0.97 * (told[Verdict.RIGHT, True] + told[Verdict.RIGHT, False]) > 25
    assert told[Verdict.WRONG, True] <= 0.02 * told[Verdict.WRONG, False]


def _text(row: list[int]) -> str:
    lines = [row[at : at + WIDTH] for at in range(0, len(row), WIDTH)]
    return "\n".join(TINY.language.line(number, line) for number, line in enumerate(lines, start=1))
