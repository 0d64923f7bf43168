"""Batches: several problems under one configuration, the earlier ones first, and what is left when one does not end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rsa_viz.core.errors import InvalidInput, InvalidPlan, InvalidProblem, NotFound
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.service import Batch, Service, unfinished_batches
from rsa_viz.service.crew import CrewAtWork
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.servers.openai_server import OpenAIServer, Reply

QUICK = RunConfig(model=ModelChoice("synthetic/fast"), n=3, k=2, t=2)
SLOW = replace(QUICK, model=ModelChoice("synthetic/speed=400"), concurrency=1)
PROBLEMS = find_task("program").problems()[:3]
DONE, PLANNED = RunStatus.DONE, RunStatus.PLANNED


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(Store(tmp_path / "runs.db"))
    yield service
    service.close()


def ids(batch: Batch) -> list[str]:
    return [run.id for run in batch.runs]


def gone_through(service: Service, run_ids: Sequence[str]) -> list[RunStatus]:
    """Start the runs as a batch, wait until it has nothing more to do, and return how they stand."""
    return ended(service, service.start_all(run_ids), run_ids)


def ended(service: Service, crew: CrewAtWork, run_ids: Sequence[str]) -> list[RunStatus]:
    crew.going.result(60)
    return [service.store.run(run_id).status for run_id in run_ids]


def test_a_batch_goes_in_its_order_and_opens_no_run_while_the_one_before_takes_every_place(service: Service) -> None:
    prompts = replace(PLAIN, name="mine", version=4)
    narrow = replace(QUICK, model=ModelChoice("synthetic/speed=4000"), concurrency=1)
    batch = service.create_all(PROBLEMS, narrow, prompts=prompts, note=" before the lecture ")
    assert [run.problem for run in batch.runs] == list(PROBLEMS)
    assert {run.status for run in batch.runs} == {PLANNED}
    assert {run.note for run in batch.runs} == {f"batch {batch.name}: before the lecture"}
    assert {run.prompts for run in batch.runs} == {prompts}
    assert service.batch(batch.name) == batch
    assert unfinished_batches(service.store) == [batch]
    assert gone_through(service, ids(batch)) == [DONE] * 3
    runs = service.batch(batch.name).runs
    assert [run.id for run in runs] == ids(batch)
    for before, after in itertools.pairwise(runs):
        last = [chain.started_at for chain in service.store.chains(before.id)]
        first = [chain.started_at for chain in service.store.chains(after.id)]
        assert max(filter(None, last)) <= min(filter(None, first))
    assert service.batch(batch.name).left == ()
    assert unfinished_batches(service.store) == []
    assert service.waiting == frozenset()


def test_a_paused_run_ends_its_batch_and_another_call_goes_on(service: Service) -> None:
    batch = service.create_all(PROBLEMS, SLOW)
    crew = service.start_all(ids(batch))
    first, second, third = ids(batch)
    while not service.store.run(first).done:
        assert third in service.waiting
    service.start_all(ids(batch))  # what waits already is not driven twice
    service.pause(first)
    assert ended(service, crew, ids(batch)) == [RunStatus.PAUSED, PLANNED, PLANNED]
    assert service.waiting == frozenset()
    assert [run.id for run in service.batch(batch.name).left] == [first, second, third]
    assert gone_through(service, [run.id for run in service.batch(batch.name).left]) == [DONE] * 3


def test_a_closed_service_leaves_the_rest_planned_for_the_next_one(service: Service, tmp_path: Path) -> None:
    batch = service.create_all(PROBLEMS, SLOW)
    service.start_all(ids(batch))
    while not service.store.run(batch.runs[0].id).done:
        assert batch.runs[2].id in service.waiting
    service.close()
    with Store(tmp_path / "runs.db") as store:
        statuses = [run.status for run in unfinished_batches(store)[0].runs]
        assert statuses[1:] == [PLANNED, PLANNED]
        again = Service(store)
        assert gone_through(again, ids(batch)[1:]) == [DONE] * 2
        again.close()


def test_done_and_deleted_runs_are_passed_over(service: Service) -> None:
    batch = service.create_all(PROBLEMS, QUICK)
    first, second, third = ids(batch)
    assert gone_through(service, [first]) == [DONE]
    crew = service.start_all([first, second, third])
    service.store.delete_run(third)
    assert ended(service, crew, [first, second]) == [DONE, DONE]
    with pytest.raises(NotFound):
        service.start_all([third])


def test_an_endpoint_that_cannot_be_used_ends_the_batch_at_its_first_run(service: Service) -> None:
    with OpenAIServer(script=lambda messages: Reply(status=401)) as server:
        config = replace(QUICK, model=ModelChoice("openai/test-model", api_base=server.address))
        batch = service.create_all(PROBLEMS, config)
        assert gone_through(service, ids(batch)) == [RunStatus.FAILED, PLANNED, PLANNED]


def test_nothing_is_stored_when_one_problem_or_setting_is_bad(service: Service) -> None:
    bad = Problem("program", "What is love?", title="no program")
    for problems, config, prompts, error, says in (
        ([*PROBLEMS, bad], QUICK, PLAIN, InvalidProblem, "no program: "),
        (PROBLEMS, replace(QUICK, k=4), PLAIN, InvalidPlan, "K = 4"),
        (PROBLEMS, QUICK, replace(PLAIN, sample="{{x}}"), InvalidInput, "{{x}}"),
        ([], QUICK, PLAIN, InvalidPlan, "1 to 1,000 problems, not 0"),
    ):
        with pytest.raises(error) as refused:
            service.create_all(problems, config, prompts=prompts)
        assert says in str(refused.value)
    assert service.store.count_runs() == 0


def test_a_batch_that_nobody_made_has_no_runs(service: Service) -> None:
    run = service.create(PROBLEMS[0], QUICK, note="a batch abcdef of cookies")
    assert service.batch("abcdef").runs == ()
    assert unfinished_batches(service.store) == []
    assert run.note == "a batch abcdef of cookies"


def test_a_batch_costs_what_its_runs_cost_one_by_one(service: Service) -> None:
    problems = [*PROBLEMS, Problem("text", "What is 2 + 3?", "5")]
    gone_through(service, [service.create(PROBLEMS[0], QUICK).id])
    prompts = replace(PLAIN, sample="Please: {{question}}")
    assert service.foresee_all(problems, QUICK, prompts) == tuple(
        service.foresee(problem, QUICK, prompts) for problem in problems
    )
    assert [one.measured for one in service.foresee_all(problems, QUICK)] == [6, 6, 6, 0]
    assert service.foresee_all([], QUICK) == ()
