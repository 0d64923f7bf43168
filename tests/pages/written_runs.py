"""Runs recorded without an engine: the test says what each chain writes. For pages that only read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from rsa_viz.core.chain import Completion, Outcome, Slot
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN, prompt_sha256
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.core.strategies import find_strategy
from rsa_viz.store import Store, owner_name
from rsa_viz.tasks import find_task

Write = Callable[[Slot, str, int], str | None]
"""What the chain at a slot writes, from its prompt and seed; None when its call fails for good."""


def written_run(
    store: Store,
    problem: Problem,
    write: Write,
    *,
    n: int,
    k: int,
    t: int,
    until: int | None = None,
    live: bool = False,
) -> Run:
    """Record a run up to generation ``until`` (default: all of it). ``live`` leaves it held by this process."""
    config = RunConfig(ModelChoice("synthetic/written"), n=n, k=k, t=t, seed=7)
    plan = find_strategy("rsa").plan(n, k, t, Streams(config.seed, problem.key))
    run = store.create_run(problem, config, PLAIN, plan)
    owner = owner_name()
    store.claim(run.id, owner)
    record_generations(store, run, write, 1, t if until is None else until)
    if not live:
        whole = until is None or until == t
        store.release(run.id, owner, RunStatus.DONE if whole else RunStatus.STOPPED)
    return store.run(run.id)


def record_generations(store: Store, run: Run, write: Write, first: int, last: int) -> None:
    """Record what the chains of generations ``first`` to ``last`` write."""
    task, problem = find_task(run.problem.task), run.problem
    plan = store.plan(run.id)
    texts = {chain.slot: chain.text for chain in store.chains(run.id, text=True)}
    for planned in (one for row in plan.generations[first - 1 : last] for one in row):
        available = tuple(parent for parent in planned.parents if texts[parent])
        candidates = [text for parent in available if (text := texts[parent])]
        messages = PLAIN.compose(planned.kind, task.parts(problem), problem, candidates)
        text = write(planned.slot, messages[0]["content"], planned.seed)
        texts[planned.slot] = text
        now = time.time()
        outcome = Outcome(
            slot=planned.slot,
            completion=None if text is None else Completion(text, "", "stop", 300, len(text.split()), 0.1, 1.5),
            error="the server failed (500) 6 times" if text is None else None,
            attempts=6 if text is None else 1,
            prompt_sha256=prompt_sha256(messages),
            available=available,
            fresh=bool(planned.parents) and not available,
            started_at=now - 1.5,
            ended_at=now,
        )
        answer = task.extract(text, problem) if text is not None else None
        store.record(run.id, outcome, answer, task.judge(answer, problem), "test")


def problem_without_gold(problem: Problem) -> Problem:
    """The same question as a text nobody can judge."""
    return replace(problem, task="text", gold=None)
