"""Runs to be stored, worked out by hand, that the store's tests share."""

from __future__ import annotations

from rsa_viz.core.chain import Answer, Completion, Judgement, Outcome, PromptKind, Slot, Verdict, VerdictSource
from rsa_viz.core.genealogy import Plan, PlannedChain, Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, Run, RunConfig
from rsa_viz.core.strategies import find_strategy
from rsa_viz.store import Store

PROBLEM = Problem("text", "What is 6 times 7?", "42", "Six sevens", {"level": 1, "tags": ["easy", None]})
CONFIG = RunConfig(ModelChoice("openai/small"), n=3, k=2, t=2, seed=11)

# generation 1   1.1  1.2  1.3
#                  \  / \  /
# generation 2     2.1  2.2    and 2.3, which refines 1.1
PLAN = Plan(
    (
        PlannedChain(Slot(1, 1), PromptKind.SAMPLE, (), 101),
        PlannedChain(Slot(1, 2), PromptKind.SAMPLE, (), 102),
        PlannedChain(Slot(1, 3), PromptKind.SAMPLE, (), 103, temperature=0.5),
        PlannedChain(Slot(2, 1), PromptKind.AGGREGATE, (Slot(1, 2), Slot(1, 1)), 201),
        PlannedChain(Slot(2, 2), PromptKind.AGGREGATE, (Slot(1, 2), Slot(1, 3)), 202),
        PlannedChain(Slot(2, 3), PromptKind.REFINE, (Slot(1, 1),), 203),
    )
)

RIGHT = Judgement(Verdict.RIGHT, VerdictSource.REFERENCE, 1.0, "equals the gold answer")
UNKNOWN = Judgement.unknown("no answer was read")
SHA = "ab" * 32


def small_run(store: Store, config: RunConfig = CONFIG, note: str = "") -> Run:
    """The run drawn above, planned."""
    return store.create_run(PROBLEM, config, PLAIN, PLAN, note=note)


def drawn_run(store: Store, n: int, k: int, t: int) -> Run:
    """An RSA run of any size, planned."""
    config = RunConfig(ModelChoice("openai/small"), n=n, k=k, t=t)
    plan = find_strategy("rsa").plan(n, k, t, Streams(0, PROBLEM.key))
    return store.create_run(PROBLEM, config, PLAIN, plan)


def done(t: int, i: int, text: str = "6 * 7 = 42", available: tuple[Slot, ...] = (), *, reasoning: str = "") -> Outcome:
    """A chain that came back with a text."""
    completion = Completion(text, reasoning, "stop", 20, 30, 0.25, 1.5)
    return Outcome(Slot(t, i), completion, None, 1, SHA, available, False, 1000.0, 1001.5)


def failed(t: int, i: int, available: tuple[Slot, ...] = ()) -> Outcome:
    """A chain that failed for good."""
    return Outcome(Slot(t, i), None, "the server said 500", 6, SHA, available, False, 1000.0, 1009.0)


def finish_small_run(store: Store, run_id: str) -> None:
    """1.3 fails, so 2.2 loses a parent; all others are done with the answer 42."""
    answer = Answer("42", "42", 8, 10)
    store.record(run_id, done(1, 1), answer, RIGHT, "lab")
    store.record(run_id, done(1, 2), answer, RIGHT, "lab")
    store.record(run_id, failed(1, 3), None, UNKNOWN, "lab")
    store.record(run_id, done(2, 1, available=(Slot(1, 2), Slot(1, 1))), answer, RIGHT, "lab")
    store.record(run_id, done(2, 2, available=(Slot(1, 2),)), answer, RIGHT, "lab")
    store.record(run_id, done(2, 3, available=(Slot(1, 1),)), answer, RIGHT, "lab")
