"""The command segment: the steps of a text and the fragments that they state, without a run and without a database."""

from __future__ import annotations

import argparse

from ..core.problem import Problem
from .judging import NO_QUESTION, given_text
from .saying import say_json


def segment(options: argparse.Namespace) -> int:
    """Print one JSON object: task, characters, steps and fragments."""
    from ..analysis.reference import Reference
    from ..tasks import find_task

    problem = Problem(options.task, options.question or NO_QUESTION, None)
    task = find_task(problem.task)
    text = given_text(options.text)
    steps = task.steps(text, problem)
    if options.solution is not None:
        steps = Reference(task.steps(given_text(options.solution), problem)).judged(steps)
    told = {
        "task": problem.task,
        "characters": len(text),
        "steps": [
            {
                "start": step.start,
                "end": step.end,
                "text": text[step.start : step.end],
                "fragment": step.fragment,
                "verdict": step.judgement.verdict.value,
                "source": step.judgement.source.value,
                "why": step.judgement.why,
            }
            for step in steps
        ],
        "fragments": list(dict.fromkeys(step.fragment for step in steps if step.fragment is not None)),
    }
    say_json(told)
    return 0
