"""Rejection sampling and summaries from end to end: what answers, what children see, and a process that is killed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.core.aside import Aside, AsideKind
from rsa_viz.core.candidates import CUT
from rsa_viz.core.chain import Chain, ChainStatus, Slot
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Candidates, ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.service import Service, result
from rsa_viz.store import Store
from rsa_viz.tasks import opening_problem
from tests import processes
from tests.servers.openai_server import OpenAIServer, Reply

QUICK = RunConfig(ModelChoice("synthetic/fast"), n=4, k=2, t=3)
SUM = Problem("math", "What is 2 + 2?", "4")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(Store(tmp_path / "runs.db"))
    yield service
    service.close()


def driven(service: Service, problem: Problem, config: RunConfig) -> tuple[Run, list[Chain], list[Aside]]:
    run = service.create(problem, config)
    service.start(run.id)
    assert service.wait(run.id, timeout=60).status is RunStatus.DONE
    return service.store.run(run.id), service.store.chains(run.id, text=True), service.store.asides(run.id, text=True)


def scripted(said: dict[int, str | int]) -> OpenAIServer:
    """A server whose four samples answer 1, 2, 3 and 4 in slot order, and that verifies the chain that answers i with
    ``said[i]``: a text, or the status of an error."""
    samples = iter(range(1, 5))

    def answer(messages: Sequence[Mapping[str, Any]]) -> Reply:
        prompt = messages[0]["content"]
        if "Candidate solution" not in prompt:
            return Reply(f"I add.\n\\boxed{{{next(samples)}}}")
        verdict = said[int(prompt.rpartition("boxed{")[2][0])]
        return Reply(verdict) if isinstance(verdict, str) else Reply(status=verdict, error="no")

    return OpenAIServer(script=answer)


def rejected(service: Service, said: dict[int, str | int], seed: int = 0) -> tuple[dict[str, Any], list[Aside]]:
    """The result of a rejection run of four samples."""
    with scripted(said) as server:
        model = ModelChoice("openai/m", api_base=server.address)
        config = replace(QUICK, model=model, strategy="rejection", seed=seed, concurrency=1, retries=0)
        run, chains, asides = driven(service, SUM, config)
    return result(run, chains, asides), asides


def test_an_accepted_chain_answers_and_what_cannot_be_read_is_not_counted_as_rejected(service: Service) -> None:
    outcome, asides = rejected(service, {1: "False", 2: "**True**", 3: "I cannot tell.", 4: 400})
    assert (outcome["answer"], outcome["answer_by"], outcome["answer_chain"]) == ("2", "accepted", "1.2")
    assert outcome["verified"] == {
        "accepted": ["1.2"],
        "rejected": 1,
        "unknown": 2,
        "waiting": 0,
        "nothing_read": False,
        "vote": "2",
        "votes": 1,
        "votes_of": 1,
        "vote_tied": False,
    }
    assert [aside.accepted for aside in asides] == [False, True, None, None]
    assert (asides[3].status, asides[3].attempts) == (ChainStatus.FAILED, 1)
    assert "no" in (asides[3].error or "")
    assert (outcome["calls"], outcome["done"], outcome["failed"]) == (8, 7, 1)


def test_where_nothing_is_accepted_all_may_answer(service: Service) -> None:
    outcome, _ = rejected(service, dict.fromkeys(range(1, 5), "False"))
    assert outcome["verified"]["accepted"] == []
    assert outcome["verified"]["vote"] is None
    assert outcome["answer"] in {"1", "2", "3", "4"}


def test_the_draw_among_the_accepted_is_the_same_whenever_it_is_made_and_differs_by_seed(service: Service) -> None:
    said: dict[int, str | int] = {1: "True", 2: "False", 3: "True", 4: "False"}
    drawn = {seed: rejected(service, said, seed)[0]["answer_chain"] for seed in range(8)}
    assert set(drawn.values()) == {"1.1", "1.3"}
    for run in service.store.runs():
        again = result(run, service.store.chains(run.id), service.store.asides(run.id))
        assert again["answer_chain"] == drawn[run.config.seed]


def test_a_run_that_verifies_has_no_answer_before_its_last_verification(service: Service) -> None:
    run = service.create(SUM, replace(QUICK, strategy="rejection"))
    chains, asides = service.store.chains(run.id), service.store.asides(run.id)
    ended = [replace(chain, status=ChainStatus.DONE, answer="4", answer_key="4") for chain in chains]
    told = [replace(aside, status=ChainStatus.DONE, accepted=True) for aside in asides]
    assert result(run, ended, asides)["answer"] is None
    assert result(run, ended, told[:3] + asides[3:])["answer"] is None
    assert result(run, ended, told)["answer"] == "4"


def test_children_of_summarised_chains_see_summaries_and_of_tails_the_end(service: Service) -> None:
    run, chains, asides = driven(service, opening_problem("program"), replace(QUICK, candidates=Candidates.SUMMARY))
    summaries = {aside.slot: aside.text or "" for aside in asides}
    child = next(chain for chain in chains if chain.slot.t == 2)
    prompt = service.prompt(run.id, child.slot)
    assert prompt.matches
    assert all(summaries[parent] in prompt.messages[0]["content"] for parent in child.parents)
    assert not any((chain.text or "") in prompt.messages[0]["content"] for chain in chains if chain.slot.t == 1)
    assert service.aside_prompt(run.id, Slot(3, 1)) is None  # nobody descends from it

    tails = replace(QUICK, candidates=Candidates.TAIL, tail_characters=80)
    run, chains, asides = driven(service, opening_problem("program"), tails)
    assert asides == []
    prompt = service.prompt(run.id, Slot(2, 1))
    assert prompt.matches
    assert prompt.messages[0]["content"].count(CUT) == 2


def test_a_process_killed_between_a_chain_and_its_summary_repeats_nothing(service: Service, tmp_path: Path) -> None:
    shape = ("-N", "6", "-K", "2", "-T", "4", "--concurrency", "2", "--candidates", "summary")
    database, store = tmp_path / "runs.db", service.store
    process = processes.start("run", "--db", database, *shape, "--model", "synthetic/speed=1500")
    deadline = time.monotonic() + 60

    def half_done() -> bool:
        """A chain has ended and its summary has not, with other summaries there."""
        if not (runs := store.runs()):
            return False
        ended = {chain.slot for chain in store.chains(runs[0].id) if chain.ended}
        asides = store.asides(runs[0].id)
        return any(one.ended for one in asides) and any(not one.ended and one.slot in ended for one in asides)

    while not half_done():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
    process.kill()
    process.communicate()
    (run,) = store.runs()
    chains = [chain for chain in store.chains(run.id, text=True) if chain.ended]
    asides = [aside for aside in store.asides(run.id, text=True) if aside.ended]
    assert run.status is RunStatus.INTERRUPTED
    service.start(run.id)
    assert service.wait(run.id, timeout=60).status is RunStatus.DONE
    after = store.chains(run.id, text=True)
    assert [chain for chain in after if chain.slot in {one.slot for one in chains}] == chains
    assert [one for one in store.asides(run.id, text=True) if one.slot in {kept.slot for kept in asides}] == asides
    assert all(service.prompt(run.id, chain.slot).matches for chain in after)
    assert {aside.kind for aside in store.asides(run.id)} == {AsideKind.SUMMARISE}
    assert {aside.status for aside in store.asides(run.id)} == {ChainStatus.DONE}
