"""The worked solution of a problem, where it has one, and the steps that it states. Knows no run."""

from __future__ import annotations

import re

from ..core.chain import Step
from ..core.problem import Problem
from .task import Task

_MARK = re.compile(r"####|(?<=\n)[ \t]{0,8}A:(?=[^\n]*\s*\Z)")


def worked_solution(problem: Problem) -> str | None:
    """The text of ``metadata["solution"]``, else what stands in the gold answer before ``####`` or a last ``A: 7``, as
    GSM8K has it.

    None when there is neither, and for a problem with tests: what solves that is a program and states no results.
    """
    if "tests" in problem.metadata:
        return None
    solution = problem.metadata.get("solution")
    if not isinstance(solution, str):
        marks = list(_MARK.finditer(problem.gold or ""))
        solution = (problem.gold or "")[: marks[-1].start()] if marks else ""
    return solution if solution.strip() else None


def reference_steps(task: Task, problem: Problem) -> tuple[Step, ...]:
    """The worked solution cut into steps as the task cuts a chain's text, so that both state the same fragments.

    Empty without a worked solution.
    """
    solution = worked_solution(problem)
    return () if solution is None else task.steps(solution, problem)
