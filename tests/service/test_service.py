"""The service: what it refuses, what it records, and that a run obeys whoever asks."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rsa_viz.core.chain import ChainStatus, Slot, Verdict
from rsa_viz.core.errors import (
    InvalidBundle,
    InvalidEndpoint,
    InvalidPlan,
    InvalidProblem,
    NotFound,
    RunHeld,
    UnknownName,
)
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Candidates, ModelChoice, RunConfig, RunStatus
from rsa_viz.core.strategies import STRATEGIES
from rsa_viz.service import FORMATS, Service, result
from rsa_viz.store import Store, owner_name
from rsa_viz.tasks import opening_problem
from tests.servers.openai_server import OpenAIServer, Reply

SIMULATION = ModelChoice("synthetic/fast")
QUICK = RunConfig(model=SIMULATION, n=4, k=2, t=3)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(Store(tmp_path / "runs.db"))
    yield service
    service.close()


def on(server: OpenAIServer, **changes: object) -> RunConfig:
    """A small configuration on a server of ours."""
    return replace(QUICK, model=ModelChoice("openai/test-model", api_base=server.address), **changes)  # type: ignore[arg-type]


def driven(service: Service, problem: Problem, config: RunConfig) -> str:
    """A run driven to its end; its id."""
    run = service.create(problem, config)
    service.start(run.id)
    assert service.wait(run.id, timeout=60).status is not RunStatus.RUNNING
    return run.id


OPTIONS: dict[str, dict[str, object]] = {
    "rsa with summaries": {"candidates": Candidates.SUMMARY},
    "rsa with tails": {"candidates": Candidates.TAIL, "tail_characters": 120},
    "rsa with fresh chains and a schedule": {"fresh_rate": 0.4, "temperature_end": 0.3},
}
KINDS = {name: replace(QUICK, strategy=name) for name in STRATEGIES} | {
    name: replace(QUICK, **options)  # type: ignore[arg-type]
    for name, options in OPTIONS.items()
}
BY_KIND = pytest.mark.parametrize("config", KINDS.values(), ids=KINDS)


@BY_KIND
def test_every_strategy_runs_to_its_end_and_rebuilds_every_prompt(service: Service, config: RunConfig) -> None:
    run_id = driven(service, opening_problem("program"), config)
    run, chains = service.store.run(run_id), service.store.chains(run_id)
    assert run.status is RunStatus.DONE
    assert {chain.status for chain in chains} == {ChainStatus.DONE}
    assert {chain.verdict for chain in chains} <= {Verdict.RIGHT, Verdict.WRONG}
    assert all(service.prompt(run_id, chain.slot).matches for chain in chains)
    asides = service.store.asides(run_id)
    assert {aside.status for aside in asides} <= {ChainStatus.DONE}
    rebuilt = [service.aside_prompt(run_id, aside.slot) for aside in asides]
    assert all(prompt is not None and prompt.matches for prompt in rebuilt)
    assert (
        run.calls == run.done == len(chains) + len(asides) == service.foresee(opening_problem("program"), config).calls
    )
    assert result(run, chains, asides)["answer"] is not None


@BY_KIND
def test_every_strategy_resumes_to_the_run_that_it_would_have_been(service: Service, config: RunConfig) -> None:
    undisturbed = driven(service, opening_problem("program"), replace(config, n=6))  # speed changes no text
    one_generation = len(service.store.plan(undisturbed).generations) == 1
    slow = replace(config, n=6, model=ModelChoice(f"synthetic/speed={400 if one_generation else 1000}"), concurrency=2)
    whole = service.store.chains(undisturbed, text=True)
    run = service.create(opening_problem("program"), slow)
    service.start(run.id)
    while service.store.run(run.id).done < 2:
        assert service.store.run(run.id).status is RunStatus.RUNNING
    service.stop(run.id)
    stopped = service.wait(run.id, timeout=30)
    assert stopped.status is RunStatus.STOPPED
    assert stopped.done < stopped.calls
    kept = [chain for chain in service.store.chains(run.id, text=True) if chain.ended]
    kept_asides = [aside for aside in service.store.asides(run.id, text=True) if aside.ended]
    service.start(run.id)
    assert service.wait(run.id, timeout=60).status is RunStatus.DONE
    again = service.store.chains(run.id, text=True)
    assert [(chain.slot, chain.parents, chain.text) for chain in again] == [
        (chain.slot, chain.parents, chain.text) for chain in whole
    ]
    assert [chain for chain in again if chain.slot in {one.slot for one in kept}] == kept
    asides = service.store.asides(run.id, text=True)
    assert [aside for aside in asides if aside.slot in {one.slot for one in kept_asides}] == kept_asides
    assert [(aside.slot, aside.text, aside.accepted) for aside in asides] == [
        (aside.slot, aside.text, aside.accepted) for aside in service.store.asides(undisturbed, text=True)
    ]


def test_a_pause_lets_the_calls_in_flight_finish(service: Service) -> None:
    with OpenAIServer(latency="fixed:0.3") as server:
        run = service.create(opening_problem("program"), on(server, concurrency=3))
        service.start(run.id)
        while server.requests < 3:
            pass
        service.pause(run.id)
        paused = service.wait(run.id, timeout=30)
        assert (paused.status, paused.done, server.requests) == (RunStatus.PAUSED, 3, 3)
        assert service.store.in_flight(run.id) == []


def test_a_stop_asked_for_in_the_database_reaches_the_process_that_drives(service: Service, tmp_path: Path) -> None:
    slow = replace(QUICK, model=ModelChoice("synthetic/speed=20"))
    run = service.create(opening_problem("program"), slow)
    service.start(run.id)
    Store(tmp_path / "runs.db").ask(run.id, "stop")  # as another process would
    assert service.wait(run.id, timeout=30).status is RunStatus.STOPPED


def test_streaming_text_is_seen_through_the_database(service: Service) -> None:
    run = service.create(opening_problem("program"), replace(QUICK, model=ModelChoice("synthetic/speed=40")))
    service.start(run.id)
    seen = ()
    while not any(flight.characters for flight in seen):
        seen = tuple(service.store.in_flight(run.id))
        assert service.store.run(run.id).status is RunStatus.RUNNING
    assert {flight.slot.t for flight in seen} == {1}
    assert all(flight.tail and flight.tokens_out for flight in seen if flight.characters)
    service.stop(run.id)
    service.wait(run.id, timeout=30)


def test_an_endpoint_that_refuses_the_key_ends_the_run_at_once_with_one_line(service: Service) -> None:
    with OpenAIServer(key="the right one") as server:
        run_id = driven(service, opening_problem("program"), on(server))
        run = service.store.run(run_id)
        assert run.status is RunStatus.FAILED
        assert run.error
        assert "\n" not in run.error
        assert server.requests <= 4
        assert {chain.status for chain in service.store.chains(run_id)} == {ChainStatus.PLANNED}

        service.start(run_id, api_key="the right one")
        assert service.wait(run_id, timeout=60).status is RunStatus.DONE


def test_a_typed_key_is_written_nowhere(service: Service, tmp_path: Path) -> None:
    with OpenAIServer(key="a-typed-key") as server:
        run = service.create(opening_problem("program"), on(server))
        service.start(run.id, api_key="a-typed-key")
        assert service.wait(run.id, timeout=60).status is RunStatus.DONE
    service.store.close()
    for file in tmp_path.iterdir():
        assert b"a-typed-key" not in file.read_bytes(), file


def test_a_child_of_failed_and_empty_parents_takes_those_that_remain_or_samples_afresh(service: Service) -> None:
    # 1.1 fails for good and 1.2 brings nothing; self-refinement gives each its own child.
    asked: list[str] = []

    def script(messages: object) -> Reply | str:
        asked.append(str(messages))
        if "candidate solution" in asked[-1]:
            return "\\boxed{5}"
        return Reply(status=400, error="no", outcome="refused") if len(asked) == 1 else ""

    with OpenAIServer(script=script) as server:
        config = on(server, strategy="self-refinement", n=2, t=2, concurrency=1)
        run_id = driven(service, Problem("text", "What is 2 + 3?", "5"), config)
    chains = {chain.slot: chain for chain in service.store.chains(run_id, text=True)}
    assert chains[Slot(1, 1)].status is ChainStatus.FAILED
    assert chains[Slot(1, 2)].empty
    for i in (1, 2):
        child = chains[Slot(2, i)]
        assert (child.fresh, child.parents, child.available) == (True, (Slot(1, i),), ())
        assert service.prompt(run_id, child.slot).matches


def test_a_second_driver_is_refused_while_the_first_lives(service: Service, tmp_path: Path) -> None:
    run = service.create(opening_problem("program"), replace(QUICK, model=ModelChoice("synthetic/speed=20")))
    service.start(run.id)
    with pytest.raises(RunHeld):
        Service(Store(tmp_path / "runs.db")).start(run.id)
    service.stop(run.id)
    service.wait(run.id, timeout=30)


def test_closing_lets_go_of_everything_and_a_new_service_goes_on(tmp_path: Path) -> None:
    with OpenAIServer(latency="fixed:30") as server:
        before = set(threading.enumerate())
        first = Service(Store(tmp_path / "runs.db"))
        run = first.create(opening_problem("program"), on(server))
        first.start(run.id)
        while server.requests < 4:
            time.sleep(0.01)
        first.close()
        assert not [one for one in set(threading.enumerate()) - before if one.name == "rsa_viz engine"]
        while not all(entry["disconnected"] for entry in server.log):
            time.sleep(0.01)
        assert server.requests == 4
    assert {chain.status for chain in first.store.chains(run.id)} == {ChainStatus.PLANNED}


def test_starting_a_run_that_is_done_changes_nothing(service: Service) -> None:
    run_id = driven(service, opening_problem("program"), QUICK)
    before = service.store.run(run_id)
    service.start(run_id)
    assert service.store.run(run_id) == before


def test_a_run_taken_over_by_another_process_is_let_go(service: Service) -> None:
    run = service.create(opening_problem("program"), replace(QUICK, model=ModelChoice("synthetic/speed=20")))
    service.start(run.id)
    service.store.release(run.id, owner_name(), RunStatus.STOPPED)
    service.store.claim(run.id, "elsewhere:1:00")
    assert service.wait(run.id, timeout=5).owner == "elsewhere:1:00"


@pytest.mark.parametrize(
    ("problem", "config", "error"),
    [
        (Problem("program", "What is 2 + 2?"), QUICK, InvalidProblem),
        (Problem("magic", "What is 2 + 2?"), QUICK, UnknownName),
        (Problem("text", "Why?"), replace(QUICK, strategy="magic"), UnknownName),
        (Problem("text", "Why?"), replace(QUICK, k=5), InvalidPlan),
        (Problem("text", "Why?"), replace(QUICK, model=ModelChoice("synthetic/slip=7")), InvalidEndpoint),
        (Problem("text", "Why?"), replace(QUICK, model=ModelChoice("nosuchprovider/x")), InvalidEndpoint),
        (
            Problem("text", "Why?"),
            replace(QUICK, model=ModelChoice("openai/x", "http://localhost:1", "RSA_VIZ_NO_SUCH_KEY")),
            InvalidEndpoint,
        ),
    ],
)
def test_what_cannot_run_is_refused_before_anything_is_stored(
    service: Service, problem: Problem, config: RunConfig, error: type[Exception]
) -> None:
    with pytest.raises(error):
        service.create(problem, config)
    assert service.store.count_runs() == 0


def test_the_recorded_shape_is_what_the_strategy_really_runs(service: Service) -> None:
    run = service.create(opening_problem("program"), replace(QUICK, strategy="majority-vote", n=5, k=9, t=9))
    assert (run.config.n, run.config.k, run.config.t, run.calls) == (5, 1, 1, 5)


def test_a_run_is_foreseen_from_max_tokens_until_the_model_has_written_something(service: Service) -> None:
    problem = opening_problem("program")
    before = service.foresee(problem, QUICK)
    assert (before.measured, before.tokens_out) == (0, 12 * 8192)
    run_id = driven(service, problem, QUICK)
    after = service.foresee(problem, QUICK)
    told = [chain.tokens_out or 0 for chain in service.store.chains(run_id)]
    assert (after.measured, after.tokens_out) == (12, sum(told))


def test_an_export_of_no_run_or_in_no_format_writes_nothing(service: Service) -> None:
    run_id = driven(service, opening_problem("program"), QUICK)
    for name, format, error in ((run_id, "pickle", UnknownName), *(("nosuchrun", one, NotFound) for one in FORMATS)):
        out = io.BytesIO()
        with pytest.raises(error):
            service.export(name, format, out)
        assert out.getvalue() == b""


def test_a_run_moves_to_another_database_and_back_without_a_change(service: Service, tmp_path: Path) -> None:
    run_id = driven(service, opening_problem("program"), QUICK)
    first = io.BytesIO()
    service.export(run_id, "jsonl", first)
    other = Service(Store(tmp_path / "other.db"))
    assert other.import_run(first.getvalue()).created is True
    assert other.import_run(first.getvalue()).created is False
    second = io.BytesIO()
    other.export(run_id, "jsonl", second)
    assert second.getvalue() == first.getvalue()
    assert all(other.prompt(run_id, chain.slot).matches for chain in other.store.chains(run_id))


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"{}", b"[]\n[]"])
def test_what_is_no_bundle_is_refused(service: Service, data: bytes) -> None:
    with pytest.raises(InvalidBundle):
        service.import_run(data)
    assert service.store.count_runs() == 0
