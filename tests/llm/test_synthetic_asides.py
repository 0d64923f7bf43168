"""The synthetic reasoner asked about one candidate: it looks for slips and writes summaries, from the prompt alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rsa_viz.core.aside import AsideKind
from rsa_viz.core.chain import PromptKind
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.llm.knobs import Knobs
from rsa_viz.llm.synthetic import CANNOT, reason
from rsa_viz.llm.synthetic_asides import NOTHING, about
from rsa_viz.tasks.program import PROGRAM

PROBLEM = Problem("program", "Work modulo 97.\na = 12\nb = 45\nc = a * b\nd = c - a\nWhat is d?", "43")
RIGHT = "c = a * b = 12 * 45 = 540 ≡ 55 (mod 97)\nd = c - a = 55 - 12 = 43\n\\boxed{43}"
PERFECT = Knobs(slip=0.0, blind=0.0, oversight=0.0, miscopy=0.0)


def asked(kind: AsideKind, candidate: str, problem: Problem = PROBLEM) -> str:
    (message,) = PLAIN.compose_aside(kind, PROGRAM.parts(problem), problem, candidate)
    return message["content"]


@pytest.mark.parametrize(
    ("candidate", "said"),
    [
        (RIGHT, "True"),
        (RIGHT.replace("= 43", "= 44").replace("{43}", "{44}"), "False"),  # a slip
        (RIGHT.replace("\\boxed{43}", ""), "False"),  # no answer
        (RIGHT.replace("{43}", "{55}"), "False"),  # another answer than its line
        (RIGHT.replace("55 - 12 = 43", "54 - 12 = 42").replace("{43}", "{42}"), "False"),  # another number than it has
        ("\\boxed{43}", "True"),  # worked out by itself
        ("c = 55\nd = 43\n\\boxed{43}", "True"),
    ],
)
def test_without_slips_of_its_own_it_finds_every_slip(candidate: str, said: str) -> None:
    assert about(asked(AsideKind.VERIFY, candidate), PERFECT) == said


def test_it_reads_over_slips_and_finds_slips_that_are_none() -> None:
    wrong = RIGHT.replace("= 43", "= 44").replace("{43}", "{44}")
    assert about(asked(AsideKind.VERIFY, wrong), replace(PERFECT, oversight=1.0)) == "True"
    said = [about(asked(AsideKind.VERIFY, wrong), Knobs(), temperature=0.1, seed=seed) for seed in range(200)]
    assert 0.2 < said.count("False") / 200 < 0.7
    said = [about(asked(AsideKind.VERIFY, RIGHT), replace(PERFECT, slip=1.0), seed=seed) for seed in range(200)]
    assert 0 < said.count("False") < 200


def test_a_summary_has_the_stated_results_and_not_how_they_came_about() -> None:
    assert about(asked(AsideKind.SUMMARISE, RIGHT), PERFECT) == "c = 55\nd = 43\n\\boxed{43}"
    assert about(asked(AsideKind.SUMMARISE, "I see nothing."), PERFECT) == NOTHING
    garbled = about(asked(AsideKind.SUMMARISE, RIGHT), replace(PERFECT, miscopy=1.0))
    assert garbled is not None
    assert not {"c = 55", "d = 43"} & set(garbled.splitlines())


def test_a_child_can_go_on_from_summaries() -> None:
    (message,) = PLAIN.compose(
        PromptKind.AGGREGATE, PROGRAM.parts(PROBLEM), PROBLEM, ["c = 55\nd = 43\n\\boxed{43}"] * 2
    )
    assert reason(message["content"], replace(PERFECT, recheck=0.0)).endswith("d = c - a = 55 - 12 = 43\n\\boxed{43}")


@pytest.mark.parametrize("kind", [None, *AsideKind])
def test_it_answers_what_it_is_asked_and_nothing_else(kind: AsideKind | None) -> None:
    for candidates in ([], [RIGHT], [RIGHT, "This summary is False or True."]):
        (message,) = PLAIN.compose(PromptKind.AGGREGATE, PROGRAM.parts(PROBLEM), PROBLEM, candidates)
        assert about(message["content"], Knobs()) is None
    if kind is not None:
        riddle = Problem("text", "What walks on four legs?")
        assert about(asked(kind, "A man.", riddle), Knobs()) == CANNOT
        assert about(asked(kind, RIGHT), replace(PERFECT, empty=1.0)) == ""
        same = {about(asked(kind, RIGHT), Knobs(), temperature=0.0, seed=seed) for seed in range(20)}
        assert len(same) == 1
