"""Recorded runs that the tests of exports share: the test says what each chain writes."""

from __future__ import annotations

from collections.abc import Callable

from rsa_viz.core.chain import Completion, Outcome, Slot
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN, prompt_sha256
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.core.strategies import find_strategy
from rsa_viz.store import Store, owner_name
from rsa_viz.tasks import find_task

SUM = Problem("text", "What is 6 times 7?", "42", "Six sevens", {"level": 1})
OPEN = Problem("text", "Is it warm?", None, "Warm")
LAB = ModelChoice("openai/small", "http://gpu7.lab.example:8123/v1", "LAB_SECRET_KEY", "basement")
"""A server whose address, name and key's place are nobody else's business."""


def recorded(
    store: Store,
    problem: Problem,
    write: Callable[[Slot], str | None],
    *,
    n: int,
    k: int,
    t: int,
    model: ModelChoice = LAB,
    until: int | None = None,
    seed: int = 3,
) -> Run:
    """A run whose chains write what ``write`` says, None for a call that fails with the server's address in its error;
    generations after ``until`` stay planned."""
    config = RunConfig(model, n=n, k=k, t=t, seed=seed)
    plan = find_strategy("rsa").plan(n, k, t, Streams(config.seed, problem.key))
    run = store.create_run(problem, config, PLAIN, plan)
    owner, task, last = owner_name(), find_task(problem.task), t if until is None else until
    store.claim(run.id, owner)
    texts: dict[Slot, str | None] = {}
    for planned in (one for one in plan if one.slot.t <= last):
        available = tuple(parent for parent in planned.parents if texts[parent])
        candidates = [text for parent in available if (text := texts[parent])]
        text = texts[planned.slot] = write(planned.slot)
        sent = PLAIN.compose(planned.kind, task.parts(problem), problem, candidates)
        outcome = Outcome(
            slot=planned.slot,
            completion=None if text is None else Completion(text, "", "stop", 30, 12, 0.25, 1.5),
            error=f"no answer from {model.api_base} in 5 s" if text is None else None,
            attempts=1,
            prompt_sha256=prompt_sha256(sent),
            available=available,
            fresh=bool(planned.parents) and not available,
            started_at=1_000_000_000.25 + planned.slot.t,
            ended_at=1_000_000_001.75 + planned.slot.t,
        )
        answer = task.extract(text, problem) if text is not None else None
        store.record(run.id, outcome, answer, task.judge(answer, problem), f"basement at {model.api_base}")
    store.release(run.id, owner, RunStatus.DONE if last == t else RunStatus.STOPPED)
    return store.run(run.id)


def sevens(slot: Slot) -> str | None:
    """Right in even slots, wrong in odd ones; the third chain of generation 1 fails."""
    if slot == Slot(1, 3):
        return None
    return f"6 * 7 = {42 if slot.i % 2 == 0 else 41}\n\nThe answer is \\boxed{{{42 if slot.i % 2 == 0 else 41}}}."
