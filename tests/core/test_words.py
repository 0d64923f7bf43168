"""Slots, problems, configurations and prompts: what they accept, what they refuse, and that they say why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rsa_viz.core import errors
from rsa_viz.core.chain import PromptKind, Slot
from rsa_viz.core.errors import InvalidInput, InvalidPlan, InvalidProblem, UnknownName
from rsa_viz.core.foresight import foresee
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN, PromptParts, prompt_sha256
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.core.strategies import STRATEGIES, find_strategy

CONFIG = RunConfig(model=ModelChoice("synthetic/reasoner"))
PARTS = PromptParts("math problem", "Write the answer in a box.")
PROBLEM = Problem("text", "What is 6 times 7?", "42")


def test_a_slot_is_written_and_read_as_generation_dot_index() -> None:
    assert str(Slot(3, 12)) == "3.12"
    assert Slot.parse(" 3.12 ") == Slot(3, 12)


@pytest.mark.parametrize("text", ["", "3", "0.1", "1.0", "3.-1", "a.b", "3.1.2", "٣.١"])
def test_what_is_no_slot_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(InvalidInput, match="is no slot"):
        Slot.parse(text)


def test_a_problems_key_stands_for_task_question_and_gold_and_nothing_else() -> None:
    assert PROBLEM.key == replace(PROBLEM, title="named", metadata={"level": 1}).key
    assert len({PROBLEM.key, replace(PROBLEM, gold=None).key, replace(PROBLEM, task="program").key}) == 3
    assert len(PROBLEM.key) == 16


def test_other_options_or_tests_make_another_problem() -> None:
    one, other = (replace(PROBLEM, metadata={"options": options}) for options in (["42", "48"], ["42", "36"]))
    assert len({PROBLEM.key, one.key, other.key}) == 3


def test_a_label_is_one_line_of_at_most_eighty_characters() -> None:
    assert Problem("text", "a\nb  c").label == "a b c"
    assert len(Problem("text", "word " * 40).label) == 80


@pytest.mark.parametrize(("task", "question"), [("text", "  \n"), ("", "why?")])
def test_a_blank_question_or_task_is_no_problem(task: str, question: str) -> None:
    with pytest.raises(InvalidProblem):
        Problem(task, question)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n", 0),
        ("n", 5000),
        ("n", 2.0),
        ("n", True),
        ("k", 0),
        ("t", 0),
        ("seed", -1),
        ("max_tokens", 0),
        ("concurrency", 0),
        ("retries", -1),
        ("temperature", float("nan")),
        ("temperature", 2.1),
        ("timeout_s", 0.0),
    ],
)
def test_a_number_out_of_range_is_refused_with_its_value(field: str, value: object) -> None:
    with pytest.raises(InvalidPlan, match=str(value).replace(".", r"\.")):
        replace(CONFIG, **{field: value})


def test_a_blank_model_is_refused() -> None:
    with pytest.raises(InvalidPlan, match="model's name is empty"):
        RunConfig(model=ModelChoice("  "))


def test_only_the_synthetic_reasoner_is_a_simulation() -> None:
    assert ModelChoice("synthetic/slip=0.1").simulated
    assert not ModelChoice("openai/synthetic/x").simulated


def test_candidates_stand_numbered_in_prompt_order() -> None:
    (message,) = PLAIN.compose(PromptKind.AGGREGATE, PARTS, PROBLEM, ["first way", "second way"])
    content = message["content"]
    assert message["role"] == "user"
    assert content.index("---- Solution 1 ----\nfirst way") < content.index("---- Solution 2 ----\nsecond way")
    assert "What is 6 times 7?" in content
    assert "Write the answer in a box." in content


def test_nothing_inside_a_candidate_or_a_question_is_read_as_a_template() -> None:
    problem = Problem("text", "What does {{candidates}} mean in {{hint}}?")
    (message,) = PLAIN.compose(PromptKind.AGGREGATE, PARTS, problem, ["{{question}}", r"\1 {{noun}} $x"])
    assert "What does {{candidates}} mean in {{hint}}?" in message["content"]
    assert "---- Solution 1 ----\n{{question}}" in message["content"]
    assert "\\1 {{noun}} $x" in message["content"]


def test_a_child_with_one_parent_left_refines_and_one_with_none_samples() -> None:
    alone = PLAIN.compose(PromptKind.SAMPLE, PARTS, PROBLEM)
    assert PLAIN.compose(PromptKind.AGGREGATE, PARTS, PROBLEM, []) == alone
    (refined,) = PLAIN.compose(PromptKind.AGGREGATE, PARTS, PROBLEM, ["one way"])
    assert "one candidate solution" in refined["content"]


def test_a_prompts_hash_changes_with_any_character() -> None:
    one = PLAIN.compose(PromptKind.REFINE, PARTS, PROBLEM, ["one way"])
    other = PLAIN.compose(PromptKind.REFINE, PARTS, PROBLEM, ["one way!"])
    assert prompt_sha256(one) != prompt_sha256(other)
    assert prompt_sha256(one) == prompt_sha256(tuple(dict(message) for message in one))
    assert len(prompt_sha256(({"role": "user", "content": "\ud800"},))) == 64


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match=r"no strategy is called 'rsb'; there are: .*rsa"):
        find_strategy("rsb")


def test_a_run_is_foreseen_in_calls_links_and_tokens() -> None:
    plan = STRATEGIES["rsa"].plan(4, 2, 3, Streams(0, PROBLEM.key))
    seen = foresee(plan, PROBLEM, PLAIN, PARTS, tokens_a_chain=100.0, measured=7)
    assert (seen.calls, seen.generations, seen.aggregations, seen.links) == (12, 3, 2, 16)
    assert seen.tokens_out == 1200
    assert seen.measured == 7
    question = len(PLAIN.compose(PromptKind.SAMPLE, PARTS, PROBLEM)[0]["content"]) / 4
    frame = len(PLAIN.compose(PromptKind.AGGREGATE, PARTS, PROBLEM, ["", ""])[0]["content"]) / 4
    assert seen.longest_prompt == round(frame + 200)
    assert seen.tokens_in == round(4 * question + 8 * (frame + 200))


def test_the_drawn_tree_of_errors_is_the_tree_of_classes() -> None:
    drawn = [line for line in (errors.__doc__ or "").splitlines() if line.strip("│ ").startswith(("├──", "└──"))]
    parents = ["RsaVizError"]
    for line in drawn:
        start = line.index("── ")
        name = line[start + 3 :].split()[0]
        depth = (start - 5) // 4 + 1
        parents = [*parents[:depth], name]
        assert getattr(errors, name).__bases__ == (getattr(errors, parents[depth - 1]),), name
    classes = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert classes - {"RsaVizError"} == {line[line.index("── ") + 3 :].split()[0] for line in drawn}
