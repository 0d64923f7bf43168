"""The command judge: what a task reads from a text and says of it, without a run and without a database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ..core.errors import InvalidInput, InvalidProblem
from ..core.problem import Problem
from .given import read_problem
from .saying import say_json

NO_QUESTION = "(no question given)"


def judge(options: argparse.Namespace) -> int:
    """Print one JSON object: answer, key, start, end, verdict, score, source, why."""
    from ..tasks import find_task

    problem = _problem(options)
    task = find_task(problem.task)
    task.check(problem)
    answer = task.extract(given_text(options.text), problem)
    judgement = task.judge(answer, problem)
    told = {
        "answer": answer.text if answer else None,
        "key": answer.key if answer else None,
        "start": answer.start if answer else None,
        "end": answer.end if answer else None,
        "verdict": judgement.verdict.value,
        "score": judgement.score,
        "source": judgement.source.value,
        "why": judgement.why,
    }
    say_json(told)
    return 0


def _problem(options: argparse.Namespace) -> Problem:
    if options.problem is not None:
        if options.question is not None or options.options is not None:
            raise InvalidInput("--problem FILE holds the question and the options; leave the others out")
        return read_problem(options.problem, options.task, options.gold)
    if options.task is None:
        raise InvalidInput("name the task with --task, or give a whole problem with --problem")
    metadata: dict[str, object] = {}
    if options.options is not None:
        try:
            metadata["options"] = json.loads(options.options)
        except (ValueError, RecursionError) as failure:
            raise InvalidInput(f"--options must be a JSON list of texts: {failure}") from None
    return Problem(options.task, options.question or NO_QUESTION, options.gold, metadata=metadata)


def given_text(source: str) -> str:
    """The text of a file, or of standard input for ``-``. Raises InvalidProblem."""
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as failure:
        raise InvalidProblem(f"cannot read {source}: {failure.strerror}") from None
    return data.decode("utf-8", errors="replace")
