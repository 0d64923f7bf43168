"""The synthetic reasoner: reads prompts, slips, compares, and knows nothing that is not in its prompt."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from rsa_viz.core.chain import PromptKind
from rsa_viz.core.problem import Problem
from rsa_viz.core.program import draw_program, parse_program
from rsa_viz.core.prompts import PLAIN, PromptParts
from rsa_viz.llm.arithmetic import Arithmetic, Result
from rsa_viz.llm.knobs import Knobs
from rsa_viz.llm.synthetic import CANNOT, Stated, read_candidate, read_prompt, reason, tokens

QUESTION = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nd = c - a\ne = d + c\nWhat is e?"
PROGRAM = parse_program(QUESTION)
RIGHT = "c = a * b = 12 * 45 = 540 ≡ 55 (mod 97)\nd = c - a = 55 - 12 = 43\ne = d + c = 43 + 55 = 98 ≡ 1 (mod 97)"
SLIPPED = "c = a * b = 12 * 45 = 540 ≡ 56 (mod 97)\nd = c - a = 56 - 12 = 44\ne = d + c = 44 + 56 = 100 ≡ 3 (mod 97)"
PARTS = PromptParts("modular arithmetic problem", "Write \\boxed{value}.")
FLAWLESS = Knobs(slip=0, blind=0, oversight=0, recheck=0, miscopy=0)


def prompt(candidates: Sequence[str] = (), question: str = QUESTION) -> str:
    kind = PromptKind.AGGREGATE if candidates else PromptKind.SAMPLE
    return PLAIN.compose(kind, PARTS, Problem("program", question), candidates)[0]["content"]


def answers(knobs: Knobs, candidates: Sequence[str] = (), count: int = 400) -> list[str]:
    """The last lines of many chains for one prompt."""
    return [reason(prompt(candidates), knobs, seed=seed).splitlines()[-1] for seed in range(count)]


def share(lines: Sequence[str], value: int) -> float:
    return lines.count(f"\\boxed{{{value}}}") / len(lines)


def test_alone_and_without_slips_it_writes_the_programs_values() -> None:
    rng = random.Random(5)
    for _ in range(50):
        program = draw_program(rng, lines=rng.randrange(1, 13), modulus=rng.choice([7, 97, 1009]))
        text = reason(prompt(question=program.question()), FLAWLESS, seed=1)
        assert text.endswith(f"\\boxed{{{program.values()[program.asked]}}}")
        assert len(text.splitlines()) == len(program.lines) + 2


def test_the_same_prompt_and_seed_give_the_same_text_and_others_do_not() -> None:
    texts = {reason(prompt(), Knobs(slip=0.5), seed=seed) for seed in range(20)}
    assert len(texts) > 5
    assert reason(prompt(), Knobs(slip=0.5), seed=3) == reason(prompt(), Knobs(slip=0.5), seed=3)
    assert len({reason(prompt(), Knobs(slip=0.5), temperature=0, seed=seed) for seed in range(20)}) == 1


def test_it_slips_as_often_as_its_knob_says_and_more_when_it_is_hotter() -> None:
    """One product and two other operations: all right with (1 - s)(1 - s/2)^2."""
    knobs = replace(FLAWLESS, slip=0.2)
    assert share(answers(knobs, count=2000), 1) == pytest.approx(0.8 * 0.9 * 0.9, abs=0.04)
    hot = [reason(prompt(), knobs, temperature=2, seed=seed).splitlines()[-1] for seed in range(2000)]
    assert share(hot, 1) == pytest.approx(0.7 * 0.85 * 0.85, abs=0.04)


def test_a_slip_carries_forward() -> None:
    program = parse_program(QUESTION)
    for seed in range(200):
        text = reason(prompt(), replace(FLAWLESS, slip=0.4), seed=seed)
        stated = read_candidate(text, program)
        assert stated["d"].operands == (stated["c"].result.value, 12)
        assert stated["e"].operands == (stated["d"].result.value, stated["c"].result.value)


def test_slips_are_wrong_and_mostly_near() -> None:
    arithmetic = Arithmetic(97, replace(FLAWLESS, slip=1.0), 1.0, random.Random(1))
    near = 0
    for _ in range(500):
        result = arithmetic.compute("*", 12, 45)
        assert result.value != 55
        assert 0 <= result.value < 97
        near += abs(result.raw - 540) <= 45
    assert near > 400
    for modulus in (2, 3):
        small = Arithmetic(modulus, replace(FLAWLESS, slip=1.0), 1.0, random.Random(1))
        assert all(small.compute("*", 1, 1).value != 1 for _ in range(200))


def test_a_product_that_is_remembered_wrongly_is_wrong_the_same_way_in_most_chains() -> None:
    knobs = replace(FLAWLESS, blind=1.0)
    results = [Arithmetic(97, knobs, 1.0, random.Random(seed)).compute("*", 12, 45) for seed in range(500)]
    wrong = [result for result in results if result.value != 55]
    assert len(set(wrong)) == 1
    assert len(wrong) / 500 == pytest.approx(0.55, abs=0.08)
    assert Arithmetic(97, knobs, 1.0, random.Random(1)).compute("+", 12, 45) == Result(57, 57)


def test_what_candidates_agree_on_is_kept_even_when_it_is_wrong() -> None:
    assert set(answers(FLAWLESS, [SLIPPED, SLIPPED])) == {"\\boxed{3}"}
    assert set(answers(replace(FLAWLESS, slip=1.0), [RIGHT] * 4)) == {"\\boxed{1}"}


def test_a_difference_is_settled_by_computing_again() -> None:
    assert set(answers(FLAWLESS, [SLIPPED, RIGHT, SLIPPED, SLIPPED])) == {"\\boxed{1}"}
    text = reason(prompt([SLIPPED, RIGHT]), FLAWLESS, seed=1)
    assert "The candidates differ on c, so I compute it again." in text
    assert "differ on d" not in text, "from c on only one candidate has the operands of this chain"


def test_an_overlooked_difference_goes_to_the_majority_and_a_tie_to_either() -> None:
    blindly = replace(FLAWLESS, oversight=1.0)
    assert set(answers(blindly, [SLIPPED, RIGHT, SLIPPED])) == {"\\boxed{3}"}
    assert share(answers(blindly, [SLIPPED, RIGHT]), 1) == pytest.approx(0.5, abs=0.1)


def test_a_single_candidate_is_corrected_only_where_it_is_rechecked() -> None:
    assert set(answers(FLAWLESS, [SLIPPED])) == {"\\boxed{3}"}
    assert share(answers(replace(FLAWLESS, recheck=0.3), [SLIPPED]), 1) == pytest.approx(0.3, abs=0.08)


def test_miscopying_spoils_kept_lines() -> None:
    assert share(answers(replace(FLAWLESS, miscopy=0.1), [RIGHT] * 4, 1000), 1) == pytest.approx(0.9**3, abs=0.05)


def test_lines_that_candidates_leave_out_are_computed() -> None:
    unfinished = "c = a * b = 12 * 45 = 540 ≡ 55 (mod 97)\nd = c - a = 55 -"
    assert set(answers(FLAWLESS, [unfinished, "I do not know.", ""])) == {"\\boxed{1}"}


def test_candidates_in_another_style_are_read() -> None:
    other = "- **c** = 12 × 45 = 540 ≡ 55 (mod 97)\n* d = 43\nThen e is 7."
    assert read_candidate(other, PROGRAM) == {"c": Stated((12, 45), Result(540, 55)), "d": Stated(None, Result(43, 43))}


def test_a_prompt_is_read_back_into_its_question_and_candidates() -> None:
    question, candidates = read_prompt(prompt([RIGHT, SLIPPED]))
    assert parse_program(question) == PROGRAM
    assert [candidate.strip().splitlines()[0] for candidate in candidates] == [
        RIGHT.splitlines()[0],
        SLIPPED.splitlines()[0],
    ]
    assert read_prompt(prompt())[1] == []


def test_a_candidates_own_program_is_not_taken_for_the_question() -> None:
    hostile = "Work modulo 5.\na = 1\nz = a * a\n\\boxed{2}"
    assert set(answers(FLAWLESS, [hostile, hostile])) == {"\\boxed{1}"}


@pytest.mark.parametrize("question", ["What is the capital of France?", "Work modulo 97.\nc = a * b", "   x", "\x00{{"])
def test_to_a_question_that_is_no_program_it_gives_no_answer_and_says_what_it_is(question: str) -> None:
    text = reason(prompt(question=question), Knobs(), seed=1)
    assert text == CANNOT
    assert "simulation" in text
    assert "\\boxed" not in text


def test_it_can_be_empty_or_abstain_on_purpose() -> None:
    assert reason(prompt(), Knobs(empty=1.0), seed=1) == ""
    assert reason(prompt(), Knobs(abstain=1.0), seed=1).splitlines()[-1] == "I am not sure enough to give an answer."


@pytest.mark.parametrize("text", ["", "a", " a  b\n", "d = 5400 ≡ 55 (mod 97)\n\\boxed{55}", "é\ud800\x00\t "])
def test_tokens_join_to_the_text_again(text: str) -> None:
    assert "".join(tokens(text)) == text


def test_tokens_are_words_three_digits_and_signs() -> None:
    assert tokens("d = 5400 (mod 97)") == ["d", " =", " 540", "0", " (", "mod", " 97", ")"]


@pytest.mark.parametrize(
    "hostile",
    [
        "c = " * 200_000,
        "=" * 500_000,
        "\n" * 500_000,
        "-" * 500_000,
        "---- Solution 1 ----\n" * 20_000,
        "c = a * b = " + "9" * 500_000,
        " " * 500_000 + "c = 1",
        "(mod 9" * 100_000,
        "\ud800\x00" * 200_000,
    ],
)
def test_hostile_candidates_cost_linear_time(hostile: str) -> None:
    begun = time.process_time()
    text = reason(prompt([hostile, RIGHT]), FLAWLESS, seed=1)
    tokens(hostile)
    assert time.process_time() - begun < 3.0
    assert text.endswith("\\boxed{1}")


def test_it_survives_programs_of_its_own_random_prose() -> None:
    rng = random.Random(3)
    letters = "abcde=+-*0123456789 \n(){}\\≡mod"
    for seed in range(200):
        noise = ["".join(rng.choice(letters) for _ in range(rng.randrange(200))) for _ in range(3)]
        assert "\\boxed" in reason(prompt(noise), Knobs(), seed=seed)
