"""Models judge steps: over HTTP with good and bad replies, stopped and gone on with, failed calls recorded."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rsa_viz.analysis.agreement import agreement
from rsa_viz.analysis.judged_steps import by_judge
from rsa_viz.core.access import Access
from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.errors import InvalidInput, ReadOnly
from rsa_viz.core.judge_prompts import JUDGE_STEPS
from rsa_viz.core.prompts import prompt_sha256
from rsa_viz.core.run import ModelChoice, Run, RunConfig
from rsa_viz.core.step_judging import newest_judgings
from rsa_viz.engine.scheduler import Ending
from rsa_viz.service import Service
from rsa_viz.service.step_judging import foresee_judging, judgeable
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.servers.openai_server import OpenAIServer, Reply

WAIT_S = 60


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Store(tmp_path / "runs.db") as store:
        service = Service(store, ())
        yield service
        service.close()


def finished(service: Service, n: int = 4, t: int = 2, retries: int = 1) -> Run:
    config = RunConfig(ModelChoice("synthetic/slip=0.4,speed=0"), n=n, k=2, t=t, retries=retries)
    run = service.create(find_task("program").problems()[0], config)
    service.start(run.id)
    return service.wait(run.id, WAIT_S)


def asked_steps(messages: object) -> int:
    """How many steps a prompt asks about."""
    found = re.search(r"judge steps 1 to (\d+)", str(messages))
    assert found is not None
    return int(found[1])


def over_http(server: OpenAIServer) -> ModelChoice:
    return ModelChoice("openai/judge", api_base=server.address)


def test_a_server_judges_every_chain_once_and_what_it_writes_is_read_strictly(service: Service) -> None:
    run = finished(service)

    def script(messages: object) -> str:
        count = asked_steps(messages)
        return "Sure!\n" + "\n".join(f"{number}: right – fine" for number in range(1, count)) + f"\n{count} wrong"

    with OpenAIServer(script=script) as server:
        service.step_judgings.start(run.id, over_http(server))
        progress = service.step_judgings.wait(run.id, WAIT_S)
        assert progress is not None
        assert (progress.ending, progress.done, progress.failed, progress.calls) == (Ending.DONE, 8, 0, 8)
        assert server.requests == 8
        service.step_judgings.start(run.id, over_http(server))  # all is said
        again = service.step_judgings.wait(run.id, WAIT_S)
        assert again is not None
        assert (again.ending, again.calls, server.requests) == (Ending.DONE, 0, 8)
        prompts = {prompt_sha256(tuple(entry["body"]["messages"])) for entry in server.log}
        assert {entry["body"]["temperature"] for entry in server.log} == {0.0}
    judgings = service.store.step_judgings(run.id)
    assert {one.prompt_sha256 for one in judgings} == prompts
    for judging in judgings:
        steps = service.steps(run, service.store.chain(run.id, judging.slot))
        assert [(one.start, one.end) for one in judging.verdicts] == [(step.start, step.end) for step in steps]
        *others, last = (one.verdict for one in judging.verdicts)
        assert set(others) == {Verdict.RIGHT}
        assert last is Verdict.UNKNOWN
        assert (judging.prompt, judging.tokens_out is not None) == (JUDGE_STEPS.label, True)


def test_a_failed_call_is_recorded_and_made_again_when_asked_again(service: Service) -> None:
    run = finished(service, n=2, t=1)
    broken = threading.Event()
    broken.set()

    def script(messages: object) -> Reply:
        if broken.is_set():
            return Reply(status=400, error="this model judges nobody")
        return Reply("1: unknown – a heading")

    with OpenAIServer(script=script) as server:
        service.step_judgings.start(run.id, over_http(server))
        progress = service.step_judgings.wait(run.id, WAIT_S)
        assert progress is not None
        assert (progress.done, progress.failed) == (0, 2)
        newest = newest_judgings(service.store.step_judgings(run.id), "openai/judge")
        assert all("judges nobody" in (one.error or "") and one.text is None for one in newest.values())
        broken.clear()
        service.step_judgings.start(run.id, over_http(server), slots={Slot(1, 2)})
        progress = service.step_judgings.wait(run.id, WAIT_S)
        assert progress is not None
        assert (progress.calls, progress.done) == (1, 1)
    assert service.step_judgings.judged(run.id, "openai/judge") == {Slot(1, 2)}


def test_it_can_be_stopped_and_goes_on_with_what_is_missing(service: Service) -> None:
    run = finished(service, n=6, t=1)
    answered: list[int] = []
    two = threading.Event()

    def script(messages: object) -> Reply:
        answered.append(asked_steps(messages))
        if len(answered) <= 2:
            return Reply("1: right – yes")
        two.set()
        return Reply("1: right – yes", hang_after=0)

    with OpenAIServer(script=script) as server:
        service.step_judgings.start(run.id, over_http(server), concurrency=1)
        assert two.wait(WAIT_S)
        with pytest.raises(InvalidInput, match="is being judged by openai/judge"):
            service.step_judgings.start(run.id, ModelChoice("synthetic/fast"))
        service.step_judgings.stop(run.id)
        progress = service.step_judgings.wait(run.id, WAIT_S)
        assert progress is not None
        assert (progress.ending, progress.done, progress.in_flight) == (Ending.STOPPED, 2, 0)
    with OpenAIServer(script=lambda messages: "1: right – yes") as server:
        service.step_judgings.start(run.id, over_http(server))
        progress = service.step_judgings.wait(run.id, WAIT_S)
        assert progress is not None
        assert (progress.ending, progress.done, server.requests) == (Ending.DONE, 4, 4)


def test_an_endpoint_that_answers_no_call_ends_it_with_the_reason(service: Service) -> None:
    run = finished(service, n=2, t=1)
    with OpenAIServer(key="secret") as server:
        service.step_judgings.start(run.id, over_http(server))
        progress = service.step_judgings.wait(run.id, WAIT_S)
    assert progress is not None
    assert progress.ending is Ending.UNUSABLE
    assert progress.error
    assert service.store.step_judgings(run.id) == []


def test_judges_stand_side_by_side_and_a_perfect_one_agrees_with_the_exact_verdict(service: Service) -> None:
    run = finished(service)
    perfect, sloppy = "synthetic/slip=0,blind=0,speed=0", "synthetic/slip=0.9,speed=0"
    for model in (perfect, sloppy):
        service.step_judgings.start(run.id, ModelChoice(model))
        service.step_judgings.wait(run.id, WAIT_S)
    judgings = service.store.step_judgings(run.id)
    chains = service.store.chains(run.id, text=True)
    exact = {chain.slot: service.steps(run, chain) for chain in chains}
    found = {model: agreement(exact, by_judge(exact, newest_judgings(judgings, model))) for model in (perfect, sloppy)}
    assert found[perfect].agreed == found[perfect].known > 0
    assert found[sloppy].agreed < found[sloppy].known


def test_the_cost_counts_what_is_still_to_be_asked(service: Service) -> None:
    run = finished(service)
    chains = service.store.chains(run.id, text=True)
    steps = {chain.slot: service.steps(run, chain) for chain in chains}
    first = judgeable(chains, t=1)
    assert first == [Slot(1, i) for i in range(1, 5)]
    cost = foresee_judging(run, chains, steps, first, {Slot(1, 1)})
    assert (cost.calls, cost.judged) == (3, 1)
    assert cost.steps == sum(len(steps[Slot(1, i)]) for i in (2, 3, 4))
    exact = [
        len(message["content"])
        for i in (2, 3, 4)
        for message in JUDGE_STEPS.compose(
            find_task("program").parts(run.problem),
            run.problem,
            [(chains[i - 1].text or "")[step.start : step.end] for step in steps[Slot(1, i)]],
        )
    ]
    assert cost.tokens_in == pytest.approx(sum(exact) / 4, rel=0.05)
    assert foresee_judging(run, chains, steps, [], set()).calls == 0


def test_where_nothing_may_be_changed_nobody_is_asked(service: Service) -> None:
    run = finished(service, n=2, t=1)
    shown = Service(service.store, (), access=Access(read_only=True))
    with pytest.raises(ReadOnly):
        shown.step_judgings.start(run.id, ModelChoice("synthetic/fast"))
