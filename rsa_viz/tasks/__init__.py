"""Task families, one file each, behind the interface in ``task``. One registry line a task."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.errors import UnknownName
from ..core.problem import Problem
from .code import CODE
from .gsm8k import GSM8K
from .holes import HOLES
from .math import MATH
from .multiple_choice import MULTIPLE_CHOICE
from .program import PROGRAM
from .reasoning_gym import REASONING_GYM
from .task import Requires, Task
from .text import TEXT

TASKS: Mapping[str, Task] = {
    task.name: task for task in (PROGRAM, HOLES, TEXT, MATH, GSM8K, MULTIPLE_CHOICE, CODE, REASONING_GYM)
}


def find_task(name: str) -> Task:
    """The task called ``name``. Raises UnknownName."""
    try:
        return TASKS[name]
    except KeyError:
        raise UnknownName("task", name, TASKS) from None


def missing(name: str) -> str | None:
    """What the task called ``name`` needs and is not on this machine, with how to add it; None when nothing is missing.

    Such a task is listed all the same: what was recorded of it can be read. Raises UnknownName.
    """
    task = find_task(name)
    return task.missing() if isinstance(task, Requires) else None


def opening_problem(task: str = HOLES.name) -> Problem:
    """The bundled problem of a task that a newcomer is offered: the middle one, neither trivial nor hopeless.

    Without a task, of the one that the app begins with. Raises UnknownName, and IndexError where a task bundles none.
    """
    problems = find_task(task).problems()
    return problems[len(problems) // 2]


__all__ = ["TASKS", "Task", "find_task", "missing", "opening_problem"]
