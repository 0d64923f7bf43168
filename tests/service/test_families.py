"""Every task family, run end to end through a real server: right and wrong answers come back as what they are."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from rsa_viz.core.chain import PromptKind, Verdict
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.service import Service, result
from rsa_viz.store import Store
from rsa_viz.tasks import TASKS, find_task, missing
from tests.servers.openai_server import OpenAIServer

WRONG = {
    "program": "\\boxed{96}",
    "holes": "\\boxed{+++ +++}",
    "text": "\\boxed{no such thing}",
    "math": "\\boxed{-7/13}",
    "gsm8k": "#### 987654",
    "multiple_choice": "\\boxed{Z}",
    "code": "```python\nprint('no')\n```",
    "reasoning_gym": "<answer>no</answer>",
}


def right(problem: Problem) -> str:
    """A text that answers a problem as its family's prompt asks."""
    if problem.task == "code":
        return f"```python\n{problem.metadata['solution']}\n```"
    if problem.task == "gsm8k":
        return f"So it is.\n#### {problem.gold}"
    if problem.task == "reasoning_gym":
        return f"<answer>{problem.gold}</answer>"
    return f"So it is.\n\\boxed{{{problem.gold}}}"


def problem_of(name: str) -> Problem:
    """The first bundled problem, or a generated one where a family bundles none."""
    bundled = find_task(name).problems()
    if bundled:
        return bundled[0]
    from rsa_viz.tasks.reasoning_gym import generate

    return generate(["chain_sum"], count=1, seed=1)[0]


@pytest.mark.parametrize("name", TASKS)
def test_a_family_is_prompted_answered_and_judged_end_to_end(name: str, tmp_path: Path) -> None:
    if (lacks := missing(name)) is not None:
        pytest.skip(lacks)
    problem = problem_of(name)
    texts = itertools.cycle([right(problem), WRONG[name]])
    with OpenAIServer(script=lambda messages: next(texts)) as server:
        service = Service(Store(tmp_path / "runs.db"))
        model = ModelChoice("openai/test-model", api_base=server.address)
        run = service.create(problem, RunConfig(model=model, n=4, k=2, t=2, concurrency=1))
        service.start(run.id)
        assert service.wait(run.id, timeout=100).status is RunStatus.DONE
    chains = service.store.chains(run.id, text=True)
    assert len(chains) == 8
    for chain in chains:
        assert chain.text is not None
        expected = Verdict.RIGHT if chain.text == right(problem) else Verdict.WRONG
        assert chain.verdict is expected, chain.verdict_why
        assert chain.verdict_why
    assert [chain.verdict for chain in chains].count(Verdict.RIGHT) == 4
    parts = find_task(name).parts(problem)
    for chain in chains:
        prompt = service.prompt(run.id, chain.slot)
        assert prompt.matches
        assert parts.answer_hint in prompt.messages[0]["content"]
        assert ("Solution 2" in prompt.messages[0]["content"]) == (chain.kind is PromptKind.AGGREGATE)
    rows = result(run, chains)["by_generation"]
    assert [row["mean"] for row in rows] == [0.5, 0.5]  # type: ignore[attr-defined]
    service.close()


def test_at_least_forty_problems_are_bundled_and_every_one_is_accepted_by_its_own_task() -> None:
    bundled = [problem for task in TASKS.values() for problem in task.problems()]
    assert len(bundled) >= 40
    assert len({problem.key for problem in bundled}) == len(bundled)
    for problem in bundled:
        task = find_task(problem.task)
        task.check(problem)
        answer = task.extract(right(problem) if problem.task != "program" else f"\\boxed{{{problem.gold}}}", problem)
        if missing(problem.task) is None:
            assert task.judge(answer, problem).verdict is Verdict.RIGHT, problem.label
