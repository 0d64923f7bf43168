"""The command run: one problem, or a batch of them one after the other, with one line of JSON a run."""

from __future__ import annotations

import argparse

from ..core.errors import InvalidInput, InvalidProblem
from ..core.run import RunStatus
from . import drive
from .given import given_problems, given_prompts
from .money import foretell
from .opening import open_service
from .saying import remark


def run(options: argparse.Namespace) -> int:
    """Record new runs and drive them to their ends. The exit code is the first one that is not 0.

    A batch ends early when it is interrupted, and when a run cannot go on at all: its endpoint is the others' too.
    """
    if options.problems is None:
        if options.limit is not None or options.column:
            raise InvalidInput("--limit and --column go with --problems")
        return drive.run(options)
    if options.answer is not None:
        raise InvalidInput("--answer goes with --question or --problem; the problems of a file have their own")
    if options.limit is not None and options.limit < 1:
        raise InvalidInput(f"--limit must be at least 1, not {options.limit}")
    service = open_service(options)
    prompts = given_prompts(service, options.prompts)
    found = given_problems(options.problems, task=options.task, columns=options.column, limit=options.limit)
    for refused in found.refused:
        remark(f"rsa_viz: row {refused.number} of {options.problems}: {refused.reason}")
    problems = found.problems[: options.limit]
    if not problems:
        raise InvalidProblem(f"{options.problems} holds no problem that can be run")
    config = drive.config_of(service, options, problems[0].task)
    made = service.create_all(problems, config, prompts=prompts, note=options.note)
    foretell(service, problems, config, prompts)
    drive.warn(service, problems, config)
    worst = 0
    for number, run in enumerate(made.runs, start=1):
        problem = run.problem
        remark(f"problem {number} of {len(problems)}: {problem.label} ({problem.task})")
        code = drive.drive(service, run)
        worst = worst or code
        ended = service.store.run(run.id).status
        if code == 130 or ended is RunStatus.FAILED:
            if left := len(problems) - number:
                remark(
                    f"rsa_viz: {left} of {len(problems)} problems were not begun; they are planned "
                    f"(python -m rsa_viz runs --search 'batch {made.name}')",
                )
            break
    return worst
