"""Runs whose children another model writes, on two real servers: who is asked what, with which key, at what cost."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.core.access import Access
from rsa_viz.core.aside import AsideKind
from rsa_viz.core.chain import Chain, ChainStatus, PromptKind, Slot
from rsa_viz.core.errors import InvalidEndpoint, InvalidPlan
from rsa_viz.core.fork import OtherModel
from rsa_viz.core.price import Price
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Candidates, ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.llm.endpoints import BUILT_IN, Endpoint
from rsa_viz.service import Keys, Service, foresee_prepared, prepare_fork, prepare_leave_one_out, result
from rsa_viz.store import Store
from rsa_viz.tasks import opening_problem
from tests import processes
from tests.servers.openai_server import OpenAIServer, Reply

SUM = Problem("math", "What is 2 + 2?", "4")
CHILD, ABOUT = "candidate solution", "Now write the summary"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(Store(tmp_path / "runs.db"))
    yield service
    service.close()


def saying(text: str, **settings: Any) -> OpenAIServer:
    return OpenAIServer(script=lambda _: Reply(f"{text}\n\\boxed{{4}}"), **settings)


def on(samples: OpenAIServer, children: OpenAIServer, **changes: Any) -> RunConfig:
    """A small run whose samples one server writes and whose children another one."""
    config = RunConfig(
        ModelChoice("openai/a", samples.address),
        aggregator=ModelChoice("openai/b", children.address),
        n=4, k=2, t=3, retries=0,
    )  # fmt: skip
    return replace(config, **changes)


def driven(service: Service, config: RunConfig, problem: Problem = SUM, **keys: str) -> tuple[Run, list[Chain]]:
    run = service.create(problem, config)
    service.start(run.id, **keys)
    ended = service.wait(run.id, timeout=60)
    assert ended.status is RunStatus.DONE, ended.error
    return ended, service.store.chains(run.id, text=True)


def prompts(server: OpenAIServer) -> list[str]:
    """What it was asked; of a connection that was cut before it had said anything, nothing."""
    return [entry["body"]["messages"][0]["content"] for entry in server.log if entry["body"] is not None]


def kinds(server: OpenAIServer) -> Counter[str]:
    """What was asked of a server, by the words that only such prompts have."""
    return Counter(
        "summary" if ABOUT in prompt else "child" if CHILD in prompt.lower() else "sample" for prompt in prompts(server)
    )


def test_one_server_is_asked_for_the_samples_and_the_other_for_the_children_and_no_key_is_crossed(
    service: Service,
) -> None:
    with saying("from a") as a, saying("from b") as b:
        config = on(a, b, fresh_rate=0.3)
        run, chains = driven(service, config, api_key="sk-for-a", aggregator_key="sk-for-b")
        fresh = sum(chain.fresh for chain in chains)
        assert 0 < fresh < 8
        assert kinds(a) == {"sample": 4 + fresh}
        assert kinds(b) == {"child": 8 - fresh}
        assert {entry["authorization"] for entry in a.log} == {"Bearer sk-for-a"}
        assert {entry["authorization"] for entry in b.log} == {"Bearer sk-for-b"}
        assert {entry["body"]["model"] for entry in b.log} == {"b"}
    for chain in chains:
        writer = "a" if chain.asked is PromptKind.SAMPLE else "b"
        assert (chain.text or "").startswith(f"from {writer}")
        assert chain.endpoint == f"openai/{writer}"
    assert result(run, chains)["aggregator"] == "openai/b"
    assert not any(b"sk-for" in file.read_bytes() for file in Path(str(service.store.path)).parent.iterdir())


def test_a_key_typed_for_one_address_never_goes_to_another_and_one_server_of_two_models_needs_one(
    service: Service,
) -> None:
    with saying("from a") as a, saying("from b") as b:
        driven(service, on(a, b), api_key="sk-for-a")
        assert not any("sk-for-a" in (entry["authorization"] or "") for entry in b.log)
        both = on(a, b)
        one_server = replace(both, aggregator=ModelChoice("openai/b", a.address))
        other = ModelChoice("openai/b", b.address)
        assert Keys("x").of(one_server, ModelChoice("openai/b", a.address)) == "x"
        assert Keys(None, "y").of(one_server, one_server.model) == "y"
        assert Keys("x", "y").of(both, other) == "y"
        assert Keys("x").of(both, other) is None
        assert Keys(None, "y").of(both, both.model) is None
        assert Keys("x").of(replace(both, aggregator=None), both.model) == "x"


def test_a_child_that_lost_all_its_parents_is_a_sample_and_goes_where_samples_go(service: Service) -> None:
    replies = itertools.chain(["", "good \\boxed{4}"], itertools.repeat("again \\boxed{4}"))
    with OpenAIServer(script=lambda _: Reply(next(replies))) as a, saying("from b") as b:
        config = on(a, b, strategy="self-refinement", n=2, t=2, concurrency=1)
        _, chains = driven(service, config)
        assert kinds(a) == {"sample": 3}
        assert kinds(b) == {"child": 1}
    found = {chain.slot: (chain.fresh, chain.endpoint) for chain in chains if chain.slot.t == 2}
    assert found == {Slot(2, 1): (True, "openai/a"), Slot(2, 2): (False, "openai/b")}


@pytest.mark.parametrize("stop_after", [1, 6, 11])
def test_a_summary_is_written_by_who_wrote_its_chain_also_after_a_pause(service: Service, stop_after: int) -> None:
    replies = itertools.chain([""], itertools.repeat("from a \\boxed{4}"))  # the chain without a text is not summarised

    def answer(messages: Sequence[Any]) -> Reply:
        about = ABOUT in messages[0]["content"]
        return Reply("short, from a" if about else next(replies))

    with OpenAIServer(script=answer, latency="fixed:0.02") as a, saying("from b", latency="fixed:0.02") as b:
        config = on(a, b, candidates=Candidates.SUMMARY, k=1, n=3, t=3, strategy="self-refinement", concurrency=1)
        run = service.create(SUM, config)
        service.start(run.id)
        while service.store.run(run.id).done < stop_after:
            assert service.store.run(run.id).status is RunStatus.RUNNING
        service.pause(run.id)
        service.wait(run.id, timeout=30)
        service.start(run.id)
        assert service.wait(run.id, timeout=60).status is RunStatus.DONE
        asked = [*((True, prompt) for prompt in prompts(a)), *((False, prompt) for prompt in prompts(b))]
    for by_a, prompt in asked:
        if ABOUT in prompt:
            assert ("from a" in prompt) is by_a
    chains = {chain.slot: chain for chain in service.store.chains(run.id)}
    assert chains[Slot(2, 1)].fresh  # its only parent was blank: a sample, and so is its summary's writer
    for aside in service.store.asides(run.id):
        if aside.status is ChainStatus.DONE:
            assert aside.endpoint == chains[aside.slot].endpoint
    assert {aside.kind for aside in service.store.asides(run.id)} == {AsideKind.SUMMARISE}


def test_a_run_whose_process_was_killed_goes_on_with_the_right_models(service: Service, tmp_path: Path) -> None:
    with saying("from a", latency="fixed:0.05") as a, saying("from b", latency="fixed:0.05") as b:
        arguments = ("--question", SUM.question, "--answer", "4", "--task", "math", "-N", "4", "-K", "2", "-T", "6")
        models = ("--model", "openai/a", "--api-base", a.address, "--aggregator", "openai/b")
        own = ("--aggregator-api-base", b.address, "--concurrency", "2")
        process = processes.start("run", "--db", tmp_path / "runs.db", *arguments, *models, *own)
        deadline = time.monotonic() + 60
        while not (runs := service.store.runs()) or runs[0].done < 9:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
        process.kill()
        process.communicate()
        (run,) = service.store.runs()
        assert run.status is RunStatus.INTERRUPTED
        before = a.requests
        service.start(run.id)
        assert service.wait(run.id, timeout=60).status is RunStatus.DONE
        assert a.requests == before == 4  # the samples were there
        assert kinds(a) == {"sample": 4}
        assert set(kinds(b)) == {"child"}
    assert [chain.endpoint for chain in service.store.chains(run.id)] == ["openai/a"] * 4 + ["openai/b"] * 20


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"t": 1}, "the aggregator 'synthetic/sloppy' has no effect in a run of one generation.*take more generations"),
        ({"strategy": "majority-vote"}, "no effect in a run of one generation, where nothing is aggregated"),
        ({"strategy": "rejection"}, "no effect in a run of one generation"),
        (
            {"model": ModelChoice("synthetic/sloppy", endpoint="synthetic/sloppy")},
            "is the model that writes the samples",
        ),
        ({"fresh_rate": 1.0}, "no effect where every chain is fresh"),
        ({"aggregator": ModelChoice(" ")}, "the aggregator's name is empty"),
    ],
)
def test_an_aggregator_that_would_do_nothing_is_refused(service: Service, changes: dict[str, Any], says: str) -> None:
    config = RunConfig(ModelChoice("synthetic/fast"), n=4, k=2, t=3, aggregator=ModelChoice("synthetic/sloppy"))
    with pytest.raises(InvalidPlan, match=says):
        service.create(opening_problem("program"), replace(config, **changes))
    assert service.store.count_runs() == 0


def test_visitors_reach_an_aggregator_by_the_same_rule_as_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME_KEY", "sk-of-the-operator")
    with Store(tmp_path / "runs.db") as store, saying("from b") as b:
        config = RunConfig(
            ModelChoice("synthetic/fast"), aggregator=ModelChoice("openai/b", b.address, "HOME_KEY"), n=4, k=2, t=2
        )
        made = Service(store).create(opening_problem("program"), config)  # as an import or the operator left it
        visited = Service(store, access=Access(visitors=True, addresses=False))
        with pytest.raises(InvalidEndpoint, match="visitors may not name others"):
            visited.create(opening_problem("program"), config)
        for start in (visited.start, lambda run_id: visited.start_all([run_id])):
            with pytest.raises(InvalidEndpoint, match="visitors may not name others"):
                start(made.id)
        assert store.run(made.id).status is RunStatus.PLANNED
        assert b.requests == 0
        trusted = Service(store, access=Access(visitors=True, addresses=True))
        trusted.start(made.id, aggregator_key="sk-typed")
        assert trusted.wait(made.id, timeout=60).status is RunStatus.DONE
        assert {entry["authorization"] for entry in b.log} == {"Bearer sk-typed"}  # and none of the environment
        trusted.close()
        visited.close()


def test_costs_and_contexts_are_those_of_each_model(tmp_path: Path) -> None:
    dear = Endpoint("dear", "openai/dear", "Dear", "http://127.0.0.1:9/v1", price=Price(1e6, 2e6, "EUR"), context=900)
    cheap = Endpoint("cheap", "openai/cheap", "Cheap", "http://127.0.0.1:8/v1", price=Price(1e6, 0, "USD"), context=900)
    service = Service(Store(tmp_path / "runs.db"), (*BUILT_IN, dear, cheap))
    config = RunConfig(cheap.choice, aggregator=dear.choice, n=4, k=4, t=3, max_tokens=400)
    problem = opening_problem("program")
    cost = service.foresee(problem, config)
    samples, children = cost.loads
    assert (samples.calls, children.calls, cost.calls) == (4, 8, 12)
    assert samples.tokens_in + children.tokens_in == pytest.approx(cost.tokens_in, abs=1)
    assert (samples.tokens_out, children.tokens_out) == (1600, 3200)
    assert children.longest_prompt == cost.longest_prompt > 1600 > samples.longest_prompt
    fits = service.models.fits(config, cost.loads)
    assert fits[cheap.choice] is not None
    assert fits[cheap.choice].fits  # type: ignore[union-attr]
    assert "will probably not fit" in fits[dear.choice].warning  # type: ignore[union-attr]
    assert service.models.bill(config, cost.loads).by_currency == {
        "EUR": pytest.approx(children.tokens_in + 2 * children.tokens_out),
        "USD": pytest.approx(samples.tokens_in),
    }
    embedded = replace(config, model=ModelChoice("synthetic/fast"))
    bill = service.models.bill(embedded, service.foresee(problem, embedded).loads)
    assert (list(bill.by_currency), bill.unpriced) == (["EUR"], False)  # what runs here costs nothing beside it
    service.close()


def test_how_long_answers_are_is_known_of_each_model_by_what_it_wrote(service: Service) -> None:
    def long(text: str) -> OpenAIServer:
        return OpenAIServer(script=lambda _: Reply(text))

    with long("one two three") as a, long("one two three four five six seven eight") as b:
        driven(service, on(a, b))
        lengths = [service.store.typical_tokens_out(f"openai/{name}", "math") for name in "ab"]
        cost = service.foresee(SUM, on(a, b))
    assert [count for _, count in lengths] == [4, 8]
    assert lengths[0][0] == 3
    assert lengths[1][0] == 8
    assert cost.measured == 4
    assert [load.tokens_out for load in cost.loads] == [12, 64]
    assert [run.config.aggregator and run.config.aggregator.model for run in service.store.runs(search="openai/b")] == [
        "openai/b"
    ]


def test_a_fork_with_another_model_has_that_one_for_samples_and_children(service: Service) -> None:
    with saying("from a") as a, saying("from b") as b, saying("from c") as c:
        run, _ = driven(service, on(a, b, fresh_rate=0.3))
        change = OtherModel(ModelChoice("openai/c", c.address))
        cost = foresee_prepared(service, prepare_fork(service, run.id, 1, change))
        fork = service.fork(run.id, 1, change)
        service.start(fork.id)
        assert service.wait(fork.id, timeout=60).status is RunStatus.DONE
        assert cost.calls == fork.calls == c.requests == 8
        assert set(kinds(c)) == {"sample", "child"}
        again = service.fork(run.id, 2, OtherModel(run.config.model))  # the aggregator is what is left out
    assert fork.config.models == (change.model,)
    assert fork.origin is not None
    assert fork.origin.change == ("model openai/c in place of openai/a, which sampled, and openai/b, which aggregated")
    assert again.config == replace(run.config, aggregator=None)


def test_a_child_is_written_again_by_the_model_that_wrote_it_also_without_any_parent(service: Service) -> None:
    with saying("from a") as a, saying("from b") as b:
        run, _ = driven(service, on(a, b, strategy="self-refinement", n=2, t=2))
        prepared = prepare_leave_one_out(service, run.id, Slot(2, 1), 3)
        assert (prepared.config.model, prepared.config.aggregator) == (run.config.aggregator, None)
        made = service.leave_one_out(run.id, Slot(2, 1), 3)
        before = a.requests
        service.start(made.id)
        assert service.wait(made.id, timeout=60).status is RunStatus.DONE
        assert a.requests == before
        assert kinds(b) == {"child": 2 + 3, "sample": 3}


def test_embedded_models_of_one_task_work_together_and_others_are_said_to_give_no_answer(service: Service) -> None:
    problem = opening_problem("holes")
    config = RunConfig(
        ModelChoice("tiny/holes"), aggregator=ModelChoice("tiny/holes-aggregation"), n=4, k=2, t=3, max_tokens=200
    )
    run, chains = driven(service, config, problem)
    assert (run.config.embedded, run.config.simulated) == (True, False)
    assert [chain.endpoint for chain in chains] == ["tiny/holes"] * 4 + ["tiny/holes-aggregation"] * 8
    assert not service.models.refusals(config, problem)
    mixed = replace(config, aggregator=ModelChoice("synthetic/fast"))
    assert mixed.simulated
    assert service.models.refusals(mixed, problem) == {mixed.aggregator: "it works on programs only"}
    wide = replace(config, n=16, k=9)  # the samples' model sees no candidate, so it has nothing to say against nine
    assert service.models.refusals(wide, problem) == {wide.aggregator: "I can read 8 candidates at most, not 9"}
