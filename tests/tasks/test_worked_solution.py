"""Where a problem's worked solution stands, and what it states."""

from __future__ import annotations

from rsa_viz.core.problem import Problem
from rsa_viz.tasks import find_task
from rsa_viz.tasks.worked_solution import reference_steps, worked_solution


def test_it_stands_in_the_metadata_or_before_the_mark_in_gold() -> None:
    assert worked_solution(Problem("gsm8k", "q", "5", metadata={"solution": "2 + 3 = 5"})) == "2 + 3 = 5"
    assert worked_solution(Problem("gsm8k", "q", "2 + 3 = <<2+3=5>>5\n#### 5")) == "2 + 3 = <<2+3=5>>5\n"
    assert worked_solution(Problem("gsm8k", "q", "2 + 3 = 5\nA: 5\n")) == "2 + 3 = 5\n"


def test_a_bare_answer_a_program_and_odd_metadata_are_no_worked_solution() -> None:
    assert worked_solution(Problem("text", "q", "5")) is None
    assert worked_solution(Problem("text", "q")) is None
    assert worked_solution(Problem("gsm8k", "q", "#### 5")) is None
    assert worked_solution(Problem("text", "q", "5", metadata={"solution": ["2 + 3 = 5"]})) is None
    assert worked_solution(Problem("code", "q", metadata={"tests": [], "solution": "x = 2 + 3"})) is None


def test_its_steps_are_cut_as_a_chain_is() -> None:
    task = find_task("gsm8k")
    problem = Problem("gsm8k", "q", "2 * 3 = 6\n6 + 1 = 7\n#### 7")
    assert [step.fragment for step in reference_steps(task, problem)] == ["2*3=6", "1+6=7"]
    assert reference_steps(task, Problem("gsm8k", "q", "7")) == ()


def test_every_bundled_word_problem_states_results_of_its_own() -> None:
    task = find_task("gsm8k")
    assert all(any(step.fragment for step in reference_steps(task, one)) for one in task.problems())
