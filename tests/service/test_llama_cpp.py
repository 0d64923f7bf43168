"""The real thing: runs and calls on a real llama.cpp server, whose tiny model writes nonsense by the real rules."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rsa_viz.core.chain import ChainStatus
from rsa_viz.core.errors import ContextOverflow
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.llm.gateway import Gateway
from rsa_viz.service import Service
from rsa_viz.store import Store
from tests.servers.llama_server import MODEL_NAME, WHY_NOT, LlamaServer, is_installed

pytestmark = pytest.mark.skipif(not is_installed() and not os.environ.get("CI"), reason=WHY_NOT)

CONTEXT = 1024
ASKED = ({"role": "user", "content": "Say something."},)


@pytest.fixture(scope="module")
def llama() -> Iterator[LlamaServer]:
    with LlamaServer("--context", str(CONTEXT), "--slots", "4") as server:
        yield server


def choice(llama: LlamaServer) -> ModelChoice:
    return ModelChoice(f"openai/{MODEL_NAME}", api_base=llama.address)


async def test_an_answer_streams_with_its_tokens_counted_and_its_end_named(llama: LlamaServer) -> None:
    heard: list[str] = []
    gateway = Gateway(choice(llama), timeout_s=20)
    said = await gateway.complete(
        ASKED, temperature=1.0, max_tokens=40, seed=3, on_text=lambda text, thought: heard.append(text)
    )
    again = await gateway.complete(ASKED, temperature=1.0, max_tokens=40, seed=3, on_text=lambda text, thought: None)
    await gateway.aclose()
    assert said.finish_reason == "length"
    assert said.tokens_out == 40
    assert said.tokens_in is not None
    assert said.tokens_in > len(ASKED[0]["content"])  # of letters, a token each, the end and the beginning
    assert len(heard) > 5
    assert said.text
    assert said.text == again.text  # the server keeps to the seed
    assert said.first_token_s is not None
    assert 0 < said.first_token_s <= said.latency_s


async def test_a_prompt_that_does_not_fit_is_an_overflow(llama: LlamaServer) -> None:
    gateway = Gateway(choice(llama), timeout_s=20)
    with pytest.raises(ContextOverflow, match=str(CONTEXT)):
        await gateway.complete(
            ({"role": "user", "content": "x" * (2 * CONTEXT)},),
            temperature=1.0,
            max_tokens=10,
            seed=0,
            on_text=lambda text, thought: None,
        )
    await gateway.aclose()


async def test_a_cancelled_call_frees_its_slot_on_the_server() -> None:
    with LlamaServer("--context", str(1 << 17), "--slots", "1", "--endless") as server:
        gateway, begun = Gateway(choice(server), timeout_s=60), asyncio.Event()
        call = asyncio.ensure_future(
            gateway.complete(
                ASKED, temperature=1.0, max_tokens=100_000, seed=0, on_text=lambda text, thought: begun.set()
            )
        )
        await begun.wait()
        assert await asyncio.to_thread(server.busy_slots) == 1
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        deadline = time.monotonic() + 10
        while await asyncio.to_thread(server.busy_slots):
            assert time.monotonic() < deadline, "the server goes on writing for nobody"
        await gateway.aclose()


def test_a_run_with_more_calls_than_slots_ends_with_every_chain_recorded(llama: LlamaServer, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.db") as store:
        service = Service(store)
        config = RunConfig(choice(llama), n=8, k=2, t=3, max_tokens=60, concurrency=8)
        run = service.create(Problem("text", "What is it?", None), config)
        service.start(run.id)
        assert service.wait(run.id, timeout=60).status is RunStatus.DONE
        chains = store.chains(run.id, text=True)
        assert {chain.status for chain in chains} == {ChainStatus.DONE}
        assert all(chain.tokens_out == 60 and chain.truncated for chain in chains if chain.finish_reason == "length")
        assert all(0 < (chain.tokens_out or 0) <= 60 for chain in chains)
        assert all(service.prompt(run.id, chain.slot).matches for chain in chains)
        longer = [chain.tokens_in for chain in chains if chain.slot.t == 2]
        assert min(longer) > max(chain.tokens_in for chain in chains if chain.slot.t == 1)  # type: ignore[type-var]
        service.close()


def test_candidates_that_outgrow_the_context_are_failures_with_that_reason(llama: LlamaServer, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.db") as store:
        service = Service(store)
        config = RunConfig(choice(llama), n=4, k=4, t=3, max_tokens=400)
        run = service.create(Problem("text", "What is it?", None), config)
        service.start(run.id)
        assert service.wait(run.id, timeout=60).status is RunStatus.DONE
        chains = store.chains(run.id)
        assert {chain.status for chain in chains if chain.slot.t == 1} == {ChainStatus.DONE}
        second = [chain for chain in chains if chain.slot.t == 2]
        assert all("ContextOverflow" in (chain.error or "") and str(CONTEXT) in (chain.error or "") for chain in second)
        assert all(chain.fresh and chain.status is ChainStatus.DONE for chain in chains if chain.slot.t == 3)
        service.close()
