"""The command problems: what is bundled, and what Reasoning Gym can generate."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ..core.errors import InvalidInput
from ..core.problem import Problem
from .saying import remark, say, say_json


def problems(options: argparse.Namespace) -> int:
    """List problems, one a line or as a JSON list that ``run --problems FILE.json`` reads."""
    listed = _generated(options) if options.generate is not None else _bundled(options.task)
    if options.json:
        say_json([_plain(problem) for problem in listed], indent=2)
        return 0
    for problem in listed:
        tests = problem.metadata.get("tests")
        gold = " ".join((problem.gold or (f"{len(tests)} tests" if isinstance(tests, list | tuple) else "?")).split())
        say(f"{problem.task:<16} {gold if len(gold) <= 20 else gold[:19] + '…':<20} {problem.label}")
    return 0


def _bundled(task: str | None) -> list[Problem]:
    from ..tasks import TASKS, find_task, missing

    chosen = list(TASKS.values()) if task is None else [find_task(task)]
    for one in chosen:
        if (why := missing(one.name)) is not None:
            remark(f"rsa_viz: {one.name}: {why}")
    if task == "reasoning_gym":
        from ..tasks.reasoning_gym import GROUPS

        remark("rsa_viz: --generate NAME makes such problems; NAME is a generator or a group:")
        for group, names in GROUPS.items():
            remark(f"  {group}: {', '.join(names)}")
    return [problem for one in chosen for problem in one.problems()]


def _generated(options: argparse.Namespace) -> list[Problem]:
    from ..tasks.reasoning_gym import generate, names_of

    if options.task not in (None, "reasoning_gym"):
        raise InvalidInput(f"--generate makes problems of the task reasoning_gym, not {options.task!r}")
    return list(generate(names_of(options.generate), count=options.count, seed=options.seed))


def _plain(problem: Problem) -> dict[str, object]:
    return {**asdict(problem), "metadata": dict(problem.metadata)}
